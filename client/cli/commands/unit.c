#include "commands/change.h"
#include "commands/fields.h"
#include "output/directory.h"
#include "output/view.h"
#include "program/handlers.h"
#include "program/i18n.h"
#include "program/must.h"

#include <string.h>

static void start_from(struct mtr_call *call, Mtr__PutUnit *put, const Mtr__Unit *unit)
{
	put->name = mtr_field_text(call, unit->name);
	put->kind = unit->kind;
	put->level = unit->level;
	put->bloc = unit->bloc;
	put->parent_code = mtr_field_text(call, mtr_code_of_unit(call, unit->parent_id));
	put->party_parent_code = mtr_field_text(call, mtr_code_of_unit(call, unit->party_parent_id));
	put->manages_people = unit->manages_people;
	put->acts_for_parent = unit->acts_for_parent;
}

int mtr_do_unit_put(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_PUT_UNIT);
	Mtr__PutUnit put = MTR__PUT_UNIT__INIT;
	const Mtr__Unit *unit = NULL;

	mtr_fill_text(call, "CODE", &put.code);
	int result = mtr_merges(call) ? mtr_find_unit(call, put.code, &unit) : MTR_EXIT_OK;
	if (result)
		return result;
	if (unit)
		start_from(call, &put, unit);
	mtr_fill_text(call, "--name", &put.name);
	MTR_FILL_WORD(call, "--kind", put.kind);
	MTR_FILL_WORD(call, "--level", put.level);
	MTR_FILL_WORD(call, "--bloc", put.bloc);
	mtr_fill_text(call, "--parent", &put.parent_code);
	mtr_fill_text(call, "--party-parent", &put.party_parent_code);
	mtr_fill_flag(call, "--manages-people", &put.manages_people);
	mtr_fill_flag(call, "--acts-for-parent", &put.acts_for_parent);
	command.put_unit = &put;
	return mtr_change(call, &command);
}

int mtr_do_unit_dissolve(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_DISSOLVE_UNIT);
	Mtr__DissolveUnit dissolve = MTR__DISSOLVE_UNIT__INIT;
	int result;

	mtr_fill_text(call, "CODE", &dissolve.code);
	mtr_fill_text(call, "--successor", &dissolve.successor_code);
	command.dissolve_unit = &dissolve;
	if (!mtr_confirmed(call,
			   mtr_must_print(call->arena, _("Dissolve unit %s in favour of %s?"), dissolve.code,
					  dissolve.successor_code),
			   &result))
		return result;
	return mtr_change(call, &command);
}

static const struct mtr_column columns[] = {
	{"code", N_("Code"), MTR_CELL_TEXT, NULL},
	{"name", N_("Name"), MTR_CELL_TEXT, NULL},
	{"kind", N_("Kind"), MTR_CELL_WORD, &mtr__unit_kind__descriptor},
	{"level", N_("Level"), MTR_CELL_WORD, &mtr__level__descriptor},
	{"parent", N_("Above it"), MTR_CELL_TEXT, NULL},
	{"bloc", N_("Bloc"), MTR_CELL_WORD, &mtr__bloc__descriptor},
	{"successor", N_("Successor"), MTR_CELL_TEXT, NULL},
	{"party_parent", N_("Above it on the Party line"), MTR_CELL_TEXT, NULL},
	{"manages_people", N_("Manages people"), MTR_CELL_FLAG, NULL},
	{"acts_for_parent", N_("Acts for its parent"), MTR_CELL_FLAG, NULL},
	{"dissolved", N_("Dissolved"), MTR_CELL_FLAG, NULL},
};

static bool fill(struct mtr_call *call, struct mtr_arena *arena, const ProtobufCMessage *row, struct mtr_cell *cells)
{
	const Mtr__Unit *unit = (const Mtr__Unit *)row;
	const char *parent = mtr_code_of_unit(call, unit->parent_id);

	(void)arena;
	cells[0] = mtr_cell_text(unit->code);
	cells[1] = mtr_cell_text(unit->name);
	cells[2] = mtr_cell_word((int)unit->kind, NULL);
	cells[3] = mtr_cell_word((int)unit->level, NULL);
	cells[4] = mtr_cell_text(parent);
	cells[5] = mtr_cell_word((int)unit->bloc, NULL);
	cells[6] = mtr_cell_text(mtr_code_of_unit(call, unit->successor_id));
	cells[7] = mtr_cell_text(mtr_code_of_unit(call, unit->party_parent_id));
	cells[8] = mtr_cell_flag(unit->manages_people);
	cells[9] = mtr_cell_flag(unit->acts_for_parent);
	cells[10] = mtr_cell_flag(unit->dissolved);
	return true;
}

/* With the filters of "unit list". */
static bool fill_filtered(struct mtr_call *call, struct mtr_arena *arena, const ProtobufCMessage *row,
			  struct mtr_cell *cells)
{
	const Mtr__Unit *unit = (const Mtr__Unit *)row;
	const char *parent = mtr_text_of(&call->arguments, "--parent");

	if (parent && strcmp(parent, mtr_code_of_unit(call, unit->parent_id)) != 0)
		return false;
	if (mtr_given(&call->arguments, "--kind") && mtr_number_of(&call->arguments, "--kind") != (uint64_t)unit->kind)
		return false;
	return fill(call, arena, row, cells);
}

int mtr_do_unit_list(struct mtr_call *call)
{
	/* On a screen the first columns; CSV, JSON and the record hold all. */
	const size_t count = call->settings.form == MTR_OUTPUT_TABLE ? 7 : sizeof columns / sizeof *columns;
	const struct mtr_view view = {&mtr__unit__descriptor, columns, count, fill_filtered};
	Mtr__List list = mtr_list_of(call, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT);

	return mtr_view_list(call, &list, &view);
}

int mtr_do_unit_show(struct mtr_call *call)
{
	static const struct mtr_view view = {&mtr__unit__descriptor, columns, sizeof columns / sizeof *columns, fill};
	Mtr__List list = mtr_list_of(call, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT);

	mtr_fill_text(call, "CODE", &list.code);
	return mtr_view_one(call, &list, &view, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_UNIT);
}
