#include "store/digest.h"
#include "unit/store/fixture.h"

#define INCARNATION 77u
#define PERSON MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON
#define MIRROR_MAX 2048u

/* What a client keeps: rows with their homes, and the cursor. */
struct copy {
	struct mtr_home home;
	Mtr__EntityType type;
	uint64_t id, revision;
	uint8_t digest[MTR_HASH_BYTES];
};

struct mirror {
	struct copy copies[MIRROR_MAX];
	size_t count;
	uint8_t cursor[4096];
	size_t cursor_size;
	bool at_head, complete;
	size_t rows, added, removed, tombstones;
};

static struct copy *find_copy(struct mirror *mirror, Mtr__EntityType type, uint64_t id)
{
	for (size_t i = 0; i < mirror->count; i++) {
		if (mirror->copies[i].type == type && mirror->copies[i].id == id)
			return &mirror->copies[i];
	}
	return NULL;
}

static void drop(struct mirror *mirror, struct copy *copy)
{
	*copy = mirror->copies[--mirror->count];
}

static struct mtr_home home_of(const Mtr__Home *home)
{
	return (struct mtr_home){(uint8_t)home->kind, home->a, home->b};
}

static void drop_home(struct mirror *mirror, const Mtr__Home *home)
{
	for (size_t i = mirror->count; i-- > 0;) {
		if (!home->kind || mtr_home_compare(mirror->copies[i].home, home_of(home)) == 0)
			drop(mirror, &mirror->copies[i]);
	}
}

static void take_row(struct mirror *mirror, const Mtr__FeedRow *row)
{
	struct copy *copy = find_copy(mirror, row->type, row->id);
	const struct mtr_home home = home_of(row->home);

	if (row->content_case == MTR__FEED_ROW__CONTENT_TOMBSTONE) {
		mirror->tombstones++;
		if (copy && mtr_home_compare(copy->home, home) == 0)
			drop(mirror, copy);
		return;
	}
	assert_int_equal(row->content_case, MTR__FEED_ROW__CONTENT_ROW);
	if (!copy) {
		assert_true(mirror->count < MIRROR_MAX);
		copy = &mirror->copies[mirror->count++];
	}
	*copy = (struct copy){.home = home, .type = row->type, .id = row->id, .revision = row->revision};
	mtr_digest_row(home, row->type, row->id, row->revision, (struct mtr_bytes){row->row.data, row->row.len},
		       copy->digest);
}

static void expect_head(const struct mirror *mirror, const Mtr__FeedPage *page)
{
	uint8_t sum[MTR_HASH_BYTES] = {0};

	for (size_t i = 0; i < mirror->count; i++)
		mtr_digest_add(sum, mirror->copies[i].digest);
	assert_int_equal(page->count, mirror->count);
	assert_int_equal(page->digest.len, sizeof sum);
	assert_memory_equal(page->digest.data, sum, sizeof sum);
}

static void expect_order(const Mtr__FeedPage *page)
{
	for (size_t i = 1; i < page->n_rows; i++) {
		const Mtr__FeedRow *x = page->rows[i - 1], *y = page->rows[i];

		assert_true(x->revision < y->revision || (x->revision == y->revision && x->ordinal < y->ordinal));
	}
}

/* One page, taken up as a client does. */
static void pull(struct fixture *f, struct mirror *mirror, const struct mtr_scope *scope, uint32_t limit)
{
	struct mtr_arena *arena = mtr_arena_new(4u << 20);
	Mtr__FeedPage *page = NULL;
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, f->store);
	assert_int_equal(mtr_feed_page(&txn, arena, scope, INCARNATION,
				       (struct mtr_bytes){mirror->cursor, mirror->cursor_size}, limit, &page),
			 MTR_FEED_OK);
	if (limit)
		assert_true(page->n_rows <= limit);
	expect_order(page);
	for (size_t i = 0; i < page->n_homes_removed; i++)
		drop_home(mirror, page->homes_removed[i]);
	for (size_t i = 0; i < page->n_rows; i++)
		take_row(mirror, page->rows[i]);
	assert_int_equal(page->more, !page->at_head);
	if (page->at_head)
		expect_head(mirror, page);
	mirror->rows += page->n_rows;
	mirror->added += page->n_homes_added;
	mirror->removed += page->n_homes_removed;
	mirror->at_head = page->at_head;
	mirror->complete = page->revision_complete;
	mirror->cursor_size = page->cursor.len;
	assert_true(page->cursor.len <= sizeof mirror->cursor);
	memcpy(mirror->cursor, page->cursor.data, page->cursor.len);
	mtr_txn_abort(&txn);
	mtr_arena_free(&arena);
}

