#include "commands/person.h"
#include "commands/change.h"
#include "commands/fields.h"
#include "contract/citizen_number.h"
#include "contract/code.h"
#include "contract/date.h"
#include "import/import.h"
#include "output/directory.h"
#include "output/view.h"
#include "program/handlers.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/session.h"
#include "words/vocabulary.h"

#include <stdlib.h>
#include <string.h>

void mtr_person_start_from(struct mtr_call *call, struct mtr_arena *arena, Mtr__PutPerson *put,
			   const Mtr__Person *person)
{
	put->unit_code = mtr_must_text(arena, mtr_code_of_unit(call, person->unit_id));
	put->n_held = person->n_held;
	put->held = mtr_must_array(arena, person->n_held, sizeof *put->held);
	for (size_t i = 0; i < person->n_held; i++) {
		put->held[i] = mtr_must_alloc(arena, sizeof **put->held);
		mtr__put_person__put_held_title__init(put->held[i]);
		put->held[i]->title_code = mtr_must_text(arena, mtr_code_of_title(call, person->held[i]->title_id));
		put->held[i]->unit_code = mtr_must_text(arena, mtr_code_of_unit(call, person->held[i]->unit_id));
		put->held[i]->since = person->held[i]->since;
	}
	put->n_planned = person->n_planned;
	put->planned = mtr_must_array(arena, person->n_planned, sizeof *put->planned);
	for (size_t i = 0; i < person->n_planned; i++) {
		put->planned[i] = mtr_must_alloc(arena, sizeof **put->planned);
		mtr__put_person__put_planned_title__init(put->planned[i]);
		put->planned[i]->title_code =
			mtr_must_text(arena, mtr_code_of_title(call, person->planned[i]->title_id));
		put->planned[i]->term_from = person->planned[i]->term_from;
		put->planned[i]->term_to = person->planned[i]->term_to;
	}
}

