#include "commands/watch_status.h"
#include "matricula/outbox.h"
#include "output/show.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/session.h"
#include "words/words.h"

#include <inttypes.h>

static bool find_waiting(void *context, const struct mtr_client_entry *entry)
{
	struct mtr_watch_figures *figures = context;

	if (entry->state == MTR_CLIENT_ENTRY_DONE || entry->state == MTR_CLIENT_ENTRY_REFUSED)
		return true;
	figures->waiting_since = entry->enqueued_at;
	figures->waiting_first = entry->sequence;
	return false;
}

int mtr_watch_figures_read(struct mtr_call *call, struct mtr_watch_figures *figures)
{
	struct mtr_watch_figures now = {.waiting_first = figures->waiting_first};
	struct mtr_client_outbox_summary outbox;
	struct mtr_client_mirror_state mirror;
	int error = mtr_client_outbox_summary(call->client, &outbox);

	if (!error && outbox.unanswered > 0)
		error = mtr_client_outbox_each(call->client, now.waiting_first ? now.waiting_first : 1, find_waiting,
					       &now);
	if (error)
		return error;
	now.waiting = outbox.unanswered;
	now.refused = outbox.refused;
	/* What is wrong with a mirror the sync tells. */
	if (mtr_client_mirror_state(call->client, &mirror) == MTR_CLIENT_OK) {
		now.revision = mirror.revision;
		now.as_of = mirror.server_time;
	}
	*figures = now;
	return MTR_CLIENT_OK;
}

static void add_mirror(struct mtr_growing *line, struct mtr_arena *arena, const struct mtr_watch_figures *figures)
{
	if (figures->revision == 0)
		mtr_growing_text(line, _("; there is no mirror yet"));
	else
		mtr_growing_text(
			line, mtr_must_print(arena, _("; the mirror shows %s"), mtr_show_time(arena, figures->as_of)));
}

static void add_outbox(struct mtr_growing *line, struct mtr_arena *arena, const struct mtr_watch_note *note,
		       const struct mtr_watch_figures *figures)
{
	if (figures->waiting > 0)
		mtr_growing_text(line,
				 mtr_must_print(arena, _("; waiting to be sent or answered: %" PRIu64 ", since %s"),
						figures->waiting, mtr_show_time(arena, figures->waiting_since)));
	else
		mtr_growing_text(line, _("; nothing waits to be sent"));
	if (figures->refused > 0)
		mtr_growing_text(line,
				 mtr_must_print(arena, _("; refused and not dealt with: %" PRIu64), figures->refused));
	if (note->send_error)
		mtr_growing_text(line, mtr_must_print(arena, _("; nothing is sent: %s"),
						      mtr_words_client_error(note->send_error)));
}

const char *mtr_watch_line(struct mtr_arena *arena, const struct mtr_watch_note *note,
			   const struct mtr_watch_figures *figures)
{
	const char *since = mtr_show_time(arena, note->since);
	struct mtr_growing line = {0};

	switch (note->state) {
	case MTR_WATCH_AT_HEAD:
		mtr_growing_text(&line, mtr_must_print(arena, _("At the head: revision %" PRIu64 " (%s)"),
						       figures->revision, mtr_show_time(arena, figures->as_of)));
		break;
	case MTR_WATCH_NOBODY:
		mtr_growing_text(&line, _("No sync is watching"));
		add_mirror(&line, arena, figures);
		break;
	case MTR_WATCH_STARTING:
		mtr_growing_text(&line, mtr_must_print(arena, _("Reading the mirror since %s"), since));
		break;
	case MTR_WATCH_NO_LINK:
		mtr_growing_text(&line, mtr_must_print(arena, _("No link since %s"), since));
		add_mirror(&line, arena, figures);
		break;
	case MTR_WATCH_TROUBLE:
		mtr_growing_text(&line, mtr_must_print(arena, _("Not going on since %s: %s"), since,
						       mtr_words_client_error(note->error)));
		add_mirror(&line, arena, figures);
		break;
	}
	add_outbox(&line, arena, note, figures);
	return mtr_growing_take(&line, arena);
}

static const struct mtr_column columns[] = {
	{"state", N_("State"), MTR_CELL_TEXT, NULL},
	{"since", N_("Since"), MTR_CELL_TIME, NULL},
	{"error", N_("Error"), MTR_CELL_TEXT, NULL},
	{"send_error", N_("Why nothing is sent"), MTR_CELL_TEXT, NULL},
	{"revision", N_("Entry of the register"), MTR_CELL_NUMBER, NULL},
	{"as_of", N_("As of"), MTR_CELL_TIME, NULL},
	{"waiting", N_("Without an answer"), MTR_CELL_NUMBER, NULL},
	{"waiting_since", N_("Waiting since"), MTR_CELL_TIME, NULL},
	{"refused", N_("Refused"), MTR_CELL_NUMBER, NULL},
};

static struct mtr_cell error_cell(int error)
{
	return mtr_cell_text(error ? mtr_client_error_name(error) : "");
}

int mtr_sync_status(struct mtr_call *call)
{
	struct mtr_watch_figures figures = {0};
	struct mtr_watch_note note;
	int result = mtr_session_open(call);

	if (result)
		return result;
	note = mtr_watch_note_read(call->settings.state_directory);
	int error = mtr_watch_figures_read(call, &figures);
	if (error)
		return mtr_session_failed(call, error);
	mtr_say(call, "%s", mtr_watch_line(call->arena, &note, &figures));
	if (call->settings.form == MTR_OUTPUT_TABLE)
		return MTR_EXIT_OK;
	const struct mtr_cell cells[] = {
		mtr_cell_text(mtr_watch_state_name(note.state)),
		mtr_cell_some(note.since),
		error_cell(note.error),
		error_cell(note.send_error),
		mtr_cell_some(figures.revision),
		mtr_cell_some(figures.as_of),
		mtr_cell_number(figures.waiting),
		mtr_cell_some(figures.waiting_since),
		mtr_cell_number(figures.refused),
	};
	mtr_output_record(call->output, columns, sizeof columns / sizeof *columns, cells);
	return MTR_EXIT_OK;
}
