#include "world.h"

static Mtr__Transfer *transfer(struct world *w, const char *from, const char *to, int64_t seats)
{
	Mtr__Transfer *body = NEW(w, transfer);

	body->programme_code = text("CAO-CAP");
	body->from_unit_code = text(from);
	body->to_unit_code = text(to);
	body->seats = seats;
	body->document = text("77-CV/BTC");
	return body;
}

static Mtr__ReturnSeats *giving_back(struct world *w, const char *unit_code, int64_t seats, bool lapsed)
{
	Mtr__ReturnSeats *body = NEW(w, return_seats);

	body->programme_code = text("CAO-CAP");
	body->unit_code = text(unit_code);
	body->seats = seats;
	body->lapsed = lapsed;
	return body;
}

static void a_grant_stays_within_the_figure_in_force(void **state)
{
	struct world *w = *state;
	const Mtr__Answer *answer;

	expect_done(allocate(w, "CAO-CAP", "SO-A", 6));
	answer = allocate(w, "CAO-CAP", "SO-B", 5);
	ERROR(answer, SEATS_OVER_PROGRAMME, "allocate.seats");
	assert_int_equal(answer->error->number, 4);
	assert_string_equal(answer->error->found, "5");
	assert_string_equal(answer->error->wanted, "..4");
	expect_done(allocate(w, "CAO-CAP", "SO-B", 4));
	ERROR(allocate(w, "CAO-CAP", "SO-B", 0), FIELD_RANGE, "allocate.seats");
	ERROR(allocate(w, "CAO-CAP", "SO-B", -1), FIELD_RANGE, "allocate.seats");
	ERROR(allocate(w, "CAO-CAP", "SO-B", 100001), FIELD_RANGE, "allocate.seats");
	ERROR(allocate(w, "KHONG-CO", "SO-B", 1), UNKNOWN_PROGRAMME, "allocate.programme_code");
	ERROR(allocate(w, "CAO-CAP", "KHONG-CO", 1), UNKNOWN_UNIT, "allocate.unit_code");
}

static void a_figure_that_is_about_may_be_exceeded_with_a_document(void **state)
{
	struct world *w = *state;
	Mtr__PutProgramme *change = programme(w, "CAO-CAP");
	Mtr__Allocate *body = NEW(w, allocate);

	body->programme_code = text("CAO-CAP");
	body->unit_code = text("SO-A");
	body->seats = 11;
	body->document = text("9-CV/BTC");
	ERROR(SEND(w, ORGANISER, ALLOCATE, body), SEATS_OVER_PROGRAMME, "allocate.seats");
	change->programme->quota->rule = MTR__QUOTA_RULE__QUOTA_RULE_ABOUT;
	expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, change));
	ERROR(allocate(w, "CAO-CAP", "SO-A", 11), SEATS_OVER_PROGRAMME, "allocate.seats");
	assert_int_equal(expect_done(SEND(w, ORGANISER, ALLOCATE, body))->allocation->granted, 11);
	body->seats = 99990;
	ERROR(SEND(w, ORGANISER, ALLOCATE, body), SEATS_OVER_PROGRAMME, "allocate.seats");
	expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, change));
}

static void the_rules_of_a_quota_hold(void **state)
{
	struct world *w = *state;
	Mtr__PutProgramme *body = programme(w, "CAO-CAP");
	Mtr__Quota *quota = body->programme->quota;

	quota->target = 9;
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, body), DOCUMENT_REQUIRED, "put_programme.programme.quota.document");
	quota->document = text("1-CV/TU");
	expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, body));
	quota->rule = MTR__QUOTA_RULE__QUOTA_RULE_RANGE;
	quota->minimum = 40;
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, body), FIELD_MISSING, "put_programme.programme.quota.maximum");
	quota->maximum = 39;
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, body), FIELD_RANGE, "put_programme.programme.quota.maximum");
	quota->maximum = 50;
	quota->in_force = 51;
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, body), FIELD_RANGE, "put_programme.programme.quota.in_force");
	quota->in_force = 30;
	expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, body));
	quota->rule = (Mtr__QuotaRule)9;
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, body), FIELD_VALUE, "put_programme.programme.quota.rule");
}

static void transfers_move_seats_nobody_holds(void **state)
{
	struct world *w = *state;
	const Mtr__Answer *answer;
	const Mtr__Done *done;

	expect_done(allocate(w, "CAO-CAP", "SO-A", 3));
	propose(w, CLERK_A, someone(w, CLERK_A, "SO-A", AUDIENCE));
	propose(w, CLERK_B, someone(w, CLERK_B, "SO-B", AUDIENCE));
	ERROR(SEND(w, ORGANISER, TRANSFER, transfer(w, "SO-A", "SO-A", 1)), FIELD_VALUE, "transfer.to_unit_code");
	answer = SEND(w, ORGANISER, TRANSFER, transfer(w, "SO-A", "SO-B", 3));
	ERROR(answer, SEATS_OVER_LEFT, "transfer.seats");
	assert_int_equal(answer->error->number, 2);
	ERROR(SEND(w, OUTSIDER, TRANSFER, transfer(w, "SO-A", "SO-B", 1)), OUT_OF_SCOPE, "transfer.programme_code");
	done = expect_done(SEND(w, ORGANISER, TRANSFER, transfer(w, "SO-A", "SO-B", 2)));
	assert_int_equal(done->allocation->unit_id, 4);
	assert_int_equal(done->allocation->transferred_in, 2);
	assert_int_equal(done->held, 1);
	assert_int_equal(done->left, 1);
	assert_int_equal(done->promoted_ids[0], 2);
	ERROR(SEND(w, ORGANISER, TRANSFER, transfer(w, "SO-A", "SO-B", 1)), SEATS_OVER_LEFT, "transfer.seats");
}

