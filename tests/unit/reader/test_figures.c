#include "unit/reader/world.h"

static const Mtr__Answer *tallies(struct world *world, uint32_t principal_id, const char *plan, const char *programme,
				  const char *unit, bool by_unit)
{
	Mtr__Tallies asked = MTR__TALLIES__INIT;
	Mtr__Query query = MTR__QUERY__INIT;

	asked.plan_code = (char *)(uintptr_t)plan;
	asked.programme_code = (char *)(uintptr_t)programme;
	asked.unit_code = (char *)(uintptr_t)unit;
	asked.by_unit = by_unit;
	query.body_case = MTR__QUERY__BODY_TALLIES;
	query.tallies = &asked;
	return ask(world, principal_id, &query);
}

static const Mtr__Tally *row_of(const Mtr__Answer *answer, size_t count, size_t at)
{
	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_TALLIES);
	assert_int_equal(answer->tallies->n_rows, count);
	return answer->tallies->rows[at];
}

static void a_programme_sums_its_parts(void **state)
{
	const Mtr__Tally *row = row_of(tallies(*state, ORGANISER, "", "CAO-CAP", "", false), 1, 0);

	assert_string_equal(row->programme_code, "CAO-CAP");
	assert_string_equal(row->programme_name, "CAO-CAP");
	assert_string_equal(row->unit_code, "");
	assert_int_equal(row->programme_id, SENIOR);
	assert_int_equal(row->unit_id, 0);
	assert_int_equal(row->seats_in_force, 41);
	assert_int_equal(row->parts, 3);
	assert_int_equal(row->frozen_parts, 1);
	assert_int_equal(row->demand, 2 + 5 + 3);
	assert_int_equal(row->granted, 1 + 4 + 2);
	assert_int_equal(row->returned, 2);
	assert_int_equal(row->seats, 5);
	assert_int_equal(row->held, 3);
	assert_int_equal(row->waiting, 1);
	assert_int_equal(row->decided, 1);
	assert_int_equal(row->summoned, 1);
	assert_int_equal(row->enrolled, 0);
	assert_int_equal(row->withdrawn, 0);
}

static void a_clerk_sums_its_own_parts(void **state)
{
	const Mtr__Answer *answer = tallies(*state, CLERK_A, "", "", "", false);
	const Mtr__Tally *senior = row_of(answer, 2, 0), *local = row_of(answer, 2, 1);

	assert_int_equal(senior->parts, 2);
	assert_int_equal(senior->held, 2);
	assert_int_equal(senior->waiting, 1);
	assert_int_equal(local->programme_id, LOCAL);
	assert_int_equal(local->withdrawn, 1);
	assert_int_equal(local->held, 0);
	assert_int_equal(local->parts, 1);
}

static void each_part_by_itself(void **state)
{
	struct world *world = *state;
	const Mtr__Answer *answer = tallies(world, AUDITOR, "KH-25", "", "", true);
	const Mtr__Tally *row = row_of(answer, 4, 1);

	assert_int_equal(row_of(answer, 4, 0)->unit_id, DISTRICT_A);
	assert_int_equal(row->unit_id, DISTRICT_B);
	assert_string_equal(row->unit_code, "HUYEN-B");
	assert_string_equal(row->unit_name, "HUYEN-B");
	assert_int_equal(row->held, 1);
	assert_int_equal(row->seats, 1);
	row = row_of(tallies(world, AUDITOR, "", "", "HUYEN-B", true), 2, 1);
	assert_int_equal(row->programme_id, LAST_YEARS);
	assert_int_equal(row->seats, 6);
	row = row_of(tallies(world, CLERK_A, "", "CAO-CAP", "XA-A", true), 1, 0);
	assert_int_equal(row->unit_id, COMMUNE_A);
	assert_int_equal(row->summoned, 1);
}

static void a_programme_without_parts_is_planned(void **state)
{
	struct world *world = *state;
	const struct mtr_effect row = world_programme(world->f, 4, "MOI", 1, BOARD);
	const Mtr__Answer *answer;

	fixture_apply(world->f, &row, 1);
	answer = tallies(world, ORGANISER, "KH-25", "", "", false);
	assert_int_equal(row_of(answer, 2, 0)->programme_id, SENIOR);
	assert_int_equal(row_of(answer, 2, 1)->programme_id, 4);
	assert_int_equal(row_of(answer, 2, 1)->seats_in_force, 44);
	assert_int_equal(row_of(answer, 2, 1)->parts, 0);
	answer = tallies(world, AUDITOR, "", "", "", false);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(row_of(answer, 4, i)->programme_id, i + 1);
	assert_int_equal(tallies(world, CLERK_A, "", "", "", false)->tallies->n_rows, 2);
	assert_int_equal(tallies(world, OPERATOR, "", "", "", false)->tallies->n_rows, 0);
}

static void others_figures_are_refused(void **state)
{
	struct world *world = *state;

	expect_error(tallies(world, CLERK_A, "", "", "HUYEN-B", true), ERROR(OUT_OF_SCOPE), "tallies.unit_code");
	expect_error(tallies(world, ORGANISER_A, "", "CAO-CAP", "", true), ERROR(OUT_OF_SCOPE),
		     "tallies.programme_code");
	expect_error(tallies(world, CLERK_A, "KHONG-CO", "", "", true), ERROR(UNKNOWN_PLAN), "tallies.plan_code");
}

