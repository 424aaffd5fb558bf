#include "world.h"

static const Mtr__Answer *try_propose(struct world *w, uint32_t who, const char *unit_code,
				      Mtr__PersonReference *reference)
{
	Mtr__Propose *body = proposal(w, "CAO-CAP", 0);

	body->unit_code = text(unit_code);
	body->person = reference;
	return SEND(w, who, PROPOSE, body);
}

static void the_nomination_keeps_what_was_put_forward(void **state)
{
	struct world *w = *state;
	Mtr__PutPerson *body = person(w, "Nguyễn Văn An", "SO-A");
	const Mtr__Acknowledgement *ack;
	const Mtr__Nomination *row;

	hold(w, body, "TP", "");
	plan_for(w, body, "PGD", 2020, 2025);
	ack = propose(w, CLERK_A, put_person(w, CLERK_A, body));
	assert_int_equal(ack->nomination_id, 1);
	assert_int_equal(ack->group, SUCCESSOR);
	assert_int_equal(ack->n_bases, 1);
	assert_string_equal(ack->bases[0]->title_code, "PGD");
	assert_string_equal(ack->programme_code, "CAO-CAP");
	assert_string_equal(ack->unit_code, "SO-A");
	assert_int_equal(ack->person_id, 1);
	assert_int_equal(ack->arrived_at, w->now);
	assert_int_equal(w->outcome.answer->revision, w->revision);
	assert_int_equal(w->outcome.nomination_count, 1);
	assert_int_equal(w->outcome.person_count, 1);
	body->person->id = 1;
	body->person->full_name = text("Nguyễn Văn Ân");
	put_person(w, CLERK_A, body);
	row = nomination(w, 1);
	assert_string_equal(row->particulars->full_name, "Nguyễn Văn An");
	assert_int_equal(row->arrived_at, w->now);
	assert_int_equal(row->written_at, 77);
	assert_int_equal(row->cause, MTR__CAUSE__CAUSE_ARRIVAL);
	assert_int_equal(row->managing_unit_id, 3);
	assert_int_equal(row->bases[0]->ranks_below, 1);
}

static void the_unit_lies_in_the_clerks_subtree(void **state)
{
	struct world *w = *state;
	Mtr__Propose *body = proposal(w, "CAO-CAP", someone(w, CLERK_A, "PHONG-A1", AUDIENCE));

	body->unit_code = text("KHONG-CO");
	ERROR(SEND(w, CLERK_A, PROPOSE, body), UNKNOWN_UNIT, "propose.unit_code");
	body->unit_code = text("SO-B");
	ERROR(SEND(w, CLERK_A, PROPOSE, body), OUT_OF_SCOPE, "propose.unit_code");
	body->unit_code = text("SO-A");
	ERROR(SEND(w, CLERK_A1, PROPOSE, body), OUT_OF_SCOPE, "propose.unit_code");
	body->unit_code = text("PHONG-A1");
	assert_string_equal(expect_ack(SEND(w, CLERK_A, PROPOSE, body))->unit_code, "PHONG-A1");
	ERROR(SEND(w, ORGANISER, PROPOSE, body), ROLE_REFUSED, "");
	body->programme_code = text("KHONG-CO");
	ERROR(SEND(w, CLERK_A, PROPOSE, body), UNKNOWN_PROGRAMME, "propose.programme_code");
	body->person = NULL;
	ERROR(SEND(w, CLERK_A, PROPOSE, body), FIELD_MISSING, "propose.person");
}

