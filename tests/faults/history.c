#include "history.h"

#include "engine/local.h"
#include "matricula/v1/wire.pb-c.h"
#include "scratch.h"
#include "store/apply.h"
#include "store/verify.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* These leave the entry where it is, to be sent again. What comes after an entry of somebody revoked stays a gap. */
static bool is_final(Mtr__ErrorCode code)
{
	return code != MTR__ERROR_CODE__ERROR_CODE_STORAGE_FULL && code != MTR__ERROR_CODE__ERROR_CODE_BUSY;
}

bool history_take(struct history *history, struct mtr_work *work)
{
	struct outcome *outcome = &history->outcomes[work->request_id];
	Mtr__Answer *answer = mtr__answer__unpack(NULL, work->answer_size, work->answer);
	const bool refused = answer && answer->body_case == MTR__ANSWER__BODY_ERROR;
	const bool taken = answer && (!refused || is_final(answer->error->code));

	if (taken) {
		outcome->revision = answer->revision;
		outcome->redacted = refused && answer->error->code == MTR__ERROR_CODE__ERROR_CODE_ANSWER_REDACTED;
		crypto_generichash(outcome->answer, MTR_HASH_BYTES, work->answer, work->answer_size, NULL, 0);
	}
	if (answer)
		mtr__answer__free_unpacked(answer, NULL);
	mtr_work_free(&work);
	return taken;
}

struct replay {
	struct history *history;
	struct mtr_store *store;
	uint64_t from, at;
};

static bool digest_state(const struct replay *replay, struct mtr_txn *txn, uint64_t revision)
{
	char difference[MTR_DIFFERENCE_MAX] = "";

	mtr_table_digests(txn, replay->history->states[revision].tables);
	if (!mtr_store_check(txn, difference))
		fprintf(stderr, "revision %" PRIu64 ": %s\n", revision, difference);
	return !*difference;
}

static int take_record(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES],
		       const uint8_t *record, size_t size)
{
	struct replay *replay = context;
	struct mtr_store_state state;
	struct mtr_txn txn;
	bool good = revision < REVISIONS_MAX;

	if (!good)
		return 1;
	mtr_txn_begin_write(&txn, replay->store);
	mtr_apply_record(&txn, record, size, chain_after);
	mtr_txn_state(&txn, &state);
	if (state.at < replay->at) {
		fprintf(stderr, "revision %" PRIu64 ": the register's time goes back\n", revision);
		good = false;
	}
	replay->at = state.at;
	memcpy(replay->history->states[revision].chain, chain_after, MTR_HASH_BYTES);
	if (revision >= replay->from)
		good = digest_state(replay, &txn, revision) && good;
	replay->history->revisions = revision;
	return mtr_txn_commit(&txn) != MTR_STORE_OK || !good;
}

bool history_fetch(struct history *history, struct mtr_engine *engine, const char *scratch, uint64_t from)
{
	char store[PATH_MAX];
	struct replay replay = {.history = history, .from = from};
	int error = 1;

	(void)snprintf(store, sizeof store, "%s/replayed", scratch);
	const struct mtr_store_options options = {.directory = store, .map_bytes = 64u << 20, .create = true};

	if (mtr_store_open(&replay.store, &options) == MTR_STORE_OK)
		error = engine->operations->fetch(engine, 1, take_record, &replay);
	mtr_store_close(&replay.store);
	scratch_remove(store);
	if (error)
		fprintf(stderr, "the journal of the run can't be applied (%d)\n", error);
	return error == 0;
}

bool history_replay(struct history *history, const struct town *town, const char *scratch, uint64_t from)
{
	char journal[PATH_MAX];
	struct mtr_engine *engine = NULL;

	(void)snprintf(journal, sizeof journal, "%s/journal", town->config.data_directory);
	const struct mtr_local_options options = {.directory = journal,
						  .segment_bytes = town->config.journal_segment_size};
	const bool opened = mtr_local_open(&engine, &options, NULL) == 0;
	const bool good = opened && history_fetch(history, engine, scratch, from);

	if (opened)
		engine->operations->close(&engine);
	return good;
}
