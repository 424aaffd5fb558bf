#include "commands/fields.h"
#include "matricula/matricula.h"
#include "output/directory.h"
#include "output/report.h"
#include "output/standings.h"
#include "output/view.h"
#include "program/handlers.h"
#include "program/i18n.h"
#include "program/must.h"
#include "words/words.h"

#include <string.h>

static const struct mtr_column columns[] = {
	{"nomination", N_("Nomination"), MTR_CELL_NUMBER, NULL},
	{"programme", N_("Programme"), MTR_CELL_TEXT, NULL},
	{"unit", N_("Unit"), MTR_CELL_TEXT, NULL},
	{"full_name", N_("Full name"), MTR_CELL_TEXT, NULL},
	{"birth", N_("Date of birth"), MTR_CELL_DATE, NULL},
	{"state", N_("State"), MTR_CELL_WORD, &mtr__state__descriptor},
	{"group", N_("Priority"), MTR_CELL_WORD, &mtr__priority_group__descriptor},
	{"unit_order", N_("Order number"), MTR_CELL_NUMBER, NULL},
	{"arrived_at", N_("Arrived"), MTR_CELL_TIME, NULL},
	{"letter", N_("Letter"), MTR_CELL_NUMBER, NULL},
	{"managing_unit", N_("Managing body"), MTR_CELL_TEXT, NULL},
	{"decision_number", N_("Decision"), MTR_CELL_TEXT, NULL},
	{"class", N_("Class"), MTR_CELL_TEXT, NULL},
	{"citizen_number", N_("Citizen number"), MTR_CELL_TEXT, NULL},
	{"person", N_("Person's number"), MTR_CELL_NUMBER, NULL},
	{"sex", N_("Sex"), MTR_CELL_WORD, &mtr__sex__descriptor},
	{"waiting_position", N_("Place in the queue"), MTR_CELL_NUMBER, NULL},
	{"frozen", N_("List frozen"), MTR_CELL_FLAG, NULL},
	{"vetted", N_("Vetted"), MTR_CELL_FLAG, NULL},
	{"supplementary", N_("Supplementary"), MTR_CELL_FLAG, NULL},
	{"cause", N_("Because"), MTR_CELL_WORD, &mtr__cause__descriptor},
	{"reason", N_("Reason"), MTR_CELL_TEXT, NULL},
	{"document", N_("Document"), MTR_CELL_TEXT, NULL},
	{"decision_date", N_("Date of the decision"), MTR_CELL_DATE, NULL},
	{"substitutes", N_("In place of"), MTR_CELL_NUMBER, NULL},
	{"written_at", N_("Written"), MTR_CELL_TIME, NULL},
};

static const char *standing_of(struct mtr_call *call, struct mtr_arena *arena, const Mtr__Nomination *nomination)
{
	struct mtr_standing standing = {
		.state = nomination->state,
		.vetted = nomination->vetted,
		.waiting_position = mtr_standings_waiting(call->standings, nomination),
		.frozen = mtr_standings_frozen(call->standings, nomination),
	};

	if (nomination->state == MTR__STATE__STATE_COMPLETED) {
		const Mtr__Programme *programme = mtr_directory_programme(call, nomination->programme_id);
		standing.kind = programme ? programme->kind : MTR__PROGRAMME_KIND__PROGRAMME_KIND_UNSPECIFIED;
	}
	return mtr_words_standing(arena, &standing);
}

static bool fill(struct mtr_call *call, struct mtr_arena *arena, const ProtobufCMessage *row, struct mtr_cell *cells)
{
	static const Mtr__Person nobody = MTR__PERSON__INIT;
	const Mtr__Nomination *nomination = (const Mtr__Nomination *)row;
	const Mtr__Person *person = nomination->particulars ? nomination->particulars : &nobody;
	const struct mtr_cell all[] = {
		mtr_cell_some(nomination->id),
		mtr_cell_text(mtr_code_of_programme(call, nomination->programme_id)),
		mtr_cell_text(mtr_code_of_unit(call, nomination->unit_id)),
		mtr_cell_name(person->full_name, person->redacted),
		mtr_cell_some(person->birth),
		mtr_cell_word((int)nomination->state, standing_of(call, arena, nomination)),
		mtr_cell_word((int)nomination->group, NULL),
		mtr_cell_some(nomination->unit_order),
		mtr_cell_some(nomination->arrived_at),
		mtr_cell_some(nomination->letter_id),
		mtr_cell_text(mtr_code_of_unit(call, nomination->managing_unit_id)),
		mtr_cell_text(nomination->decision_number),
		mtr_cell_text(mtr_code_of_class(call, nomination->class_id)),
		mtr_cell_text(person->citizen_number),
		mtr_cell_some(nomination->person_id),
		mtr_cell_word((int)person->sex, NULL),
		mtr_cell_some(mtr_standings_waiting(call->standings, nomination)),
		mtr_cell_flag(mtr_standings_frozen(call->standings, nomination)),
		mtr_cell_flag(nomination->vetted),
		mtr_cell_flag(nomination->supplementary),
		mtr_cell_word((int)nomination->cause, NULL),
		mtr_cell_text(nomination->reason),
		mtr_cell_text(nomination->document),
		mtr_cell_some(nomination->decision_date),
		mtr_cell_some(nomination->substitutes_id),
		mtr_cell_some(nomination->written_at),
	};

	memcpy(cells, all, sizeof all);
	return true;
}

int mtr_do_nomination_list(struct mtr_call *call)
{
	const struct mtr_arguments *given = &call->arguments;
	/* On a screen the first columns; CSV and JSON hold all. */
	const size_t count = call->settings.form == MTR_OUTPUT_TABLE ? 9 : sizeof columns / sizeof *columns;
	const struct mtr_view view = {&mtr__nomination__descriptor, columns, count, fill};
	Mtr__List list = mtr_list_of(call, MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION);
	const char *number = mtr_text_of(given, "--citizen-number");

	if (number)
		list.citizen_number = mtr_field_text(call, number);
	list.n_states = mtr_count_of(given, "--state");
	list.states = mtr_must_array(call->arena, list.n_states, sizeof *list.states);
	for (size_t i = 0; i < list.n_states; i++)
		list.states[i] = (Mtr__State)mtr_value_at(given, "--state", i)->number;
	int result = mtr_standings_read(call, &list, &call->standings);
	if (!result)
		result = mtr_view_list(call, &list, &view);
	mtr_standings_free(&call->standings);
	return result;
}

int mtr_do_nomination_show(struct mtr_call *call)
{
	Mtr__Query query = MTR__QUERY__INIT;
	Mtr__NominationStatus status = MTR__NOMINATION_STATUS__INIT;
	Mtr__Answer *answer;

	mtr_fill_long(call, "NOMINATION", &status.nomination_id);
	query.body_case = MTR__QUERY__BODY_NOMINATION_STATUS;
	query.nomination_status = &status;
	int result = mtr_session_query(call, call->arena, &query, &answer);
	if (result)
		return result;
	if (answer->body_case != MTR__ANSWER__BODY_ACKNOWLEDGEMENT)
		return mtr_session_failed(call, MTR_CLIENT_PROTOCOL);
	mtr_report_receipt(call, answer->acknowledgement, answer->revision,
			   mtr_name_of_nomination(call, status.nomination_id));
	return MTR_EXIT_OK;
}