static void people_of_other_units_are_unknown(void **state)
{
	struct world *w = *state;
	Mtr__PutPerson *stranger = person(w, "Trần Văn Bảo", "SO-B");
	Mtr__PersonReference *reference = NEW(w, person_reference);

	stranger->person->citizen_number = text("089080654321");
	put_person(w, CLERK_B, stranger);
	reference->citizen_number = text("089080654321");
	ERROR(try_propose(w, CLERK_A, "", reference), UNKNOWN_PERSON, "propose.person.citizen_number");
	assert_int_equal(w->outcome.person_count, 0);
	reference->citizen_number = text("");
	reference->full_name = text("Trần Văn Bảo");
	reference->birth = 19800315;
	ERROR(try_propose(w, CLERK_A, "", reference), UNKNOWN_PERSON, "propose.person.full_name");
	reference->unit_code = text("SO-B");
	ERROR(try_propose(w, CLERK_A, "", reference), UNKNOWN_PERSON, "propose.person.full_name");
	put_person(w, CLERK_B, stranger);
	hold(w, stranger, "TP", "SO-A");
	put_person(w, CLERK_B, stranger);
	reference->unit_code = text("");
	reference->full_name = text("");
	reference->birth = 0;
	reference->citizen_number = text("089080654321");
	expect_ack(try_propose(w, CLERK_A, "", reference));
}

static void a_person_is_found_by_name_birth_and_unit(void **state)
{
	struct world *w = *state;
	Mtr__PersonReference *reference = NEW(w, person_reference);

	ERROR(try_propose(w, CLERK_A, "", reference), FIELD_MISSING, "propose.person.full_name");
	reference->full_name = text("nguyễn văn an");
	ERROR(try_propose(w, CLERK_A, "", reference), FIELD_MISSING, "propose.person.birth");
	reference->birth = 19800315;
	ERROR(try_propose(w, CLERK_A, "", reference), UNKNOWN_PERSON, "propose.person.full_name");
	put_person(w, CLERK_A, person(w, "Nguyễn Văn An", "PHONG-A1"));
	ERROR(try_propose(w, CLERK_A, "", reference), UNKNOWN_PERSON, "propose.person.full_name");
	reference->unit_code = text("PHONG-A1");
	put_person(w, CLERK_A, person(w, "Nguyễn Văn An", "PHONG-A1"));
	ERROR(try_propose(w, CLERK_A, "", reference), AMBIGUOUS_PERSON, "propose.person.full_name");
	put_person(w, CLERK_A, person(w, "Nguyễn Văn An", "SO-A"));
	reference->unit_code = text("");
	assert_int_equal(expect_ack(try_propose(w, CLERK_A, "", reference))->person_id, 3);
	reference->unit_code = text("KHONG-CO");
	ERROR(try_propose(w, CLERK_A, "", reference), UNKNOWN_UNIT, "propose.person.unit_code");
}

static void what_else_is_given_agrees(void **state)
{
	struct world *w = *state;
	Mtr__PutPerson *body = person(w, "Nguyễn Văn An", "PHONG-A1");
	Mtr__PersonReference *reference = NEW(w, person_reference);

	body->person->citizen_number = text("089080654321");
	put_person(w, CLERK_A, body);
	reference->citizen_number = text("089080654321");
	reference->person_id = 2;
	ERROR(try_propose(w, CLERK_A, "", reference), PARTICULARS_DIFFER, "propose.person.person_id");
	reference->person_id = 1;
	reference->full_name = text("Nguyễn Văn Anh");
	ERROR(try_propose(w, CLERK_A, "", reference), PARTICULARS_DIFFER, "propose.person.full_name");
	reference->full_name = text("NGUYỄN VĂN AN");
	reference->birth = 19800316;
	ERROR(try_propose(w, CLERK_A, "", reference), PARTICULARS_DIFFER, "propose.person.birth");
	reference->birth = 19800000;
	reference->sex = MTR__SEX__SEX_FEMALE;
	ERROR(try_propose(w, CLERK_A, "", reference), CITIZEN_NUMBER_SEX, "propose.person.citizen_number");
	reference->citizen_number = text("");
	ERROR(try_propose(w, CLERK_A, "", reference), PARTICULARS_DIFFER, "propose.person.sex");
	reference->sex = MTR__SEX__SEX_MALE;
	reference->unit_code = text("SO-A");
	ERROR(try_propose(w, CLERK_A, "", reference), PARTICULARS_DIFFER, "propose.person.unit_code");
	reference->unit_code = text("PHONG-A1");
	expect_ack(try_propose(w, CLERK_A, "", reference));
	reference->birth = 19800400;
	ERROR(try_propose(w, CLERK_A, "", reference), PARTICULARS_DIFFER, "propose.person.birth");
}

