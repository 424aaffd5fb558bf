#include "world.h"

/* Two vetted on the frozen list of SO-A, which has two seats; a third waits. Ids 1 to 3. */
static void prepare(struct world *w)
{
	expect_done(allocate(w, "CAO-CAP", "SO-A", 2));
	for (int i = 0; i < 3; i++)
		nominate(w, CLERK_A, "SO-A", INCUMBENT);
	expect_ack(vet(w, 1, true, ""));
	expect_ack(vet(w, 2, true, ""));
	expect_ack(vet(w, 3, true, ""));
}

static void the_managing_body_decides(void **state)
{
	struct world *w = *state;
	uint64_t ids[] = {1, 2};
	const Mtr__Done *done;
	const Mtr__Nomination *row;

	prepare(w);
	ERROR(SEND(w, APPROVER_A, DECIDE, decision(w, ids, 2)), LIST_NOT_FROZEN, "decide.approved_ids.0");
	expect_done(freeze(w, "CAO-CAP", "SO-A"));
	ERROR(SEND(w, APPROVER, DECIDE, decision(w, ids, 2)), NOT_MANAGING_BODY, "decide.approved_ids.0");
	done = expect_done(SEND(w, APPROVER_A, DECIDE, decision(w, ids, 2)));
	assert_true(done->created);
	assert_int_equal(done->type, MTR__ENTITY_TYPE__ENTITY_TYPE_DECISION);
	assert_string_equal(done->code, "456-QĐ/TU");
	assert_int_equal(done->changed, 2);
	row = nomination(w, 1);
	assert_int_equal(row->state, STATE(DECIDED));
	assert_int_equal(row->decision_id, done->id);
	assert_string_equal(row->decision_number, "456-QĐ/TU");
	assert_int_equal(row->decision_date, 20200310);
	ERROR(SEND(w, APPROVER_A, DECIDE, decision(w, ids, 2)), TRANSITION_REFUSED, "decide.approved_ids.0");
}

static void refusals_free_seats_and_promotions_need_a_supplement(void **state)
{
	struct world *w = *state;
	uint64_t approved[] = {1}, refused[] = {2}, third[] = {3};
	Mtr__Decide *body = decision(w, approved, 1);
	const Mtr__Done *done;

	prepare(w);
	expect_done(freeze(w, "CAO-CAP", "SO-A"));
	body->refused_ids = refused;
	body->n_refused_ids = 1;
	ERROR(SEND(w, APPROVER_A, DECIDE, body), FIELD_MISSING, "decide.reason");
	body->reason = text("Đang xem xét kỷ luật");
	done = expect_done(SEND(w, APPROVER_A, DECIDE, body));
	assert_int_equal(done->changed, 3);
	assert_int_equal(done->n_promoted_ids, 1);
	assert_int_equal(done->promoted_ids[0], 3);
	assert_int_equal(state_of(w, 2), STATE(NOT_APPROVED));
	assert_string_equal(nomination(w, 2)->reason, "Đang xem xét kỷ luật");
	assert_string_equal(nomination(w, 2)->document, "456-QĐ/TU");
	assert_int_equal(nomination(w, 2)->decision_id, 0);
	assert_true(nomination(w, 3)->supplementary);
	ERROR(SEND(w, APPROVER_A, DECIDE, decision(w, third, 1)), SUPPLEMENTARY_REQUIRED, "decide.approved_ids.0");
	body = decision(w, third, 1);
	body->supplementary = true;
	expect_done(SEND(w, APPROVER_A, DECIDE, body));
	assert_int_equal(state_of(w, 3), STATE(DECIDED));
}

static void many_refusals_promote_as_many(void **state)
{
	struct world *w = *state;
	uint64_t refused[] = {2, 1};
	Mtr__Decide *body = decision(w, NULL, 0);
	const Mtr__Done *done;

	prepare(w);
	nominate(w, CLERK_A, "SO-A", AUDIENCE);
	nominate(w, CLERK_A, "SO-A", RESERVE);
	expect_done(freeze(w, "CAO-CAP", "SO-A"));
	body->refused_ids = refused;
	body->n_refused_ids = 2;
	body->reason = text("Không đủ điều kiện");
	done = expect_done(SEND(w, APPROVER_A, DECIDE, body));
	assert_int_equal(done->n_promoted_ids, 2);
	assert_int_equal(done->promoted_ids[0], 3);
	assert_int_equal(done->promoted_ids[1], 5);
	assert_int_equal(state_of(w, 4), STATE(WAITING));
	assert_int_equal(expect_ack(withdraw(w, CLERK_A, 3, "Bận"))->seats_held, 2);
}

