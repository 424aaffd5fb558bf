/* The data directory: its lock, the server's key, and what lies where.
 *
 *	lock        held by whoever uses the directory
 *	server.key  the server's key pair (contract/key_file.h)
 *	audit.key   the pair that signs checkpoints
 *	recovery.pub  the public key that signs the statement of a restore; there may be none
 *	backup.state  what the newest backup holds (backup/state.h); there may be none
 *	redactions  up to which redaction the journal has been cleared (redaction/); there may be none
 *	restoring   there while the rest isn't whole (backup/restoring.h)
 *	restored    there after a restore until its statement is adopted
 *	incarnation.request  that statement, to be signed
 *	endpoint    where the running daemon listens, one line
 *	register/   the database (store/)
 *	journal/    the journal (engine/) */
#ifndef MTR_DIRECTORY_H
#define MTR_DIRECTORY_H

#include "config/config.h"
#include "contract/key_file.h"
#include "exit_status.h"
#include "log.h"

#define MTR_PATH_BYTES (MTR_CONFIG_TEXT_MAX + 24u)

struct mtr_directory {
	int lock; /* descriptor; -1: not held */
	char path[MTR_PATH_BYTES], key[MTR_PATH_BYTES], recovery_key[MTR_PATH_BYTES], restored[MTR_PATH_BYTES],
		request[MTR_PATH_BYTES], backup_state[MTR_PATH_BYTES], redactions[MTR_PATH_BYTES];
	char audit_key[MTR_PATH_BYTES], endpoint[MTR_PATH_BYTES], store[MTR_PATH_BYTES], journal[MTR_PATH_BYTES];
};

/* Where things lie in `path`; takes no lock. */
void mtr_directory_name(struct mtr_directory *ret_directory, const char *path);

/* Checks that the directory is there (or makes it, with `create`), whole, private and writable, and locks it.
 * On failure the log says why and what to do. */
enum mtr_exit_status mtr_directory_open(struct mtr_directory *ret_directory, const char *path, bool create,
					const struct mtr_log *log);
/* The same for a restore that is at work in it. */
enum mtr_exit_status mtr_directory_open_restoring(struct mtr_directory *ret_directory, const char *path,
						  const struct mtr_log *log);
/* OK unless a restore into it was cut short, or is under way; the log says what to do then. */
enum mtr_exit_status mtr_directory_check_whole(const struct mtr_directory *directory, const struct mtr_log *log);
/* OK unless a restored register waits for its statement; the log says what to do then. */
enum mtr_exit_status mtr_directory_check_adopted(const struct mtr_directory *directory, const struct mtr_log *log);
/* Gives the lock back. */
void mtr_directory_close(struct mtr_directory *directory);

/* The server's key pair. */
enum mtr_exit_status mtr_directory_read_key(const struct mtr_directory *directory, struct mtr_key_pair *ret_pair,
					    const struct mtr_log *log);

/* The public key that signs the statement of a restore, kept once and for all: another one is USAGE, the same one OK,
 * which gives a file of an older version its sum; DAMAGED when the one there can't be told. */
enum mtr_exit_status mtr_directory_write_recovery_key(const struct mtr_directory *directory,
						      const uint8_t key[MTR_KEY_BYTES], const struct mtr_log *log);

/* Gives the file of an older version its sum; DAMAGED when it isn't one, OK when there is none. */
enum mtr_exit_status mtr_directory_renew_recovery_key(const struct mtr_directory *directory, const struct mtr_log *log);

/* Makes it known, at once or not at all; a full disk is a warning only. */
enum mtr_exit_status mtr_directory_publish(const struct mtr_directory *directory, const char *endpoint,
					   const struct mtr_log *log);
void mtr_directory_unpublish(const struct mtr_directory *directory);

#endif
