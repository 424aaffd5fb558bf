#include "support/text.h"
#include "unit/reader/world.h"

#define END UINT64_MAX

static const Mtr__Answer *list(struct world *world, uint32_t principal_id, const Mtr__List *list)
{
	Mtr__Query query = MTR__QUERY__INIT;

	query.body_case = MTR__QUERY__BODY_LIST;
	query.list = (Mtr__List *)(uintptr_t)list;
	return ask(world, principal_id, &query);
}

/* Ids that come, in their order, ended by END. */
static void expect_ids(const Mtr__Answer *answer, ...)
{
	va_list ids;
	size_t at = 0;

	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_PAGE);
	va_start(ids, answer);
	for (uint64_t id = va_arg(ids, uint64_t); id != END; id = va_arg(ids, uint64_t)) {
		assert_true(at < answer->page->n_rows);
		assert_int_equal(answer->page->rows[at]->id, id);
		at++;
	}
	va_end(ids);
	assert_int_equal(answer->page->n_rows, at);
}

#define U(x) ((uint64_t)(x))

static Mtr__List of_type(Mtr__EntityType type)
{
	Mtr__List list = MTR__LIST__INIT;

	list.type = type;
	return list;
}

static void each_sees_its_own(void **state)
{
	struct world *world = *state;
	const Mtr__List nominations = of_type(TYPE(NOMINATION)), people = of_type(TYPE(PERSON));
	const Mtr__List classes = of_type(TYPE(CLASS)), units = of_type(TYPE(UNIT));
	const Mtr__List keys = of_type(TYPE(PRINCIPAL)), decisions = of_type(TYPE(DECISION));

	expect_ids(list(world, CLERK_A, &nominations), U(1), U(2), U(3), U(5), END);
	expect_ids(list(world, CLERK_B, &nominations), U(4), END);
	expect_ids(list(world, ORGANISER, &nominations), U(1), U(2), U(4), U(3), END);
	expect_ids(list(world, ORGANISER_A, &nominations), U(5), END);
	expect_ids(list(world, AUDITOR, &nominations), U(1), U(2), U(4), U(3), U(5), END);
	expect_ids(list(world, TEACHER, &nominations), END);
	expect_ids(list(world, OPERATOR, &nominations), END);
	expect_ids(list(world, CLERK_A, &people), U(1), U(2), U(3), END);
	expect_ids(list(world, ORGANISER, &people), U(1), U(2), U(4), U(3), END);
	expect_ids(list(world, TEACHER, &classes), U(1), END);
	expect_ids(list(world, CLERK_A, &classes), END);
	expect_ids(list(world, CLERK_B, &units), U(1), U(2), U(3), U(4), U(5), U(6), U(7), END);
	expect_ids(list(world, CLERK_A, &keys), END);
	assert_int_equal(list(world, OPERATOR, &keys)->page->n_rows, 9);
	expect_ids(list(world, APPROVER_A, &decisions), U(1), END);
	expect_ids(list(world, CLERK_A, &decisions), END);
}

static void rows_travel_as_they_are(void **state)
{
	struct world *world = *state;
	const Mtr__List people = of_type(TYPE(PERSON));
	const struct mtr_effect stored = person_row(world->f, 4, "Lê Văn Dũng", "089080000004", DISTRICT_B);
	const Mtr__Answer *answer = list(world, CLERK_B, &people);
	const Mtr__FeedRow *row = answer->page->rows[0];

	assert_int_equal(answer->revision, 2);
	assert_int_equal(row->content_case, MTR__FEED_ROW__CONTENT_ROW);
	assert_int_equal(row->row.len, stored.row.size);
	assert_memory_equal(row->row.data, stored.row.data, stored.row.size);
	assert_int_equal(row->home->kind, MTR__HOME_KIND__HOME_KIND_PEOPLE);
	assert_int_equal(row->home->a, DISTRICT_B);
	assert_int_equal(row->revision, 2);
	assert_false(answer->page->more);
	assert_int_equal(answer->page->cursor.len, 0);
}

