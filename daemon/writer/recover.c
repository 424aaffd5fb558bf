#include "writer/recover.h"

#include "store/apply.h"

#include <errno.h>
#include <string.h>

#define COMMIT_RECORDS 1000u
#define COMMIT_PUTS 50000u
/* Disk and map asked for before each transaction; where the disk is too full for it a smaller one may still do. */
#define MARGIN_BYTES (64u * 1024u * 1024u)

enum replay_end {
	REPLAY_CHAIN = 1,
	REPLAY_STORE = 2,
};

struct replay {
	struct mtr_store *store;
	struct mtr_store_state state; /* at the start */
	uint64_t head;
	void (*progress)(void *context, uint64_t revision, uint64_t head);
	void *context;
	struct mtr_txn txn;
	bool open;
	uint32_t records; /* in the transaction */
};

static bool begin(struct replay *replay)
{
	if (replay->open)
		return true;
	enum mtr_store_error error = mtr_store_reserve(replay->store, MARGIN_BYTES);

	if (error && error != MTR_STORE_FULL)
		return false;
	mtr_txn_begin_write(&replay->txn, replay->store);
	replay->open = replay->txn.error == MTR_STORE_OK;
	replay->records = 0;
	return replay->open;
}

static bool commit(struct replay *replay, uint64_t revision)
{
	replay->open = false;
	if (mtr_txn_commit(&replay->txn) != MTR_STORE_OK)
		return false;
	if (replay->progress)
		replay->progress(replay->context, revision, replay->head);
	return true;
}

static bool apply(struct replay *replay, uint64_t revision, const uint8_t *chain_after, const uint8_t *record,
		  size_t size)
{
	if (!begin(replay))
		return false;
	mtr_apply_record(&replay->txn, record, size, chain_after);
	if (replay->txn.error)
		return false;
	replay->records++;
	if (replay->records < COMMIT_RECORDS && replay->txn.puts < COMMIT_PUTS && revision < replay->head)
		return true;
	return commit(replay, revision);
}

/* The record that the store ends with proves that both are of one history; those after it are new to the store. */
static int replay_record(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES],
			 const uint8_t *record, size_t size)
{
	struct replay *replay = context;

	if (revision == replay->state.revision)
		return memcmp(chain_after, replay->state.chain, MTR_HASH_BYTES) == 0 ? 0 : REPLAY_CHAIN;
	return apply(replay, revision, chain_after, record, size) ? 0 : REPLAY_STORE;
}

static enum mtr_recover_status status_of(int fetched)
{
	switch (fetched) {
	case 0:
		return MTR_RECOVER_OK;
	case REPLAY_CHAIN:
		return MTR_RECOVER_CHAIN_DIFFERS;
	case REPLAY_STORE:
		return MTR_RECOVER_STORE_ERROR;
	case -ENOMEM:
		return MTR_RECOVER_MEMORY;
	default:
		return MTR_RECOVER_JOURNAL_DAMAGED;
	}
}

static enum mtr_store_error read_state(struct mtr_store *store, struct mtr_store_state *ret_state)
{
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, store);
	mtr_txn_state(&txn, ret_state);
	enum mtr_store_error error = txn.error;

	mtr_txn_abort(&txn);
	return error;
}

enum mtr_recover_status mtr_recover(struct mtr_store *store, struct mtr_engine *engine,
				    void (*progress)(void *context, uint64_t revision, uint64_t head), void *context)
{
	struct mtr_chain_point head = engine->operations->head(engine);
	struct replay replay = {.store = store, .head = head.revision, .progress = progress, .context = context};

	if (read_state(store, &replay.state))
		return MTR_RECOVER_STORE_ERROR;
	if (replay.state.revision > head.revision)
		return MTR_RECOVER_JOURNAL_SHORT;
	if (head.revision == 0)
		return MTR_RECOVER_OK;
	int fetched = engine->operations->fetch(engine, replay.state.revision ? replay.state.revision : 1,
						replay_record, &replay);

	if (replay.open)
		mtr_txn_abort(&replay.txn);
	return status_of(fetched);
}

const char *mtr_recover_status_name(enum mtr_recover_status status)
{
	switch (status) {
	case MTR_RECOVER_OK:
		return "OK";
	case MTR_RECOVER_JOURNAL_SHORT:
		return "JOURNAL_SHORT";
	case MTR_RECOVER_CHAIN_DIFFERS:
		return "CHAIN_DIFFERS";
	case MTR_RECOVER_JOURNAL_DAMAGED:
		return "JOURNAL_DAMAGED";
	case MTR_RECOVER_STORE_ERROR:
		return "STORE_ERROR";
	case MTR_RECOVER_MEMORY:
		return "MEMORY";
	}
	return "UNKNOWN";
}
