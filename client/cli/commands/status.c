#include "commands/fields.h"
#include "commands/log.h"
#include "contract/errors.h"
#include "contract/limits.h"
#include "matricula/matricula.h"
#include "output/report.h"
#include "program/handlers.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/session.h"
#include "words/words.h"

#include <inttypes.h>

static const struct mtr_column status_columns[] = {
	{"software", N_("Software"), MTR_CELL_TEXT, NULL},
	{"now", N_("Its time"), MTR_CELL_TIME, NULL},
	{"started_at", N_("Running since"), MTR_CELL_TIME, NULL},
	{"accepts_changes", N_("Takes changes"), MTR_CELL_FLAG, NULL},
	{"durable_revision", N_("Latest entry on disk"), MTR_CELL_NUMBER, NULL},
	{"committed_revision", N_("Latest entry to be read"), MTR_CELL_NUMBER, NULL},
	{"backed_up_revision", N_("Latest entry in a backup"), MTR_CELL_NUMBER, NULL},
	{"reconciling", N_("Outboxes missing after a restore"), MTR_CELL_NUMBER, NULL},
	{"sessions", N_("Connections"), MTR_CELL_NUMBER, NULL},
	{"queue", N_("Commands waiting"), MTR_CELL_NUMBER, NULL},
	{"commands", N_("Commands since the start"), MTR_CELL_NUMBER, NULL},
	{"refused", N_("Refused"), MTR_CELL_NUMBER, NULL},
	{"batches", N_("Batches"), MTR_CELL_NUMBER, NULL},
	{"commits", N_("Commits"), MTR_CELL_NUMBER, NULL},
	{"map_bytes", N_("Room for the database, bytes"), MTR_CELL_NUMBER, NULL},
	{"map_used_bytes", N_("Used of it, bytes"), MTR_CELL_NUMBER, NULL},
	{"journal_segments", N_("Segments of the journal"), MTR_CELL_NUMBER, NULL},
};

/* Only operators and auditors are told when the server was started, and its figures: what isn't told is not 0. Nor
 * does the lack of a backup concern others. */
static struct mtr_cell figure(const Mtr__ServerStatusReply *reply, uint64_t number)
{
	return reply->started_at ? mtr_cell_number(number) : mtr_cell_some(0);
}

static int show_server(struct mtr_call *call)
{
	Mtr__Query query = MTR__QUERY__INIT;
	Mtr__ServerStatus status = MTR__SERVER_STATUS__INIT;
	Mtr__Answer *answer;

	query.body_case = MTR__QUERY__BODY_SERVER_STATUS;
	query.server_status = &status;
	int result = mtr_session_query(call, call->arena, &query, &answer);
	if (result)
		return result;
	if (answer->body_case != MTR__ANSWER__BODY_SERVER_STATUS)
		return mtr_session_failed(call, MTR_CLIENT_PROTOCOL);
	const Mtr__ServerStatusReply *reply = answer->server_status;
	const struct mtr_cell cells[] = {
		mtr_cell_text(reply->software),
		mtr_cell_some(reply->now),
		mtr_cell_some(reply->started_at),
		mtr_cell_flag(reply->accepts_changes),
		mtr_cell_number(reply->durable_revision),
		mtr_cell_number(reply->committed_revision),
		mtr_cell_some(reply->backed_up_revision),
		mtr_cell_some(reply->reconciling),
		figure(reply, reply->sessions),
		figure(reply, reply->queue),
		figure(reply, reply->commands),
		figure(reply, reply->refused),
		figure(reply, reply->batches),
		figure(reply, reply->commits),
		figure(reply, reply->map_bytes),
		figure(reply, reply->map_used_bytes),
		figure(reply, reply->journal_segments),
	};
	mtr_output_record(call->output, status_columns, sizeof status_columns / sizeof *status_columns, cells);
	if (reply->started_at && !reply->backed_up_revision)
		mtr_remark(call, "%s", _("No backup of the register is known yet; “matriculad backup” makes one."));
	return MTR_EXIT_OK;
}

int mtr_do_status(struct mtr_call *call)
{
	if (mtr_given(&call->arguments, "NOMINATION"))
		return mtr_do_nomination_show(call);
	return show_server(call);
}

/* Of a decision or a summons for a whole class. */
#define IDS_SHOWN 8u

static const struct mtr_column log_columns[] = {
	{"revision", N_("Entry"), MTR_CELL_NUMBER, NULL}, {"at", N_("Time"), MTR_CELL_TIME, NULL},
	{"principal", N_("Desk"), MTR_CELL_TEXT, NULL},   {"command", N_("Command"), MTR_CELL_TEXT, NULL},
	{"outcome", N_("Outcome"), MTR_CELL_TEXT, NULL},  {"nominations", N_("Nominations"), MTR_CELL_LIST, NULL},
	{"people", N_("People"), MTR_CELL_LIST, NULL},    {"rows", N_("Rows changed"), MTR_CELL_NUMBER, NULL},
};

