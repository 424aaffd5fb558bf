/* What real.c, which writes the records, and those who take them up again have in common. */
#ifndef MODEL_REAL_STATE_H
#define MODEL_REAL_STATE_H

#include "real.h"

#include <limits.h>

#define RECORDS_MAX 16384u
#define OUTBOXES 128u

struct kept_record {
	struct mtr_bytes bytes;
	uint8_t chain_after[MTR_HASH_BYTES];
};

struct outbox {
	uint64_t sequence;
	uint8_t hash[MTR_HASH_BYTES];
};

struct real {
	char directory[PATH_MAX];
	struct mtr_store *store;
	struct mtr_txn txn;
	bool open; /* the transaction */
	struct mtr_arena *kept, *work;
	struct kept_record records[RECORDS_MAX]; /* of revision index + 1 */
	uint64_t revision, committed;
	uint64_t redacted; /* what was redacted up to this revision is out of the records */
	uint8_t chain[MTR_HASH_BYTES];
	struct outbox outboxes[OUTBOXES]; /* by principal */
};

/* Always false. */
bool real_complain(const char *what, int error);

/* A register without anything in it, in a directory of its own. */
bool real_open_store(struct mtr_store **ret_store, char path[PATH_MAX]);
void real_remove_directory(const char *path);

/* Applies one record. */
void real_apply_kept(const struct real *real, struct mtr_txn *txn, uint64_t index);

#endif
