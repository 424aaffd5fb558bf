/* failing_memory: each command of a long script is read, decided, recorded and applied while one request for memory is
 * refused, the first, the second, ... until none was. Each step says that there is no memory, or comes out as it does
 * with enough; the register is the same afterwards. So does the writer, which ends rather than answer. */
#include "drive.h"
#include "memory.h"
#include "scratch.h"
#include "store/apply.h"
#include "store/verify.h"
#include "writer/judgement.h"
#include "writer/state.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define ENTRIES 300u
#define TURNS 40u /* entries that the writer does with memory short */

struct run {
	char root[PATH_MAX];
	struct script script;
	struct town town;
	struct mtr_arena *arena, *request_arena, *expected, *expected_request;
	uint64_t revision;
	uint8_t chain[MTR_HASH_BYTES];
	uint32_t decided, recorded, applied, ended; /* with memory short */
};

static bool wrong(size_t index, uint32_t refused, const char *what)
{
	fprintf(stderr, "failing_memory: entry %zu, request %u refused: %s\n", index, refused, what);
	return false;
}

static enum mtr_decide_status judge(struct run *run, struct mtr_txn *txn, struct mtr_arena *arena,
				    struct mtr_arena *request_arena, size_t index, struct mtr_judgement *ret_judgement)
{
	const struct entry *entry = &run->script.entries[index];
	const struct mtr_decision_input input = {.txn = txn,
						 .arena = arena,
						 .principal_id = entry->principal_id,
						 .now = run->town.now + index,
						 .revision = run->revision + 1};

	mtr_arena_reset(arena);
	mtr_arena_reset(request_arena);
	return mtr_judge(&input, request_arena, (struct mtr_bytes){entry->body, entry->size}, ret_judgement);
}

static bool same_bytes(struct mtr_bytes x, struct mtr_bytes y)
{
	return x.size == y.size && (x.size == 0 || memcmp(x.data, y.data, x.size) == 0);
}

static bool same_outcome(struct run *run, const struct mtr_outcome *x, const struct mtr_outcome *y)
{
	if (x->consumes != y->consumes || x->effect_count != y->effect_count ||
	    !same_bytes(mtr_pack_answer(run->arena, x->answer), mtr_pack_answer(run->expected, y->answer)))
		return false;
	for (size_t i = 0; i < x->effect_count; i++)
		if (x->effects[i].type != y->effects[i].type || x->effects[i].id != y->effects[i].id ||
		    !same_bytes(x->effects[i].row, y->effects[i].row))
			return false;
	return true;
}

/* True when all went well with every request refused in turn. */
static bool decide_short(struct run *run, struct mtr_txn *txn, size_t index, const struct mtr_judgement *expected)
{
	bool refused = true;

	for (uint32_t n = 1; refused; n++) {
		struct mtr_judgement judgement;

		memory_arm(n);
		const enum mtr_decide_status status =
			judge(run, txn, run->arena, run->request_arena, index, &judgement);

		refused = memory_disarm();
		run->decided += refused;
		if (txn->error && txn->error != MTR_STORE_MEMORY)
			return wrong(index, n, mtr_store_error_name(txn->error));
		txn->error = MTR_STORE_OK;
		if (status != MTR_DECIDE_OK && !refused)
			return wrong(index, n, "it isn't decided");
		if (status == MTR_DECIDE_OK && !same_outcome(run, &judgement.outcome, &expected->outcome))
			return wrong(index, n, "it is decided otherwise");
	}
	return true;
}

static bool record_short(struct run *run, size_t index, const struct mtr_judgement *judgement,
			 const struct mtr_entry_place *place, Mtr__RecordHeader *ret_header,
			 struct mtr_entry *ret_entry)
{
	const struct entry *entry = &run->script.entries[index];
	const struct mtr_bytes body = {entry->body, entry->size};
	bool refused = true;

	for (uint32_t n = 1; refused; n++) {
		struct mtr_judgement copy = *judgement;

		mtr_arena_reset(run->arena);
		memory_arm(n);
		const int error = mtr_judgement_record(run->arena, &copy, place, body, ret_header, ret_entry);

		refused = memory_disarm();
		run->recorded += refused;
		if (error && (error != -ENOMEM || !refused))
			return wrong(index, n, "its record isn't built");
		uint8_t digest[MTR_HASH_BYTES];

		if (!error && (mtr_record_digest(ret_entry->record.data, ret_entry->record.size, digest) ||
			       memcmp(digest, ret_entry->digest, sizeof digest) != 0))
			return wrong(index, n, "its record is built otherwise");
	}
	return true;
}

static bool agrees(struct mtr_txn *txn, size_t index, uint32_t number)
{
	char difference[MTR_DIFFERENCE_MAX];

	return mtr_store_check(txn, difference) || wrong(index, number, difference);
}