static void filters_narrow(void **state)
{
	struct world *world = *state;
	Mtr__State states[] = {MTR__STATE__STATE_WAITING, MTR__STATE__STATE_SUMMONED};
	Mtr__List filtered = of_type(TYPE(NOMINATION));

	filtered.programme_code = text("CAO-CAP");
	expect_ids(list(world, CLERK_A, &filtered), U(1), U(2), U(3), END);
	filtered.unit_code = text("XA-A");
	expect_ids(list(world, CLERK_A, &filtered), U(3), END);
	filtered.programme_code = text("");
	filtered.unit_code = text("HUYEN-A");
	expect_ids(list(world, CLERK_A, &filtered), U(1), U(2), U(5), END);
	filtered.states = states;
	filtered.n_states = 2;
	expect_ids(list(world, CLERK_A, &filtered), U(2), END);
	filtered.unit_code = text("");
	expect_ids(list(world, CLERK_A, &filtered), U(2), U(3), END);
	filtered.class_code = text("LOP-1");
	expect_ids(list(world, CLERK_A, &filtered), U(3), END);
	filtered.class_code = text("LOP-2");
	expect_ids(list(world, AUDITOR, &filtered), END);
	filtered = of_type(TYPE(ALLOCATION));
	filtered.plan_code = text("KH-24");
	expect_ids(list(world, CLERK_B, &filtered), mtr_allocation_id(LAST_YEARS, DISTRICT_B), END);
	filtered = of_type(TYPE(PROGRAMME));
	filtered.plan_code = text("KH-25");
	expect_ids(list(world, TEACHER, &filtered), U(SENIOR), U(LOCAL), END);
	filtered.code = text("CAO-CAP-24");
	expect_ids(list(world, TEACHER, &filtered), END);
	filtered.plan_code = text("KH-24");
	expect_ids(list(world, TEACHER, &filtered), U(LAST_YEARS), END);
	filtered = of_type(TYPE(CLASS));
	filtered.programme_code = text("CAO-CAP-24");
	expect_ids(list(world, AUDITOR, &filtered), U(2), END);
	filtered.plan_code = text("KH-25");
	expect_ids(list(world, AUDITOR, &filtered), END);
	filtered = of_type(TYPE(ENROLMENT));
	filtered.unit_code = text("XA-A");
	expect_ids(list(world, TEACHER, &filtered), U(3), END);
	filtered.unit_code = text("HUYEN-A");
	expect_ids(list(world, TEACHER, &filtered), END);
	filtered = of_type(TYPE(DECISION));
	filtered.plan_code = text("KH-24");
	expect_ids(list(world, AUDITOR, &filtered), END);
	filtered = of_type(TYPE(PRINCIPAL));
	filtered.unit_code = text("HUYEN-B");
	expect_ids(list(world, OPERATOR, &filtered), U(CLERK_B), END);
}

static void one_row_by_number_or_code(void **state)
{
	struct world *world = *state;
	Mtr__List one = of_type(TYPE(NOMINATION));

	one.id = 3;
	expect_ids(list(world, CLERK_A, &one), U(3), END);
	one.unit_code = text("HUYEN-A");
	expect_ids(list(world, CLERK_A, &one), END);
	one = of_type(TYPE(UNIT));
	one.code = text("HUYEN-B");
	expect_ids(list(world, CLERK_A, &one), U(DISTRICT_B), END);
	one.id = DISTRICT_A;
	expect_ids(list(world, CLERK_A, &one), END);
	one = of_type(TYPE(PERSON));
	one.citizen_number = text("089180000003");
	expect_ids(list(world, CLERK_A, &one), U(3), END);
	one.unit_code = text("HUYEN-A");
	expect_ids(list(world, CLERK_A, &one), END);
	one = of_type(TYPE(CLASS));
	one.code = text("LOP-1");
	expect_ids(list(world, TEACHER, &one), U(1), END);
}

static void a_persons_nominations(void **state)
{
	struct world *world = *state;
	Mtr__List of_person = of_type(TYPE(NOMINATION));
	const Mtr__Answer *answer;

	of_person.citizen_number = text("089080000001");
	expect_ids(list(world, CLERK_A, &of_person), U(1), U(5), END);
	/* An organiser knows those in its programmes. */
	expect_ids(list(world, ORGANISER, &of_person), U(1), END);
	of_person.id = 5;
	expect_ids(list(world, CLERK_A, &of_person), U(5), END);
	of_person.id = 2;
	expect_ids(list(world, CLERK_A, &of_person), END);
	of_person.id = 0;
	of_person.limit = 1;
	answer = list(world, CLERK_A, &of_person);
	expect_ids(answer, U(1), END);
	assert_true(answer->page->more);
	uint8_t cursor[64];

	memcpy(cursor, answer->page->cursor.data, answer->page->cursor.len);
	of_person.after = (ProtobufCBinaryData){answer->page->cursor.len, cursor};
	expect_ids(list(world, CLERK_A, &of_person), U(5), END);
	assert_false(world->answer->page->more);
}

