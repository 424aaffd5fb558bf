/* Phiếu tiếp nhận: the answer to a nomination, as a clerk keeps it. */
#include "i18n.h"
#include "must.h"
#include "report.h"
#include "words.h"

#include <inttypes.h>

static const struct mtr_column columns[] = {
	{"nomination", N_("Nomination"), MTR_CELL_NUMBER, NULL},
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

/* "1 of 4" where the form is for people, the two figures elsewhere. */
static void fill_rank(const struct mtr_call *call, const Mtr__Acknowledgement *acknowledgement, struct mtr_cell *rank,
                      struct mtr_cell *of)
{
	*rank = mtr_cell_some(acknowledgement->rank);
	*of = mtr_cell_some(acknowledgement->of);
	of->present = of->present && (acknowledgement->rank > 0 || call->settings.form != MTR_OUTPUT_TABLE);
}

void mtr_report_receipt(struct mtr_call *call, const Mtr__Acknowledgement *acknowledgement, uint64_t revision)
{
	struct mtr_arena *arena = call->arena;
	struct mtr_cell rank;
	struct mtr_cell of;

	fill_rank(call, acknowledgement, &rank, &of);
	const struct mtr_cell cells[] = {
		mtr_cell_some(acknowledgement->nomination_id),
		mtr_cell_text(acknowledgement->programme_code),
		mtr_cell_text(acknowledgement->unit_code),
		mtr_cell_some(acknowledgement->person_id),
		mtr_cell_word((int)acknowledgement->state, mtr_acknowledged_standing(arena, acknowledgement)),
		mtr_cell_word((int)acknowledgement->cause, NULL),
		rank,
		of,
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
	};

	mtr_say(call, "%s", _("ACKNOWLEDGEMENT"));
	mtr_output_record(call->output, columns, sizeof columns / sizeof *columns, cells);
}
