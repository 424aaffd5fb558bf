#include "commands/fields.h"
#include "commands/person.h"
#include "contract/code.h"
#include "contract/date.h"
#include "import/import.h"
#include "import/people_index.h"
#include "import/people_list.h"
#include "output/directory.h"
#include "output/view.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/plain.h"
#include "program/session.h"

#include <inttypes.h>
#include <string.h>

struct asking {
	struct mtr_arena *arena;
	const Mtr__Person *found;
};

struct people {
	struct mtr_people_index *index;
	const char *unit; /* of rows that name none; "" */
};

static const char *missing(struct mtr_import *import)
{
	const struct people *people = import->kind->context;

	if (!mtr_import_has(import, MTR_PEOPLE_NAME))
		return _("the column of full names (“Họ và tên”, “full name”) is missing.");
	if (!mtr_import_has(import, MTR_PEOPLE_BIRTH) && !mtr_import_has(import, MTR_PEOPLE_BIRTH_MALE) &&
	    !mtr_import_has(import, MTR_PEOPLE_BIRTH_FEMALE))
		return _("the column of births (“Ngày sinh”, or “Nam” and “Nữ”; “date of birth”) is missing.");
	if (!mtr_import_has(import, MTR_PEOPLE_UNIT) && !*people->unit)
		return _("the column of units (“Đơn vị”, “unit”) is missing; add it, or give --unit.");
	return NULL;
}

/* One person is one row of a file. False after mtr_row_problem. */
static bool check_once(struct mtr_import *import, struct mtr_import_row *row, uint64_t key)
{
	const struct people *people = import->kind->context;
	struct mtr_people_entry *entry = mtr_people_index_put(people->index, key);

	if (entry->row > 0)
		return mtr_row_problem(
			import, row, 0,
			mtr_must_print(import->arena, _("the same person stands in row %" PRIu64 "."), entry->row));
	entry->row = row->number;
	return true;
}

static int take(void *context, const Mtr__FeedRow *row)
{
	struct asking *asking = context;
	const Mtr__Person *person = mtr_row_unpack(asking->arena, &mtr__person__descriptor, row);

	asking->found = person ? person : asking->found;
	return MTR_EXIT_OK;
}

/* The record with a number, from the index or the register. False after mtr_row_problem. */
static bool read_record(struct mtr_import *import, struct mtr_import_row *row, uint32_t id,
			const struct mtr_people_entry *entry, const Mtr__Person **ret_found)
{
	const struct people *people = import->kind->context;
	struct asking asking = {.arena = import->arena};
	Mtr__List list = MTR__LIST__INIT;

	if (entry && entry->person_id == id && entry->record) {
		*ret_found = mtr_people_index_record(people->index, entry, import->arena);
		return true;
	}
	list.type = MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON;
	list.id = id;
	if (mtr_session_list(import->call, &list, take, &asking))
		return mtr_row_problem(import, row, 0, _("the person's record couldn't be read; try again."));
	*ret_found = asking.found;
	return true;
}

/* The record there is of the row's person; NULL for a new one. False after mtr_row_problem. */
static bool find_record(struct mtr_import *import, struct mtr_import_row *row, const struct mtr_identity *identity,
			const Mtr__Person **ret_found)
{
	const struct people *people = import->kind->context;
	const char *number = identity->citizen_number;
	uint64_t by_number = *number ? mtr_people_key_of_number(number) : 0;
	uint64_t by_name = mtr_people_key_of_name(identity->name, identity->birth, identity->unit_code);
	const struct mtr_people_entry *entry = by_number ? mtr_people_index_find(people->index, by_number) : NULL;
	bool named = !entry || !entry->person_id;

	if (named)
		entry = mtr_people_index_find(people->index, by_name);
	if (named && entry && entry->ambiguous && !identity->person_id)
		return mtr_row_problem(import, row, MTR_PEOPLE_NAME,
				       _("several people on record have this name, birth and unit; add the citizen "
					 "number, or a column with the person's number."));
	uint32_t id = identity->person_id ? identity->person_id : entry ? entry->person_id : 0;
	if (id > 0 && !read_record(import, row, id, entry, ret_found))
		return false;
	/* Two people of one name, birth and unit have numbers of their own. */
	if (named && *ret_found && *number && *(*ret_found)->citizen_number &&
	    strcmp((*ret_found)->citizen_number, number) != 0 && !identity->person_id)
		*ret_found = NULL;
	return check_once(import, row, by_number ? by_number : by_name);
}

