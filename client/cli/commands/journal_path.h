/* Journals and copies of them that are named on the command line. */
#ifndef MTR_CLI_JOURNAL_PATH_H
#define MTR_CLI_JOURNAL_PATH_H

#include "program/call.h"

struct mtr_journal_path {
	const char *given, *directory;
};

/* What PATH names, each directory once, however often and by whichever name it is given. */
size_t mtr_journal_paths(const struct mtr_call *call, struct mtr_journal_path **ret_paths);

/* Says why there is no journal to be read, by an error of mtr_inspect. Returns enum mtr_exit. */
int mtr_journal_failed(struct mtr_call *call, const char *path, int error);

#endif
