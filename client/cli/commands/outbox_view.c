/* The outbox as a clerk looks at it. */
#include "matricula/outbox.h"
#include "output/report.h"
#include "output/show.h"
#include "program/asked.h"
#include "program/handlers.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/session.h"
#include "words/words.h"

#include <inttypes.h>
#include <sys/time.h>

#define ENTRY_ARENA (16u << 20)

static const struct mtr_column columns[] = {
	{"sequence", N_("Entry"), MTR_CELL_NUMBER, NULL},
	{"asked", N_("Asked"), MTR_CELL_TEXT, NULL},
	{"age", N_("Age"), MTR_CELL_TEXT, NULL},
	{"state", N_("State"), MTR_CELL_TEXT, NULL},
	{"attempts", N_("Attempts"), MTR_CELL_NUMBER, NULL},
	{"last_error", N_("Last error"), MTR_CELL_TEXT, NULL},
	{"tried_at", N_("Last attempt"), MTR_CELL_TIME, NULL},
	{"enqueued_at", N_("Written"), MTR_CELL_TIME, NULL},
	{"answered_at", N_("Answered"), MTR_CELL_TIME, NULL},
	{"revision", N_("Entry of the register"), MTR_CELL_NUMBER, NULL},
	{"backed_up", N_("In a backup"), MTR_CELL_FLAG, NULL},
};
#define COLUMNS (sizeof columns / sizeof *columns)
#define COLUMNS_ON_SCREEN 7

static const struct {
	enum mtr_client_entry_state state;
	const char *machine, *text;
} states[] = {
	{MTR_CLIENT_ENTRY_QUEUED, "queued", N_("not sent")},
	{MTR_CLIENT_ENTRY_EXPORTED, "exported", N_("in a bundle, awaiting an answer")},
	{MTR_CLIENT_ENTRY_SENT, "sent", N_("sent, awaiting an answer")},
	{MTR_CLIENT_ENTRY_DONE, "done", N_("answered: done")},
	{MTR_CLIENT_ENTRY_REFUSED, "refused", N_("answered: refused")},
};

static struct mtr_cell state_cell(const struct mtr_client_entry *entry)
{
	struct mtr_cell cell = mtr_cell_text("");

	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		if (states[i].state != entry->state)
			continue;
		cell = mtr_cell_text(_(states[i].text));
		cell.machine = states[i].machine;
	}
	if (entry->diverged && entry->state == MTR_CLIENT_ENTRY_DONE) {
		cell = mtr_cell_text(_("answered otherwise after a restore"));
		cell.machine = "diverged";
	} else if (entry->again && (entry->state == MTR_CLIENT_ENTRY_QUEUED || entry->state == MTR_CLIENT_ENTRY_SENT)) {
		cell = mtr_cell_text(_("answered before a restore, sent again"));
		cell.machine = "again";
	}
	if (entry->dismissed_at) {
		cell = mtr_cell_text(entry->diverged ? _("differs, dealt with") : _("refused, dealt with"));
		cell.machine = "dismissed";
	}
	return cell;
}

/* A clock that was set back makes no entry older than it is. */
static const char *age_of(struct mtr_arena *arena, uint64_t since)
{
	struct timeval now;

	gettimeofday(&now, NULL);
	uint64_t now_ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_usec / 1000;
	uint64_t minutes = now_ms > since ? (now_ms - since) / 60000 : 0;

	if (minutes < 120)
		return mtr_must_print(arena, _("%" PRIu64 " min"), minutes);
	if (minutes < 48 * 60)
		return mtr_must_print(arena, _("%" PRIu64 " h"), minutes / 60);
	return mtr_must_print(arena, _("%" PRIu64 " days"), minutes / (24 * 60));
}

static struct mtr_cell error_cell(struct mtr_arena *arena, const struct mtr_client_entry *entry)
{
	struct mtr_cell cell = mtr_cell_text("");

	if (entry->last_code) {
		cell = mtr_cell_text(mtr_words_error_title(arena, (Mtr__ErrorCode)entry->last_code));
	} else if (entry->last_error) {
		cell = mtr_cell_text(mtr_words_client_error(entry->last_error));
		cell.machine = mtr_client_error_name(entry->last_error);
	}
	return cell;
}

static const Mtr__Command *command_of(struct mtr_arena *arena, const struct mtr_client_entry *entry)
{
	return mtr__command__unpack(mtr_arena_allocator(arena), entry->command_size, entry->command);
}

struct listing {
	struct mtr_call *call;
	struct mtr_arena *arena; /* of the entry being shown */
	bool all;
	uint64_t shown;
};

