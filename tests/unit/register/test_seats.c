#include "world.h"

static void expect_counts(const Mtr__Acknowledgement *ack, uint32_t granted, uint32_t held, uint32_t left)
{
	assert_int_equal(ack->seats_granted, granted);
	assert_int_equal(ack->seats_held, held);
	assert_int_equal(ack->seats_left, left);
}

static void expect_place(const Mtr__Acknowledgement *ack, Mtr__State state, uint32_t rank, uint32_t of,
			 uint32_t waiting)
{
	assert_int_equal(ack->state, state);
	assert_int_equal(ack->rank, rank);
	assert_int_equal(ack->of, of);
	assert_int_equal(ack->waiting_position, waiting);
}

static void seats_go_to_the_best_and_the_others_wait_in_order(void **state)
{
	struct world *w = *state;
	const Mtr__Acknowledgement *ack;

	expect_done(allocate(w, "CAO-CAP", "SO-A", 2));
	ack = propose(w, CLERK_A, someone(w, CLERK_A, "SO-A", AUDIENCE));
	expect_place(ack, STATE(SEATED), 1, 1, 0);
	expect_counts(ack, 2, 1, 1);
	ack = propose(w, CLERK_A, someone(w, CLERK_A, "SO-A", RESERVE));
	expect_place(ack, STATE(SEATED), 1, 2, 0);
	expect_counts(ack, 2, 2, 0);
	ack = propose(w, CLERK_A, someone(w, CLERK_A, "SO-A", AUDIENCE));
	expect_place(ack, STATE(WAITING), 3, 3, 1);
	ack = propose(w, CLERK_A, someone(w, CLERK_A, "SO-A", INCUMBENT));
	expect_place(ack, STATE(SEATED), 1, 4, 0);
	assert_int_equal(ack->displaced_id, 1);
	expect_counts(ack, 2, 2, 0);
	assert_int_equal(state_of(w, 1), STATE(WAITING));
	assert_int_equal(nomination(w, 1)->cause, MTR__CAUSE__CAUSE_DISPLACED);
	ack = propose(w, CLERK_A, someone(w, CLERK_A, "SO-A", RESERVE));
	expect_place(ack, STATE(WAITING), 3, 5, 1);
	ack = expect_ack(withdraw(w, CLERK_A, 3, ""));
	expect_place(ack, STATE(WITHDRAWN), 0, 0, 0);
	assert_int_equal(ack->promoted_id, 0);
	ack = expect_ack(withdraw(w, CLERK_A, 4, "Nghỉ ốm"));
	assert_int_equal(ack->promoted_id, 5);
	expect_counts(ack, 2, 2, 0);
	assert_int_equal(nomination(w, 5)->cause, MTR__CAUSE__CAUSE_PROMOTED);
	assert_string_equal(nomination(w, 4)->reason, "Nghỉ ốm");
}

static void a_grant_seats_those_who_wait(void **state)
{
	struct world *w = *state;
	const Mtr__Done *done;

	for (int i = 0; i < 3; i++)
		assert_int_equal(propose(w, CLERK_A, someone(w, CLERK_A, "SO-A", AUDIENCE))->state, STATE(WAITING));
	done = expect_done(allocate(w, "CAO-CAP", "SO-A", 2));
	assert_int_equal(done->changed, 2);
	assert_int_equal(done->n_promoted_ids, 2);
	assert_int_equal(done->promoted_ids[0], 1);
	assert_int_equal(done->promoted_ids[1], 2);
	assert_int_equal(done->held, 2);
	assert_int_equal(done->left, 0);
	assert_int_equal(done->allocation->granted, 2);
	assert_int_equal(state_of(w, 3), STATE(WAITING));
}

static void a_unit_does_not_touch_another_unit(void **state)
{
	struct world *w = *state;

	expect_done(allocate(w, "CAO-CAP", "SO-A", 1));
	propose(w, CLERK_A, someone(w, CLERK_A, "SO-A", AUDIENCE));
	assert_int_equal(propose(w, CLERK_B, someone(w, CLERK_B, "SO-B", INCUMBENT))->state, STATE(WAITING));
	assert_int_equal(state_of(w, 1), STATE(SEATED));
}

