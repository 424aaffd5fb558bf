#include "commands/change.h"
#include "contract/errors.h"
#include "output/report.h"
#include "output/view.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/path.h"
#include "program/session.h"
#include "words/words.h"

#include <string.h>

/* What the command itself says at the place the register complains about, for people who don't see the command. */
static void complete_error(struct mtr_call *call, const struct mtr_change *change)
{
	if (!change->answer || change->answer->body_case != MTR__ANSWER__BODY_ERROR)
		return;
	Mtr__Error *error = change->answer->error;
	if (*error->found)
		return;
	error->found = mtr_must_text(call->arena, mtr_path_value(call->arena, change->command, error->field));
}

static void say_queued(struct mtr_call *call, size_t count)
{
	if (count == 1)
		mtr_remark(call, "%s",
			   _("Not sent yet: the entry waits in the outbox and goes out with the next command, or with "
			     "“matricula outbox send”."));
	else
		mtr_remark(call,
			   _("Not sent yet: %zu entries wait in the outbox and go out with the next command, or with "
			     "“matricula outbox send”."),
			   count);
}

int mtr_change(struct mtr_call *call, const Mtr__Command *command)
{
	struct mtr_change change = {.command = command};
	int result = mtr_session_send(call, call->arena, &change, 1);

	if (change.answer) {
		complete_error(call, &change);
		return mtr_report_answer(call, command, change.answer);
	}
	if (result == MTR_EXIT_NO_LINK && change.sequence > 0) {
		say_queued(call, 1);
		return mtr_session_queued_exit(call);
	}
	return result;
}

static const struct mtr_column columns[] = {
	{"nomination", N_("Nomination"), MTR_CELL_NUMBER, NULL},
	{"about", N_("About"), MTR_CELL_TEXT, NULL},
	{"outcome", N_("Outcome"), MTR_CELL_TEXT, NULL},
	{"state", N_("State"), MTR_CELL_WORD, &mtr__state__descriptor},
	{"promoted", N_("Moved up"), MTR_CELL_NUMBER, NULL},
	{"displaced", N_("Moved to waiting"), MTR_CELL_NUMBER, NULL},
	{"error", N_("Error"), MTR_CELL_TEXT, NULL},
	{"message", N_("Answer"), MTR_CELL_TEXT, NULL},
};
enum column {
	NOMINATION,
	ABOUT,
	OUTCOME,
	STATE,
	PROMOTED,
	DISPLACED,
	ERROR,
	MESSAGE,
	COLUMNS,
};

/* The nomination a command of one is about; 0 for others. */
static uint64_t subject(const Mtr__Command *command)
{
	if (command->body_case == MTR__COMMAND__BODY_VET)
		return command->vet->nomination_id;
	if (command->body_case == MTR__COMMAND__BODY_SETTLE_LATE)
		return command->settle_late->nomination_id;
	if (command->body_case == MTR__COMMAND__BODY_FORWARD)
		return command->forward->nomination_id;
	return 0;
}

/* Several changes, and whom they are about. */
struct batch {
	struct mtr_call *call;
	struct mtr_change *changes;
	const char **names; /* "" when not known */
	size_t count;
};

static int name_one(void *context, const ProtobufCMessage *message)
{
	struct batch *batch = context;
	const Mtr__Nomination *nomination = (const Mtr__Nomination *)message;

	for (size_t i = 0; i < batch->count && nomination->particulars; i++) {
		if (subject(batch->changes[i].command) == nomination->id)
			batch->names[i] = mtr_must_text(batch->call->arena, nomination->particulars->full_name);
	}
	return MTR_EXIT_OK;
}

/* The programme's nominations are read once, not each by itself: a link may be slow. */
static void find_names(struct batch *batch)
{
	Mtr__List list = MTR__LIST__INIT;

	batch->call->aside = true;
	for (size_t i = 0; i < batch->count; i++) {
		const Mtr__Answer *answer = batch->changes[i].answer;
		if (!answer || answer->body_case != MTR__ANSWER__BODY_ACKNOWLEDGEMENT || *batch->names[i] ||
		    strcmp(answer->acknowledgement->programme_code, list.programme_code) == 0)
			continue;
		list.type = MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION;
		list.programme_code = answer->acknowledgement->programme_code;
		if (mtr_each(batch->call, &list, &mtr__nomination__descriptor, name_one, batch))
			break;
	}
	batch->call->aside = false;
}

