#include "check/state.h"

#include <stdio.h>

void mtr_check_found(struct mtr_check *check, const struct mtr_finding *finding)
{
	check->result->findings++;
	check->options->found(check->options->context, finding);
}

void mtr_check_progress(const struct mtr_check *check, const char *step, uint64_t done, uint64_t total)
{
	if (check->options->progress)
		check->options->progress(check->options->context, step, done, total);
}

bool mtr_check_path(const struct mtr_check *check, const char *name, char ret_path[MTR_CHECK_PATH])
{
	const int length = snprintf(ret_path, MTR_CHECK_PATH, "%s/%s", check->options->directory, name);

	return length >= 0 && (size_t)length < MTR_CHECK_PATH;
}

/* The register's state is taken first: the journal, read later, must reach it. */
enum mtr_check_status mtr_check(const struct mtr_check_options *options, struct mtr_check_result *ret_result)
{
	struct mtr_check_result result = {.served = false};
	struct mtr_check check = {.options = options, .result = &result};
	enum mtr_check_status status = mtr_check_files(&check);

	if (status == MTR_CHECK_DONE)
		status = mtr_check_register(&check);
	if (status == MTR_CHECK_DONE)
		status = mtr_check_journal(&check);
	if (status == MTR_CHECK_DONE)
		*ret_result = result;
	return status;
}

enum mtr_check_status mtr_check_database(const struct mtr_check_options *options, struct mtr_check_result *ret_result)
{
	struct mtr_check_result result = {.served = false};
	struct mtr_check check = {.options = options, .result = &result};
	const enum mtr_check_status status = mtr_check_register(&check);

	if (status == MTR_CHECK_DONE)
		*ret_result = result;
	return status;
}