/* A request that could be done without leaves the tables right. */
static bool apply_short(struct run *run, size_t index, const struct mtr_entry *entry)
{
	bool refused = true;

	mtr_chain_extend(run->chain, entry->digest);
	for (uint32_t n = 1; refused; n++) {
		struct mtr_txn txn;

		mtr_txn_begin_write(&txn, run->town.data.store);
		memory_arm(n);
		mtr_apply_record(&txn, entry->record.data, entry->record.size, run->chain);
		refused = memory_disarm();
		run->applied += refused;
		if (txn.error && (txn.error != MTR_STORE_MEMORY || !refused))
			return wrong(index, n, mtr_store_error_name(txn.error));
		if (refused && !txn.error && !agrees(&txn, index, n))
			return false;
		if (refused)
			mtr_txn_abort(&txn);
		else if (mtr_txn_commit(&txn) != MTR_STORE_OK)
			return wrong(index, n, mtr_store_error_name(txn.error));
	}
	run->revision++;
	return true;
}

static bool do_entry(struct run *run, size_t index)
{
	const struct entry *entry = &run->script.entries[index];
	uint8_t outbox[MTR_OUTBOX_BYTES] = {(uint8_t)entry->principal_id};
	uint8_t hash[MTR_HASH_BYTES] = {1};
	const struct mtr_entry_place place = {outbox, entry->sequence, 1, hash};
	struct mtr_judgement expected;
	Mtr__RecordHeader header;
	struct mtr_entry made;
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, run->town.data.store);
	bool good = judge(run, &txn, run->expected, run->expected_request, index, &expected) == MTR_DECIDE_OK ||
		    wrong(index, 0, "it isn't decided");

	good = good && decide_short(run, &txn, index, &expected);
	if (good && expected.outcome.consumes)
		good = record_short(run, index, &expected, &place, &header, &made);
	mtr_txn_abort(&txn);
	return good && (!expected.outcome.consumes || apply_short(run, index, &made));
}

static bool check_tables(struct run *run)
{
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, run->town.data.store);
	const bool good = agrees(&txn, ENTRIES, 0);

	mtr_txn_abort(&txn);
	return good;
}

static bool do_entries(struct run *run)
{
	struct mtr_chain_point head = run->town.data.engine->operations->head(run->town.data.engine);
	bool good = true;

	run->revision = head.revision;
	memcpy(run->chain, head.chain, MTR_HASH_BYTES);
	for (size_t i = 0; good && i < ENTRIES; i++)
		good = do_entry(run, i);
	return good && check_tables(run);
}

static bool prepare(struct run *run, const char *name)
{
	char root[PATH_MAX];

	(void)snprintf(root, sizeof root, "%.*s/%s", PATH_MAX - 16, run->root, name);
	if (mkdir(root, 0700) < 0)
		abort();
	town_settle(&run->town, root);
	return !town_init(&run->town) && !town_open(&run->town);
}

/* Which request the writer doesn't get in its next turn, and whether it came to that. */
static uint32_t refuse_number;
static bool was_refused;

static void short_turn(struct mtr_writer *writer, struct mtr_work *works)
{
	memory_arm(refuse_number);
	mtr_writer_turn(writer, works);
	was_refused = memory_disarm();
}

/* The writer answers rightly or ends; started again, it has what it answered and nothing else. */
static bool do_turns(struct run *run, struct history *history)
{
	char root[PATH_MAX];
	struct drive drive;
	bool good = prepare(run, "turns");

	town_close(&run->town);
	(void)snprintf(root, sizeof root, "%.*s/turns", PATH_MAX - 16, run->root);
	drive_begin(&drive, root, &run->script, history);
	drive.town.turn = short_turn;
	good = good && drive_open(&drive);
	for (uint32_t n = 1; good && history->answered < TURNS; n++) {
		const uint32_t restarts = drive.restarts;
		const size_t answered = history->answered;

		refuse_number = n;
		good = drive_turn(&drive, 1);
		if (!was_refused || history->answered > answered)
			n = 0;
		run->ended += drive.restarts > restarts;
		if (good && drive.restarts == restarts && history->answered != answered + 1)
			good = wrong(history->answered, n, "no answer, and no end");
	}
	town_close(&drive.town);
	if (!good)
		return wrong(history->answered, 0, drive.reason);
	return history_replay(history, &drive.town, run->root, 1);
}

static bool make_arenas(struct run *run)
{
	run->arena = mtr_arena_new(MTR_DECISION_ARENA);
	run->expected = mtr_arena_new(MTR_DECISION_ARENA);
	run->request_arena = mtr_arena_new(MTR_REQUEST_ARENA);
	run->expected_request = mtr_arena_new(MTR_REQUEST_ARENA);
	return run->arena && run->expected && run->request_arena && run->expected_request;
}

int main(void)
{
	static struct history history;
	static struct run run;
	FILE *report;

	if (sodium_init() < 0 || !(report = scratch_silence()))
		abort();
	scratch_make(run.root);
	script_write(&run.script, 5, ENTRIES);
	bool good = make_arenas(&run) && prepare(&run, "entries") && do_entries(&run);

	town_close(&run.town);
	good = good && do_turns(&run, &history);
	fprintf(report, "requests refused: %u in decisions, %u in records, %u in applying; the writer ended %u times\n",
		run.decided, run.recorded, run.applied, run.ended);
	good = good && (run.decided > 1000 && run.recorded && run.applied && run.ended);
	fclose(report);
	mtr_arena_free(&run.arena);
	mtr_arena_free(&run.expected);
	mtr_arena_free(&run.request_arena);
	mtr_arena_free(&run.expected_request);
	script_free(&run.script);
	scratch_remove(run.root);
	return good ? 0 : 1;
}
