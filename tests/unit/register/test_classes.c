#include "world.h"

static Mtr__OpenClass *class_body(struct world *w, const char *code)
{
	Mtr__OpenClass *body = NEW(w, open_class);

	body->code = text(code);
	body->programme_code = text("CAO-CAP");
	body->provider_unit_code = text("TRUONG");
	body->student_manager_unit_code = text("TRUONG-QL");
	body->opens_on = 20200401;
	body->closes_on = 20200430;
	body->capacity = 3;
	body->decision_number = text("12-QĐ/TCT");
	return body;
}

/* Approved for SO-A, which has `count` seats; one more waits. Ids from 1. */
static void prepare(struct world *w, size_t count)
{
	uint64_t ids[8];

	w->now = day(20200310);
	expect_done(allocate(w, "CAO-CAP", "SO-A", (int64_t)count));
	for (size_t i = 0; i < count; i++) {
		ids[i] = nominate(w, CLERK_A, "SO-A", INCUMBENT);
		expect_ack(vet(w, ids[i], true, ""));
	}
	expect_done(freeze(w, "CAO-CAP", "SO-A"));
	expect_done(SEND(w, APPROVER_A, DECIDE, decision(w, ids, count)));
	nominate(w, CLERK_A, "SO-A", AUDIENCE);
	expect_done(SEND(w, SCHOOL, OPEN_CLASS, class_body(w, "LOP-1")));
}

static Mtr__Summon *summons(struct world *w, const char *code, uint64_t *ids, size_t count)
{
	Mtr__Summon *body = NEW(w, summon);

	body->class_code = text(code);
	body->number = text("20-GTT/BTC");
	body->report_on = 20200331;
	body->nomination_ids = ids;
	body->n_nomination_ids = count;
	return body;
}

static Mtr__Enrol *attendance(struct world *w, uint64_t id, Mtr__AttendanceKind kind, const char *reason)
{
	Mtr__Enrol *body = NEW(w, enrol);
	Mtr__Attendance *one = NEW(w, attendance);

	one->nomination_id = id;
	one->kind = kind;
	one->reason = text(reason);
	body->class_code = text("LOP-1");
	body->n_attendances = 1;
	body->attendances = list_of(w, 1, one);
	return body;
}
#define PRESENT MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_PRESENT
#define EXCUSED MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_EXCUSED
#define ABSENT MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_ABSENT

static Mtr__CloseClass *results(struct world *w, uint64_t id, Mtr__State state, bool close)
{
	Mtr__CloseClass *body = NEW(w, close_class);
	Mtr__Result *one = NEW(w, result);

	one->nomination_id = id;
	one->state = state;
	one->result = text("Giỏi");
	body->class_code = text("LOP-1");
	body->n_results = id ? 1 : 0;
	body->results = list_of(w, 1, one);
	body->close = close;
	return body;
}

static const Mtr__Enrolment *enrolment(struct world *w, uint64_t id)
{
	struct mtr_txn txn;
	const Mtr__Enrolment *row;

	mtr_txn_begin_read(&txn, w->store);
	row = mtr_read_enrolment(&txn, w->messages, id);
	mtr_txn_abort(&txn);
	assert_non_null(row);
	return row;
}