/* What lies outside the scope is unknown, in the same words as what isn't there at all. */
static void nobody_learns_of_others_people(void **state)
{
	static const char *const numbers[] = {"089080000001", "089080000999"};
	struct world *world = *state;

	for (size_t i = 0; i < 2; i++) {
		Mtr__List people = of_type(TYPE(PERSON)), nominations = of_type(TYPE(NOMINATION));
		Mtr__List numbered = of_type(TYPE(NOMINATION));

		people.citizen_number = nominations.citizen_number = text(numbers[i]);
		expect_error(list(world, CLERK_B, &people), ERROR(UNKNOWN_PERSON), "list.citizen_number");
		expect_error(list(world, CLERK_B, &nominations), ERROR(UNKNOWN_PERSON), "list.citizen_number");
		numbered.id = i ? 999 : 1;
		expect_error(list(world, CLERK_B, &numbered), ERROR(UNKNOWN_NOMINATION), "list.id");
		people = of_type(TYPE(PERSON));
		people.id = i ? 999 : 1;
		expect_error(list(world, CLERK_B, &people), ERROR(UNKNOWN_PERSON), "list.id");
	}
	Mtr__List letter = of_type(TYPE(LETTER));

	letter.id = 1;
	expect_ids(list(world, CLERK_A, &letter), U(1), END);
	expect_error(list(world, CLERK_B, &letter), ERROR(UNKNOWN_LETTER), "list.id");
}

static void what_is_another_s_is_refused(void **state)
{
	struct world *world = *state;
	Mtr__List asked = of_type(TYPE(NOMINATION));

	asked.unit_code = text("HUYEN-B");
	expect_error(list(world, CLERK_A, &asked), ERROR(OUT_OF_SCOPE), "list.unit_code");
	expect_ids(list(world, ORGANISER, &asked), U(4), END);
	expect_ids(list(world, ORGANISER_A, &asked), END);
	asked = of_type(TYPE(PERSON));
	asked.unit_code = text("HUYEN-B");
	expect_error(list(world, ORGANISER_A, &asked), ERROR(OUT_OF_SCOPE), "list.unit_code");
	expect_ids(list(world, ORGANISER, &asked), U(4), END);
	asked = of_type(TYPE(NOMINATION));
	asked.programme_code = text("CAO-CAP");
	expect_error(list(world, ORGANISER_A, &asked), ERROR(OUT_OF_SCOPE), "list.programme_code");
	asked = of_type(TYPE(ENROLMENT));
	asked.class_code = text("LOP-2");
	expect_error(list(world, TEACHER, &asked), ERROR(OUT_OF_SCOPE), "list.class_code");
	asked.class_code = text("LOP-1");
	expect_ids(list(world, TEACHER, &asked), U(3), END);
	asked = of_type(TYPE(CLASS));
	asked.code = text("LOP-2");
	expect_error(list(world, TEACHER, &asked), ERROR(OUT_OF_SCOPE), "list.code");
}

static void what_cannot_be_is_refused(void **state)
{
	struct world *world = *state;
	Mtr__State strange[] = {(Mtr__State)77};
	Mtr__List asked = of_type((Mtr__EntityType)99);

	expect_error(list(world, CLERK_A, &asked), ERROR(FIELD_VALUE), "list.type");
	asked = of_type(TYPE(UNIT));
	asked.class_code = text("LOP-1");
	expect_error(list(world, CLERK_A, &asked), ERROR(FIELD_VALUE), "list.class_code");
	asked = of_type(TYPE(NOMINATION));
	asked.states = strange;
	asked.n_states = 1;
	expect_error(list(world, CLERK_A, &asked), ERROR(FIELD_VALUE), "list.states");
	asked = of_type(TYPE(NOMINATION));
	asked.programme_code = text("KHONG-CO");
	expect_error(list(world, CLERK_A, &asked), ERROR(UNKNOWN_PROGRAMME), "list.programme_code");
	asked.programme_code = text("");
	asked.plan_code = text("KHONG-CO");
	expect_error(list(world, CLERK_A, &asked), ERROR(UNKNOWN_PLAN), "list.plan_code");
	asked.plan_code = text("");
	asked.unit_code = text("KHONG-CO");
	expect_error(list(world, CLERK_A, &asked), ERROR(UNKNOWN_UNIT), "list.unit_code");
	asked.unit_code = text("");
	asked.class_code = text("KHONG-CO");
	expect_error(list(world, CLERK_A, &asked), ERROR(UNKNOWN_CLASS), "list.class_code");
	asked = of_type(TYPE(TITLE));
	asked.code =
		text("a code so long that nobody could have it, and then some more of it, and more, and more, and more"
		     " and still more, so that it doesn't even fit a key");
	expect_error(list(world, CLERK_A, &asked), ERROR(UNKNOWN_TITLE), "list.code");
	asked = of_type(TYPE(NOMINATION));
	asked.after = (ProtobufCBinaryData){3, (uint8_t *)(uintptr_t) "abc"};
	expect_error(list(world, CLERK_A, &asked), ERROR(CURSOR_INVALID), "list.after");
}