static void pull_all(struct fixture *f, struct mirror *mirror, const struct mtr_scope *scope, uint32_t limit)
{
	mirror->rows = mirror->added = mirror->removed = mirror->tombstones = 0;
	do
		pull(f, mirror, scope, limit);
	while (!mirror->at_head);
}

static void put_people(struct fixture *f, uint32_t first, uint32_t count, uint32_t unit)
{
	struct mtr_effect rows[64];

	assert_true(count <= 64);
	for (uint32_t i = 0; i < count; i++) {
		char name[32];

		snprintf(name, sizeof name, "Phạm Văn %u", first + i);
		rows[i] = person_row(f, first + i, name, "", unit);
	}
	fixture_apply(f, rows, count);
}

static void put_end(struct fixture *f, uint32_t id, uint32_t unit)
{
	const struct mtr_effect end = end_of(mtr_home_people(unit), PERSON, id, "entered twice");

	fixture_apply(f, &end, 1);
}

static struct mtr_scope scope_of(struct mtr_home *homes, size_t count)
{
	return (struct mtr_scope){.homes = homes, .count = count};
}

static void every_page_size_gives_the_same(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1), mtr_home_people(2), mtr_home_people(3)};
	const struct mtr_scope scope = scope_of(homes, 3);

	for (uint32_t i = 0; i < 6; i++)
		put_people(f, 1 + 7 * i, 7, 1 + i % 4);
	for (uint32_t limit = 1; limit <= 40; limit++) {
		struct mirror mirror = {.count = 0};

		pull_all(f, &mirror, &scope, limit);
		assert_int_equal(mirror.count, 35);
		assert_int_equal(mirror.rows, 35);
		/* A page that ends inside a revision says so. */
		memset(&mirror, 0, sizeof mirror);
		pull(f, &mirror, &scope, limit);
		assert_int_equal(mirror.complete, limit >= 35);
	}
}

static void a_delta_holds_what_changed(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1), mtr_home_people(2)};
	const struct mtr_scope scope = scope_of(homes, 2);
	struct mirror mirror = {.count = 0};

	put_people(f, 1, 20, 1);
	put_people(f, 30, 10, 9);
	pull_all(f, &mirror, &scope, 0);
	assert_int_equal(mirror.rows, 20);
	pull_all(f, &mirror, &scope, 0);
	assert_int_equal(mirror.rows, 0);
	put_people(f, 3, 2, 1);
	put_people(f, 30, 1, 9);
	pull_all(f, &mirror, &scope, 0);
	assert_int_equal(mirror.rows, 2);
	put_people(f, 4, 1, 2);
	pull_all(f, &mirror, &scope, 0);
	assert_int_equal(mirror.rows, 2);
	assert_int_equal(mirror.tombstones, 1);
	assert_int_equal(mirror.count, 20);
	assert_int_equal(mirror.added + mirror.removed, 0);
}

static void a_first_sync_skips_tombstones(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1)};
	const struct mtr_scope scope = scope_of(homes, 1);
	struct mirror mirror = {.count = 0};

	put_people(f, 1, 5, 1);
	put_end(f, 2, 1);
	pull(f, &mirror, &scope, 2);
	assert_int_equal(mirror.tombstones, 0);
	/* What ends while it goes on is told. */
	put_end(f, 1, 1);
	pull_all(f, &mirror, &scope, 2);
	assert_int_equal(mirror.tombstones, 1);
	assert_int_equal(mirror.count, 3);
}

static void homes_come_and_go(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1), mtr_home_people(2), mtr_home_people(3)};
	const struct mtr_scope all = scope_of(homes, 3), first = scope_of(homes, 1), rest = scope_of(homes + 1, 2);

	for (uint32_t limit = 1; limit < 9; limit++) {
		struct mirror mirror = {.count = 0};

		put_people(f, 1, 3, 1);
		put_people(f, 11, 3, 2);
		put_people(f, 21, 3, 3);
		put_end(f, 22, 3);
		pull_all(f, &mirror, &first, limit);
		assert_int_equal(mirror.count, 3);
		put_people(f, 2, 1, 1);
		pull_all(f, &mirror, &all, limit);
		assert_int_equal(mirror.added, 2);
		assert_int_equal(mirror.removed, 0);
		assert_int_equal(mirror.rows, 1 + 5);
		assert_int_equal(mirror.tombstones, 0);
		assert_int_equal(mirror.count, 8);
		pull_all(f, &mirror, &rest, limit);
		assert_int_equal(mirror.removed, 1);
		assert_int_equal(mirror.added, 0);
		assert_int_equal(mirror.rows, 0);
		assert_int_equal(mirror.count, 5);
		/* In the middle of reading. */
		put_people(f, 11, 3, 2);
		put_people(f, 21, 3, 3);
		pull(f, &mirror, &rest, limit);
		pull_all(f, &mirror, &first, limit);
		assert_int_equal(mirror.count, 3);
	}
}