static void a_frozen_list_is_neither_displaced_nor_seated_without_supplement(void **state)
{
	struct world *w = *state;
	const Mtr__Acknowledgement *ack;
	const Mtr__Done *done;

	expect_done(allocate(w, "CAO-CAP", "SO-A", 1));
	nominate(w, CLERK_A, "SO-A", AUDIENCE);
	done = expect_done(freeze(w, "CAO-CAP", "SO-A"));
	assert_true(done->allocation->frozen);
	assert_string_equal(done->allocation->frozen_document, "15-TB/BTC");
	ERROR(freeze(w, "CAO-CAP", "SO-A"), LIST_FROZEN, "freeze.unit_code");
	ack = propose(w, CLERK_A, someone(w, CLERK_A, "SO-A", INCUMBENT));
	assert_int_equal(ack->state, STATE(WAITING));
	assert_int_equal(ack->rank, 1);
	assert_true(ack->frozen);
	ERROR(withdraw(w, CLERK_A, 1, ""), FIELD_MISSING, "withdraw.reason");
	assert_int_equal(expect_ack(withdraw(w, CLERK_A, 1, "Chuyển công tác"))->promoted_id, 2);
	assert_true(nomination(w, 2)->supplementary);
	expect_done(allocate(w, "CAO-CAP", "SO-A", 1));
	assert_int_equal(propose(w, CLERK_A, someone(w, CLERK_A, "SO-A", AUDIENCE))->state, STATE(SEATED));
	assert_true(nomination(w, 3)->supplementary);
	assert_false(nomination(w, 1)->supplementary);
}

static void the_unit_order_decides_among_equals_and_arrival_comes_last(void **state)
{
	struct world *w = *state;
	uint32_t orders[] = {0, 7, 3, 0};

	for (size_t i = 0; i < 4; i++) {
		Mtr__Propose *body = proposal(w, "CAO-CAP", someone(w, CLERK_A, "SO-A", AUDIENCE));

		body->unit_order = orders[i];
		expect_ack(SEND(w, CLERK_A, PROPOSE, body));
	}
	assert_int_equal(expect_done(allocate(w, "CAO-CAP", "SO-A", 1))->promoted_ids[0], 3);
	assert_int_equal(expect_done(allocate(w, "CAO-CAP", "SO-A", 1))->promoted_ids[0], 2);
	assert_int_equal(expect_done(allocate(w, "CAO-CAP", "SO-A", 1))->promoted_ids[0], 1);
	assert_int_equal(expect_done(allocate(w, "CAO-CAP", "SO-A", 1))->promoted_ids[0], 4);
}

static Mtr__Substitute *substitution(struct world *w, uint64_t id, uint32_t person_id, const char *reason)
{
	Mtr__Substitute *body = NEW(w, substitute);

	body->nomination_id = id;
	body->person = NEW(w, person_reference);
	body->person->person_id = person_id;
	body->reason = text(reason);
	return body;
}

