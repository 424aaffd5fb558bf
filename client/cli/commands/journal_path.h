/* Journals and copies of them that are named on the command line. */
#ifndef MTR_CLI_JOURNAL_PATH_H
#define MTR_CLI_JOURNAL_PATH_H

#include "program/call.h"

/* The directory of the segment files: that of a data directory, of a segment file, or the path itself. */
const char *mtr_journal_directory(struct mtr_arena *arena, const char *path);

/* Says why there is no journal to be read, by an error of mtr_inspect. Returns enum mtr_exit. */
int mtr_journal_failed(struct mtr_call *call, const char *path, int error);

#endif
