#include "world.h"

static const Mtr__Person *row(struct world *w, uint32_t id)
{
	struct mtr_txn txn;
	const Mtr__Person *out;

	mtr_txn_begin_read(&txn, w->store);
	out = mtr_read_person(&txn, w->messages, id);
	mtr_txn_abort(&txn);
	assert_non_null(out);
	return out;
}

static Mtr__PutPerson *numbered(struct world *w, const char *number, const char *unit_code)
{
	Mtr__PutPerson *body = person(w, "Lê Văn Cường", unit_code);

	body->person->citizen_number = text(number);
	return body;
}

static void a_person_is_created_then_replaced_by_number(void **state)
{
	struct world *w = *state;
	Mtr__PutPerson *body = numbered(w, "089080123456", "SO-A");
	uint32_t id;

	hold(w, body, "TP", "");
	plan_for(w, body, "PGD", 2020, 2025);
	body->person->id = 0;
	body->person->unit_id = 4711;
	assert_true(expect_done(SEND(w, CLERK_A, PUT_PERSON, body))->created);
	id = (uint32_t)w->outcome.answer->done->id;
	assert_int_equal(w->outcome.person_count, 1);
	assert_int_equal(w->outcome.person_ids[0], id);
	assert_int_equal(row(w, id)->unit_id, 3);
	assert_int_equal(row(w, id)->held[0]->title_id, 2);
	assert_int_equal(row(w, id)->held[0]->unit_id, 3);
	assert_int_equal(row(w, id)->planned[0]->title_id, 3);
	assert_int_equal(row(w, id)->planned[0]->term_to, 2025);
	body = numbered(w, "089080123456", "PHONG-A1");
	body->person->full_name = text("Lê Văn Cường Em");
	assert_false(expect_done(SEND(w, CLERK_A, PUT_PERSON, body))->created);
	assert_int_equal(w->outcome.answer->done->id, id);
	assert_string_equal(row(w, id)->full_name, "Lê Văn Cường Em");
	assert_int_equal(row(w, id)->n_held, 0);
	assert_int_equal(row(w, id)->unit_id, 7);
}

static void a_person_without_a_number_is_replaced_by_id(void **state)
{
	struct world *w = *state;
	Mtr__PutPerson *body = person(w, "Lê Văn Cường", "SO-A");
	uint32_t id = put_person(w, CLERK_A, body);

	body->person->id = id;
	body->person->citizen_number = text("089080123456");
	assert_false(expect_done(SEND(w, CLERK_A, PUT_PERSON, body))->created);
	assert_string_equal(row(w, id)->citizen_number, "089080123456");
	body->person->id = id + 1;
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), UNKNOWN_PERSON, "put_person.person.id");
	body->person->id = put_person(w, CLERK_A, person(w, "Khác", "SO-A"));
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), CITIZEN_NUMBER_TAKEN, "put_person.person.citizen_number");
}

static void people_elsewhere_stay_hidden(void **state)
{
	struct world *w = *state;
	Mtr__PutPerson *body = numbered(w, "089080123456", "SO-A");
	uint32_t id = put_person(w, CLERK_A, body);
	const Mtr__Answer *answer;

	ERROR(SEND(w, CLERK_B, PUT_PERSON, body), OUT_OF_SCOPE, "put_person.unit_code");
	body->unit_code = text("SO-B");
	answer = SEND(w, CLERK_B, PUT_PERSON, body);
	ERROR(answer, CITIZEN_NUMBER_TAKEN, "put_person.person.citizen_number");
	assert_string_equal(answer->error->found, "");
	assert_int_equal(w->outcome.person_count, 0);
	ERROR(SEND(w, OUTSIDER, PUT_PERSON, body), CITIZEN_NUMBER_TAKEN, "put_person.person.citizen_number");
	body->person->citizen_number = text("");
	body->person->id = id;
	ERROR(SEND(w, CLERK_B, PUT_PERSON, body), UNKNOWN_PERSON, "put_person.person.id");
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), OUT_OF_SCOPE, "put_person.unit_code");
	assert_int_equal(put_person(w, ORGANISER, body), id);
	assert_int_equal(row(w, id)->unit_id, 4);
	ERROR(SEND(w, SCHOOL, PUT_PERSON, body), ROLE_REFUSED, "");
}