static void pages_go_on_where_the_last_ended(void **state)
{
	struct world *world = *state;
	struct mtr_effect rows[200];

	for (uint32_t i = 0; i < 600; i++) {
		char name[32];

		snprintf(name, sizeof name, "Đỗ Văn %u", i);
		rows[i % 200] = person_row(world->f, 1000 + (i * 7919) % 600, name, "", i % 2 ? DISTRICT_A : COMMUNE_A);
		if (i % 200 == 199)
			fixture_apply(world->f, rows, 200);
	}
	for (uint32_t limit = 1; limit < 700; limit = limit * 3 + 1) {
		Mtr__List people = of_type(TYPE(PERSON));
		struct mtr_home home = {0, 0, 0};
		uint8_t cursor[64];
		uint64_t last = 0;
		size_t count = 0;

		people.limit = limit;
		do {
			const Mtr__FeedPage *page = list(world, CLERK_A, &people)->page;

			assert_true(page->n_rows > 0 && page->n_rows <= limit);
			for (size_t i = 0; i < page->n_rows; i++) {
				const Mtr__Home *at = page->rows[i]->home;
				const struct mtr_home next = {(uint8_t)at->kind, at->a, at->b};
				const int order = mtr_home_compare(home, next);

				assert_true(order < 0 || (order == 0 && last < page->rows[i]->id));
				home = next;
				last = page->rows[i]->id;
				count++;
			}
			assert_true(page->cursor.len < sizeof cursor);
			if (page->cursor.len)
				memcpy(cursor, page->cursor.data, page->cursor.len);
			people.after = (ProtobufCBinaryData){page->cursor.len, cursor};
		} while (people.after.len);
		assert_int_equal(count, 603);
	}
}

static void a_page_is_bounded_by_bytes(void **state)
{
	struct world *world = *state;
	Mtr__List letters = of_type(TYPE(LETTER));
	char *number = mtr_arena_alloc(world->f->arena, 8001);

	memset(number, 'x', 8000);
	for (uint64_t id = 10; id < 70; id++) {
		Mtr__Letter letter = MTR__LETTER__INIT;
		struct mtr_effect row;

		letter.id = id;
		letter.number = number;
		row = effect_of(world->f, mtr_home_part(SENIOR, DISTRICT_B), TYPE(LETTER), id, &letter.base);
		fixture_apply(world->f, &row, 1);
	}
	const Mtr__FeedPage *page = list(world, CLERK_B, &letters)->page;

	assert_true(page->more);
	assert_true(page->n_rows > 25 && page->n_rows < 33);
}

static void a_revoked_key_learns_nothing(void **state)
{
	struct world *world = *state;
	const Mtr__List units = of_type(TYPE(UNIT));

	expect_error(list(world, REVOKED, &units), ERROR(REVOKED), "");
	expect_error(list(world, 500, &units), ERROR(NOT_REGISTERED), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(each_sees_its_own),
		WORLD_TEST(rows_travel_as_they_are),
		WORLD_TEST(filters_narrow),
		WORLD_TEST(one_row_by_number_or_code),
		WORLD_TEST(a_persons_nominations),
		WORLD_TEST(nobody_learns_of_others_people),
		WORLD_TEST(what_is_another_s_is_refused),
		WORLD_TEST(what_cannot_be_is_refused),
		WORLD_TEST(pages_go_on_where_the_last_ended),
		WORLD_TEST(a_page_is_bounded_by_bytes),
		WORLD_TEST(a_revoked_key_learns_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
