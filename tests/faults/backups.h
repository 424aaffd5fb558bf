/* Backups of a register: made as the daemon makes them, and what a power cut left of them. */
#ifndef FAULTS_BACKUPS_H
#define FAULTS_BACKUPS_H

#include "inspect.h"

/* Of the backups' directory, in the root. */
#define BACKUPS_NAME "backup"

/* Whose secret key opens them: nobody on the server has it. */
const struct mtr_key_pair *backups_keeper(void);

/* Backs `root`/data, which nobody has open, up to `root`/backup, where one backup is kept. OK and the revision that is
 * in it, or the problem is in ret_reason. */
enum mtr_exit_status backups_make(const char *root, uint64_t *ret_revision, char *ret_reason, size_t room);

/* Does what lies in `root`/backup restore to what the register was at some revision, not before the one that was
 * promised; and can it be backed up to again, without anything of a cut-off backup left? `root`/data has been opened
 * and is closed. False with the reason in ret_reason. */
bool backups_inspect(const char *root, const struct promise *promise, char *ret_reason, size_t room);

#endif