static void a_home_that_is_new_is_no_change_of_scope(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1), mtr_home_people(2)};
	const struct mtr_scope first = scope_of(homes, 1), both = scope_of(homes, 2);
	struct mirror mirror = {.count = 0};

	put_people(f, 1, 3, 1);
	pull_all(f, &mirror, &first, 0);
	put_people(f, 11, 3, 2);
	pull_all(f, &mirror, &both, 2);
	assert_int_equal(mirror.added, 0);
	assert_int_equal(mirror.rows, 3);
	assert_int_equal(mirror.count, 6);
}

static void a_wide_scope_that_changes_starts_anew(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[MTR_FEED_HOMES_NAMED + 40];
	const struct mtr_scope wide = scope_of(homes, MTR_FEED_HOMES_NAMED + 40);
	const struct mtr_scope wider = scope_of(homes + 1, MTR_FEED_HOMES_NAMED + 39);
	const struct mtr_scope narrow = scope_of(homes, 3);
	const struct mtr_scope everything = {.everything = true};
	struct mirror mirror = {.count = 0};

	for (uint32_t i = 0; i < MTR_FEED_HOMES_NAMED + 40; i++) {
		homes[i] = mtr_home_people(i + 1);
		put_people(f, i + 1, 1, i + 1);
	}
	pull_all(f, &mirror, &wide, 100);
	assert_int_equal(mirror.count, MTR_FEED_HOMES_NAMED + 40);
	put_people(f, 1000, 1, 5000);
	pull_all(f, &mirror, &wide, 100);
	assert_int_equal(mirror.removed, 0);
	pull_all(f, &mirror, &wider, 100);
	assert_int_equal(mirror.removed, 1);
	assert_int_equal(mirror.count, MTR_FEED_HOMES_NAMED + 39);
	pull_all(f, &mirror, &narrow, 100);
	assert_int_equal(mirror.removed, 1);
	assert_int_equal(mirror.count, 3);
	pull_all(f, &mirror, &everything, 100);
	assert_int_equal(mirror.removed, 1);
	assert_int_equal(mirror.count, MTR_FEED_HOMES_NAMED + 41);
	put_people(f, 2, 1, 2);
	pull_all(f, &mirror, &everything, 100);
	assert_int_equal(mirror.rows, 1);
	assert_int_equal(mirror.removed, 0);
	pull_all(f, &mirror, &narrow, 100);
	assert_int_equal(mirror.count, 3);
}

static enum mtr_feed_status try_cursor(struct fixture *f, const uint8_t *bytes, size_t size, uint64_t incarnation)
{
	struct mtr_home homes[] = {mtr_home_people(1), mtr_home_people(2)};
	const struct mtr_scope scope = scope_of(homes, 2);
	struct mtr_arena *arena = mtr_arena_new(4u << 20);
	enum mtr_feed_status status;
	Mtr__FeedPage *page;
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, f->store);
	status = mtr_feed_page(&txn, arena, &scope, incarnation, (struct mtr_bytes){bytes, size}, 2, &page);
	assert_int_equal(txn.error, MTR_STORE_OK);
	mtr_txn_abort(&txn);
	mtr_arena_free(&arena);
	return status;
}

static void a_bad_cursor_is_refused(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1), mtr_home_people(2)};
	const struct mtr_scope scope = scope_of(homes, 2);
	struct mirror mirror = {.count = 0};
	uint32_t random = 3;

	put_people(f, 1, 5, 1);
	put_people(f, 11, 5, 2);
	pull(f, &mirror, &scope, 2);
	assert_int_equal(try_cursor(f, mirror.cursor, mirror.cursor_size, INCARNATION), MTR_FEED_OK);
	assert_int_equal(try_cursor(f, mirror.cursor, mirror.cursor_size, INCARNATION + 1), MTR_FEED_CURSOR_INVALID);
	for (size_t size = 1; size < mirror.cursor_size; size++)
		assert_int_equal(try_cursor(f, mirror.cursor, size, INCARNATION), MTR_FEED_CURSOR_INVALID);
	assert_int_equal(try_cursor(f, mirror.cursor, mirror.cursor_size + 1, INCARNATION), MTR_FEED_CURSOR_INVALID);
	/* Beyond the head: of a register that was set back. */
	mirror.cursor[32] = 200;
	assert_int_equal(try_cursor(f, mirror.cursor, mirror.cursor_size, INCARNATION), MTR_FEED_CURSOR_INVALID);
	/* Whatever is in it, it does no harm. */
	for (unsigned i = 0; i < 3000; i++) {
		uint8_t bytes[128];
		const size_t size = 65 + 10 * (random >> 16) % 3;

		memcpy(bytes, mirror.cursor, sizeof bytes);
		for (unsigned j = 0; j < 4; j++) {
			random = random * 1664525 + 1013904223;
			bytes[9 + (random >> 8) % (size - 9)] = (uint8_t)(random >> 24);
		}
		try_cursor(f, bytes, size, INCARNATION);
	}
}

