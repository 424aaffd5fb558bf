/* Files of many rows. */
#ifndef MTR_CLI_IMPORT_H
#define MTR_CLI_IMPORT_H

#include "program/call.h"

/* Each reads the file row by row, sends a command a row, and answers for every row. Rows that fail are written with
 * their reasons to a file beside it, which can be corrected and imported as it is. Enum mtr_exit: OK, SOME when some
 * rows failed, REFUSED when all did, NO_LINK when rows wait in the outbox and none failed, USAGE when the file's
 * columns can't be used, LOCAL when it can't be read. */
int mtr_import_people(struct mtr_call *call, const char *file);
int mtr_import_nominations(struct mtr_call *call, const char *file);
int mtr_import_allocations(struct mtr_call *call, const char *file);
int mtr_import_programmes(struct mtr_call *call, const char *file);

#endif