static void all_or_nothing(void **state)
{
	struct world *w = *state;
	uint64_t ids[] = {1, 2, 3};

	prepare(w);
	expect_done(freeze(w, "CAO-CAP", "SO-A"));
	ERROR(SEND(w, APPROVER_A, DECIDE, decision(w, ids, 3)), TRANSITION_REFUSED, "decide.approved_ids.2");
	assert_string_equal(w->outcome.answer->error->found, "STATE_WAITING");
	assert_string_equal(w->outcome.answer->error->wanted, "decide approve");
	assert_int_equal(w->outcome.answer->error->number, STATE(WAITING));
	assert_int_equal(w->outcome.effect_count, 0);
	assert_int_equal(state_of(w, 1), STATE(SEATED));
}

static void what_may_stand_in_a_decision(void **state)
{
	struct world *w = *state;
	uint64_t ids[] = {1, 2, 1}, other[1], many[161] = {0};
	Mtr__Decide *body = decision(w, ids, 2);
	Mtr__PutProgramme *more = programme(w, "KHAC");

	prepare(w);
	expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, more));
	body->date = 20200226;
	ERROR(SEND(w, APPROVER_A, DECIDE, body), DATE_FUTURE, "decide.date");
	w->now = day(20200310);
	body->date = 20200310;
	body->number = text("");
	ERROR(SEND(w, APPROVER_A, DECIDE, body), FIELD_MISSING, "decide.number");
	body->number = text("456-QĐ/TU");
	body->signer = text("");
	ERROR(SEND(w, APPROVER_A, DECIDE, body), FIELD_MISSING, "decide.signer");
	ERROR(SEND(w, APPROVER_A, DECIDE, decision(w, ids, 0)), FIELD_VALUE, "decide.approved_ids");
	ERROR(SEND(w, APPROVER_A, DECIDE, decision(w, ids, 3)), FIELD_VALUE, "decide.approved_ids.2");
	ERROR(SEND(w, APPROVER_A, DECIDE, decision(w, many, 161)), TOO_MANY_ITEMS, "decide.approved_ids");
	body = decision(w, ids, 2);
	body->refused_ids = &ids[1];
	body->n_refused_ids = 1;
	ERROR(SEND(w, APPROVER_A, DECIDE, body), FIELD_VALUE, "decide.refused_ids.0");
	body = decision(w, many, 160);
	for (size_t i = 0; i < 160; i++)
		many[i] = i + 1;
	body->refused_ids = &many[160];
	body->n_refused_ids = 1;
	ERROR(SEND(w, APPROVER_A, DECIDE, body), TOO_MANY_ITEMS, "decide.approved_ids");
	body = decision(w, ids, 2);
	body->programme_code = text("KHAC");
	ERROR(SEND(w, APPROVER_A, DECIDE, body), WRONG_PROGRAMME, "decide.approved_ids.0");
	other[0] = nominate(w, CLERK_B, "SO-B", AUDIENCE);
	ERROR(SEND(w, APPROVER_A, DECIDE, decision(w, other, 1)), UNKNOWN_NOMINATION, "decide.approved_ids.0");
	other[0] = 9999;
	ERROR(SEND(w, APPROVER_A, DECIDE, decision(w, other, 1)), UNKNOWN_NOMINATION, "decide.approved_ids.0");
	other[0] = nominate(w, CLERK_A, "SO-A", INCUMBENT);
	expect_ack(withdraw(w, CLERK_A, 1, ""));
	expect_ack(withdraw(w, CLERK_A, 2, ""));
	expect_done(freeze(w, "CAO-CAP", "SO-A"));
	ERROR(SEND(w, APPROVER_A, DECIDE, decision(w, other, 1)), NOT_VETTED, "decide.approved_ids.0");
}