static void set_outcome(struct mtr_cell *cells, const char *machine, const char *text)
{
	cells[OUTCOME] = mtr_cell_text(text);
	cells[OUTCOME].machine = machine;
}

static int fill_error(struct mtr_call *call, const Mtr__Error *error, struct mtr_cell *cells)
{
	set_outcome(cells, "failed", _("not done"));
	cells[ERROR] = mtr_cell_text(mtr_error_name(error->code));
	cells[MESSAGE] = mtr_cell_text(mtr_words_error(call->arena, error));
	return MTR_EXIT_REFUSED;
}

/* A row for one change; enum mtr_exit of it. */
static int fill_row(struct mtr_call *call, const struct mtr_change *change, const char *name, struct mtr_cell *cells)
{
	const Mtr__Answer *answer = change->answer;

	cells[NOMINATION] = mtr_cell_some(subject(change->command));
	cells[ABOUT] = mtr_cell_text(name);
	if (change->command->body_case == MTR__COMMAND__BODY_FREEZE)
		cells[ABOUT] = mtr_cell_text(change->command->freeze->unit_code);
	if (!answer) {
		set_outcome(cells, "queued", _("not sent yet"));
		return MTR_EXIT_NO_LINK;
	}
	if (answer->body_case == MTR__ANSWER__BODY_ERROR)
		return fill_error(call, answer->error, cells);
	set_outcome(cells, "done", _("done"));
	if (answer->body_case == MTR__ANSWER__BODY_ACKNOWLEDGEMENT) {
		const Mtr__Acknowledgement *acknowledgement = answer->acknowledgement;
		cells[STATE] = mtr_cell_word((int)acknowledgement->state,
					     mtr_acknowledged_standing(call->arena, acknowledgement));
		cells[PROMOTED] = mtr_cell_some(acknowledgement->promoted_id);
		cells[DISPLACED] = mtr_cell_some(acknowledgement->displaced_id);
	}
	return MTR_EXIT_OK;
}

static int report_rows(struct mtr_call *call, struct mtr_change *changes, size_t count)
{
	struct batch batch = {.call = call, .changes = changes, .count = count};
	size_t done = 0;
	size_t queued = 0;
	int refused = MTR_EXIT_OK;

	batch.names = mtr_must_array(call->arena, count, sizeof *batch.names);
	for (size_t i = 0; i < count; i++)
		batch.names[i] = "";
	find_names(&batch);
	mtr_output_begin(call->output, columns, COLUMNS);
	for (size_t i = 0; i < count; i++) {
		struct mtr_cell cells[COLUMNS] = {0};
		complete_error(call, &changes[i]);
		int result = fill_row(call, &changes[i], batch.names[i], cells);
		done += result == MTR_EXIT_OK;
		queued += result == MTR_EXIT_NO_LINK;
		refused = result == MTR_EXIT_REFUSED ? result : refused;
		mtr_output_row(call->output, cells);
	}
	mtr_output_end(call->output);
	mtr_remark(call, _("Done: %zu; not sent yet: %zu; refused: %zu."), done, queued, count - done - queued);
	if (call->settings.dry_run)
		mtr_remark(call, "%s", _("A dry run: nothing was changed."));
	if (refused)
		return done + queued > 0 ? MTR_EXIT_SOME : refused;
	return queued > 0 ? mtr_session_queued_exit(call) : MTR_EXIT_OK;
}

int mtr_change_many(struct mtr_call *call, const Mtr__Command *commands, size_t count)
{
	struct mtr_change *changes = mtr_must_array(call->arena, count, sizeof *changes);

	if (count == 1)
		return mtr_change(call, commands);
	for (size_t i = 0; i < count; i++)
		changes[i].command = &commands[i];
	int result = mtr_session_send(call, call->arena, changes, count);
	bool queued = result == MTR_EXIT_NO_LINK && !call->settings.dry_run;
	if (result && !queued)
		return result;
	return report_rows(call, changes, count);
}
