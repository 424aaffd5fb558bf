#include "output/report.h"
#include "contract/commands.h"
#include "contract/errors.h"
#include "output/view.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/path.h"
#include "program/session.h"
#include "words/vocabulary.h"
#include "words/words.h"

#include <inttypes.h>

static const struct mtr_column error_columns[] = {
	{"error", N_("Error"), MTR_CELL_TEXT, NULL},       {"message", N_("Message"), MTR_CELL_TEXT, NULL},
	{"field", N_("Field"), MTR_CELL_TEXT, NULL},       {"found", N_("Found"), MTR_CELL_TEXT, NULL},
	{"wanted", N_("Asked for"), MTR_CELL_TEXT, NULL},  {"number", N_("Number"), MTR_CELL_NUMBER, NULL},
	{"findings", N_("Findings"), MTR_CELL_LIST, NULL},
};

int mtr_report_error(struct mtr_call *call, const Mtr__Error *error)
{
	const char *sentence = mtr_words_error(call->arena, error);
	const char **findings = mtr_must_array(call->arena, error->n_findings, sizeof *findings);

	for (size_t i = 0; i < error->n_findings; i++)
		findings[i] = mtr_words_finding(call->arena, error->findings[i]);
	if (call->settings.form != MTR_OUTPUT_TABLE && !call->aside) {
		const struct mtr_cell cells[] = {
			mtr_cell_text(mtr_error_name(error->code)),
			mtr_cell_text(sentence),
			mtr_cell_text(error->field),
			mtr_cell_text(error->found),
			mtr_cell_text(error->wanted),
			mtr_cell_some(error->number),
			mtr_cell_list(findings, error->n_findings),
		};
		mtr_output_record(call->output, error_columns, sizeof error_columns / sizeof *error_columns, cells);
	}
	mtr_fail(call, 0, "%s", sentence);
	return mtr_error_class(error->code) == MTR_ERROR_RETRY ? MTR_EXIT_NO_LINK : MTR_EXIT_REFUSED;
}

/* What the command was about, as it was named there: "HU-TN, QN21-CC". */
static const char *name_of_part(struct mtr_call *call, const Mtr__Command *command)
{
	static const char *const units[] = {"register_demand.unit_code", "allocate.unit_code", "transfer.to_unit_code",
					    "return_seats.unit_code", "freeze.unit_code"};
	static const char *const programmes[] = {"register_demand.programme_code", "allocate.programme_code",
						 "transfer.programme_code", "return_seats.programme_code",
						 "freeze.programme_code"};

	for (size_t i = 0; command && i < sizeof units / sizeof *units; i++) {
		const char *unit = mtr_path_value(call->arena, command, units[i]);
		if (*unit)
			return mtr_must_print(call->arena, "%s, %s", unit,
					      mtr_path_value(call->arena, command, programmes[i]));
	}
	return "";
}

/* "Recorded: unit TU." */
static const char *what_was_done(struct mtr_call *call, const Mtr__Command *command, const Mtr__Done *done)
{
	const struct mtr_command_info *info = command ? mtr_command_by_tag((uint32_t)command->body_case) : NULL;
	const char *step = info && !done->type ? mtr_words_step(info->name) : NULL;
	/* What changes no row is called by what was asked. */
	const char *what = step ? step : mtr_words_value(call->arena, &mtr__entity_type__descriptor, (int)done->type);
	const char *name = done->type == MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION ? name_of_part(call, command)
			   : *done->code                                          ? done->code
			   : done->id ? mtr_must_print(call->arena, "%" PRIu64, done->id)
				      : "";
	const char *both = mtr_must_print(call->arena, *name ? "%s %s" : "%s%s", what, name);

	if (call->settings.dry_run)
		return mtr_must_print(call->arena, _("Would be done: %s."), both);
	return mtr_must_print(call->arena, done->created ? _("Recorded: %s.") : _("Done: %s."), both);
}

uint32_t mtr_seats_of(const Mtr__Allocation *allocation)
{
	return allocation->granted + allocation->transferred_in - allocation->transferred_out - allocation->returned -
	       allocation->lapsed;
}

static const struct mtr_column done_columns[] = {
	{"revision", N_("Entry of the register"), MTR_CELL_NUMBER, NULL},
	{"type", N_("What"), MTR_CELL_WORD, &mtr__entity_type__descriptor},
	{"id", N_("Number"), MTR_CELL_NUMBER, NULL},
	{"code", N_("Code"), MTR_CELL_TEXT, NULL},
	{"created", N_("New"), MTR_CELL_FLAG, NULL},
	{"demand", N_("Demand"), MTR_CELL_NUMBER, NULL},
	{"seats", N_("Seats"), MTR_CELL_NUMBER, NULL},
	{"seats_held", N_("Held"), MTR_CELL_NUMBER, NULL},
	{"seats_left", N_("Left"), MTR_CELL_NUMBER, NULL},
	{"changed", N_("Nominations changed"), MTR_CELL_NUMBER, NULL},
	{"promoted", N_("Moved up"), MTR_CELL_LIST, NULL},
	{"displaced", N_("Moved to waiting"), MTR_CELL_LIST, NULL},
};

