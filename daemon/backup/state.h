/* The file "backup.state" in a data directory: what the newest backup holds. Written by whoever makes one, read by the
 * daemon, which tells its clients.
 *
 *	matricula-backed-up 1
 *	incarnation NUMBER        the register's
 *	revision NUMBER           all up to it is in a backup
 *	at NUMBER                 time
 *	sum DIGITS                of the lines before (contract/lines.h) */
#ifndef MTR_BACKUP_STATE_H
#define MTR_BACKUP_STATE_H

#include "backup/problem.h"

#include <stdbool.h>
#include <stdint.h>

#define MTR_BACKUP_STATE_NAME "backup.state"

struct mtr_backup_state {
	uint64_t incarnation, revision, at;
};

/* At once or not at all, and flushed. */
enum mtr_exit_status mtr_backup_state_write(const char *data, const struct mtr_backup_state *state,
					    struct mtr_problem *problem);

/* 0, -ENOENT, -EBADMSG when it isn't such a file, or another -errno. */
int mtr_backup_state_read(const char *data, struct mtr_backup_state *ret_state);

#endif