static void a_page_fits_a_reply(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1)};
	const struct mtr_scope scope = scope_of(homes, 1);
	struct mtr_arena *arena = mtr_arena_new(4u << 20);
	char *note = mtr_arena_alloc(f->arena, 12001);
	Mtr__FeedPage *page;
	struct mtr_txn txn;

	memset(note, 'x', 12000);
	for (uint32_t i = 1; i <= 60; i++) {
		Mtr__Person person = MTR__PERSON__INIT;
		struct mtr_effect row;

		person.id = i;
		person.unit_id = 1;
		person.note = note;
		row = effect_of(f, homes[0], PERSON, i, &person.base);
		fixture_apply(f, &row, 1);
	}
	mtr_txn_begin_read(&txn, f->store);
	assert_int_equal(mtr_feed_page(&txn, arena, &scope, INCARNATION, (struct mtr_bytes){0}, 0, &page), MTR_FEED_OK);
	assert_true(page->more);
	assert_true(mtr__feed_page__get_packed_size(page) <= MTR_REPLY_MAX - 64);
	assert_true(mtr__feed_page__get_packed_size(page) > MTR_REPLY_MAX * 3 / 4);
	mtr_txn_abort(&txn);
	mtr_arena_free(&arena);
}

static void an_empty_register_is_at_head(void **state)
{
	struct fixture *f = *state;
	const struct mtr_scope nothing = {.count = 0}, everything = {.everything = true};
	struct mirror mirror = {.count = 0};

	pull_all(f, &mirror, &nothing, 0);
	assert_int_equal(mirror.rows, 0);
	pull_all(f, &mirror, &everything, 0);
	assert_int_equal(mirror.rows, 0);
	put_people(f, 1, 2, 1);
	pull_all(f, &mirror, &everything, 0);
	assert_int_equal(mirror.count, 2);
}

/* People come, change, move and end, scopes change, pages are cut anywhere: at every head the mirror is exact. */
static void mirrors_follow_whatever_happens(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[5];
	static struct mirror mirrors[4];
	uint32_t random = 11, unit_of[41] = {0};
	unsigned heads = 0;

	memset(mirrors, 0, sizeof mirrors);
	for (uint32_t i = 0; i < 5; i++)
		homes[i] = mtr_home_people(i + 1);
	for (unsigned round = 0; round < 1200; round++) {
		const uint32_t draw = (random = random * 1664525 + 1013904223) >> 8;
		const uint32_t id = 1 + draw % 40, unit = 1 + draw / 40 % 5;
		const size_t which = draw / 200 % 4, from = draw / 800 % 64 ? 0 : draw % 3;
		const struct mtr_scope scope =
			which == 3 ? (struct mtr_scope){.everything = true} : scope_of(homes + from, 2 + which);

		if (draw % 11 == 0 && unit_of[id]) {
			put_end(f, id, unit_of[id]);
			unit_of[id] = 0;
		} else {
			put_people(f, id, 1, unit);
			unit_of[id] = unit;
		}
		pull(f, &mirrors[which], &scope, 1 + draw % 7);
		heads += mirrors[which].at_head;
	}
	assert_true(heads > 100);
	fixture_check(f);
}

#define STORE_TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(every_page_size_gives_the_same),
		STORE_TEST(a_delta_holds_what_changed),
		STORE_TEST(a_first_sync_skips_tombstones),
		STORE_TEST(homes_come_and_go),
		STORE_TEST(a_home_that_is_new_is_no_change_of_scope),
		STORE_TEST(a_wide_scope_that_changes_starts_anew),
		STORE_TEST(a_bad_cursor_is_refused),
		STORE_TEST(a_page_fits_a_reply),
		STORE_TEST(an_empty_register_is_at_head),
		STORE_TEST(mirrors_follow_whatever_happens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
