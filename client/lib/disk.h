/* The LMDB environment of an outbox: opening, room, transactions. What lies in it is outbox.c's.
 *
 * Functions that return int return 0 or one of enum mtr_client_error. A disk error of unclear outcome closes the
 * environment: everything after it is STATE. */
#ifndef MTR_CLIENT_DISK_H
#define MTR_CLIENT_DISK_H

#include <lmdb.h>
#include <stddef.h>

enum mtr_disk_table {
	MTR_DISK_META,
	MTR_DISK_ENTRIES,
	MTR_DISK_ANSWERS,
	MTR_DISK_ATTEMPTS,
	MTR_DISK_REFUSALS,
	MTR_DISK_RECEIPTS,
	MTR_DISK_FORMER,
	MTR_DISK_TABLES,
};

struct mtr_disk;

/* Opens or creates the environment in `directory`, itself created with mode 0700 if it isn't there; all is flushed, the
 * directory's entry in its parent too. MEMORY, STATE, STATE_FULL. */
int mtr_disk_open(struct mtr_disk **ret_disk, const char *directory);
/* Closes and nulls; NULL is fine. */
void mtr_disk_close(struct mtr_disk **disk);

/* The directory, for other files in it. */
int mtr_disk_directory(const struct mtr_disk *disk);

MDB_dbi mtr_disk_table(const struct mtr_disk *disk, enum mtr_disk_table table);

/* A read transaction, ended with mdb_txn_abort. No write may begin while it lasts. STATE, MEMORY. */
int mtr_disk_read(struct mtr_disk *disk, MDB_txn **ret_txn);

/* Runs `body` in a write transaction and makes it durable. `need` is how many bytes of keys and values it puts at
 * most, `puts` how many: the room for them is reserved first, STATE_FULL without it, and nothing was written then.
 * `body` returns an LMDB code, which aborts, and is run again when another process enlarged the map. */
typedef int (*mtr_disk_body)(MDB_txn *txn, void *context);
int mtr_disk_write(struct mtr_disk *disk, size_t need, size_t puts, mtr_disk_body body, void *context);

/* The error of this library for an LMDB code. */
int mtr_disk_error(int code);

#endif
