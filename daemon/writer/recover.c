#include "writer/recover.h"

#include "writer/replay.h"

#include <errno.h>
#include <string.h>

enum recovery_end {
	RECOVERY_CHAIN = 1,
	RECOVERY_STORE = 2,
};

struct recovery {
	struct mtr_store_state state; /* at the start */
	struct mtr_replay replay;
};

/* The record that the store ends with proves that both are of one history; those after it are new to the store. */
static int replay_record(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES],
			 const uint8_t *record, size_t size)
{
	struct recovery *recovery = context;

	if (revision == recovery->state.revision)
		return memcmp(chain_after, recovery->state.chain, MTR_HASH_BYTES) == 0 ? 0 : RECOVERY_CHAIN;
	return mtr_replay_record(&recovery->replay, revision, chain_after, record, size) ? 0 : RECOVERY_STORE;
}

static enum mtr_recover_status status_of(int fetched)
{
	switch (fetched) {
	case 0:
		return MTR_RECOVER_OK;
	case RECOVERY_CHAIN:
		return MTR_RECOVER_CHAIN_DIFFERS;
	case RECOVERY_STORE:
		return MTR_RECOVER_STORE_ERROR;
	case -ENOMEM:
		return MTR_RECOVER_MEMORY;
	default:
		return MTR_RECOVER_JOURNAL_DAMAGED;
	}
}

enum mtr_recover_status mtr_recover(struct mtr_store *store, struct mtr_engine *engine,
				    void (*progress)(void *context, uint64_t revision, uint64_t head), void *context)
{
	struct mtr_chain_point head = engine->operations->head(engine);
	struct recovery recovery = {
		.replay = {.store = store, .last = head.revision, .progress = progress, .context = context}};

	if (mtr_store_state_read(store, &recovery.state))
		return MTR_RECOVER_STORE_ERROR;
	if (recovery.state.revision > head.revision)
		return MTR_RECOVER_JOURNAL_SHORT;
	if (head.revision == 0)
		return MTR_RECOVER_OK;
	int fetched = engine->operations->fetch(engine, recovery.state.revision ? recovery.state.revision : 1,
						replay_record, &recovery);

	mtr_replay_end(&recovery.replay);
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