static struct mtr_cell numbers(struct mtr_arena *arena, const uint64_t *longs, const uint32_t *shorts, size_t count)
{
	const char **items = mtr_must_array(arena, count, sizeof *items);

	for (size_t i = 0; i < count; i++)
		items[i] = mtr_must_print(arena, "%" PRIu64, longs ? longs[i] : shorts[i]);
	struct mtr_cell cell = mtr_cell_list(items, count);
	cell.shown_most = IDS_SHOWN;
	return cell;
}

/* Words for people, the register's own names for machines. */
static struct mtr_cell named(const char *words, const char *machine)
{
	struct mtr_cell cell = mtr_cell_text(words);

	cell.machine = machine;
	return cell;
}

static struct mtr_cell outcome_of(struct mtr_arena *arena, const Mtr__LogEntry *entry)
{
	const Mtr__ErrorCode code = (Mtr__ErrorCode)entry->error_code;

	if (code == MTR__ERROR_CODE__ERROR_CODE_NONE)
		return named(_("done"), "done");
	return named(mtr_words_error_title(arena, code), mtr_error_name(code));
}

void mtr_log_show(struct mtr_call *call, struct mtr_arena *arena, const Mtr__LogEntry *entry)
{
	const char *step = mtr_words_step(entry->command);
	const struct mtr_cell cells[] = {
		mtr_cell_number(entry->revision),
		mtr_cell_some(entry->at),
		mtr_cell_text(entry->principal_name),
		named(step ? step : entry->command, entry->command),
		outcome_of(arena, entry),
		numbers(arena, entry->nomination_ids, NULL, entry->n_nomination_ids),
		numbers(arena, NULL, entry->person_ids, entry->n_person_ids),
		mtr_cell_number(entry->effects),
	};

	mtr_output_row(call->output, cells);
}

void mtr_log_begin(struct mtr_call *call)
{
	mtr_output_begin(call->output, log_columns, sizeof log_columns / sizeof *log_columns);
}

void mtr_log_nothing(const struct mtr_call *call)
{
	if (call->settings.form == MTR_OUTPUT_TABLE)
		mtr_remark(call, "%s", _("Nothing found."));
}

int mtr_log_ask(struct mtr_call *call, Mtr__Log *log, uint64_t wanted)
{
	struct mtr_arena *arena = mtr_must(mtr_arena_new(16u << 20));
	Mtr__Query query = MTR__QUERY__INIT;
	const uint64_t most = wanted;
	int result = MTR_EXIT_OK;

	query.body_case = MTR__QUERY__BODY_LOG;
	query.log = log;
	mtr_log_begin(call);
	while (wanted > 0 && !result) {
		Mtr__Answer *answer;
		mtr_arena_reset(arena);
		log->limit = wanted < MTR_LOG_ENTRIES_MAX ? (uint32_t)wanted : MTR_LOG_ENTRIES_MAX;
		result = mtr_session_query(call, arena, &query, &answer);
		if (!result && answer->body_case != MTR__ANSWER__BODY_LOG)
			result = mtr_session_failed(call, MTR_CLIENT_PROTOCOL);
		if (result)
			break;
		for (size_t i = 0; i < answer->log->n_entries && wanted > 0; i++, wanted--)
			mtr_log_show(call, arena, answer->log->entries[i]);
		log->before_revision = answer->log->next_before;
		if (log->before_revision == 0)
			break;
	}
	if (result)
		mtr_output_abandon(call->output);
	else
		mtr_output_end(call->output);
	if (!result && wanted == most)
		mtr_log_nothing(call);
	mtr_arena_free(&arena);
	return result;
}

uint64_t mtr_log_limit(const struct mtr_call *call)
{
	return mtr_given(&call->arguments, "--limit") ? mtr_number_of(&call->arguments, "--limit") : 50;
}

int mtr_do_log(struct mtr_call *call)
{
	Mtr__Log log = MTR__LOG__INIT;

	mtr_fill_long(call, "--nomination", &log.nomination_id);
	mtr_fill_number(call, "--person", &log.person_id);
	return mtr_log_ask(call, &log, mtr_log_limit(call));
}

int mtr_do_outbox_send(struct mtr_call *call)
{
	uint64_t count = 0;
	int result = mtr_session_flush(call, &count);

	if (count > 0)
		mtr_remark(call, _("Entries answered: %" PRIu64 "."), count);
	else if (!result)
		mtr_remark(call, "%s", _("The outbox is empty."));
	return result;
}