static void a_substitute_takes_the_seat_whatever_its_rank(void **state)
{
	struct world *w = *state;
	uint32_t second = someone(w, CLERK_A, "SO-A", AUDIENCE);
	const Mtr__Acknowledgement *ack;

	expect_done(allocate(w, "CAO-CAP", "SO-A", 1));
	nominate(w, CLERK_A, "SO-A", INCUMBENT);
	expect_ack(vet(w, 1, true, ""));
	propose(w, CLERK_A, someone(w, CLERK_A, "SO-A", SUCCESSOR));
	ERROR(SEND(w, CLERK_A, SUBSTITUTE, substitution(w, 1, second, "")), FIELD_MISSING, "substitute.reason");
	ERROR(SEND(w, CLERK_A, SUBSTITUTE, substitution(w, 2, second, "Bận")), TRANSITION_REFUSED,
	      "substitute.nomination_id");
	ERROR(SEND(w, CLERK_B, SUBSTITUTE, substitution(w, 1, second, "Bận")), UNKNOWN_NOMINATION,
	      "substitute.nomination_id");
	ERROR(SEND(w, CLERK_A, SUBSTITUTE, substitution(w, 1, nomination(w, 1)->person_id, "Bận")), ALREADY_NOMINATED,
	      "substitute.person");
	ERROR(SEND(w, CLERK_A, SUBSTITUTE, substitution(w, 1, 9999, "Bận")), UNKNOWN_PERSON,
	      "substitute.person.person_id");
	ack = expect_ack(SEND(w, CLERK_A, SUBSTITUTE, substitution(w, 1, second, "Bận")));
	expect_place(ack, STATE(SEATED), 2, 2, 0);
	expect_counts(ack, 1, 1, 0);
	assert_int_equal(ack->cause, MTR__CAUSE__CAUSE_SUBSTITUTED);
	assert_int_equal(ack->substitutes_id, 1);
	assert_false(nomination(w, 3)->vetted);
	assert_int_equal(nomination(w, 3)->letter_id, nomination(w, 1)->letter_id);
	assert_int_equal(state_of(w, 1), STATE(REPLACED));
	assert_int_equal(state_of(w, 2), STATE(WAITING));
	expect_done(freeze(w, "CAO-CAP", "SO-A"));
	ack = expect_ack(SEND(w, CLERK_A, SUBSTITUTE, substitution(w, 3, someone(w, CLERK_A, "SO-A", AUDIENCE), "Ốm")));
	assert_true(nomination(w, ack->nomination_id)->supplementary);
}

static Mtr__SettleLate *settlement(struct world *w, uint64_t id, bool accept, const char *reason)
{
	Mtr__SettleLate *body = NEW(w, settle_late);

	body->nomination_id = id;
	body->accept = accept;
	body->reason = text(reason);
	return body;
}

static void what_comes_late_is_held_for_the_organiser(void **state)
{
	struct world *w = *state;
	Mtr__PutProgramme *body = programme(w, "CAO-CAP");
	const Mtr__Acknowledgement *ack;

	expect_done(allocate(w, "CAO-CAP", "SO-A", 1));
	propose(w, CLERK_A, someone(w, CLERK_A, "SO-A", RESERVE));
	body->programme->nomination_window = NEW(w, window);
	body->programme->nomination_window->closes = w->now;
	expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, body));
	propose(w, CLERK_A, someone(w, CLERK_A, "SO-A", AUDIENCE));
	assert_int_equal(state_of(w, 2), STATE(WAITING));
	w->now++;
	ack = propose(w, CLERK_A, someone(w, CLERK_A, "SO-A", INCUMBENT));
	expect_place(ack, STATE(LATE), 0, 0, 0);
	assert_int_equal(ack->outlook[0], MTR__OUTLOOK__OUTLOOK_ORGANISER_SETTLES_LATE);
	propose(w, CLERK_A, someone(w, CLERK_A, "SO-A", INCUMBENT));
	ERROR(SEND(w, ORGANISER, SETTLE_LATE, settlement(w, 4, false, "")), FIELD_MISSING, "settle_late.reason");
	ERROR(SEND(w, OUTSIDER, SETTLE_LATE, settlement(w, 4, true, "")), UNKNOWN_NOMINATION,
	      "settle_late.nomination_id");
	ERROR(SEND(w, ORGANISER, SETTLE_LATE, settlement(w, 1, true, "")), TRANSITION_REFUSED,
	      "settle_late.nomination_id");
	ack = expect_ack(SEND(w, ORGANISER, SETTLE_LATE, settlement(w, 4, false, "Quá hạn")));
	assert_int_equal(ack->state, STATE(LATE_REFUSED));
	assert_int_equal(ack->outlook[0], MTR__OUTLOOK__OUTLOOK_FINAL);
	ack = expect_ack(SEND(w, ORGANISER, SETTLE_LATE, settlement(w, 3, true, "")));
	expect_place(ack, STATE(SEATED), 1, 3, 0);
	assert_int_equal(ack->cause, MTR__CAUSE__CAUSE_LATE_ACCEPTED);
	assert_int_equal(ack->displaced_id, 1);
	expect_ack(SEND(w, CLERK_A, SUBSTITUTE, substitution(w, 3, someone(w, CLERK_A, "SO-A", AUDIENCE), "Bận")));
	assert_int_equal(state_of(w, 5), STATE(SEATED));
	propose(w, CLERK_A, someone(w, CLERK_A, "SO-A", AUDIENCE));
	assert_int_equal(expect_ack(withdraw(w, CLERK_A, 6, ""))->state, STATE(WITHDRAWN));
}

