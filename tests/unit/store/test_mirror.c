#include "unit/store/mirrored.h"

#define PERSON MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON
#define NOMINATION MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION

struct told {
	unsigned changes, gone, new;
	char reason[64];
	struct mtr_home home;
	uint64_t id;
	uint32_t old_unit, new_unit;
};

static uint32_t unit_of(struct mtr_bytes row)
{
	Mtr__Person *person = mtr__person__unpack(NULL, row.size, row.data);
	uint32_t unit;

	assert_non_null(person);
	unit = person->unit_id;
	mtr__person__free_unpacked(person, NULL);
	return unit;
}

static void note(void *context, const struct mtr_mirror_change *change)
{
	struct told *told = context;

	assert_true(change->old.size || change->new.size);
	told->changes++;
	told->gone += !change->new.size;
	told->new += !change->old.size;
	snprintf(told->reason, sizeof told->reason, "%s", change->reason ? change->reason : "");
	told->home = change->home;
	told->id = change->id;
	told->old_unit = change->old.size ? unit_of(change->old) : 0;
	told->new_unit = change->new.size ? unit_of(change->new) : 0;
}

static void a_first_reading_shows_nothing_until_the_head(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1), mtr_home_people(2)};
	const struct mtr_scope scope = mirrored_scope(homes, 2);
	struct mirrored m;

	mirrored_put_people(f, 1, 20, 1);
	mirrored_put_people(f, 21, 20, 2);
	mirrored_begin(&m);
	assert_int_equal(mirrored_state(&m).revision, 0);
	while (mirrored_take(f, &m, &scope, 7), !m.at_head) {
		assert_int_equal(mirrored_state(&m).revision, 0);
		assert_int_equal(mirrored_state(&m).held, 0);
	}
	assert_int_equal(m.pages, 6);
	mirrored_expect_exact(f, &m, &scope);
	mirrored_end(&m);
}

static void changes_are_told(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1), mtr_home_people(2)};
	const struct mtr_scope both = mirrored_scope(homes, 2), first = mirrored_scope(homes, 1);
	const struct mtr_effect end = end_of(mtr_home_people(1), PERSON, 3, "entered twice");
	struct told told = {.changes = 0};
	struct mirrored m;

	mirrored_put_people(f, 1, 5, 1);
	mirrored_put_people(f, 11, 5, 2);
	mirrored_begin(&m);
	m.watch = (struct mtr_mirror_watch){note, &told};
	mirrored_pull_all(f, &m, &both, 3);
	assert_int_equal(told.changes, 0);
	mirrored_put_people(f, 2, 1, 2);
	mirrored_pull_all(f, &m, &both, 0);
	assert_int_equal(told.changes, 1);
	assert_int_equal(told.id, 2);
	assert_int_equal(told.old_unit, 1);
	assert_int_equal(told.new_unit, 2);
	assert_int_equal(told.home.a, 2);
	fixture_apply(f, &end, 1);
	mirrored_pull_all(f, &m, &both, 0);
	assert_int_equal(told.changes, 2);
	assert_int_equal(told.gone, 1);
	assert_string_equal(told.reason, "entered twice");
	mirrored_put_people(f, 6, 1, 1);
	mirrored_pull_all(f, &m, &both, 0);
	assert_int_equal(told.changes, 3);
	assert_int_equal(told.new, 1);
	/* Held back, then told. */
	mirrored_put_people(f, 1, 1, 1);
	mirrored_put_people(f, 12, 1, 2);
	mirrored_pull(f, &m, &both, 1);
	assert_int_equal(told.changes, 3);
	mirrored_pull_all(f, &m, &both, 1);
	assert_int_equal(told.changes, 5);
	mirrored_pull_all(f, &m, &first, 0);
	assert_int_equal(told.changes, 5 + 6);
	assert_int_equal(told.gone, 1 + 6);
	assert_string_equal(told.reason, MTR_MIRROR_OUT_OF_SCOPE);
	mirrored_expect_exact(f, &m, &first);
	mirrored_end(&m);
}