/* What the record says where the row says nothing. */
static bool start_from_record(struct mtr_import *import, struct mtr_import_row *row,
			      const struct mtr_identity *identity, Mtr__PutPerson *put)
{
	const Mtr__Person *found = NULL;

	if (!mtr_merges(import->call))
		return true;
	if (!find_record(import, row, identity, &found))
		return false;
	if (found) {
		*put->person = *found;
		mtr_person_start_from(import->call, import->arena, put, found);
	}
	return true;
}

/* A title by its code, with unit and date, or by its name. */
static bool read_held(struct mtr_import *import, struct mtr_import_row *row, const char *text,
		      Mtr__PutPerson__PutHeldTitle **ret_held)
{
	const char *problem;
	bool certain;
	const char *code = mtr_title_by_name(import->call, mtr_plain(import->arena, text), &certain);

	if (code && certain)
		return mtr_person_held(import->arena, code, ret_held, &problem);
	if (mtr_person_held(import->arena, text, ret_held, &problem))
		return true;
	return mtr_row_problem(import, row, MTR_PEOPLE_HELD,
			       mtr_must_print(import->arena,
					      _("“%s” is no registered title; write its code (matricula title list)."),
					      text));
}

/* The parts of a cell between semicolons. */
static size_t parts_of(struct mtr_import *import, const char *text, const char ***ret_parts)
{
	const char **parts = mtr_must_array(import->arena, strlen(text) / 2 + 1, sizeof *parts);
	size_t count = 0;

	while (*text) {
		text += strspn(text, " ;");
		size_t size = strcspn(text, ";");
		if (size > 0)
			parts[count++] = mtr_must_print(import->arena, "%.*s", (int)size, text);
		text += size;
	}
	*ret_parts = parts;
	return count;
}

static bool fill_titles(struct mtr_import *import, struct mtr_import_row *row, Mtr__PutPerson *put)
{
	const char *held = mtr_row_name(import, row, MTR_PEOPLE_HELD);
	const char *planned = held ? mtr_row_name(import, row, MTR_PEOPLE_PLANNED) : NULL;
	const char **parts;
	const char *problem;

	if (!planned)
		return false;
	if (*held) {
		put->n_held = parts_of(import, held, &parts);
		put->held = mtr_must_array(import->arena, put->n_held, sizeof *put->held);
		for (size_t i = 0; i < put->n_held; i++) {
			if (!read_held(import, row, parts[i], &put->held[i]))
				return false;
		}
	}
	if (*planned) {
		put->n_planned = parts_of(import, planned, &parts);
		put->planned = mtr_must_array(import->arena, put->n_planned, sizeof *put->planned);
		for (size_t i = 0; i < put->n_planned; i++) {
			if (!mtr_person_planned(import->arena, parts[i], &put->planned[i], &problem))
				return mtr_row_problem(import, row, MTR_PEOPLE_PLANNED, problem);
		}
	}
	return true;
}

/* What lists write for levels of the cumulative schemes. */
static const struct {
	int field;
	Mtr__Scheme scheme;
	uint32_t number;
	const char *names;
} levels[] = {
	{MTR_PEOPLE_THEORY, MTR__SCHEME__SCHEME_THEORY, 1, "1|so cap|sc"},
	{MTR_PEOPLE_THEORY, MTR__SCHEME__SCHEME_THEORY, 2, "2|trung cap|tc"},
	{MTR_PEOPLE_THEORY, MTR__SCHEME__SCHEME_THEORY, 3, "3|cao cap|cc|cu nhan|cn"},
	{MTR_PEOPLE_STATE_MANAGEMENT, MTR__SCHEME__SCHEME_STATE_MANAGEMENT, 1, "1|can su|cs"},
	{MTR_PEOPLE_STATE_MANAGEMENT, MTR__SCHEME__SCHEME_STATE_MANAGEMENT, 2, "2|chuyen vien|cv"},
	{MTR_PEOPLE_STATE_MANAGEMENT, MTR__SCHEME__SCHEME_STATE_MANAGEMENT, 3, "3|chuyen vien chinh|cvc"},
	{MTR_PEOPLE_STATE_MANAGEMENT, MTR__SCHEME__SCHEME_STATE_MANAGEMENT, 4, "4|chuyen vien cao cap|cvcc"},
	{MTR_PEOPLE_ENGLISH, MTR__SCHEME__SCHEME_ENGLISH, 1, "1|a1|bac 1|anh a1|anh bac 1"},
	{MTR_PEOPLE_ENGLISH, MTR__SCHEME__SCHEME_ENGLISH, 2, "2|a2|bac 2|anh a2|anh bac 2"},
	{MTR_PEOPLE_ENGLISH, MTR__SCHEME__SCHEME_ENGLISH, 3, "3|b1|bac 3|anh b1|anh bac 3"},
	{MTR_PEOPLE_ENGLISH, MTR__SCHEME__SCHEME_ENGLISH, 4, "4|b2|bac 4|anh b2|anh bac 4"},
	{MTR_PEOPLE_ENGLISH, MTR__SCHEME__SCHEME_ENGLISH, 5, "5|c1|bac 5|anh c1|anh bac 5"},
	{MTR_PEOPLE_ENGLISH, MTR__SCHEME__SCHEME_ENGLISH, 6, "6|c2|bac 6|anh c2|anh bac 6"},
	{MTR_PEOPLE_IT, MTR__SCHEME__SCHEME_IT, 1, "1|co ban|a"},
	{MTR_PEOPLE_IT, MTR__SCHEME__SCHEME_IT, 2, "2|nang cao|b|c"},
};