static void titles_and_units_have_to_be_known(void **state)
{
	struct world *w = *state;
	Mtr__PutPerson *body = person(w, "Lê Văn Cường", "KHONG-CO");

	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), UNKNOWN_UNIT, "put_person.unit_code");
	body->unit_code = text("");
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), FIELD_MISSING, "put_person.unit_code");
	body->unit_code = text("SO-A");
	hold(w, body, "KHONG-CO", "");
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), UNKNOWN_TITLE, "put_person.held.0.title_code");
	hold(w, body, "TP", "KHONG-CO");
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), UNKNOWN_UNIT, "put_person.held.0.unit_code");
	hold(w, body, "TP", "SO-B");
	plan_for(w, body, "KHONG-CO", 2020, 2025);
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), UNKNOWN_TITLE, "put_person.planned.0.title_code");
	plan_for(w, body, "PGD", 2025, 2020);
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), FIELD_RANGE, "put_person.planned.0.term_to");
}

static void particulars_are_checked_against_each_other(void **state)
{
	struct world *w = *state;
	Mtr__PutPerson *body = numbered(w, "089080123456", "SO-A");
	Mtr__Rating *ratings[2] = {NEW(w, rating), NEW(w, rating)};

	body->person->sex = MTR__SEX__SEX_FEMALE;
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), CITIZEN_NUMBER_SEX, "put_person.person.citizen_number");
	body->person->sex = MTR__SEX__SEX_MALE;
	body->person->birth = 19810000;
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), CITIZEN_NUMBER_BIRTH, "put_person.person.citizen_number");
	body->person->birth = 20200226;
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), DATE_FUTURE, "put_person.person.birth");
	body->person->birth = 19800000;
	body->person->citizen_number = text("097080123456");
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), CITIZEN_NUMBER_PLACE, "put_person.person.citizen_number");
	body->person->citizen_number = text("08908012345");
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), CITIZEN_NUMBER_LENGTH, "put_person.person.citizen_number");
	body->person->citizen_number = text("08908012345x");
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), CITIZEN_NUMBER_DIGITS, "put_person.person.citizen_number");
	body->person->citizen_number = text("");
	body->person->party_since = 20210000;
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), DATE_FUTURE, "put_person.person.party_since");
	body->person->party_since = 0;
	body->person->service_since = 20200300;
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), DATE_FUTURE, "put_person.person.service_since");
	body->person->service_since = 20200200;
	body->person->discipline_until = 20200300;
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), DATE_INVALID, "put_person.person.discipline_until");
	body->person->discipline_until = 0;
	ratings[0]->year = ratings[1]->year = 2019;
	ratings[0]->grade = ratings[1]->grade = MTR__GRADE__GRADE_GOOD;
	body->person->ratings = ratings;
	body->person->n_ratings = 2;
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), FIELD_VALUE, "put_person.person.ratings.1.year");
	ratings[1]->year = 2018;
	expect_done(SEND(w, CLERK_A, PUT_PERSON, body));
	body->person->full_name = text("Lê Văn Cu\xCC\x9B");
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), FIELD_NOT_NFC, "put_person.person.full_name");
	body->person->full_name = text("Ðoàn Văn Cường");
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), FIELD_LOOKALIKE, "put_person.person.full_name");
	body->person->full_name = text("Lê\nCường");
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), FIELD_CHARACTER, "put_person.person.full_name");
	body->person->full_name = text("Lê\xFF");
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), FIELD_NOT_UTF8, "put_person.person.full_name");
	body->person->full_name = text(" ");
	ERROR(SEND(w, CLERK_A, PUT_PERSON, body), FIELD_MISSING, "put_person.person.full_name");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(a_person_is_created_then_replaced_by_number),
		WORLD_TEST(a_person_without_a_number_is_replaced_by_id),
		WORLD_TEST(people_elsewhere_stay_hidden),
		WORLD_TEST(titles_and_units_have_to_be_known),
		WORLD_TEST(particulars_are_checked_against_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
