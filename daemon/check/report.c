/* How the parts of a check tell what they find, and how far they are. */
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
