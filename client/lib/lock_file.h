/* Locks between processes. */
#ifndef MTR_CLIENT_LOCK_FILE_H
#define MTR_CLIENT_LOCK_FILE_H

#include "clock.h"

/* Locks the file, made if it isn't there, for this process; waits until `deadline` for another to let it go. The lock
 * ends with the process at the latest. STATE_BUSY, STATE, STATE_FULL, MEMORY. */
int mtr_lock_file(int directory, const char *name, struct mtr_moment deadline, int *ret_lock);
/* Sets *lock to -1; fine when it is that already. */
void mtr_unlock_file(int *lock);

#endif