static void one_managed_from_elsewhere_is_known_to_its_approver(void **state)
{
	struct world *w = *state;
	Mtr__PutTitle *managed = title(w, "TPX", 2, 0);
	Mtr__PutPerson *body = person(w, "Nguyễn Văn An", "SO-B");
	Mtr__Propose *put_forward;
	uint64_t ids[1];

	managed->managing_unit_code = text("SO-A");
	expect_done(SEND(w, ORGANISER, PUT_TITLE, managed));
	hold(w, body, "TPX", "");
	expect_done(allocate(w, "CAO-CAP", "SO-B", 1));
	put_forward = proposal(w, "CAO-CAP", put_person(w, CLERK_B, body));
	put_forward->letter_id = letter(w, CLERK_B, "CAO-CAP", "SO-B", "1-CV/SB");
	ids[0] = expect_ack(SEND(w, CLERK_B, PROPOSE, put_forward))->nomination_id;
	assert_int_equal(nomination(w, ids[0])->managing_unit_id, 3);
	expect_ack(vet(w, ids[0], true, ""));
	expect_done(freeze(w, "CAO-CAP", "SO-B"));
	ERROR(SEND(w, APPROVER, DECIDE, decision(w, ids, 1)), NOT_MANAGING_BODY, "decide.approved_ids.0");
	expect_done(SEND(w, APPROVER_A, DECIDE, decision(w, ids, 1)));
}

static Mtr__Forward *forwarding(struct world *w, uint64_t id, Mtr__ForwardStep step, const char *reason)
{
	Mtr__Forward *body = NEW(w, forward);

	body->nomination_id = id;
	body->step = step;
	body->reason = text(reason);
	body->document = text("88-CV/HV");
	return body;
}
#define SENT MTR__FORWARD_STEP__FORWARD_STEP_SENT
#define ACCEPTED MTR__FORWARD_STEP__FORWARD_STEP_ACCEPTED
#define REJECTED MTR__FORWARD_STEP__FORWARD_STEP_REJECTED

static void files_go_to_the_academy_where_it_accepts(void **state)
{
	struct world *w = *state;
	Mtr__PutProgramme *change = programme(w, "CAO-CAP");
	uint64_t ids[] = {1, 2};
	const Mtr__Acknowledgement *ack;

	prepare(w);
	expect_done(freeze(w, "CAO-CAP", "SO-A"));
	expect_done(SEND(w, APPROVER_A, DECIDE, decision(w, ids, 2)));
	ERROR(SEND(w, ORGANISER, FORWARD, forwarding(w, 1, SENT, "")), TRANSITION_REFUSED, "forward.nomination_id");
	change->programme->needs_acceptance = true;
	expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, change));
	ERROR(SEND(w, ORGANISER, FORWARD, forwarding(w, 1, ACCEPTED, "")), TRANSITION_REFUSED, "forward.nomination_id");
	ERROR(SEND(w, OUTSIDER, FORWARD, forwarding(w, 1, SENT, "")), UNKNOWN_NOMINATION, "forward.nomination_id");
	ERROR(SEND(w, ORGANISER, FORWARD, forwarding(w, 1, 0, "")), FIELD_MISSING, "forward.step");
	assert_int_equal(expect_ack(SEND(w, ORGANISER, FORWARD, forwarding(w, 1, SENT, "")))->state, STATE(FORWARDED));
	expect_ack(SEND(w, ORGANISER, FORWARD, forwarding(w, 2, SENT, "")));
	ack = expect_ack(SEND(w, ORGANISER, FORWARD, forwarding(w, 1, ACCEPTED, "")));
	assert_int_equal(ack->state, STATE(ACCEPTED));
	assert_string_equal(nomination(w, 1)->document, "88-CV/HV");
	ERROR(SEND(w, ORGANISER, FORWARD, forwarding(w, 2, REJECTED, "")), FIELD_MISSING, "forward.reason");
	ack = expect_ack(SEND(w, ORGANISER, FORWARD, forwarding(w, 2, REJECTED, "Thiếu bằng cấp")));
	assert_int_equal(ack->state, STATE(REJECTED));
	assert_int_equal(ack->promoted_id, 3);
	assert_true(nomination(w, 3)->supplementary);
}

static int decisions_setup(void **state)
{
	int failed = world_setup(state);

	if (!failed)
		((struct world *)*state)->now = day(20200310);
	return failed;
}

#define DECISION_TEST(name) cmocka_unit_test_setup_teardown(name, decisions_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DECISION_TEST(the_managing_body_decides),
		DECISION_TEST(refusals_free_seats_and_promotions_need_a_supplement),
		DECISION_TEST(many_refusals_promote_as_many),
		DECISION_TEST(all_or_nothing),
		WORLD_TEST(what_may_stand_in_a_decision),
		DECISION_TEST(one_managed_from_elsewhere_is_known_to_its_approver),
		DECISION_TEST(files_go_to_the_academy_where_it_accepts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