/* Replaces what is held of a scheme. */
static void set_level(struct mtr_import *import, Mtr__Person *person, Mtr__Scheme scheme, uint32_t number)
{
	Mtr__Standard **attained = mtr_must_array(import->arena, person->n_attained + 1, sizeof *attained);
	size_t count = 0;

	for (size_t i = 0; i < person->n_attained; i++) {
		if (person->attained[i]->scheme != scheme)
			attained[count++] = person->attained[i];
	}
	attained[count] = mtr_must_alloc(import->arena, sizeof **attained);
	mtr__standard__init(attained[count]);
	attained[count]->scheme = scheme;
	attained[count]->number = number;
	person->attained = attained;
	person->n_attained = count + 1;
}

static bool fill_level(struct mtr_import *import, struct mtr_import_row *row, Mtr__Person *person, int field)
{
	const char *text = mtr_row_text(import, row, field);

	if (!text || !*text)
		return text != NULL;
	const char *plain = mtr_plain(import->arena, text);
	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
		if (levels[i].field == field && mtr_is_named(levels[i].names, plain)) {
			set_level(import, person, levels[i].scheme, levels[i].number);
			return true;
		}
	}
	return mtr_row_problem(
		import, row, field,
		mtr_must_print(import->arena, _("“%s” is no level of this scale; write its number."), text));
}

static bool fill_attained(struct mtr_import *import, struct mtr_import_row *row, Mtr__Person *person)
{
	static const struct mtr_argument argument = {.name = "SCHEME:NUMBER", .type = MTR_ARG_STANDARD};
	const char *text = mtr_row_text(import, row, MTR_PEOPLE_ATTAINED);
	const char **parts;

	if (!text)
		return false;
	size_t count = parts_of(import, text, &parts);
	for (size_t i = 0; i < count; i++) {
		struct mtr_value value;
		const char *problem;
		if (mtr_value_parse(import->arena, &argument, parts[i], &value, &problem))
			return mtr_row_problem(import, row, MTR_PEOPLE_ATTAINED, problem);
		set_level(import, person, (Mtr__Scheme)(value.number >> 32), (uint32_t)value.number);
	}
	return fill_level(import, row, person, MTR_PEOPLE_THEORY) &&
	       fill_level(import, row, person, MTR_PEOPLE_STATE_MANAGEMENT) &&
	       fill_level(import, row, person, MTR_PEOPLE_ENGLISH) && fill_level(import, row, person, MTR_PEOPLE_IT);
}

static bool fill_party(struct mtr_import *import, struct mtr_import_row *row, Mtr__Person *person)
{
	uint32_t probation = 0;
	uint32_t full = 0;
	int party = (int)person->party;

	if (!mtr_row_word(import, row, MTR_PEOPLE_PARTY, &mtr__party_membership__descriptor, &party) ||
	    !mtr_row_date(import, row, MTR_PEOPLE_PARTY_PROBATION, &probation) ||
	    !mtr_row_date(import, row, MTR_PEOPLE_PARTY_SINCE, &full))
		return false;
	if (full)
		party = MTR__PARTY_MEMBERSHIP__PARTY_MEMBERSHIP_FULL;
	else if (probation && party == 0)
		party = MTR__PARTY_MEMBERSHIP__PARTY_MEMBERSHIP_PROBATIONARY;
	person->party = (Mtr__PartyMembership)party;
	if (full || probation)
		person->party_since = full ? full : probation;
	return true;
}

