/* Phiếu tiếp nhận: the answer to a nomination, as a clerk keeps it. */
#include "output/report.h"
#include "program/i18n.h"
#include "program/must.h"
#include "words/words.h"

#include <inttypes.h>

static const struct mtr_column data_columns[] = {
	{"nomination", N_("Nomination"), MTR_CELL_NUMBER, NULL},
	{"full_name", N_("Full name"), MTR_CELL_TEXT, NULL},
	{"programme", N_("Programme"), MTR_CELL_TEXT, NULL},
	{"unit", N_("Unit"), MTR_CELL_TEXT, NULL},
	{"person", N_("Person's number"), MTR_CELL_NUMBER, NULL},
	{"state", N_("State"), MTR_CELL_WORD, &mtr__state__descriptor},
	{"cause", N_("Because"), MTR_CELL_WORD, &mtr__cause__descriptor},
	{"rank", N_("Order in the unit"), MTR_CELL_NUMBER, NULL},
	{"of", N_("of so many"), MTR_CELL_NUMBER, NULL},
	{"waiting_position", N_("Place in the queue"), MTR_CELL_NUMBER, NULL},
	{"seats_granted", N_("Unit's seats"), MTR_CELL_NUMBER, NULL},
	{"seats_held", N_("Held"), MTR_CELL_NUMBER, NULL},
	{"seats_left", N_("Left"), MTR_CELL_NUMBER, NULL},
	{"group", N_("Priority"), MTR_CELL_WORD, &mtr__priority_group__descriptor},
	{"bases", N_("By title"), MTR_CELL_LIST, NULL},
	{"outlook", N_("What comes next"), MTR_CELL_LIST, NULL},
	{"displaced", N_("Moved to waiting"), MTR_CELL_NUMBER, NULL},
	{"promoted", N_("Moved up"), MTR_CELL_NUMBER, NULL},
	{"substitutes", N_("In place of"), MTR_CELL_NUMBER, NULL},
	{"frozen", N_("List frozen"), MTR_CELL_FLAG, NULL},
	{"arrived_at", N_("Arrived"), MTR_CELL_TIME, NULL},
	{"revision", N_("Entry of the register"), MTR_CELL_NUMBER, NULL},
	{"written_at", N_("Written"), MTR_CELL_TIME, NULL},
};

static const struct mtr_column screen_columns[] = {
	{"full_name", N_("Full name"), MTR_CELL_TEXT, NULL},
	{"programme", N_("Programme"), MTR_CELL_TEXT, NULL},
	{"unit", N_("Unit"), MTR_CELL_TEXT, NULL},
	{"state", N_("State"), MTR_CELL_WORD, &mtr__state__descriptor},
	{"cause", N_("Because"), MTR_CELL_WORD, &mtr__cause__descriptor},
	{"rank", N_("Order in the unit"), MTR_CELL_TEXT, NULL},
	{"seats", N_("Unit's seats"), MTR_CELL_TEXT, NULL},
	{"group", N_("Priority"), MTR_CELL_WORD, &mtr__priority_group__descriptor},
	{"bases", N_("By title"), MTR_CELL_LIST, NULL},
	{"displaced", N_("Moved to waiting"), MTR_CELL_TEXT, NULL},
	{"promoted", N_("Moved up"), MTR_CELL_TEXT, NULL},
	{"substitutes", N_("In place of"), MTR_CELL_TEXT, NULL},
	{"outlook", N_("What comes next"), MTR_CELL_LIST, NULL},
	{"written_at", N_("Written"), MTR_CELL_TIME, NULL},
	{"arrived_at", N_("Arrived"), MTR_CELL_TIME, NULL},
};

const char *mtr_acknowledged_standing(struct mtr_arena *arena, const Mtr__Acknowledgement *acknowledgement)
{
	struct mtr_standing standing = {
		.state = acknowledgement->state,
		.waiting_position = acknowledgement->waiting_position,
		.frozen = acknowledgement->frozen,
	};

	return mtr_words_standing(arena, &standing);
}

static struct mtr_cell bases_of(struct mtr_arena *arena, const Mtr__Acknowledgement *acknowledgement)
{
	const char **items = mtr_must_array(arena, acknowledgement->n_bases, sizeof *items);

	for (size_t i = 0; i < acknowledgement->n_bases; i++)
		items[i] = mtr_words_basis(arena, acknowledgement->bases[i]);
	return mtr_cell_list(items, acknowledgement->n_bases);
}

static struct mtr_cell outlook_of(struct mtr_arena *arena, const Mtr__Acknowledgement *acknowledgement)
{
	const char **items = mtr_must_array(arena, acknowledgement->n_outlook, sizeof *items);