static void a_person_is_put_forward_once(void **state)
{
	struct world *w = *state;
	Mtr__PutPerson *body = person(w, "Nguyễn Văn An", "SO-A");
	const Mtr__Answer *answer;

	hold(w, body, "TP", "SO-B");
	put_person(w, CLERK_A, body);
	propose(w, CLERK_A, 1);
	answer = SEND(w, CLERK_A, PROPOSE, proposal(w, "CAO-CAP", 1));
	ERROR(answer, ALREADY_NOMINATED, "propose.person");
	assert_int_equal(answer->error->number, 1);
	answer = SEND(w, CLERK_B, PROPOSE, proposal(w, "CAO-CAP", 1));
	ERROR(answer, ALREADY_NOMINATED_ELSEWHERE, "");
	assert_int_equal(answer->error->number, 0);
	assert_string_equal(answer->error->found, "");
	assert_int_equal(w->outcome.nomination_count, 0);
	expect_ack(withdraw(w, CLERK_A, 1, ""));
	propose(w, CLERK_B, 1);
}

static void a_standard_already_held_is_not_trained_again(void **state)
{
	struct world *w = *state;
	Mtr__PutProgramme *change = programme(w, "CAO-CAP");
	Mtr__PutPerson *body = person(w, "Nguyễn Văn An", "SO-A");

	body->person->n_attained = 1;
	body->person->attained = list_of(w, 1, standard(w, MTR__SCHEME__SCHEME_THEORY, 3));
	put_person(w, CLERK_A, body);
	ERROR(SEND(w, CLERK_A, PROPOSE, proposal(w, "CAO-CAP", 1)), STANDARD_ALREADY_HELD, "propose.person");
	change->programme->kind = MTR__PROGRAMME_KIND__PROGRAMME_KIND_REFRESHER;
	expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, change));
	propose(w, CLERK_A, 1);
	change->programme->kind = MTR__PROGRAMME_KIND__PROGRAMME_KIND_TRAINING;
	change->programme->n_supplies = 2;
	change->programme->supplies =
		list_of(w, 2, standard(w, MTR__SCHEME__SCHEME_THEORY, 3), standard(w, MTR__SCHEME__SCHEME_SKILL, 7));
	expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, change));
	expect_ack(withdraw(w, CLERK_A, 1, ""));
	propose(w, CLERK_A, 1);
	change->programme->n_supplies = 0;
	expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, change));
	expect_ack(withdraw(w, CLERK_A, 2, ""));
	propose(w, CLERK_A, 1);
}

static void the_window_and_the_letter_are_checked(void **state)
{
	struct world *w = *state;
	Mtr__PutProgramme *change = programme(w, "CAO-CAP");
	Mtr__Propose *body = proposal(w, "CAO-CAP", 9999);
	const Mtr__Answer *answer;

	change->programme->nomination_window = NEW(w, window);
	change->programme->nomination_window->opens = w->now + 1;
	expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, change));
	answer = SEND(w, CLERK_A, PROPOSE, body);
	ERROR(answer, WINDOW_NOT_OPEN, "");
	assert_int_equal(answer->error->number, w->now + 1);
	w->now++;
	ERROR(SEND(w, CLERK_A, PROPOSE, body), UNKNOWN_PERSON, "propose.person.person_id");
	body->person->person_id = someone(w, CLERK_A, "SO-A", AUDIENCE);
	body->letter_id = 1;
	ERROR(SEND(w, CLERK_A, PROPOSE, body), UNKNOWN_LETTER, "propose.letter_id");
	body->letter_id = letter(w, CLERK_B, "CAO-CAP", "SO-B", "1-CV/SB");
	ERROR(SEND(w, CLERK_A, PROPOSE, body), UNKNOWN_LETTER, "propose.letter_id");
	body->letter_id = letter(w, CLERK_A, "CAO-CAP", "SO-A", "");
	expect_ack(SEND(w, CLERK_A, PROPOSE, body));
}

