#include "writer/replay.h"

#include "store/apply.h"

#define COMMIT_RECORDS 1000u
/* Where nothing is flushed, a page that many records change is written once for more of them. */
#define UNSYNCED_RECORDS 8000u
#define COMMIT_PUTS 50000u
/* Disk and map asked for before each transaction; where the disk is too full for it a smaller one may still do. */
#define MARGIN_BYTES (64u * 1024u * 1024u)

static bool fail(struct mtr_replay *replay, enum mtr_store_error error)
{
	replay->error = error;
	return false;
}

static bool begin(struct mtr_replay *replay)
{
	if (replay->open)
		return true;
	enum mtr_store_error error = mtr_store_reserve(replay->store, MARGIN_BYTES);

	if (error && error != MTR_STORE_FULL)
		return fail(replay, error);
	mtr_txn_begin_write(&replay->txn, replay->store);
	if (replay->txn.error)
		return fail(replay, replay->txn.error);
	replay->open = true;
	replay->records = 0;
	return true;
}

static bool commit(struct mtr_replay *replay, uint64_t revision)
{
	replay->open = false;
	const enum mtr_store_error error = mtr_txn_commit(&replay->txn);

	if (error)
		return fail(replay, error);
	if (replay->progress)
		replay->progress(replay->context, revision, replay->last);
	return true;
}

bool mtr_replay_record(struct mtr_replay *replay, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES],
		       const uint8_t *record, size_t size)
{
	if (!begin(replay))
		return false;
	if (replay->before && !replay->before(replay->context, &replay->txn, record, size))
		return fail(replay, replay->txn.error);
	mtr_apply_record(&replay->txn, record, size, chain_after);
	if (replay->txn.error)
		return fail(replay, replay->txn.error);
	const uint32_t most = mtr_store_is_unsynced(replay->store) ? UNSYNCED_RECORDS : COMMIT_RECORDS;

	if (++replay->records < most && replay->txn.puts < COMMIT_PUTS && revision < replay->last)
		return true;
	return commit(replay, revision);
}

void mtr_replay_end(struct mtr_replay *replay)
{
	if (replay->open)
		mtr_txn_abort(&replay->txn);
	replay->open = false;
}