/* The part of `text` up to one of `ends`, in capitals, when it is a code. */
static char *code_part(struct mtr_arena *arena, const char *text, const char *ends, const char **ret_problem)
{
	size_t size = strcspn(text, ends);
	char *code = mtr_must_print(arena, "%.*s", (int)size, text);

	for (char *at = code; *at; at++)
		*at = (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
	if (mtr_code_check(code) == MTR__ERROR_CODE__ERROR_CODE_NONE)
		return code;
	*ret_problem =
		mtr_must_print(arena, _("“%s” is not a code: 2 to 32 capital letters A–Z, digits and hyphens."), code);
	return NULL;
}

bool mtr_person_held(struct mtr_arena *arena, const char *text, Mtr__PutPerson__PutHeldTitle **ret_held,
		     const char **ret_problem)
{
	Mtr__PutPerson__PutHeldTitle *held = mtr_must_alloc(arena, sizeof *held);
	const char *at = strchr(text, '@');
	const char *comma = strchr(text, ',');

	mtr__put_person__put_held_title__init(held);
	held->title_code = code_part(arena, text, "@,", ret_problem);
	if (!held->title_code)
		return false;
	if (at && (!comma || at < comma)) {
		held->unit_code = code_part(arena, at + 1, ",", ret_problem);
		if (!held->unit_code)
			return false;
	}
	if (comma && !mtr_date_parse(comma + 1, &held->since)) {
		*ret_problem =
			mtr_must_print(arena, _("“%s” is not a date of the calendar; write dd/mm/yyyy."), comma + 1);
		return false;
	}
	*ret_held = held;
	return true;
}

static bool read_year(const char *text, char end, uint32_t *ret_year, const char **ret_rest)
{
	char *rest;
	unsigned long year = strtoul(text, &rest, 10);

	if (rest != text + 4 || *rest != end || year < MTR_YEAR_MIN || year > MTR_YEAR_MAX)
		return false;
	*ret_year = (uint32_t)year;
	*ret_rest = rest;
	return true;
}

bool mtr_person_planned(struct mtr_arena *arena, const char *text, Mtr__PutPerson__PutPlannedTitle **ret_planned,
			const char **ret_problem)
{
	Mtr__PutPerson__PutPlannedTitle *planned = mtr_must_alloc(arena, sizeof *planned);
	const char *rest = strchr(text, ',');

	mtr__put_person__put_planned_title__init(planned);
	planned->title_code = code_part(arena, text, ",", ret_problem);
	if (!planned->title_code)
		return false;
	if (!rest || !read_year(rest + 1, '-', &planned->term_from, &rest) ||
	    !read_year(rest + 1, '\0', &planned->term_to, &rest)) {
		*ret_problem = mtr_must_print(arena, _("“%s” is not a plan of office; write TITLE,2020-2025."), text);
		return false;
	}
	*ret_planned = planned;
	return true;
}

bool mtr_person_rating(struct mtr_arena *arena, const char *text, Mtr__Rating **ret_rating, const char **ret_problem)
{
	Mtr__Rating *rating = mtr_must_alloc(arena, sizeof *rating);
	const char *rest = text;
	int grade;

	mtr__rating__init(rating);
	if (!read_year(text, ':', &rating->year, &rest) ||
	    !mtr_token_parse(&mtr__grade__descriptor, rest + 1, &grade)) {
		*ret_problem = mtr_must_print(arena, _("“%s” is not a rating; write YEAR:GRADE with one of: %s."), text,
					      mtr_tokens(arena, &mtr__grade__descriptor, ", "));
		return false;
	}
	rating->grade = (Mtr__Grade)grade;
	*ret_rating = rating;
	return true;
}

void mtr_person_reference(struct mtr_call *call, Mtr__PersonReference *ret_reference)
{
	Mtr__PersonReference reference = MTR__PERSON_REFERENCE__INIT;

	mtr_fill_text(call, "--citizen-number", &reference.citizen_number);
	mtr_fill_number(call, "--person", &reference.person_id);
	mtr_fill_text(call, "--name", &reference.full_name);
	mtr_fill_number(call, "--birth", &reference.birth);
	MTR_FILL_WORD(call, "--sex", reference.sex);
	mtr_fill_text(call, "--person-unit", &reference.unit_code);
	*ret_reference = reference;
}

/* Options that hold several parts. */
static int fill_lists(struct mtr_call *call, Mtr__PutPerson *put)
{
	const struct mtr_arguments *given = &call->arguments;
	size_t held = mtr_count_of(given, "--title");
	size_t planned = mtr_count_of(given, "--planned");
	size_t ratings = mtr_count_of(given, "--rating");
	const char *problem = NULL;
	bool fine = true;

	if (held > 0)
		put->held = mtr_must_array(call->arena, put->n_held = held, sizeof *put->held);
	for (size_t i = 0; i < held && fine; i++)
		fine = mtr_person_held(call->arena, mtr_value_at(given, "--title", i)->text, &put->held[i], &problem);
	if (planned > 0)
		put->planned = mtr_must_array(call->arena, put->n_planned = planned, sizeof *put->planned);
	for (size_t i = 0; i < planned && fine; i++)
		fine = mtr_person_planned(call->arena, mtr_value_at(given, "--planned", i)->text, &put->planned[i],
					  &problem);
	if (ratings > 0)
		put->person->ratings =
			mtr_must_array(call->arena, put->person->n_ratings = ratings, sizeof *put->person->ratings);
	for (size_t i = 0; i < ratings && fine; i++)
		fine = mtr_person_rating(call->arena, mtr_value_at(given, "--rating", i)->text,
					 &put->person->ratings[i], &problem);
	return fine ? MTR_EXIT_OK : mtr_fail(call, MTR_EXIT_USAGE, "%s", problem);
}

/* The number says the sex; nobody has to type it too. */
void mtr_person_complete_sex(Mtr__Person *person)
{
	if (person->sex == MTR__SEX__SEX_UNSPECIFIED && *person->citizen_number &&
	    mtr_citizen_number_check(person->citizen_number, MTR__SEX__SEX_UNSPECIFIED, 0) ==
		    MTR__ERROR_CODE__ERROR_CODE_NONE)
		person->sex = mtr_citizen_number_sex(person->citizen_number);
}

static int fill_options(struct mtr_call *call, Mtr__PutPerson *put)
{
	Mtr__Person *person = put->person;

	mtr_fill_text(call, "--citizen-number", &person->citizen_number);
	mtr_fill_number(call, "--person", &person->id);
	mtr_fill_text(call, "--name", &person->full_name);
	mtr_fill_number(call, "--birth", &person->birth);
	MTR_FILL_WORD(call, "--sex", person->sex);
	mtr_fill_text(call, "--unit", &put->unit_code);
	MTR_FILL_WORD(call, "--party", person->party);
	mtr_fill_number(call, "--party-since", &person->party_since);
	MTR_FILL_WORD(call, "--degree", person->degree);
	mtr_fill_standards(call, "--attained", &person->n_attained, &person->attained);
	MTR_FILL_WORD(call, "--category", person->category);
	mtr_fill_number(call, "--service-since", &person->service_since);
	mtr_fill_number(call, "--discipline-until", &person->discipline_until);
	mtr_fill_flag(call, "--documents-complete", &person->documents_complete);
	mtr_fill_flag(call, "--theory-equivalence", &person->theory_equivalence);
	mtr_fill_text(call, "--ethnicity", &person->ethnicity);
	mtr_fill_text(call, "--phone", &person->phone);
	mtr_fill_text(call, "--note", &person->note);
	mtr_person_complete_sex(person);
	return fill_lists(call, put);
}

struct copying {
	struct mtr_call *call;
	const Mtr__Person *found;
};

static int copy_person(void *context, const Mtr__FeedRow *row)
{
	struct copying *copying = context;
	const Mtr__Person *person = mtr_row_unpack(copying->call->arena, &mtr__person__descriptor, row);

	copying->found = person ? person : copying->found;
	return MTR_EXIT_OK;
}

/* The record there is, by the number or citizen number given; NULL when there is none in scope. */
static int find_existing(struct mtr_call *call, const Mtr__Person **ret_person)
{
	Mtr__List list = MTR__LIST__INIT;
	struct copying copying = {.call = call};
	const char *number = mtr_text_of(&call->arguments, "--citizen-number");

	list.type = MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON;
	list.id = mtr_number_of(&call->arguments, "--person");
	if (list.id == 0 && !number)
		return MTR_EXIT_OK;
	if (list.id == 0)
		list.citizen_number = mtr_field_text(call, number);
	int result = mtr_session_list(call, &list, copy_person, &copying);
	*ret_person = copying.found;
	return result;
}

int mtr_do_person_put(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_PUT_PERSON);
	Mtr__PutPerson put = MTR__PUT_PERSON__INIT;
	Mtr__Person person = MTR__PERSON__INIT;
	const Mtr__Person *existing = NULL;
	const char *file = mtr_text_of(&call->arguments, "--csv");

	if (file)
		return mtr_import_people(call, file);
	int result = mtr_merges(call) ? find_existing(call, &existing) : MTR_EXIT_OK;
	if (result)
		return result;
	if (existing) {
		person = *existing;
		mtr_person_start_from(call, call->arena, &put, existing);
	}
	put.person = &person;
	result = fill_options(call, &put);
	if (result)
		return result;
	command.put_person = &put;
	return mtr_change(call, &command);
}
