#include "check/state.h"

/* The register's state is taken first: the journal, read later, must reach it. */
enum mtr_check_status mtr_check(const struct mtr_check_options *options, struct mtr_check_result *ret_result)
{
	struct mtr_check_result result = {.served = false};
	struct mtr_check check = {.options = options, .result = &result};
	enum mtr_check_status status = mtr_check_files(&check);

	if (status == MTR_CHECK_DONE)
		status = mtr_check_register(&check);
	if (status == MTR_CHECK_DONE)
		status = mtr_check_restored(&check);
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
