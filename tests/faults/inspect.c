#include "inspect.h"

#include "forgotten.h"
#include "sim/tail.h"
#include "store/verify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ASKED_AGAIN 3u

struct inspection {
	const struct promise *promise;
	struct town town;
	char *reason;
	size_t room;
};

__attribute__((format(printf, 2, 3))) static bool wrong(struct inspection *of, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(of->reason, of->room, format, arguments);
	va_end(arguments);
	return false;
}

/* Where no register had been promised there may be none, or half of one: then making one must work. */
static bool open_or_make(struct inspection *of)
{
	enum mtr_exit_status status = town_open(&of->town);

	if (status && !of->promise->made) {
		char said[256];

		(void)snprintf(said, sizeof said, "%s", town_said());
		status = town_init(&of->town);
		if (status)
			return wrong(of, "neither starts (%s) nor can be made (%d): %s", said, (int)status,
				     town_said());
		status = town_open(&of->town);
	}
	return !status || wrong(of, "doesn't start (%d): %s", (int)status, town_said());
}

static uint64_t last_answered(const struct promise *promise)
{
	for (size_t i = promise->answered; i-- > 0;)
		if (promise->history->outcomes[i].revision)
			return promise->history->outcomes[i].revision;
	return promise->made;
}

static bool read_state(struct inspection *of, const struct town *town, struct mtr_chain_point *ret_head,
		       uint8_t ret_tables[MTR_TABLES][MTR_HASH_BYTES])
{
	const struct mtr_chain_point head = town->data.engine->operations->head(town->data.engine);
	struct mtr_store_state state;
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, town->data.store);
	mtr_txn_state(&txn, &state);
	mtr_table_digests(&txn, ret_tables);
	const enum mtr_store_error error = txn.error;

	mtr_txn_abort(&txn);
	if (error)
		return wrong(of, "the register can't be read: %s", mtr_store_error_name(error));
	if (state.revision != head.revision || memcmp(state.chain, head.chain, MTR_HASH_BYTES) != 0)
		return wrong(of, "the register is at %" PRIu64 ", its journal at %" PRIu64, state.revision,
			     head.revision);
	*ret_head = head;
	return true;
}

static bool check_state(struct inspection *of, const struct town *town, uint64_t least, uint64_t *ret_revision)
{
	const struct promise *promise = of->promise;
	uint8_t tables[MTR_TABLES][MTR_HASH_BYTES];
	struct mtr_chain_point head;

	if (!read_state(of, town, &head, tables))
		return false;
	*ret_revision = head.revision;
	if (head.revision < least)
		return wrong(of, "revision %" PRIu64 " was promised, %" PRIu64 " is the last there is", least,
			     head.revision);
	if (!promise->made && head.revision <= 1)
		return true; /* made anew just now: with other random numbers */
	if (head.revision > promise->history->revisions)
		return wrong(of, "revision %" PRIu64 " was never written", head.revision);
	const struct state_at *expected = &promise->history->states[head.revision];

	if (memcmp(expected->chain, head.chain, MTR_HASH_BYTES) != 0)
		return wrong(of, "the chain is another at revision %" PRIu64, head.revision);
	for (int table = 0; table < MTR_TABLES; table++)
		if (memcmp(expected->tables[table], tables[table], MTR_HASH_BYTES) != 0)
			return wrong(of, "table %s isn't what it was after revision %" PRIu64,
				     mtr_table_name((enum mtr_table)table), head.revision);
	return true;
}

bool inspect_state(const struct town *town, const struct promise *promise, uint64_t revision, char *ret_reason,
		   size_t room)
{
	struct inspection of = {.promise = promise, .reason = ret_reason, .room = room};
	uint64_t found;

	return check_state(&of, town, revision, &found);
}

/* Whoever was redacted when the register started is gone from the journal too. */
static bool is_forgotten(struct inspection *of, const char *journal, uint64_t revision)
{
	const uint64_t redacted = of->promise->history->outcomes[FORGOTTEN_REDACTED].revision;

	return !redacted || revision < redacted || !forgotten_is_in(journal) ||
	       wrong(of, "the journal tells of who was redacted");
}

/* Sends an entry; false when nothing or not a final answer comes. */
static bool send(struct inspection *of, size_t index, struct history *into, bool *ret_repeated)
{
	town_turn(&of->town, script_work(of->promise->script, index));
	struct mtr_work *work = town_reply(&of->town);

	if (!work)
		return wrong(of, "entry %zu isn't answered: %s", index, town_said());
	*ret_repeated = work->repeated_answer;
	return history_take(into, work) || wrong(of, "entry %zu is turned away", index);
}

/* Entries that meant whoever was redacted lose their answers with it; whose others stay is the model's to say. */
static bool is_same_answer(const struct outcome *again, const struct outcome *expected, bool redacted)
{
	return again->revision == expected->revision &&
	       ((redacted && again->redacted) || memcmp(again->answer, expected->answer, MTR_HASH_BYTES) == 0);
}

static bool ask_again(struct inspection *of, size_t index, uint64_t revision)
{
	const struct outcome *outcomes = of->promise->history->outcomes, *expected = &outcomes[index];
	const uint64_t forgotten = outcomes[FORGOTTEN_REDACTED].revision;
	const bool redacted = index < FORGOTTEN_REDACTED && forgotten && forgotten <= revision;
	static struct history again;
	bool repeated = false;

	if (!expected->revision)
		return true;
	if (!send(of, index, &again, &repeated))
		return false;
	if (!repeated)
		return wrong(of, "entry %zu is done a second time", index);
	if (!is_same_answer(&again.outcomes[index], expected, redacted))
		return wrong(of, "entry %zu is answered otherwise", index);
	return true;
}

/* The last that were answered, and the first that the register doesn't have. */
static bool go_on(struct inspection *of, uint64_t revision)
{
	const struct promise *promise = of->promise;
	const size_t first = promise->answered > ASKED_AGAIN ? promise->answered - ASKED_AGAIN : 0;
	static struct history fresh;
	size_t next = promise->answered;
	bool repeated = false;

	for (size_t i = first; i < promise->answered; i++)
		if (!ask_again(of, i, revision))
			return false;
	while (next < promise->history->answered && promise->history->outcomes[next].revision <= revision)
		if (!ask_again(of, next++, revision))
			return false;
	if (!send(of, next, &fresh, &repeated))
		return false;
	if (repeated || (fresh.outcomes[next].revision && fresh.outcomes[next].revision <= revision))
		return wrong(of, "entry %zu is new and gets an old answer", next);
	town_commit(&of->town);
	return !of->town.failed || wrong(of, "entry %zu ends the daemon: %s", next, town_said());
}

bool inspect(const char *root, const struct promise *promise, char *ret_reason, size_t room)
{
	struct inspection of = {.promise = promise, .reason = ret_reason, .room = room};
	char journal[PATH_MAX];
	uint64_t revision = 0;
	bool good;

	town_settle(&of.town, root);
	of.town.now += 1000 * promise->answered;
	(void)snprintf(journal, sizeof journal, "%s/journal", of.town.config.data_directory);
	good = open_or_make(&of) && check_state(&of, &of.town, last_answered(promise), &revision) &&
	       is_forgotten(&of, journal, revision);
	if (good && !tail_is_clean(journal, of.town.data.engine))
		good = wrong(&of, "something lies behind the journal's last frame");
	good = good && go_on(&of, revision);
	town_close(&of.town);
	return good;
}