static void a_class_is_opened_by_its_provider_or_the_organiser(void **state)
{
	struct world *w = *state;
	Mtr__OpenClass *body = class_body(w, "LOP-1");
	Mtr__PutProgramme *change = programme(w, "CAO-CAP");

	body->provider_unit_code = text("TRUONG-QL");
	ERROR(SEND(w, SCHOOL, OPEN_CLASS, body), OUT_OF_SCOPE, "open_class.provider_unit_code");
	ERROR(SEND(w, MANAGER, OPEN_CLASS, body), OUT_OF_SCOPE, "open_class.provider_unit_code");
	ERROR(SEND(w, ORGANISER, OPEN_CLASS, body), OUT_OF_SCOPE, "open_class.provider_unit_code");
	ERROR(SEND(w, OUTSIDER, OPEN_CLASS, body), OUT_OF_SCOPE, "open_class.programme_code");
	ERROR(SEND(w, CLERK_A, OPEN_CLASS, body), ROLE_REFUSED, "");
	body->out_of_plan = true;
	expect_done(SEND(w, MANAGER, OPEN_CLASS, body));
	ERROR(SEND(w, MANAGER, OPEN_CLASS, body), CODE_TAKEN, "open_class.code");
	body = class_body(w, "LOP-2");
	assert_true(expect_done(SEND(w, SCHOOL, OPEN_CLASS, body))->created);
	body = class_body(w, "LOP-3");
	body->closes_on = 20200331;
	ERROR(SEND(w, ORGANISER, OPEN_CLASS, body), FIELD_RANGE, "open_class.closes_on");
	body->closes_on = 0;
	body->decision_number = text("");
	ERROR(SEND(w, ORGANISER, OPEN_CLASS, body), FIELD_MISSING, "open_class.decision_number");
	body->decision_number = text("12-QĐ/TCT");
	body->capacity = 0;
	ERROR(SEND(w, ORGANISER, OPEN_CLASS, body), FIELD_RANGE, "open_class.capacity");
	body->capacity = 10001;
	ERROR(SEND(w, ORGANISER, OPEN_CLASS, body), FIELD_RANGE, "open_class.capacity");
	body->capacity = 10000;
	body->student_manager_unit_code = text("KHONG-CO");
	ERROR(SEND(w, ORGANISER, OPEN_CLASS, body), UNKNOWN_UNIT, "open_class.student_manager_unit_code");
	body->student_manager_unit_code = text("");
	change->programme->bloc = MTR__BLOC__BLOC_STATE;
	expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, change));
	ERROR(SEND(w, ORGANISER, OPEN_CLASS, body), APPROVAL_REQUIRED, "open_class.approval_number");
	body->approval_number = text("3-CV/SNV");
	expect_done(SEND(w, ORGANISER, OPEN_CLASS, body));
}

static void the_decided_are_summoned(void **state)
{
	struct world *w = *state;
	uint64_t ids[] = {1, 2, 3, 4}, twice[] = {1, 1}, hidden[1];
	const Mtr__Done *done;

	prepare(w, 4);
	ERROR(SEND(w, ORGANISER, SUMMON, summons(w, "KHONG-CO", ids, 1)), UNKNOWN_CLASS, "summon.class_code");
	ERROR(SEND(w, OUTSIDER, SUMMON, summons(w, "LOP-1", ids, 1)), OUT_OF_SCOPE, "summon.class_code");
	ERROR(SEND(w, MANAGER, SUMMON, summons(w, "LOP-1", ids, 1)), OUT_OF_SCOPE, "summon.class_code");
	ERROR(SEND(w, SCHOOL, SUMMON, summons(w, "LOP-1", ids, 0)), FIELD_MISSING, "summon.nomination_ids");
	ERROR(SEND(w, SCHOOL, SUMMON, summons(w, "LOP-1", twice, 2)), FIELD_VALUE, "summon.nomination_ids.1");
	ERROR(SEND(w, SCHOOL, SUMMON, summons(w, "LOP-1", ids, 4)), CLASS_FULL, "summon.nomination_ids");
	assert_int_equal(w->outcome.answer->error->number, 3);
	hidden[0] = 999;
	ERROR(SEND(w, SCHOOL, SUMMON, summons(w, "LOP-1", hidden, 1)), UNKNOWN_NOMINATION, "summon.nomination_ids.0");
	hidden[0] = 5;
	ERROR(SEND(w, SCHOOL, SUMMON, summons(w, "LOP-1", hidden, 1)), TRANSITION_REFUSED, "summon.nomination_ids.0");
	done = expect_done(SEND(w, SCHOOL, SUMMON, summons(w, "LOP-1", ids, 2)));
	assert_int_equal(done->type, MTR__ENTITY_TYPE__ENTITY_TYPE_SUMMONS);
	assert_int_equal(done->changed, 2);
	assert_int_equal(state_of(w, 2), STATE(SUMMONED));
	assert_int_equal(nomination(w, 2)->class_id, 1);
	assert_int_equal(enrolment(w, 1)->state, STATE(SUMMONED));
	assert_string_equal(enrolment(w, 1)->full_name, "Nguyễn Văn An");
	assert_string_equal(enrolment(w, 1)->title_name, "PGD");
	assert_string_equal(enrolment(w, 1)->unit_name, "SO-A");
	assert_int_equal(enrolment(w, 1)->report_on, 20200331);
	ERROR(SEND(w, ORGANISER, SUMMON, summons(w, "LOP-1", &ids[2], 2)), CLASS_FULL, "summon.nomination_ids");
	expect_done(SEND(w, ORGANISER, SUMMON, summons(w, "LOP-1", &ids[2], 1)));
}

