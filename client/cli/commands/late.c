/* What came after the deadline and waits for the organiser. */
#include "output/directory.h"
#include "output/view.h"
#include "program/handlers.h"
#include "program/i18n.h"

#include <string.h>

static const struct mtr_column columns[] = {
	{"nomination", N_("Nomination"), MTR_CELL_NUMBER, NULL},
	{"programme", N_("Programme"), MTR_CELL_TEXT, NULL},
	{"unit", N_("Unit"), MTR_CELL_TEXT, NULL},
	{"full_name", N_("Full name"), MTR_CELL_TEXT, NULL},
	{"deadline", N_("Deadline"), MTR_CELL_TIME, NULL},
	{"written_at", N_("Written"), MTR_CELL_TIME, NULL},
	{"arrived_at", N_("Arrived"), MTR_CELL_TIME, NULL},
	{"group", N_("Priority"), MTR_CELL_WORD, &mtr__priority_group__descriptor},
	{"unit_order", N_("Order number"), MTR_CELL_NUMBER, NULL},
};

static bool fill(struct mtr_call *call, struct mtr_arena *arena, const ProtobufCMessage *row, struct mtr_cell *cells)
{
	const Mtr__Nomination *nomination = (const Mtr__Nomination *)row;
	const Mtr__Programme *programme = mtr_directory_programme(call, nomination->programme_id);
	const Mtr__Window *window = programme ? programme->nomination_window : NULL;
	const struct mtr_cell all[] = {
		mtr_cell_some(nomination->id),
		mtr_cell_text(mtr_code_of_programme(call, nomination->programme_id)),
		mtr_cell_text(mtr_code_of_unit(call, nomination->unit_id)),
		mtr_cell_text(nomination->particulars ? nomination->particulars->full_name : ""),
		mtr_cell_some(window ? window->closes : 0),
		mtr_cell_some(nomination->written_at),
		mtr_cell_some(nomination->arrived_at),
		mtr_cell_word((int)nomination->group, NULL),
		mtr_cell_some(nomination->unit_order),
	};

	(void)arena;
	memcpy(cells, all, sizeof all);
	return true;
}

int mtr_do_late_list(struct mtr_call *call)
{
	static Mtr__State late = MTR__STATE__STATE_LATE;
	const struct mtr_view view = {&mtr__nomination__descriptor, columns, sizeof columns / sizeof *columns, fill};
	Mtr__List list = mtr_list_of(call, MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION);

	list.n_states = 1;
	list.states = &late;
	return mtr_view_list(call, &list, &view);
}