static void vetting_needs_a_numbered_letter(void **state)
{
	struct world *w = *state;
	Mtr__Propose *body = proposal(w, "CAO-CAP", someone(w, CLERK_A, "SO-A", AUDIENCE));
	Mtr__PutLetter *complete = NEW(w, put_letter);
	const Mtr__Acknowledgement *ack;

	expect_done(allocate(w, "CAO-CAP", "SO-A", 1));
	propose(w, CLERK_A, someone(w, CLERK_A, "SO-A", INCUMBENT));
	ERROR(vet(w, 1, true, ""), LETTER_REQUIRED, "vet.nomination_id");
	body->letter_id = letter(w, CLERK_A, "CAO-CAP", "SO-A", "");
	ack = expect_ack(SEND(w, CLERK_A, PROPOSE, body));
	assert_int_equal(ack->outlook[ack->n_outlook - 1], MTR__OUTLOOK__OUTLOOK_LETTER_NUMBER_NEEDED);
	ERROR(vet(w, 2, true, ""), LETTER_REQUIRED, "vet.nomination_id");
	complete->id = body->letter_id;
	complete->programme_code = text("CAO-CAP");
	complete->unit_code = text("SO-A");
	complete->number = text("13-CV/SA");
	expect_done(SEND(w, CLERK_A, PUT_LETTER, complete));
	ERROR(vet(w, 2, false, ""), FIELD_MISSING, "vet.reason");
	ack = expect_ack(vet(w, 2, true, ""));
	assert_int_equal(ack->state, STATE(WAITING));
	assert_true(nomination(w, 2)->vetted);
	expect_ack(withdraw(w, CLERK_A, 1, ""));
	assert_int_equal(state_of(w, 2), STATE(SEATED));
	expect_done(freeze(w, "CAO-CAP", "SO-A"));
	ack = expect_ack(vet(w, 2, true, ""));
	assert_int_equal(ack->n_outlook, 1);
	assert_int_equal(ack->outlook[0], MTR__OUTLOOK__OUTLOOK_DECISION_NEXT);
	ack = expect_ack(vet(w, 2, false, "Thiếu hồ sơ"));
	assert_int_equal(ack->state, STATE(INELIGIBLE));
	assert_int_equal(ack->seats_left, 1);
	ERROR(vet(w, 2, true, ""), TRANSITION_REFUSED, "vet.nomination_id");
}

static void a_failed_vetting_gives_the_seat_on(void **state)
{
	struct world *w = *state;

	expect_done(allocate(w, "CAO-CAP", "SO-A", 1));
	nominate(w, CLERK_A, "SO-A", INCUMBENT);
	nominate(w, CLERK_A, "SO-A", AUDIENCE);
	assert_int_equal(expect_ack(vet(w, 1, false, "Không đủ tuổi"))->promoted_id, 2);
	assert_false(nomination(w, 2)->vetted);
	assert_false(nomination(w, 2)->supplementary);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(seats_go_to_the_best_and_the_others_wait_in_order),
		WORLD_TEST(a_grant_seats_those_who_wait),
		WORLD_TEST(a_unit_does_not_touch_another_unit),
		WORLD_TEST(a_frozen_list_is_neither_displaced_nor_seated_without_supplement),
		WORLD_TEST(the_unit_order_decides_among_equals_and_arrival_comes_last),
		WORLD_TEST(a_substitute_takes_the_seat_whatever_its_rank),
		WORLD_TEST(what_comes_late_is_held_for_the_organiser),
		WORLD_TEST(vetting_needs_a_numbered_letter),
		WORLD_TEST(a_failed_vetting_gives_the_seat_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
