/* The desk's mirror on disk: the store in the directory "mirror" of the state directory, who may write to it, and what
 * becomes of one that can't be used. What lies in it is daemon/store's (store/mirror.h).
 *
 * Functions that return int return 0 or one of enum mtr_client_error. Several processes may read a mirror; one at a
 * time, that which has the lock, writes. */
#ifndef MTR_CLIENT_MIRROR_H
#define MTR_CLIENT_MIRROR_H

#include "clock.h"
#include "matricula/matricula.h"
#include "store/mirror.h"
#include "store/store.h"

#include <sys/stat.h>

struct mtr_mirror_file {
	char *directory, *data, *lock_file;
	struct mtr_store *store; /* NULL while it isn't open */
	struct stat opened;      /* the data file it is open on */
	int lock;                /* file descriptor while this process may write; else -1 */
	bool checked;            /* it was looked through since it was opened or made */
};

/* MEMORY. */
int mtr_mirror_file_new(struct mtr_mirror_file **ret_mirror, const char *state_directory);
/* Closes and nulls; NULL is fine. */
void mtr_mirror_file_free(struct mtr_mirror_file **mirror);

/* Waits until `deadline` for another process to finish a page; at once when this one has the lock. STATE_BUSY, STATE,
 * STATE_FULL, MEMORY. */
int mtr_mirror_file_lock(struct mtr_mirror_file *mirror, struct mtr_moment deadline);
void mtr_mirror_file_unlock(struct mtr_mirror_file *mirror);

/* Opens the store if it isn't open, or is open on files that another process has replaced. With `create` (under the
 * lock) makes it if need be. NO_MIRROR when it isn't there, MIRROR_DAMAGED, STATE_NEWER, STATE, STATE_FULL, MEMORY. */
int mtr_mirror_file_open(struct mtr_mirror_file *mirror, bool create);
/* Closes the store and removes its files, under the lock. STATE. */
int mtr_mirror_file_discard(struct mtr_mirror_file *mirror);

/* Takes up what is held back, under the lock. `arena` is reset. MIRROR_DAMAGED, STATE, STATE_FULL, MEMORY. */
int mtr_mirror_file_settle(struct mtr_mirror_file *mirror, struct mtr_arena *arena,
			   const struct mtr_mirror_watch *watch);

/* Ends the transaction. A store whose error is of unclear outcome is closed: what is on the disk tells. Errors as
 * settle. */
int mtr_mirror_file_commit(struct mtr_mirror_file *mirror, struct mtr_txn *txn);
/* The error of this library for one of a store that holds a mirror. */
int mtr_mirror_file_error(enum mtr_store_error error);

#endif
