#include "contract/date.h"
#include "output/directory.h"
#include "output/view.h"
#include "program/handlers.h"
#include "program/i18n.h"
#include "program/must.h"
#include "words/words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct mtr_column columns[] = {
	{"person", N_("Person's number"), MTR_CELL_NUMBER, NULL},
	{"citizen_number", N_("Citizen number"), MTR_CELL_TEXT, NULL},
	{"full_name", N_("Full name"), MTR_CELL_TEXT, NULL},
	{"birth", N_("Date of birth"), MTR_CELL_DATE, NULL},
	{"sex", N_("Sex"), MTR_CELL_WORD, &mtr__sex__descriptor},
	{"unit", N_("Unit"), MTR_CELL_TEXT, NULL},
	{"held", N_("Titles held"), MTR_CELL_LIST, NULL},
	{"planned", N_("Titles planned"), MTR_CELL_LIST, NULL},
	{"party", N_("Party membership"), MTR_CELL_WORD, &mtr__party_membership__descriptor},
	{"party_since", N_("Date of joining the Party"), MTR_CELL_DATE, NULL},
	{"degree", N_("Degree"), MTR_CELL_WORD, &mtr__degree__descriptor},
	{"attained", N_("Standards held"), MTR_CELL_LIST, NULL},
	{"category", N_("Category"), MTR_CELL_WORD, &mtr__category__descriptor},
	{"service_since", N_("In service since"), MTR_CELL_DATE, NULL},
	{"discipline_until", N_("Discipline in force until"), MTR_CELL_DATE, NULL},
	{"ratings", N_("Ratings"), MTR_CELL_LIST, NULL},
	{"documents_complete", N_("File complete"), MTR_CELL_FLAG, NULL},
	{"theory_equivalence", N_("Equivalence to senior theory"), MTR_CELL_FLAG, NULL},
	{"ethnicity", N_("Ethnicity"), MTR_CELL_TEXT, NULL},
	{"phone", N_("Telephone"), MTR_CELL_TEXT, NULL},
	{"note", N_("Note"), MTR_CELL_TEXT, NULL},
};

/* The forms are those person put takes. */
static struct mtr_cell held_of(struct mtr_call *call, struct mtr_arena *arena, const Mtr__Person *person)
{
	const char **items = mtr_must_array(arena, person->n_held, sizeof *items);
	char date[MTR_DATE_TEXT];

	for (size_t i = 0; i < person->n_held; i++) {
		const Mtr__HeldTitle *held = person->held[i];
		items[i] = mtr_must_print(arena, "%s@%s%s%s", mtr_code_of_title(call, held->title_id),
					  mtr_code_of_unit(call, held->unit_id), held->since ? "," : "",
					  mtr_date_format(held->since, date));
	}
	return mtr_cell_list(items, person->n_held);
}

static struct mtr_cell planned_of(struct mtr_call *call, struct mtr_arena *arena, const Mtr__Person *person)
{
	const char **items = mtr_must_array(arena, person->n_planned, sizeof *items);

	for (size_t i = 0; i < person->n_planned; i++)
		items[i] = mtr_must_print(arena, "%s,%" PRIu32 "-%" PRIu32,
					  mtr_code_of_title(call, person->planned[i]->title_id),
					  person->planned[i]->term_from, person->planned[i]->term_to);
	return mtr_cell_list(items, person->n_planned);
}

static struct mtr_cell ratings_of(struct mtr_arena *arena, const Mtr__Person *person)
{
	const char **items = mtr_must_array(arena, person->n_ratings, sizeof *items);

	for (size_t i = 0; i < person->n_ratings; i++)
		items[i] =
			mtr_must_print(arena, "%" PRIu32 ": %s", person->ratings[i]->year,
				       mtr_words_value(arena, &mtr__grade__descriptor, (int)person->ratings[i]->grade));
	return mtr_cell_list(items, person->n_ratings);
}

static bool fill(struct mtr_call *call, struct mtr_arena *arena, const ProtobufCMessage *row, struct mtr_cell *cells)
{
	const Mtr__Person *person = (const Mtr__Person *)row;
	const struct mtr_cell all[] = {
		mtr_cell_some(person->id),
		mtr_cell_text(person->citizen_number),
		mtr_cell_name(person->full_name, person->redacted),
		mtr_cell_some(person->birth),
		mtr_cell_word((int)person->sex, NULL),
		mtr_cell_text(mtr_code_of_unit(call, person->unit_id)),
		held_of(call, arena, person),
		planned_of(call, arena, person),
		mtr_cell_word((int)person->party, NULL),
		mtr_cell_some(person->party_since),
		mtr_cell_word((int)person->degree, NULL),
		mtr_cell_standards(arena, person->attained, person->n_attained),
		mtr_cell_word((int)person->category, NULL),
		mtr_cell_some(person->service_since),
		mtr_cell_some(person->discipline_until),
		ratings_of(arena, person),
		mtr_cell_flag(person->documents_complete),
		mtr_cell_flag(person->theory_equivalence),
		mtr_cell_text(person->ethnicity),
		mtr_cell_text(person->phone),
		mtr_cell_text(person->note),
	};

	memcpy(cells, all, sizeof all);
	return true;
}

int mtr_do_person_list(struct mtr_call *call)
{
	/* On a screen the first columns; the record has the rest. */
	const size_t count = call->settings.form == MTR_OUTPUT_TABLE ? 8 : sizeof columns / sizeof *columns;
	const struct mtr_view view = {&mtr__person__descriptor, columns, count, fill};
	Mtr__List list = mtr_list_of(call, MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON);
	const char *number = mtr_text_of(&call->arguments, "--citizen-number");

	if (number)
		list.citizen_number = mtr_field_text(call, number);
	return mtr_view_list(call, &list, &view);
}

int mtr_do_person_show(struct mtr_call *call)
{
	static const struct mtr_view view = {&mtr__person__descriptor, columns, sizeof columns / sizeof *columns, fill};
	Mtr__List list = mtr_list_of(call, MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON);
	const char *text = mtr_text_of(&call->arguments, "PERSON");

	if (strlen(text) == 12)
		list.citizen_number = mtr_field_text(call, text);
	else
		list.id = strtoul(text, NULL, 10);
	if (text[strspn(text, "0123456789")] != '\0' || (list.id == 0 && strlen(text) != 12))
		return mtr_fail(call, MTR_EXIT_USAGE,
				_("“%s” is neither a person's number nor a citizen number of 12 digits."), text);
	return mtr_view_one(call, &list, &view, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_PERSON);
}