/* "2023: good; 2024: excellent" */
static bool fill_ratings(struct mtr_import *import, struct mtr_import_row *row, Mtr__Person *person)
{
	const char *text = mtr_row_text(import, row, MTR_PEOPLE_RATINGS);
	const char **parts;
	const char *problem;

	if (!text || !*text)
		return text != NULL;
	person->n_ratings = parts_of(import, text, &parts);
	person->ratings = mtr_must_array(import->arena, person->n_ratings, sizeof *person->ratings);
	for (size_t i = 0; i < person->n_ratings; i++) {
		if (!mtr_person_rating(import->arena, parts[i], &person->ratings[i], &problem))
			return mtr_row_problem(import, row, MTR_PEOPLE_RATINGS, problem);
	}
	return true;
}

static bool fill_text(struct mtr_import *import, struct mtr_import_row *row, int field, char **place)
{
	const char *text = mtr_row_text(import, row, field);

	if (text && *text)
		*place = mtr_must_text(import->arena, text);
	return text != NULL;
}

static bool fill_rest(struct mtr_import *import, struct mtr_import_row *row, Mtr__Person *person)
{
	int degree = (int)person->degree;
	int category = (int)person->category;
	bool fine = mtr_row_word(import, row, MTR_PEOPLE_DEGREE, &mtr__degree__descriptor, &degree) &&
		    mtr_row_word(import, row, MTR_PEOPLE_CATEGORY, &mtr__category__descriptor, &category) &&
		    mtr_row_date(import, row, MTR_PEOPLE_SERVICE_SINCE, &person->service_since) &&
		    mtr_row_date(import, row, MTR_PEOPLE_DISCIPLINE_UNTIL, &person->discipline_until) &&
		    mtr_row_yes_no(import, row, MTR_PEOPLE_DOCUMENTS, &person->documents_complete) &&
		    mtr_row_yes_no(import, row, MTR_PEOPLE_EQUIVALENCE, &person->theory_equivalence) &&
		    fill_text(import, row, MTR_PEOPLE_ETHNICITY, &person->ethnicity) &&
		    fill_text(import, row, MTR_PEOPLE_PHONE, &person->phone) &&
		    fill_text(import, row, MTR_PEOPLE_NOTE, &person->note);

	person->degree = (Mtr__Degree)degree;
	person->category = (Mtr__Category)category;
	return fine;
}

static bool build(struct mtr_import *import, struct mtr_import_row *row, Mtr__Command *command)
{
	const struct people *people = import->kind->context;
	Mtr__PutPerson *put = mtr_must_alloc(import->arena, sizeof *put);
	Mtr__Person *person = mtr_must_alloc(import->arena, sizeof *person);
	struct mtr_identity identity;

	mtr__put_person__init(put);
	mtr__person__init(person);
	put->person = person;
	if (!mtr_people_identity(import, row, &identity))
		return false;
	if (!*identity.name)
		return mtr_row_error(import, row, MTR_PEOPLE_NAME, MTR__ERROR_CODE__ERROR_CODE_FIELD_MISSING, "");
	if (identity.birth == 0)
		return mtr_row_problem(import, row, 0, _("the date of birth is missing."));
	if (!*identity.unit_code)
		identity.unit_code = people->unit;
	if (!start_from_record(import, row, &identity, put))
		return false;
	person->full_name = mtr_must_text(import->arena, identity.name);
	person->birth = identity.birth;
	person->sex = identity.sex ? identity.sex : person->sex;
	person->id = identity.person_id ? identity.person_id : person->id;
	if (*identity.citizen_number)
		person->citizen_number = mtr_must_text(import->arena, identity.citizen_number);
	mtr_person_complete_sex(person);
	put->unit_code = mtr_must_text(import->arena, identity.unit_code);
	if (!fill_titles(import, row, put) || !fill_party(import, row, person) || !fill_attained(import, row, person) ||
	    !fill_ratings(import, row, person) || !fill_rest(import, row, person))
		return false;
	*command = mtr_command(MTR__COMMAND__BODY_PUT_PERSON);
	command->put_person = put;
	return true;
}

int mtr_import_people(struct mtr_call *call, const char *file)
{
	const char *unit = mtr_text_of(&call->arguments, "--unit");
	struct people people = {.index = mtr_people_index_new(), .unit = unit ? unit : ""};
	const struct mtr_import_kind kind = {mtr_people_headings, missing, build, &people};
	int result = mtr_merges(call) ? mtr_people_index_fill(call, people.index) : MTR_EXIT_OK;

	if (!result)
		result = mtr_import_file(call, file, &kind);
	mtr_people_index_free(&people.index);
	return result;
}