static bool list_entry(void *context, const struct mtr_client_entry *entry)
{
	struct listing *listing = context;
	const Mtr__Command *command;

	if (!listing->all && ((entry->state == MTR_CLIENT_ENTRY_DONE && !entry->diverged) || entry->dismissed_at))
		return true;
	mtr_arena_reset(listing->arena);
	command = command_of(listing->arena, entry);
	const struct mtr_cell cells[COLUMNS] = {
		mtr_cell_number(entry->sequence),
		mtr_cell_text(command ? mtr_asked_brief(listing->arena, command) : ""),
		mtr_cell_text(age_of(listing->arena, entry->enqueued_at)),
		state_cell(entry),
		mtr_cell_some(entry->attempts),
		error_cell(listing->arena, entry),
		mtr_cell_some(entry->tried_at),
		mtr_cell_some(entry->enqueued_at),
		mtr_cell_some(entry->answered_at),
		mtr_cell_some(entry->revision),
		mtr_cell_flag(entry->backed_up),
	};

	mtr_output_row(listing->call->output, cells);
	listing->shown++;
	return true;
}

int mtr_do_outbox_list(struct mtr_call *call)
{
	const size_t count = call->settings.form == MTR_OUTPUT_TABLE ? COLUMNS_ON_SCREEN : COLUMNS;
	struct listing listing = {.call = call, .all = mtr_given(&call->arguments, "--all")};
	struct mtr_client_outbox_summary summary = {0};
	int result = mtr_session_open(call);

	if (result)
		return result;
	listing.arena = mtr_must(mtr_arena_new(ENTRY_ARENA));
	mtr_output_begin(call->output, columns, count);
	int error = mtr_client_outbox_each(call->client, 1, list_entry, &listing);
	if (!error)
		error = mtr_client_outbox_summary(call->client, &summary);
	mtr_arena_free(&listing.arena);
	if (error) {
		mtr_output_abandon(call->output);
		return mtr_session_failed(call, error);
	}
	mtr_output_end(call->output);
	mtr_remark(
		call,
		_("Without an answer: %" PRIu64 "; refused and not dealt with: %" PRIu64 "; kept in all: %" PRIu64 "."),
		summary.unanswered, summary.refused, summary.entries);
	if (summary.again > 0)
		mtr_remark(call,
			   _("The register was restored from a backup. Entries it had answered before, and gets again: "
			     "%" PRIu64 "."),
			   summary.again);
	if (summary.lost_to > 0)
		mtr_remark(call,
			   _("A restore of the register has lost the entries %" PRIu64 " to %" PRIu64
			     ", which this desk had let go of. Check them with “matricula nomination list”, and enter "
			     "again what is missing."),
			   summary.lost_from, summary.lost_to);
	if (summary.refused > 0)
		mtr_remark(call, "%s",
			   _("“matricula outbox show ENTRY” tells why; “matricula outbox dismiss ENTRY” when "
			     "it has been dealt with."));
	return MTR_EXIT_OK;
}

struct finding {
	struct mtr_call *call;
	uint64_t sequence;
	struct mtr_client_entry entry; /* bytes in the call's arena */
	bool found;
};

static bool find_entry(void *context, const struct mtr_client_entry *entry)
{
	struct finding *finding = context;
	struct mtr_arena *arena = finding->call->arena;

	if (entry->sequence != finding->sequence)
		return false;
	finding->entry = *entry;
	finding->entry.command = mtr_must(mtr_arena_copy(arena, entry->command, entry->command_size));
	if (entry->former_answer_size)
		finding->entry.former_answer =
			mtr_must(mtr_arena_copy(arena, entry->former_answer, entry->former_answer_size));
	if (entry->answer_size)
		finding->entry.answer = mtr_must(mtr_arena_copy(arena, entry->answer, entry->answer_size));
	finding->found = true;
	return false;
}

static const char *outcome(struct mtr_call *call, const uint8_t *bytes, size_t size)
{
	const Mtr__Answer *answer = mtr__answer__unpack(mtr_arena_allocator(call->arena), size, bytes);

	if (!answer || size == 0)
		return _("not kept");
	if (answer->body_case == MTR__ANSWER__BODY_ERROR)
		return mtr_words_error_title(call->arena, answer->error->code);
	if (answer->body_case == MTR__ANSWER__BODY_ACKNOWLEDGEMENT)
		return mtr_acknowledged_standing(call->arena, answer->acknowledgement);
	return _("done");
}