static void only_the_accepted_are_summoned_where_acceptance_is_needed(void **state)
{
	struct world *w = *state;
	Mtr__PutProgramme *change = programme(w, "CAO-CAP");
	Mtr__Forward *sent = NEW(w, forward), *accepted = NEW(w, forward);
	uint64_t ids[] = {1};

	prepare(w, 1);
	change->programme->needs_acceptance = true;
	expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, change));
	ERROR(SEND(w, SCHOOL, SUMMON, summons(w, "LOP-1", ids, 1)), TRANSITION_REFUSED, "summon.nomination_ids.0");
	sent->nomination_id = accepted->nomination_id = 1;
	sent->step = MTR__FORWARD_STEP__FORWARD_STEP_SENT;
	accepted->step = MTR__FORWARD_STEP__FORWARD_STEP_ACCEPTED;
	expect_ack(SEND(w, ORGANISER, FORWARD, sent));
	expect_ack(SEND(w, ORGANISER, FORWARD, accepted));
	expect_done(SEND(w, SCHOOL, SUMMON, summons(w, "LOP-1", ids, 1)));
}

/* The same person, put forward to a second programme, decided and called to a class of it. */
static const Mtr__Answer *summon_elsewhere(struct world *w, uint32_t opens_on, uint32_t closes_on)
{
	static int number;
	char *code = mtr_arena_alloc(w->messages, 32);
	Mtr__OpenClass *class = class_body(w, code);
	uint64_t *ids = mtr_arena_alloc(w->messages, sizeof *ids);

	snprintf(code, 32, "LOP-K%d", ++number);
	class->programme_code = text("KHAC");
	class->opens_on = opens_on;
	class->closes_on = closes_on;
	expect_done(SEND(w, SCHOOL, OPEN_CLASS, class));
	ids[0] = 3;
	return SEND(w, ORGANISER, SUMMON, summons(w, code, ids, 1));
}

static void nobody_sits_in_two_classes_at_once(void **state)
{
	struct world *w = *state;
	Mtr__Propose *again;
	Mtr__Decide *body;
	Mtr__Allocate *grant = NEW(w, allocate);
	Mtr__Freeze *closing = NEW(w, freeze);
	uint64_t first[] = {1}, other[] = {3};

	prepare(w, 1);
	expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, programme(w, "KHAC")));
	grant->programme_code = closing->programme_code = text("KHAC");
	grant->unit_code = closing->unit_code = text("SO-A");
	grant->seats = 1;
	expect_done(SEND(w, ORGANISER, ALLOCATE, grant));
	again = proposal(w, "KHAC", nomination(w, 1)->person_id);
	again->letter_id = letter(w, CLERK_A, "KHAC", "SO-A", "15-CV/SA");
	assert_int_equal(expect_ack(SEND(w, CLERK_A, PROPOSE, again))->nomination_id, 3);
	expect_ack(vet(w, 3, true, ""));
	expect_done(SEND(w, ORGANISER, FREEZE, closing));
	body = decision(w, other, 1);
	body->programme_code = text("KHAC");
	expect_done(SEND(w, APPROVER_A, DECIDE, body));
	ERROR(SEND(w, ORGANISER, SUMMON, summons(w, "LOP-1", other, 1)), WRONG_PROGRAMME, "summon.nomination_ids.0");
	ERROR(SEND(w, SCHOOL, SUMMON, summons(w, "LOP-1", other, 1)), UNKNOWN_NOMINATION, "summon.nomination_ids.0");
	expect_done(SEND(w, SCHOOL, SUMMON, summons(w, "LOP-1", first, 1)));
	ERROR(summon_elsewhere(w, 20200430, 20200501), SESSION_CONFLICT, "summon.nomination_ids.0");
	ERROR(summon_elsewhere(w, 20200301, 20200401), SESSION_CONFLICT, "summon.nomination_ids.0");
	expect_done(summon_elsewhere(w, 20200420, 0));
}