/* What is unique in the register passes from one to another; its new holder may be read first. */
static void keys_pass_from_row_to_row(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_public(), mtr_home_people(1), mtr_home_people(2), mtr_home_part(1, 1),
				   mtr_home_part(1, 2)};
	const struct mtr_scope scope = mirrored_scope(homes, 5);

	for (uint32_t limit = 1; limit < 8; limit++) {
		struct nomination_of first = {.programme = 1,
					      .unit = 2,
					      .person = 1,
					      .state = MTR__STATE__STATE_SEATED,
					      1},
				     second = first;
		struct mtr_effect rows[6];
		struct mirrored m;

		rows[0] = unit_row(f, 1, "HTM", 0);
		rows[1] = unit_row(f, 2, "TXTC", 0);
		rows[2] = person_row(f, 2, "Bình", "089180000002", 1);
		rows[3] = person_row(f, 1, "An", "089180000001", 2);
		rows[4] = nomination_row(f, 10 * limit, first);
		fixture_apply(f, rows, 5);
		mirrored_begin(&m);
		mirrored_pull_all(f, &m, &scope, limit);
		mirrored_expect_exact(f, &m, &scope);
		/* Let go, and taken by another in an earlier home. */
		rows[0] = unit_row(f, 2, "", 0);
		rows[1] = person_row(f, 1, "An", "089180000003", 2);
		first.state = MTR__STATE__STATE_WITHDRAWN;
		rows[2] = nomination_row(f, 10 * limit, first);
		fixture_apply(f, rows, 3);
		second.unit = 1;
		rows[0] = unit_row(f, 1, "TXTC", 0);
		rows[1] = person_row(f, 2, "Bình", "089180000001", 1);
		rows[2] = nomination_row(f, 10 * limit + 1, second);
		fixture_apply(f, rows, 3);
		/* The one that let go changes again, so that it comes last even in one page. */
		rows[0] = unit_row(f, 2, "TXCD", 0);
		rows[1] = person_row(f, 1, "An", "089180000004", 2);
		fixture_apply(f, rows, 2);
		mirrored_pull_all(f, &m, &scope, limit);
		mirrored_expect_exact(f, &m, &scope);
		second.state = MTR__STATE__STATE_WITHDRAWN;
		rows[0] = nomination_row(f, 10 * limit + 1, second);
		fixture_apply(f, rows, 1);
		mirrored_end(&m);
		mtr_arena_reset(f->arena);
	}
}

/* One lends its number to another and has it back before the mirror has read both. */
static void a_key_comes_back(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1), mtr_home_people(2)};
	const struct mtr_scope scope = mirrored_scope(homes, 2);
	struct mtr_effect rows[2];
	struct mirrored m;

	rows[0] = person_row(f, 1, "An", "089180000001", 2);
	rows[1] = person_row(f, 2, "Bình", "", 1);
	fixture_apply(f, rows, 2);
	mirrored_begin(&m);
	mirrored_pull_all(f, &m, &scope, 0);
	rows[0] = person_row(f, 1, "An", "", 2);
	rows[1] = person_row(f, 2, "Bình", "089180000001", 1);
	fixture_apply(f, rows, 2);
	mirrored_pull(f, &m, &scope, 1);
	assert_int_equal(mirrored_state(&m).held, 1);
	rows[0] = person_row(f, 2, "Bình", "", 1);
	rows[1] = person_row(f, 1, "An", "089180000001", 2);
	fixture_apply(f, rows, 2);
	mirrored_pull_all(f, &m, &scope, 1);
	mirrored_expect_exact(f, &m, &scope);
	mirrored_end(&m);
}

static void a_tombstone_ends_what_still_stands_there(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1), mtr_home_people(2), mtr_home_people(3)};
	const struct mtr_scope scope = mirrored_scope(homes, 3);

	for (uint32_t limit = 1; limit < 5; limit++) {
		struct mirrored m;

		mirrored_put_people(f, 1, 4, 2);
		mirrored_begin(&m);
		mirrored_pull_all(f, &m, &scope, limit);
		/* Away and back: the feed of home 2 has a tombstone and the row. */
		mirrored_put_people(f, 1, 1, 1);
		mirrored_put_people(f, 1, 1, 2);
		/* To a home that is read later, and to one that is read before. */
		mirrored_put_people(f, 2, 1, 3);
		mirrored_put_people(f, 3, 1, 1);
		mirrored_pull_all(f, &m, &scope, limit);
		mirrored_expect_exact(f, &m, &scope);
		mirrored_end(&m);
	}
}