/* What the register said before it was restored. */
static void show_former(struct mtr_call *call, const struct mtr_client_entry *entry)
{
	const char *former = outcome(call, entry->former_answer, entry->former_answer_size);

	if (entry->diverged)
		mtr_say(call, _("Answered again after a restore: %s; formerly: %s"),
			outcome(call, entry->answer, entry->answer_size), former);
	else
		mtr_say(call, _("Answered before a restore: %s"), former);
}

static void show_state(struct mtr_call *call, const struct mtr_client_entry *entry)
{
	const char *error = error_cell(call->arena, entry).text;

	mtr_say(call, _("Entry %" PRIu64 " of the outbox: %s"), entry->sequence, state_cell(entry).text);
	mtr_say(call, _("Written: %s"), mtr_show_time(call->arena, entry->enqueued_at));
	if (entry->attempts)
		mtr_say(call, _("Attempts: %" PRIu32 ", the last at %s: %s"), entry->attempts,
			mtr_show_time(call->arena, entry->tried_at), error ? error : "");
	if (entry->answered_at)
		mtr_say(call, _("Answered: %s"), mtr_show_time(call->arena, entry->answered_at));
	if (entry->again)
		show_former(call, entry);
}

static int show_answer(struct mtr_call *call, const Mtr__Command *command, const struct mtr_client_entry *entry)
{
	const Mtr__Answer *answer;

	if (entry->state != MTR_CLIENT_ENTRY_DONE && entry->state != MTR_CLIENT_ENTRY_REFUSED)
		return MTR_EXIT_OK;
	if (entry->answer_size == 0) {
		mtr_remark(call, "%s", _("The answer couldn't be kept, because the disk was full."));
		return MTR_EXIT_OK;
	}
	answer = mtr__answer__unpack(mtr_arena_allocator(call->arena), entry->answer_size, entry->answer);
	if (!answer)
		return mtr_session_failed(call, MTR_CLIENT_PROTOCOL);
	/* The name of whom a receipt is about would have to be asked for: there may be no link. */
	if (answer->body_case == MTR__ANSWER__BODY_ACKNOWLEDGEMENT)
		command = NULL;
	/* That it was refused then isn't a failure of looking at it now. */
	(void)mtr_report_answer(call, command, answer);
	return MTR_EXIT_OK;
}

static void show_data(struct mtr_call *call, const Mtr__Command *command, const struct mtr_client_entry *entry)
{
	const struct mtr_cell cells[COLUMNS] = {
		mtr_cell_number(entry->sequence),
		mtr_cell_text(mtr_asked_brief(call->arena, command)),
		mtr_cell_text(age_of(call->arena, entry->enqueued_at)),
		state_cell(entry),
		mtr_cell_some(entry->attempts),
		error_cell(call->arena, entry),
		mtr_cell_some(entry->tried_at),
		mtr_cell_some(entry->enqueued_at),
		mtr_cell_some(entry->answered_at),
		mtr_cell_some(entry->revision),
		mtr_cell_flag(entry->backed_up),
	};

	mtr_output_record(call->output, columns, COLUMNS, cells);
}

int mtr_do_outbox_show(struct mtr_call *call)
{
	struct finding finding = {.call = call, .sequence = mtr_number_of(&call->arguments, "ENTRY")};
	int result = mtr_session_open(call);

	if (result)
		return result;
	int error = mtr_client_outbox_each(call->client, finding.sequence, find_entry, &finding);
	if (error)
		return mtr_session_failed(call, error);
	if (!finding.found)
		return mtr_fail(call, MTR_EXIT_USAGE, _("There is no entry %" PRIu64 " in the outbox (any more)."),
				finding.sequence);
	const Mtr__Command *command = command_of(call->arena, &finding.entry);
	if (!command)
		return mtr_session_failed(call, MTR_CLIENT_STATE);
	if (call->settings.form != MTR_OUTPUT_TABLE) {
		show_data(call, command, &finding.entry);
		return MTR_EXIT_OK;
	}
	show_state(call, &finding.entry);
	mtr_asked_show(call, command);
	return show_answer(call, command, &finding.entry);
}

int mtr_do_outbox_dismiss(struct mtr_call *call)
{
	const size_t count = mtr_count_of(&call->arguments, "ENTRY");
	uint64_t *sequences = mtr_must_array(call->arena, count, sizeof *sequences);
	int result = mtr_session_open(call);

	if (result)
		return result;
	for (size_t i = 0; i < count; i++)
		sequences[i] = mtr_value_at(&call->arguments, "ENTRY", i)->number;
	int error = mtr_client_outbox_dismiss(call->client, sequences, count);
	if (error)
		return mtr_session_failed(call, error);
	mtr_remark(call, _("Dealt with: %zu."), count);
	return MTR_EXIT_OK;
}