static void the_school_says_who_came(void **state)
{
	struct world *w = *state;
	uint64_t ids[] = {1, 2, 3};
	const Mtr__Done *done;

	prepare(w, 3);
	expect_done(SEND(w, SCHOOL, SUMMON, summons(w, "LOP-1", ids, 3)));
	ERROR(SEND(w, ORGANISER, ENROL, attendance(w, 1, PRESENT, "")), ROLE_REFUSED, "");
	expect_done(SEND(w, MANAGER, ENROL, attendance(w, 1, PRESENT, "")));
	assert_int_equal(state_of(w, 1), STATE(ENROLLED));
	assert_int_equal(enrolment(w, 1)->state, STATE(ENROLLED));
	ERROR(SEND(w, SCHOOL, ENROL, attendance(w, 1, PRESENT, "")), TRANSITION_REFUSED,
	      "enrol.attendances.0.nomination_id");
	ERROR(SEND(w, SCHOOL, ENROL, attendance(w, 2, EXCUSED, "")), FIELD_MISSING, "enrol.attendances.0.reason");
	done = expect_done(SEND(w, SCHOOL, ENROL, attendance(w, 2, EXCUSED, "Ốm nặng")));
	assert_int_equal(done->changed, 1);
	assert_int_equal(done->n_promoted_ids, 0);
	assert_int_equal(state_of(w, 4), STATE(SEATED));
	assert_int_equal(state_of(w, 2), STATE(EXCUSED));
	assert_string_equal(enrolment(w, 2)->note, "Ốm nặng");
	assert_string_equal(nomination(w, 2)->reason, "Ốm nặng");
	assert_true(nomination(w, 4)->supplementary);
	expect_done(SEND(w, SCHOOL, ENROL, attendance(w, 3, ABSENT, "")));
	assert_int_equal(state_of(w, 3), STATE(DEFIED));
	ERROR(SEND(w, SCHOOL, ENROL, attendance(w, 99, PRESENT, "")), UNKNOWN_NOMINATION,
	      "enrol.attendances.0.nomination_id");
	ERROR(SEND(w, SCHOOL, ENROL, attendance(w, 4, 9, "")), FIELD_VALUE, "enrol.attendances.0.kind");
	ERROR(SEND(w, SCHOOL, CLOSE_CLASS, results(w, 0, STATE(FAILED), true)), TRANSITION_REFUSED,
	      "close_class.close");
}