static void a_mirror_shows_a_head_and_nothing_between(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1), mtr_home_people(2)};
	const struct mtr_scope scope = mirrored_scope(homes, 2);
	struct mirrored m;
	struct sums shown;
	uint64_t revision;

	mirrored_put_people(f, 1, 20, 1);
	mirrored_put_people(f, 21, 20, 2);
	mirrored_begin(&m);
	mirrored_pull_all(f, &m, &scope, 0);
	shown = mirrored_sums(&m);
	revision = mirrored_state(&m).revision;
	mirrored_put_people(f, 1, 10, 2);
	mirrored_put_people(f, 31, 5, 1);
	for (;;) {
		struct sums now;

		mirrored_take(f, &m, &scope, 4);
		now = mirrored_sums(&m);
		assert_memory_equal(&now, &shown, sizeof now);
		assert_int_equal(mirrored_state(&m).revision, revision);
		if (m.at_head)
			break;
		assert_false(mirrored_state(&m).settling);
	}
	/* All is there: whoever reads now must settle first, and is told so. */
	assert_true(mirrored_state(&m).settling);
	assert_true(mirrored_state(&m).held > 3);
	mirrored_settle(&m);
	mirrored_expect_exact(f, &m, &scope);
	mirrored_end(&m);
}

static void a_home_that_leaves_the_scope_goes_in_steps(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1), mtr_home_people(2)};
	const struct mtr_scope both = mirrored_scope(homes, 2), second = mirrored_scope(homes + 1, 1);
	const uint32_t batches = MTR_MIRROR_ROWS_MAX * 5 / 2 / 64;
	struct mirrored m;
	unsigned steps = 0;

	for (uint32_t i = 0; i < batches; i++)
		mirrored_put_people(f, 1 + 64 * i, 64, 1);
	mirrored_put_people(f, 1 + 64 * batches, 3, 2);
	mirrored_begin(&m);
	mirrored_pull_all(f, &m, &both, 0);
	mirrored_put_people(f, 4 + 64 * batches, 3, 2);
	mirrored_take(f, &m, &second, 0);
	while (mirrored_state(&m).settling) {
		/* The process dies in every step once. */
		mirrored_settle_step(&m, false);
		assert_true(mirrored_state(&m).settling);
		assert_int_equal(mirrored_settle_step(&m, true), MTR_STORE_OK);
		steps++;
	}
	assert_int_equal(steps, 3);
	mirrored_expect_exact(f, &m, &second);
	mirrored_end(&m);
}

/* Changes of every kind that moves keys, homes or counts. */
static void change_something(struct fixture *f, uint32_t *random)
{
	struct mtr_effect rows[6];
	size_t count = 1 + mirrored_draw(random, 3);

	for (size_t i = 0; i < count; i++) {
		const uint32_t which = mirrored_draw(random, 10), id = 1 + (uint32_t)i * 16 + mirrored_draw(random, 16);
		char text[16];

		if (which < 2) {
			snprintf(text, sizeof text, "U-%u-%u", (unsigned)i, mirrored_draw(random, 3) ? id : 0);
			rows[i] = unit_row(f, id, mirrored_draw(random, 3) ? text : "", mirrored_draw(random, 4));
		} else if (which < 6) {
			snprintf(text, sizeof text, "Lê %u", id);
			rows[i] = person_row(f, id, text, "", 1 + mirrored_draw(random, 5));
		} else {
			const struct nomination_of of = {
				.programme = 1 + id % 2,
				.unit = 1 + id % 5,
				.person = id,
				.state = (Mtr__State)(1 + mirrored_draw(random, 20)),
				.group = (uint8_t)(1 + mirrored_draw(random, 4)),
				.rank = mirrored_draw(random, 3),
			};

			rows[i] = nomination_row(f, id, of);
		}
	}
	/* A unit's code may be another's already: then nothing happens. */
	if (fixture_try(f, rows, count) != MTR_STORE_OK)
		mirrored_put_people(f, 1 + mirrored_draw(random, 48), 1, 1 + mirrored_draw(random, 5));
	mtr_arena_reset(f->arena);
}

static void end_someone(struct fixture *f, uint32_t *random)
{
	const uint32_t id = 1 + mirrored_draw(random, 48);
	struct mtr_effect end;
	struct mtr_row row;
	struct mtr_txn txn;
	bool there;

	mtr_txn_begin_read(&txn, f->store);
	there = mtr_read_row(&txn, mirrored_draw(random, 2) ? PERSON : NOMINATION, id, &row);
	if (there)
		end = end_of(row.home, row.type, row.id, "ended");
	mtr_txn_abort(&txn);
	if (there)
		fixture_apply(f, &end, 1);
}

