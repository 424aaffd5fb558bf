/* Applies records of the journal to a store, in transactions of a bounded size: at start, for a rebuild, and to check.
 */
#ifndef MTR_WRITER_REPLAY_H
#define MTR_WRITER_REPLAY_H

#include "engine/engine.h"
#include "store/store.h"

struct mtr_replay {
	/* The caller's. */
	struct mtr_store *store;
	uint64_t last; /* revision: what is applied up to there is committed with it */
	/* After each commit; may be NULL. */
	void (*progress)(void *context, uint64_t revision, uint64_t last);
	/* Before each record, which the transaction doesn't have yet; false ends the replay. May be NULL. */
	bool (*before)(void *context, struct mtr_txn *txn, const uint8_t *record, size_t size);
	void *context;

	/* Its own, zero at first. */
	struct mtr_txn txn;
	bool open;
	uint32_t records;           /* in the transaction */
	enum mtr_store_error error; /* why it ended */
};

/* Applies the next record, and commits after 1,000 of them (8,000 in a store that isn't synced), 50,000 puts, or the
 * last. False when it can't go on; replay->error is OK when `before` said so. */
bool mtr_replay_record(struct mtr_replay *replay, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES],
		       const uint8_t *record, size_t size);

/* Forgets what isn't committed. */
void mtr_replay_end(struct mtr_replay *replay);

#endif