static void results_reach_the_person_and_close_the_class(void **state)
{
	struct world *w = *state;
	uint64_t ids[] = {1, 2};
	struct mtr_txn txn;
	const Mtr__Person *row;

	prepare(w, 2);
	expect_done(SEND(w, SCHOOL, SUMMON, summons(w, "LOP-1", ids, 2)));
	ERROR(SEND(w, SCHOOL, CLOSE_CLASS, results(w, 1, STATE(COMPLETED), false)), TRANSITION_REFUSED,
	      "close_class.results.0.nomination_id");
	expect_done(SEND(w, SCHOOL, ENROL, attendance(w, 1, PRESENT, "")));
	expect_done(SEND(w, SCHOOL, ENROL, attendance(w, 2, PRESENT, "")));
	ERROR(SEND(w, SCHOOL, CLOSE_CLASS, results(w, 1, STATE(EXCUSED), false)), FIELD_VALUE,
	      "close_class.results.0.state");
	ERROR(SEND(w, SCHOOL, CLOSE_CLASS, results(w, 0, STATE(FAILED), false)), FIELD_MISSING, "close_class.results");
	ERROR(SEND(w, SCHOOL, CLOSE_CLASS, results(w, 1, STATE(COMPLETED), true)), TRANSITION_REFUSED,
	      "close_class.close");
	assert_int_equal(w->outcome.answer->error->number, 1);
	expect_done(SEND(w, SCHOOL, CLOSE_CLASS, results(w, 1, STATE(COMPLETED), false)));
	assert_int_equal(state_of(w, 1), STATE(COMPLETED));
	assert_string_equal(enrolment(w, 1)->result, "Giỏi");
	mtr_txn_begin_read(&txn, w->store);
	row = mtr_read_person(&txn, w->messages, nomination(w, 1)->person_id);
	mtr_txn_abort(&txn);
	assert_int_equal(row->n_attained, 1);
	assert_int_equal(row->attained[0]->scheme, MTR__SCHEME__SCHEME_THEORY);
	assert_int_equal(row->attained[0]->number, 3);
	expect_done(SEND(w, SCHOOL, CLOSE_CLASS, results(w, 2, STATE(FAILED), true)));
	ERROR(SEND(w, SCHOOL, CLOSE_CLASS, results(w, 2, STATE(FAILED), true)), CLASS_CLOSED, "close_class.class_code");
	ERROR(SEND(w, SCHOOL, ENROL, attendance(w, 2, PRESENT, "")), CLASS_CLOSED, "enrol.class_code");
	ERROR(SEND(w, SCHOOL, SUMMON, summons(w, "LOP-1", ids, 1)), CLASS_CLOSED, "summon.class_code");
	ERROR(SEND(w, CLERK_A, PROPOSE, proposal(w, "CAO-CAP", nomination(w, 1)->person_id)), ALREADY_NOMINATED,
	      "propose.person");
	assert_int_equal(propose(w, CLERK_A, nomination(w, 2)->person_id)->state, STATE(WAITING));
}

static void a_cumulative_attainment_replaces_the_lower_one(void **state)
{
	struct world *w = *state;
	Mtr__PutPerson *body;
	uint64_t ids[] = {1};
	struct mtr_txn txn;
	const Mtr__Person *row;

	prepare(w, 1);
	body = person(w, "Nguyễn Văn An", "SO-A");
	body->person->id = nomination(w, 1)->person_id;
	body->person->n_attained = 2;
	body->person->attained =
		list_of(w, 2, standard(w, MTR__SCHEME__SCHEME_THEORY, 1), standard(w, MTR__SCHEME__SCHEME_SKILL, 3));
	put_person(w, CLERK_A, body);
	expect_done(SEND(w, SCHOOL, SUMMON, summons(w, "LOP-1", ids, 1)));
	expect_done(SEND(w, SCHOOL, ENROL, attendance(w, 1, PRESENT, "")));
	expect_done(SEND(w, SCHOOL, CLOSE_CLASS, results(w, 1, STATE(COMPLETED), true)));
	mtr_txn_begin_read(&txn, w->store);
	row = mtr_read_person(&txn, w->messages, body->person->id);
	mtr_txn_abort(&txn);
	assert_int_equal(row->n_attained, 2);
	assert_int_equal(row->attained[0]->scheme, MTR__SCHEME__SCHEME_THEORY);
	assert_int_equal(row->attained[0]->number, 3);
	assert_int_equal(row->attained[1]->scheme, MTR__SCHEME__SCHEME_SKILL);
}

