/* The register's LMDB environment and its transactions.
 *
 * A transaction carries a sticky error: after the first failure every call on it does nothing and reports that
 * error, so code that reads and writes many rows reads as straight lines and checks once. */
#ifndef MTR_STORE_STORE_H
#define MTR_STORE_STORE_H

#include "contract/bytes.h"
#include "contract/limits.h"

#include <lmdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mtr_store_error {
	MTR_STORE_OK = 0,
	MTR_STORE_FULL = 1,      /* no room in the map or on the disk */
	MTR_STORE_CORRUPT = 2,   /* a row or key can't be read, a file is too short */
	MTR_STORE_NEWER = 3,     /* written by a newer version */
	MTR_STORE_READ_ONLY = 4, /* the directory or file can't be written */
	MTR_STORE_IN_USE = 5,    /* another process has it */
	MTR_STORE_IO = 6,        /* outcome unclear: exit and start again */
	MTR_STORE_MEMORY = 7,
	MTR_STORE_MISSING = 8, /* no database there */
	MTR_STORE_LIMIT = 9,   /* readers or another bound reached */
	MTR_STORE_OLDER = 10,  /* written by an older version: to be built anew from the journal */
};

/* The error's name for a log line. */
const char *mtr_store_error_name(enum mtr_store_error error);

enum mtr_table {
	MTR_TABLE_META,
	MTR_TABLE_ENTITY,
	MTR_TABLE_FEED,
	MTR_TABLE_HOME,
	MTR_TABLE_CODE,
	MTR_TABLE_LINK,
	MTR_TABLE_ONCE,
	MTR_TABLE_ORDER,
	MTR_TABLE_TALLY,
	MTR_TABLE_OUTBOX,
	MTR_TABLE_DEDUP,
	MTR_TABLES,
};
const char *mtr_table_name(enum mtr_table table);

struct mtr_store;

struct mtr_page_damage;

struct mtr_store_options {
	const char *directory;
	uint64_t map_bytes; /* at least; the map opened is max(this, 2 × used) */
	bool create;        /* make it if it isn't there */
	/* Nothing will be written, and the lock isn't needed: another process may write meanwhile. */
	bool read_only;
	/* Commits aren't flushed: of a store that is thrown away, or flushed as a whole with mtr_store_sync before
	 * anybody relies on it. */
	bool unsynced;
	/* Not NULL: pages are checked before LMDB relies on them (pages.h), and CORRUPT says here where: all that are
	 * in use; with read_only those that name the tables, and what is read then is checked with
	 * mtr_txn_check_pages. */
	struct mtr_page_damage *damage;
	/* How far that check of all pages has come; may be NULL. */
	void (*checked)(void *context, uint64_t pages, uint64_t total);
	void *context;
};

/* Opens or creates the environment in `directory` (mode 0700, file 0600), after checking the file's size and version.
 * The caller holds the directory's lock. Never two in one process on the same directory. */
enum mtr_store_error mtr_store_open(struct mtr_store **ret_store, const struct mtr_store_options *options);

/* Closes and nulls; no transaction may be open. */
void mtr_store_close(struct mtr_store **store);

/* As it was opened. */
bool mtr_store_is_unsynced(const struct mtr_store *store);
/* Flushes everything to the disk, with the directory's entries. OK or IO. */
enum mtr_store_error mtr_store_sync(struct mtr_store *store);

/* Frees reader slots of dead processes. Now and then. */
void mtr_store_check_readers(struct mtr_store *store);

/* Bytes of the map, and of pages in use. */
void mtr_store_size(struct mtr_store *store, uint64_t *ret_map_bytes, uint64_t *ret_used_bytes);

/* Reserves `bytes` of disk behind the used pages and as much of the map; cheap when that much is reserved already.
 * FULL when there is no room; LIMIT when the map must grow while a write transaction is open: end it and ask again.
 * Growing the map waits for the read transactions of other threads; the caller has none of its own open. */
enum mtr_store_error mtr_store_reserve(struct mtr_store *store, uint64_t bytes);

struct mtr_txn {
	struct mtr_store *store;
	MDB_txn *txn;
	enum mtr_store_error error;
	bool writes;
	uint64_t puts; /* puts and deletes so far, for the commit policy */
};

/* Both leave an error in txn->error. A write transaction is begun, used and ended by one thread; beginning a second
 * while one is open is LIMIT. After a commit of unclear outcome everything is IO until the process starts again. */
void mtr_txn_begin_write(struct mtr_txn *txn, struct mtr_store *store);
void mtr_txn_begin_read(struct mtr_txn *txn, struct mtr_store *store);

/* Ends the transaction whatever comes back; with an earlier error it aborts and returns that. FULL: nothing was
 * written. IO: the outcome is unclear. */
enum mtr_store_error mtr_txn_commit(struct mtr_txn *txn);
void mtr_txn_abort(struct mtr_txn *txn);

/* True if found. The bytes lie in the map and are valid until the next write on, or the end of, the transaction. */
bool mtr_txn_get(struct mtr_txn *txn, enum mtr_table table, struct mtr_bytes key, struct mtr_bytes *ret_value);
void mtr_txn_put(struct mtr_txn *txn, enum mtr_table table, struct mtr_bytes key, struct mtr_bytes value);
/* The same for a key that must not be there yet: CORRUPT when it is. */
void mtr_txn_insert(struct mtr_txn *txn, enum mtr_table table, struct mtr_bytes key, struct mtr_bytes value);
/* Deleting what isn't there is CORRUPT: derived rows and their source have parted. */
void mtr_txn_delete(struct mtr_txn *txn, enum mtr_table table, struct mtr_bytes key);
/* Rows of the table. */
uint64_t mtr_txn_count(struct mtr_txn *txn, enum mtr_table table);

/* Walks keys that begin with `prefix` (at most 64 bytes), from the first that is >= `from` (at most 128 bytes; or the
 * prefix itself when from.size is 0). Nothing is written to the table while a walk is under way. */
struct mtr_walk {
	struct mtr_txn *txn;
	MDB_cursor *cursor;
	uint8_t prefix[64];
	size_t prefix_size;
	bool started, backward;
	uint8_t from[128];
	size_t from_size;
};
void mtr_walk_begin(struct mtr_walk *walk, struct mtr_txn *txn, enum mtr_table table, struct mtr_bytes prefix,
		    struct mtr_bytes from);
/* The same towards the first key of the prefix, from the last that is < `before` (or the last of all when before.size
 * is 0). */
void mtr_walk_begin_backward(struct mtr_walk *walk, struct mtr_txn *txn, enum mtr_table table, struct mtr_bytes prefix,
			     struct mtr_bytes before);
/* False at the end or on an error. */
bool mtr_walk_next(struct mtr_walk *walk, struct mtr_bytes *ret_key, struct mtr_bytes *ret_value);
void mtr_walk_end(struct mtr_walk *walk);

/* What LMDB says of itself at its last commit. */
struct mtr_store_state {
	uint64_t revision;             /* of the last record applied; 0 at first */
	uint8_t chain[MTR_HASH_BYTES]; /* after that record */
	uint64_t at;                   /* that record's time */
};
/* All zeros when nothing was applied yet, and on an error. */
void mtr_txn_state(struct mtr_txn *txn, struct mtr_store_state *ret_state);
/* The same in a read transaction of its own, for whoever needs nothing else of that moment. OK, or what beginning it or
 * reading gave: CORRUPT when the state isn't of the right form. */
enum mtr_store_error mtr_store_state_read(struct mtr_store *store, struct mtr_store_state *ret_state);

#endif
