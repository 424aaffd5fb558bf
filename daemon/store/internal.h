/* What the files of this room share. */
#ifndef MTR_STORE_INTERNAL_H
#define MTR_STORE_INTERNAL_H

#include "contract/arena.h"
#include "store/schema.h"
#include "store/store.h"

#include <pthread.h>

struct mtr_store {
	MDB_env *env;
	MDB_dbi tables[MTR_TABLES];
	struct mtr_arena *arena; /* of apply: one row at a time */
	struct mtr_cache *cache; /* of the write transaction */
	uint64_t page_bytes;
	uint64_t reserved_bytes; /* of the data file; the writer's */
	pthread_mutex_t lock;    /* of what follows */
	pthread_cond_t idle;
	unsigned active; /* transactions open */
	bool writing;
	bool resizing; /* the map is about to grow: no new transactions */
	bool failed;   /* a commit's outcome is unclear */
};

/* The translator for LMDB's and the system's codes. */
enum mtr_store_error mtr_store_error_from(int code);

/* Keeps the first error. */
void mtr_txn_fail(struct mtr_txn *txn, enum mtr_store_error error);

/* Of the row of meta that tells the format's version. */
MDB_val mtr_version_key(void);

/* Makes `path`, the data file of `directory`, with empty tables: whole, or not at all, and lasting on return. The
 * directory is made if need be; an empty file of that name is replaced. */
enum mtr_store_error mtr_store_create(const char *directory, const char *path);

/* The file is at least as long as the pages in use: LMDB doesn't write a last page that was freed again. */
enum mtr_store_error mtr_store_cover_used(struct mtr_store *store);

struct mtr_bytes mtr_bytes_of(const void *data, size_t size);

#endif