static void who_leaves_or_defers_has_had_a_seat(void **state)
{
	struct world *w = *state;
	uint64_t ids[] = {1, 2};
	const Mtr__Acknowledgement *ack;

	prepare(w, 2);
	expect_done(SEND(w, SCHOOL, SUMMON, summons(w, "LOP-1", ids, 2)));
	expect_done(SEND(w, SCHOOL, ENROL, attendance(w, 1, PRESENT, "")));
	expect_done(SEND(w, SCHOOL, ENROL, attendance(w, 2, PRESENT, "")));
	expect_done(SEND(w, SCHOOL, CLOSE_CLASS, results(w, 1, STATE(LEFT), false)));
	expect_done(SEND(w, SCHOOL, CLOSE_CLASS, results(w, 2, STATE(DEFERRED), true)));
	assert_int_equal(state_of(w, 1), STATE(LEFT));
	assert_int_equal(state_of(w, 2), STATE(DEFERRED));
	assert_int_equal(state_of(w, 3), STATE(WAITING));
	ack = propose(w, CLERK_A, nomination(w, 1)->person_id);
	assert_int_equal(ack->seats_held, 2);
	assert_int_equal(ack->state, STATE(WAITING));
	ERROR(SEND(w, CLERK_A, PROPOSE, proposal(w, "CAO-CAP", nomination(w, 2)->person_id)), ALREADY_NOMINATED,
	      "propose.person");
}

static void no_more_is_attained_than_a_person_may_have(void **state)
{
	struct world *w = *state;
	Mtr__PutPerson *body;
	uint64_t ids[] = {1};

	prepare(w, 1);
	body = person(w, "Nguyễn Văn An", "SO-A");
	body->person->id = nomination(w, 1)->person_id;
	body->person->n_attained = MTR_STANDARDS_MAX;
	body->person->attained = mtr_arena_array(w->messages, MTR_STANDARDS_MAX, sizeof(Mtr__Standard *));
	for (uint32_t i = 0; i < MTR_STANDARDS_MAX; i++)
		body->person->attained[i] = standard(w, MTR__SCHEME__SCHEME_SKILL, i + 1);
	put_person(w, CLERK_A, body);
	expect_done(SEND(w, SCHOOL, SUMMON, summons(w, "LOP-1", ids, 1)));
	expect_done(SEND(w, SCHOOL, ENROL, attendance(w, 1, PRESENT, "")));
	ERROR(SEND(w, SCHOOL, CLOSE_CLASS, results(w, 1, STATE(COMPLETED), true)), TOO_MANY_ITEMS,
	      "close_class.results.0.nomination_id");
	assert_int_equal(state_of(w, 1), STATE(ENROLLED));
}

static void another_schools_class_is_out_of_reach(void **state)
{
	struct world *w = *state;
	uint64_t ids[] = {1};

	prepare(w, 1);
	expect_done(SEND(w, SCHOOL, SUMMON, summons(w, "LOP-1", ids, 1)));
	expect_done(SEND(w, OPERATOR, PUT_PRINCIPAL, key(w, 99, MTR__ROLE__ROLE_SCHOOL, "SO-B")));
	ERROR(SEND(w, PRINCIPALS, ENROL, attendance(w, 1, PRESENT, "")), OUT_OF_SCOPE, "enrol.class_code");
	ERROR(SEND(w, PRINCIPALS, CLOSE_CLASS, results(w, 1, STATE(FAILED), false)), OUT_OF_SCOPE,
	      "close_class.class_code");
	ERROR(SEND(w, MANAGER, CLOSE_CLASS, results(w, 1, STATE(FAILED), false)), OUT_OF_SCOPE,
	      "close_class.class_code");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(a_class_is_opened_by_its_provider_or_the_organiser),
		WORLD_TEST(the_decided_are_summoned),
		WORLD_TEST(only_the_accepted_are_summoned_where_acceptance_is_needed),
		WORLD_TEST(nobody_sits_in_two_classes_at_once),
		WORLD_TEST(the_school_says_who_came),
		WORLD_TEST(results_reach_the_person_and_close_the_class),
		WORLD_TEST(a_cumulative_attainment_replaces_the_lower_one),
		WORLD_TEST(who_leaves_or_defers_has_had_a_seat),
		WORLD_TEST(no_more_is_attained_than_a_person_may_have),
		WORLD_TEST(another_schools_class_is_out_of_reach),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