static void too_much_is_named(void **state)
{
	struct world *world = *state;
	struct mtr_effect rows[500];
	const Mtr__Answer *answer;

	for (uint32_t i = 0; i < 8000; i++) {
		rows[i % 500] = world_allocation(world->f, SENIOR, 1000 + i, 1, false);
		if (i % 500 == 499)
			fixture_apply(world->f, rows, 500);
	}
	answer = tallies(world, AUDITOR, "", "", "", true);
	expect_error(answer, ERROR(TOO_LARGE), "tallies");
	assert_int_equal(answer->error->number, 8005);
	assert_int_equal(row_of(tallies(world, AUDITOR, "", "CAO-CAP", "", false), 1, 0)->granted, 8007);
}

static const Mtr__Answer *status(struct world *world, uint32_t principal_id, uint64_t nomination_id)
{
	Mtr__NominationStatus asked = MTR__NOMINATION_STATUS__INIT;
	Mtr__Query query = MTR__QUERY__INIT;

	asked.nomination_id = nomination_id;
	query.body_case = MTR__QUERY__BODY_NOMINATION_STATUS;
	query.nomination_status = &asked;
	return ask(world, principal_id, &query);
}

static void a_nomination_as_of_now(void **state)
{
	struct world *world = *state;
	const Mtr__Answer *answer = status(world, CLERK_A, 2);
	const char *field = "nomination_status.nomination_id";

	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_ACKNOWLEDGEMENT);
	assert_int_equal(answer->acknowledgement->state, MTR__STATE__STATE_WAITING);
	assert_int_equal(answer->acknowledgement->waiting_position, 1);
	assert_int_equal(answer->acknowledgement->rank, 2);
	assert_int_equal(answer->acknowledgement->of, 2);
	assert_int_equal(answer->acknowledgement->seats_held, 1);
	assert_int_equal(status(world, ORGANISER, 2)->body_case, MTR__ANSWER__BODY_ACKNOWLEDGEMENT);
	expect_error(status(world, CLERK_B, 2), ERROR(UNKNOWN_NOMINATION), field);
	expect_error(status(world, CLERK_B, 77), ERROR(UNKNOWN_NOMINATION), field);
	expect_error(status(world, TEACHER, 3), ERROR(UNKNOWN_NOMINATION), field);
	expect_error(status(world, CLERK_A, 0), ERROR(UNKNOWN_NOMINATION), field);
}

static void what_is_no_query_is_refused(void **state)
{
	struct world *world = *state;
	const Mtr__Query empty = MTR__QUERY__INIT;
	struct mtr_work *work = mtr_work_new("\xff\xff\xff", 3);
	Mtr__Answer *answer;
	struct mtr_attempted attempted;

	expect_error(ask(world, CLERK_A, &empty), ERROR(UNKNOWN_REQUEST), "query");
	assert_int_equal(
		mtr_query_attempt(&world->options, world->arena, world->scratch, NULL, work, false, &attempted),
		MTR_ATTEMPT_ANSWERED);
	answer = mtr__answer__unpack(NULL, work->answer_size, work->answer);
	expect_error(answer, ERROR(MALFORMED), "");
	mtr__answer__free_unpacked(answer, NULL);
	mtr_work_free(&work);
}

static const Mtr__Answer *feed(struct world *world, uint32_t principal_id, const char *class_code, uint32_t wait_ms,
			       ProtobufCBinaryData cursor)
{
	Mtr__Feed asked = MTR__FEED__INIT;
	Mtr__Query query = MTR__QUERY__INIT;

	asked.class_code = (char *)(uintptr_t)class_code;
	asked.wait_ms = wait_ms;
	asked.cursor = cursor;
	query.body_case = MTR__QUERY__BODY_FEED;
	query.feed = &asked;
	return ask(world, principal_id, &query);
}

static void the_feed_is_ones_scope(void **state)
{
	const ProtobufCBinaryData start = {0}, junk = {4, (uint8_t *)(uintptr_t) "junk"};
	struct world *world = *state;
	const Mtr__FeedPage *page = feed(world, TEACHER, "", 0, start)->page;
	/* Public rows: 7 units, 2 plans, 3 programmes. */
	const size_t public_rows = 12;

	assert_int_equal(page->n_rows, public_rows + 2);
	assert_true(page->at_head);
	assert_int_equal(page->count, public_rows + 2);
	assert_int_equal(page->digest.len, MTR_HASH_BYTES);
	page = feed(world, TEACHER, "LOP-1", 0, start)->page;
	assert_int_equal(page->n_rows, 2);
	page = feed(world, OPERATOR, "", 0, start)->page;
	assert_int_equal(page->n_rows, public_rows + 9);
	expect_error(feed(world, TEACHER, "LOP-2", 0, start), ERROR(OUT_OF_SCOPE), "feed.class_code");
	expect_error(feed(world, TEACHER, "LOP-9", 0, start), ERROR(UNKNOWN_CLASS), "feed.class_code");
	expect_error(feed(world, TEACHER, "", 0, junk), ERROR(CURSOR_INVALID), "feed.cursor");
	expect_error(feed(world, TEACHER, "", 25001, start), ERROR(FIELD_RANGE), "feed.wait_ms");
	expect_error(feed(world, REVOKED, "", 0, start), ERROR(REVOKED), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(a_programme_sums_its_parts), WORLD_TEST(a_clerk_sums_its_own_parts),
		WORLD_TEST(each_part_by_itself),        WORLD_TEST(a_programme_without_parts_is_planned),
		WORLD_TEST(others_figures_are_refused), WORLD_TEST(too_much_is_named),
		WORLD_TEST(a_nomination_as_of_now),     WORLD_TEST(what_is_no_query_is_refused),
		WORLD_TEST(the_feed_is_ones_scope),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
