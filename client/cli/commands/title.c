#include "commands/change.h"
#include "commands/fields.h"
#include "output/directory.h"
#include "output/view.h"
#include "program/handlers.h"
#include "program/i18n.h"
#include "program/must.h"
#include "words/words.h"

static void start_from(struct mtr_call *call, Mtr__PutTitle *put, const Mtr__Title *title)
{
	put->name = mtr_field_text(call, title->name);
	put->level = title->level;
	put->rank = title->rank;
	put->n_standards = title->n_standards;
	put->standards = title->standards;
	put->managing_unit_code = mtr_field_text(call, mtr_code_of_unit(call, title->managing_unit_id));
}

int mtr_do_title_put(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_PUT_TITLE);
	Mtr__PutTitle put = MTR__PUT_TITLE__INIT;
	const Mtr__Title *title = NULL;

	mtr_fill_text(call, "CODE", &put.code);
	int result = mtr_merges(call) ? mtr_find_title(call, put.code, &title) : MTR_EXIT_OK;
	if (result)
		return result;
	if (title)
		start_from(call, &put, title);
	mtr_fill_text(call, "--name", &put.name);
	MTR_FILL_WORD(call, "--level", put.level);
	mtr_fill_number(call, "--rank", &put.rank);
	mtr_fill_standards(call, "--standard", &put.n_standards, &put.standards);
	mtr_fill_text(call, "--managing-unit", &put.managing_unit_code);
	command.put_title = &put;
	return mtr_change(call, &command);
}

static const struct mtr_column columns[] = {
	{"code", N_("Code"), MTR_CELL_TEXT, NULL},
	{"name", N_("Name"), MTR_CELL_TEXT, NULL},
	{"level", N_("Level"), MTR_CELL_WORD, &mtr__level__descriptor},
	{"rank", N_("Rank"), MTR_CELL_NUMBER, NULL},
	{"standards", N_("Standards demanded"), MTR_CELL_LIST, NULL},
	{"managing_unit", N_("Managing body"), MTR_CELL_TEXT, NULL},
};

static bool fill(struct mtr_call *call, struct mtr_arena *arena, const ProtobufCMessage *row, struct mtr_cell *cells)
{
	const Mtr__Title *title = (const Mtr__Title *)row;

	cells[0] = mtr_cell_text(title->code);
	cells[1] = mtr_cell_text(title->name);
	cells[2] = mtr_cell_word((int)title->level, NULL);
	cells[3] = mtr_cell_some(title->rank);
	cells[4] = mtr_cell_standards(arena, title->standards, title->n_standards);
	cells[5] = mtr_cell_text(mtr_code_of_unit(call, title->managing_unit_id));
	return true;
}

int mtr_do_title_list(struct mtr_call *call)
{
	static const struct mtr_view view = {&mtr__title__descriptor, columns, sizeof columns / sizeof *columns, fill};
	Mtr__List list = mtr_list_of(call, MTR__ENTITY_TYPE__ENTITY_TYPE_TITLE);

	return mtr_view_list(call, &list, &view);
}
