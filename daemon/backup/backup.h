/* A backup while the register is in use: the journal's segments, a copy of the database, keys and configuration, into a
 * directory on a local disk, encrypted for a public key.
 *
 * Segments that are complete are written once and belong to all later backups; the part of the journal that is still
 * growing is written each time. What is written is read back before the backup counts; the one before stays whole until
 * then, and a backup that is interrupted leaves nothing but files that the next one removes. */
#ifndef MTR_BACKUP_BACKUP_H
#define MTR_BACKUP_BACKUP_H

#include "backup/register.h"

struct mtr_backup_options {
	const char *data;   /* the register's data directory */
	const char *config; /* its configuration file; NULL: there is none */
	const char *to;
	uint8_t recipient[MTR_KEY_BYTES];
	uint64_t map_bytes; /* as the daemon's configuration says */
	uint64_t keep;      /* copies of the database */
	bool journal_only;  /* without a new copy of the database when there is one */
	struct mtr_backup_progress progress;
};

struct mtr_backup_outcome {
	uint64_t revision;        /* the last one that is in it */
	uint64_t written_bytes;   /* in this run */
	uint64_t written, reused; /* segments */
	bool copied;              /* the database */
	bool unpruned;            /* old ones couldn't be removed: the problem says why */
	bool other_key;           /* the backup before is for another one: */
	uint8_t former_recipient[MTR_KEY_BYTES];
};

/* Also leaves word for the daemon (state.h). */
enum mtr_exit_status mtr_backup(const struct mtr_backup_options *options, struct mtr_backup_outcome *ret_outcome,
				struct mtr_problem *problem);

#endif