	for (size_t i = 0; i < acknowledgement->n_outlook; i++)
		items[i] = mtr_words_value(arena, &mtr__outlook__descriptor, (int)acknowledgement->outlook[i]);
	return mtr_cell_list(items, acknowledgement->n_outlook);
}

static struct mtr_cell nomination(struct mtr_arena *arena, uint64_t id)
{
	return mtr_cell_text(id ? mtr_must_print(arena, _("nomination %" PRIu64), id) : "");
}

static struct mtr_cell rank_of(struct mtr_arena *arena, const Mtr__Acknowledgement *acknowledgement)
{
	if (acknowledgement->rank == 0)
		return mtr_cell_text("");
	return mtr_cell_text(
		mtr_must_print(arena, _("%" PRIu32 " of %" PRIu32), acknowledgement->rank, acknowledgement->of));
}

static void show_on_screen(struct mtr_call *call, const Mtr__Acknowledgement *acknowledgement, const char *name)
{
	struct mtr_arena *arena = call->arena;
	const char *seats = mtr_must_print(arena, _("%" PRIu32 ", of which held: %" PRIu32 ", left: %" PRIu32),
					   acknowledgement->seats_granted, acknowledgement->seats_held,
					   acknowledgement->seats_left);
	const struct mtr_cell cells[] = {
		mtr_cell_text(name),
		mtr_cell_text(acknowledgement->programme_code),
		mtr_cell_text(acknowledgement->unit_code),
		mtr_cell_word((int)acknowledgement->state, mtr_acknowledged_standing(arena, acknowledgement)),
		mtr_cell_word((int)acknowledgement->cause, NULL),
		rank_of(arena, acknowledgement),
		mtr_cell_text(seats),
		mtr_cell_word((int)acknowledgement->group, NULL),
		bases_of(arena, acknowledgement),
		nomination(arena, acknowledgement->displaced_id),
		nomination(arena, acknowledgement->promoted_id),
		nomination(arena, acknowledgement->substitutes_id),
		outlook_of(arena, acknowledgement),
		mtr_cell_some(acknowledgement->written_at),
		mtr_cell_some(acknowledgement->arrived_at),
	};

	if (call->settings.dry_run)
		mtr_say(call, "%s", _("ACKNOWLEDGEMENT as it would be"));
	else
		mtr_say(call, _("ACKNOWLEDGEMENT of nomination %" PRIu64), acknowledgement->nomination_id);
	mtr_output_record(call->output, screen_columns, sizeof screen_columns / sizeof *screen_columns, cells);
}

static void show_data(struct mtr_call *call, const Mtr__Acknowledgement *acknowledgement, uint64_t revision,
		      const char *name)
{
	struct mtr_arena *arena = call->arena;
	const struct mtr_cell cells[] = {
		mtr_cell_some(acknowledgement->nomination_id),
		mtr_cell_text(name),
		mtr_cell_text(acknowledgement->programme_code),
		mtr_cell_text(acknowledgement->unit_code),
		mtr_cell_some(acknowledgement->person_id),
		mtr_cell_word((int)acknowledgement->state, mtr_acknowledged_standing(arena, acknowledgement)),
		mtr_cell_word((int)acknowledgement->cause, NULL),
		mtr_cell_some(acknowledgement->rank),
		mtr_cell_some(acknowledgement->of),
		mtr_cell_some(acknowledgement->waiting_position),
		mtr_cell_number(acknowledgement->seats_granted),
		mtr_cell_number(acknowledgement->seats_held),
		mtr_cell_number(acknowledgement->seats_left),
		mtr_cell_word((int)acknowledgement->group, NULL),
		bases_of(arena, acknowledgement),
		outlook_of(arena, acknowledgement),
		mtr_cell_some(acknowledgement->displaced_id),
		mtr_cell_some(acknowledgement->promoted_id),
		mtr_cell_some(acknowledgement->substitutes_id),
		mtr_cell_flag(acknowledgement->frozen),
		mtr_cell_some(acknowledgement->arrived_at),
		mtr_cell_some(revision),
		mtr_cell_some(acknowledgement->written_at),
	};

	mtr_output_record(call->output, data_columns, sizeof data_columns / sizeof *data_columns, cells);
}

void mtr_report_receipt(struct mtr_call *call, const Mtr__Acknowledgement *acknowledgement, uint64_t revision,
			const char *name)
{
	if (call->settings.form == MTR_OUTPUT_TABLE)
		show_on_screen(call, acknowledgement, name);
	else
		show_data(call, acknowledgement, revision, name);
}