static void letters_are_completed_by_their_unit(void **state)
{
	struct world *w = *state;
	Mtr__PutLetter *body = NEW(w, put_letter);

	body->id = letter(w, CLERK_A, "CAO-CAP", "SO-A", "");
	body->programme_code = text("CAO-CAP");
	body->unit_code = text("SO-A");
	body->number = text("12-CV/SA");
	body->date = 20200200;
	ERROR(SEND(w, CLERK_A, PUT_LETTER, body), DATE_INVALID, "put_letter.date");
	body->date = 20200220;
	ERROR(SEND(w, CLERK_B, PUT_LETTER, body), OUT_OF_SCOPE, "put_letter.unit_code");
	assert_false(expect_done(SEND(w, CLERK_A, PUT_LETTER, body))->created);
	body->unit_code = text("PHONG-A1");
	ERROR(SEND(w, CLERK_A, PUT_LETTER, body), UNKNOWN_LETTER, "put_letter.id");
	body->unit_code = text("SO-A");
	body->id = 77;
	ERROR(SEND(w, CLERK_A, PUT_LETTER, body), UNKNOWN_LETTER, "put_letter.id");
	body->id = 1;
	expect_done(freeze(w, "CAO-CAP", "SO-A"));
	body->signer = text("Võ Thị Em");
	expect_done(SEND(w, CLERK_A, PUT_LETTER, body));
	body->number = text("13-CV/SA");
	ERROR(SEND(w, CLERK_A, PUT_LETTER, body), LIST_FROZEN, "put_letter.number");
	body->number = text("");
	ERROR(SEND(w, CLERK_A, PUT_LETTER, body), LIST_FROZEN, "put_letter.number");
	body->id = letter(w, CLERK_A, "CAO-CAP", "SO-A", "");
	body->number = text("14-CV/SA");
	expect_done(SEND(w, CLERK_A, PUT_LETTER, body));
}

static void an_acknowledgement_can_be_asked_for_again(void **state)
{
	struct world *w = *state;
	const Mtr__Acknowledgement *first, *again;
	struct mtr_txn txn;

	expect_done(allocate(w, "CAO-CAP", "SO-A", 1));
	propose(w, CLERK_A, someone(w, CLERK_A, "SO-A", AUDIENCE));
	first = propose(w, CLERK_A, someone(w, CLERK_A, "SO-A", RESERVE));
	mtr_txn_begin_read(&txn, w->store);
	again = mtr_acknowledge(&txn, w->messages, nomination(w, 2));
	assert_non_null(again);
	assert_int_equal(again->rank, first->rank);
	assert_int_equal(again->of, first->of);
	assert_int_equal(again->seats_held, first->seats_held);
	assert_int_equal(again->n_outlook, first->n_outlook);
	again = mtr_acknowledge(&txn, w->messages, nomination(w, 1));
	assert_int_equal(again->waiting_position, 1);
	assert_int_equal(again->rank, 2);
	assert_int_equal(again->outlook[0], MTR__OUTLOOK__OUTLOOK_PROMOTED_BY_FREE_SEAT);
	mtr_txn_abort(&txn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(the_nomination_keeps_what_was_put_forward),
		WORLD_TEST(the_unit_lies_in_the_clerks_subtree),
		WORLD_TEST(people_of_other_units_are_unknown),
		WORLD_TEST(a_person_is_found_by_name_birth_and_unit),
		WORLD_TEST(what_else_is_given_agrees),
		WORLD_TEST(a_person_is_put_forward_once),
		WORLD_TEST(a_standard_already_held_is_not_trained_again),
		WORLD_TEST(the_window_and_the_letter_are_checked),
		WORLD_TEST(letters_are_completed_by_their_unit),
		WORLD_TEST(an_acknowledgement_can_be_asked_for_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