static void seats_are_returned_or_lapse(void **state)
{
	struct world *w = *state;
	Mtr__ReturnSeats *lapse = giving_back(w, "SO-A", 1, true);
	const Mtr__Done *done;

	expect_done(allocate(w, "CAO-CAP", "SO-A", 3));
	ERROR(SEND(w, CLERK_B, RETURN_SEATS, giving_back(w, "SO-A", 1, false)), OUT_OF_SCOPE, "return_seats.unit_code");
	ERROR(SEND(w, OUTSIDER, RETURN_SEATS, giving_back(w, "SO-A", 1, false)), OUT_OF_SCOPE,
	      "return_seats.programme_code");
	ERROR(SEND(w, CLERK_A, RETURN_SEATS, lapse), ROLE_REFUSED, "return_seats.lapsed");
	ERROR(SEND(w, ORGANISER, RETURN_SEATS, lapse), FIELD_MISSING, "return_seats.reason");
	lapse->reason = text("Quá hạn");
	done = expect_done(SEND(w, ORGANISER, RETURN_SEATS, lapse));
	assert_int_equal(done->allocation->lapsed, 1);
	done = expect_done(SEND(w, CLERK_A, RETURN_SEATS, giving_back(w, "SO-A", 1, false)));
	assert_int_equal(done->allocation->returned, 1);
	assert_int_equal(done->left, 1);
	ERROR(SEND(w, CLERK_A, RETURN_SEATS, giving_back(w, "SO-A", 2, false)), SEATS_OVER_LEFT, "return_seats.seats");
	expect_done(SEND(w, ORGANISER, RETURN_SEATS, giving_back(w, "SO-A", 1, false)));
	expect_done(allocate(w, "CAO-CAP", "SO-B", 10));
}

static void demand_is_registered_in_its_window(void **state)
{
	struct world *w = *state;
	Mtr__PutProgramme *change = programme(w, "CAO-CAP");
	Mtr__RegisterDemand *body = NEW(w, register_demand);
	const Mtr__Answer *answer;

	change->programme->demand_window = NEW(w, window);
	change->programme->demand_window->opens = w->now + 1;
	change->programme->demand_window->closes = w->now + 2;
	expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, change));
	body->programme_code = text("CAO-CAP");
	body->unit_code = text("PHONG-A1");
	body->seats = 7;
	ERROR(SEND(w, CLERK_B, REGISTER_DEMAND, body), OUT_OF_SCOPE, "register_demand.unit_code");
	answer = SEND(w, CLERK_A, REGISTER_DEMAND, body);
	ERROR(answer, WINDOW_NOT_OPEN, "");
	assert_int_equal(answer->error->number, w->now + 1);
	w->now++;
	assert_int_equal(expect_done(SEND(w, CLERK_A, REGISTER_DEMAND, body))->allocation->demand, 7);
	w->now++;
	body->seats = 0;
	assert_int_equal(expect_done(SEND(w, CLERK_A1, REGISTER_DEMAND, body))->allocation->demand, 0);
	w->now++;
	answer = SEND(w, CLERK_A, REGISTER_DEMAND, body);
	ERROR(answer, WINDOW_CLOSED, "");
	assert_int_equal(answer->error->number, w->now - 1);
	body->seats = 100001;
	ERROR(SEND(w, CLERK_A, REGISTER_DEMAND, body), FIELD_RANGE, "register_demand.seats");
}

static void a_window_closes_after_it_opens(void **state)
{
	struct world *w = *state;
	Mtr__PutProgramme *change = programme(w, "CAO-CAP");

	change->programme->nomination_window = NEW(w, window);
	change->programme->nomination_window->opens = 2;
	change->programme->nomination_window->closes = 1;
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, change), FIELD_RANGE,
	      "put_programme.programme.nomination_window.closes");
}

/* 501 wait; their seats come in two steps. */
static void no_more_than_five_hundred_seats_fall_free_at_once(void **state)
{
	struct world *w = *state;
	Mtr__PutProgramme *change = programme(w, "CAO-CAP");
	const Mtr__Answer *answer;

	change->programme->quota->in_force = 600;
	expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, change));
	for (int i = 0; i < 501; i++)
		propose(w, CLERK_A, put_person(w, CLERK_A, person(w, "Nguyễn Văn An", "SO-A")));
	answer = allocate(w, "CAO-CAP", "SO-A", 501);
	ERROR(answer, TOO_MANY_ITEMS, "allocate.seats");
	assert_int_equal(answer->error->number, 500);
	assert_int_equal(expect_done(allocate(w, "CAO-CAP", "SO-A", 500))->n_promoted_ids, 500);
	assert_int_equal(w->outcome.effect_count, 502);
	assert_int_equal(expect_done(allocate(w, "CAO-CAP", "SO-A", 5))->n_promoted_ids, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(a_grant_stays_within_the_figure_in_force),
		WORLD_TEST(a_figure_that_is_about_may_be_exceeded_with_a_document),
		WORLD_TEST(the_rules_of_a_quota_hold),
		WORLD_TEST(transfers_move_seats_nobody_holds),
		WORLD_TEST(seats_are_returned_or_lapse),
		WORLD_TEST(demand_is_registered_in_its_window),
		WORLD_TEST(a_window_closes_after_it_opens),
		WORLD_TEST(no_more_than_five_hundred_seats_fall_free_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