static struct mtr_cell id_list(struct mtr_arena *arena, const uint64_t *ids, size_t count)
{
	const char **items = mtr_must_array(arena, count, sizeof *items);

	for (size_t i = 0; i < count; i++)
		items[i] = mtr_must_print(arena, "%" PRIu64, ids[i]);
	return mtr_cell_list(items, count);
}

static void report_done(struct mtr_call *call, const Mtr__Command *command, const Mtr__Done *done, uint64_t revision)
{
	struct mtr_cell promoted = id_list(call->arena, done->promoted_ids, done->n_promoted_ids);
	struct mtr_cell displaced = id_list(call->arena, done->displaced_ids, done->n_displaced_ids);

	if (call->settings.form != MTR_OUTPUT_TABLE) {
		struct mtr_cell demand = mtr_cell_number(done->allocation ? done->allocation->demand : 0);
		struct mtr_cell seats = mtr_cell_number(done->allocation ? mtr_seats_of(done->allocation) : 0);
		struct mtr_cell held = mtr_cell_number(done->held);
		struct mtr_cell left = mtr_cell_number(done->left);
		demand.present = seats.present = held.present = left.present = done->allocation != NULL;
		const struct mtr_cell cells[] = {
			mtr_cell_some(revision),
			mtr_cell_word((int)done->type, NULL),
			mtr_cell_some(done->id),
			mtr_cell_text(done->code),
			mtr_cell_flag(done->created),
			demand,
			seats,
			held,
			left,
			mtr_cell_number(done->changed),
			promoted,
			displaced,
		};
		mtr_output_record(call->output, done_columns, sizeof done_columns / sizeof *done_columns, cells);
		return;
	}
	mtr_say(call, "%s", what_was_done(call, command, done));
	if (done->allocation)
		mtr_say(call, _("Demand: %" PRIu32 "; seats: %" PRIu32 "; held: %" PRIu32 "; left: %" PRIu32 "."),
			done->allocation->demand, mtr_seats_of(done->allocation), done->held, done->left);
	if (promoted.count > 0)
		mtr_say(call, _("Moved up from the waiting list: %s."),
			mtr_cell_show(call->arena, &done_columns[10], &promoted, true));
	if (displaced.count > 0)
		mtr_say(call, _("Moved to waiting: %s."),
			mtr_cell_show(call->arena, &done_columns[11], &displaced, true));
}

int mtr_report_answer(struct mtr_call *call, const Mtr__Command *command, const Mtr__Answer *answer)
{
	if (answer->body_case == MTR__ANSWER__BODY_ERROR)
		return mtr_report_error(call, answer->error);
	if (answer->body_case == MTR__ANSWER__BODY_ACKNOWLEDGEMENT)
		mtr_report_receipt(call, answer->acknowledgement, answer->revision,
				   command ? mtr_name_of_nomination(call, answer->acknowledgement->nomination_id) : "");
	else if (answer->body_case == MTR__ANSWER__BODY_DONE)
		report_done(call, command, answer->done, answer->revision);
	else
		return mtr_fail(call, MTR_EXIT_PROTOCOL, _("The server's answer is of an unexpected kind."));
	if (call->settings.dry_run)
		mtr_remark(call, _("A dry run: nothing was changed."));
	return MTR_EXIT_OK;
}

void mtr_report_earlier(struct mtr_call *call, uint64_t sequence, const Mtr__Answer *answer, bool full)
{
	if (full) {
		mtr_say(call, _("Entry %" PRIu64 " of the outbox:"), sequence);
		(void)mtr_report_answer(call, NULL, answer);
		return;
	}
	if (answer->body_case == MTR__ANSWER__BODY_ERROR)
		mtr_remark(call, _("Entry %" PRIu64 " of the outbox was refused: %s"), sequence,
			   mtr_words_error(call->arena, answer->error));
	else if (answer->body_case == MTR__ANSWER__BODY_ACKNOWLEDGEMENT)
		mtr_remark(call, _("Entry %" PRIu64 " of the outbox: nomination %" PRIu64 ", %s."), sequence,
			   answer->acknowledgement->nomination_id,
			   mtr_acknowledged_standing(call->arena, answer->acknowledgement));
	else
		mtr_remark(call, _("Entry %" PRIu64 " of the outbox is done."), sequence);
}
