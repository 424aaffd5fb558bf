/* A data directory out of a backup. */
#ifndef MTR_BACKUP_RESTORE_H
#define MTR_BACKUP_RESTORE_H

#include "backup/register.h"

struct mtr_restore_options {
	const char *from;
	const char *into;               /* a directory that holds no file but a mark */
	uint64_t at_most;               /* the newest backup that holds nothing beyond this revision; 0: the newest */
	const struct mtr_key_pair *key; /* the one that the backup is encrypted for */
	struct mtr_backup_progress progress;
};

/* What was restored, as its list says. */
struct mtr_restored {
	uint64_t at, journal, incarnation, revision;
	uint8_t chain[MTR_HASH_BYTES], server[MTR_KEY_BYTES];
	uint64_t segments, bytes; /* decrypted */
	/* The newest list that is damaged and may have served; empty when there is none. */
	char passed_over[MTR_LIST_NAME_BYTES];
};

/* Decrypts and lays down journal, database, keys and configuration, flushed; register and journal still have to be
 * opened, which proves that they belong together. On failure what was made stays; see backup/restoring.h. */
enum mtr_exit_status mtr_restore(const struct mtr_restore_options *options, struct mtr_restored *ret_restored,
				 struct mtr_problem *problem);

#endif