static size_t all_homes(struct mtr_home *homes)
{
	size_t count = 0;

	homes[count++] = mtr_home_public();
	for (uint32_t unit = 1; unit <= 5; unit++)
		homes[count++] = mtr_home_people(unit);
	for (uint32_t programme = 1; programme <= 2; programme++) {
		for (uint32_t unit = 1; unit <= 5; unit++)
			homes[count++] = mtr_home_part(programme, unit);
	}
	return count;
}

/* Some of the homes, drawn anew. */
static void draw_scope(uint32_t *random, struct mtr_home *homes, struct mtr_scope *scope)
{
	struct mtr_home all[32];
	const size_t count = all_homes(all);

	*scope = (struct mtr_scope){.homes = homes, .everything = mirrored_draw(random, 6) == 0};
	for (size_t i = 0; i < count; i++) {
		if (mirrored_draw(random, 4))
			homes[scope->count++] = all[i];
	}
}

/* Changes, scopes and pages as they come; links break after any page, processes die in any transaction. At every head
 * the mirror is exact, and between heads what it shows doesn't move. */
static void whatever_happens_it_is_exact_at_every_head(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[32];
	struct mtr_scope scope = {.count = 0};
	uint32_t random = 5;
	struct mirrored m;

	mirrored_begin(&m);
	draw_scope(&random, homes, &scope);
	for (unsigned round = 0; round < 350; round++) {
		struct sums shown = mirrored_sums(&m), now;
		const uint64_t revision = mirrored_state(&m).revision;

		for (uint32_t changes = mirrored_draw(&random, 5); changes > 0; changes--)
			change_something(f, &random);
		if (mirrored_draw(&random, 3) == 0)
			end_someone(f, &random);
		if (mirrored_draw(&random, 12) == 0)
			draw_scope(&random, homes, &scope);
		if (mirrored_draw(&random, 5) == 0) {
			mtr_store_close(&m.store);
			mirrored_open(&m);
		}
		mirrored_take(f, &m, &scope, 1 + mirrored_draw(&random, 12));
		while (mirrored_state(&m).settling)
			assert_int_equal(mirrored_settle_step(&m, mirrored_draw(&random, 3) != 0), MTR_STORE_OK);
		now = mirrored_sums(&m);
		if (m.at_head && round % 4 == 0)
			mirrored_expect_exact(f, &m, &scope);
		else if (m.at_head)
			assert_true(mirrored_state(&m).agreed);
		else if (revision && mirrored_state(&m).revision)
			assert_memory_equal(&now, &shown, sizeof now);
	}
	printf("pages %llu, heads %llu, revisions %llu\n", (unsigned long long)m.pages, (unsigned long long)m.heads,
	       (unsigned long long)f->revision);
	assert_true(m.heads > 80 && m.pages > m.heads + 100);
	mirrored_end(&m);
	fixture_check(f);
}

static void a_page_is_taken_once(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1)};
	const struct mtr_scope scope = mirrored_scope(homes, 1);
	struct mtr_mirror_page page;
	struct mtr_bytes cursor, packed;
	struct mirrored m;
	struct mtr_txn txn;

	mirrored_put_people(f, 1, 5, 1);
	mirrored_begin(&m);
	packed = mirrored_ask(f, &m, &scope, 2, &cursor);
	page = mirrored_page(&m, cursor, packed);
	for (int i = 0; i < 2; i++) {
		mtr_txn_begin_write(&txn, m.store);
		assert_int_equal(mtr_mirror_take(&txn, &page, NULL), i == 0);
		assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
	}
	mirrored_pull_all(f, &m, &scope, 2);
	mirrored_expect_exact(f, &m, &scope);
	mirrored_end(&m);
}

#define STORE_TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_first_reading_shows_nothing_until_the_head),
		STORE_TEST(changes_are_told),
		STORE_TEST(keys_pass_from_row_to_row),
		STORE_TEST(a_key_comes_back),
		STORE_TEST(a_tombstone_ends_what_still_stands_there),
		STORE_TEST(a_mirror_shows_a_head_and_nothing_between),
		STORE_TEST(a_home_that_leaves_the_scope_goes_in_steps),
		STORE_TEST(whatever_happens_it_is_exact_at_every_head),
		STORE_TEST(a_page_is_taken_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
