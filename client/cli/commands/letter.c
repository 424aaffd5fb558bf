#include "commands/change.h"
#include "commands/fields.h"
#include "output/directory.h"
#include "output/view.h"
#include "program/handlers.h"
#include "program/i18n.h"

struct finding {
	struct mtr_call *call;
	Mtr__PutLetter *put;
};

/* What the letter on record says and the command line doesn't. */
static int start_from(void *context, const ProtobufCMessage *row)
{
	struct finding *finding = context;
	const Mtr__Letter *letter = (const Mtr__Letter *)row;

	finding->put->number = mtr_field_text(finding->call, letter->number);
	finding->put->date = letter->date;
	finding->put->signer = mtr_field_text(finding->call, letter->signer);
	return MTR_EXIT_OK;
}

int mtr_do_letter_put(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_PUT_LETTER);
	Mtr__PutLetter put = MTR__PUT_LETTER__INIT;
	struct finding finding = {.call = call, .put = &put};

	mtr_fill_long(call, "--id", &put.id);
	mtr_fill_text(call, "PROGRAMME", &put.programme_code);
	mtr_fill_text(call, "--unit", &put.unit_code);
	int result = mtr_own_unit(call, &put.unit_code);
	if (!result && put.id > 0) {
		Mtr__List list = MTR__LIST__INIT;
		list.type = MTR__ENTITY_TYPE__ENTITY_TYPE_LETTER;
		list.id = put.id;
		result = mtr_each(call, &list, &mtr__letter__descriptor, start_from, &finding);
	}
	if (result)
		return result;
	mtr_fill_text(call, "--number", &put.number);
	mtr_fill_number(call, "--date", &put.date);
	mtr_fill_text(call, "--signer", &put.signer);
	command.put_letter = &put;
	return mtr_change(call, &command);
}

static const struct mtr_column columns[] = {
	{"letter", N_("Letter"), MTR_CELL_NUMBER, NULL}, {"programme", N_("Programme"), MTR_CELL_TEXT, NULL},
	{"unit", N_("Unit"), MTR_CELL_TEXT, NULL},       {"number", N_("Its number"), MTR_CELL_TEXT, NULL},
	{"date", N_("Date"), MTR_CELL_DATE, NULL},       {"signer", N_("Signer"), MTR_CELL_TEXT, NULL},
};

static bool fill(struct mtr_call *call, struct mtr_arena *arena, const ProtobufCMessage *row, struct mtr_cell *cells)
{
	const Mtr__Letter *letter = (const Mtr__Letter *)row;

	(void)arena;
	cells[0] = mtr_cell_some(letter->id);
	cells[1] = mtr_cell_text(mtr_code_of_programme(call, letter->programme_id));
	cells[2] = mtr_cell_text(mtr_code_of_unit(call, letter->unit_id));
	cells[3] = mtr_cell_text(letter->number);
	cells[4] = mtr_cell_some(letter->date);
	cells[5] = mtr_cell_text(letter->signer);
	return true;
}

int mtr_do_letter_list(struct mtr_call *call)
{
	static const struct mtr_view view = {&mtr__letter__descriptor, columns, sizeof columns / sizeof *columns, fill};
	Mtr__List list = mtr_list_of(call, MTR__ENTITY_TYPE__ENTITY_TYPE_LETTER);

	return mtr_view_list(call, &list, &view);
}
