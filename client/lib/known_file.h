/* The file "history" of the state directory: what this desk remembers of the register's history
 * (contract/known_history.h). It outlives mirror and outbox.
 *
 * Functions that return int return 0 or one of enum mtr_client_error: STATE, STATE_FULL, MEMORY. */
#ifndef MTR_CLIENT_KNOWN_FILE_H
#define MTR_CLIENT_KNOWN_FILE_H

#include "contract/known_history.h"

/* The path of the file in a state directory, in memory that the caller frees; NULL without memory. */
char *mtr_known_file_path(const char *state_directory);

/* *ret_there is false when there is none. A damaged one is STATE. */
int mtr_known_file_read(const char *path, struct mtr_known_history *ret_known, bool *ret_there);

/* Puts it in the place of the one before, durable on return; one process at a time. */
int mtr_known_file_write(const char *path, const struct mtr_known_history *known);

/* Keeps what is there under another name, for auditors: "history.<incarnation>.<revision>". */
int mtr_known_file_set_aside(const char *path, const struct mtr_known_history *known);

#endif
