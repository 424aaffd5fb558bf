/* Pages no register sends, and mirrors that can't be trusted. */
#include "unit/store/mirrored.h"

#define PERSON MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON
#define NOMINATION MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION

/* Pages that no register sends. */
static void a_bad_page_is_told(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1)};
	const struct mtr_scope scope = mirrored_scope(homes, 1);
	struct mtr_mirror_page page;
	struct mtr_bytes cursor, packed;
	struct mirrored m;
	Mtr__FeedPage *p;
	Mtr__FeedRow *row, saved;
	Mtr__Home home;

	mirrored_put_people(f, 1, 3, 1);
	mirrored_begin(&m);
	packed = mirrored_ask(f, &m, &scope, 0, &cursor);
	page = mirrored_page(&m, cursor, packed);
	p = (Mtr__FeedPage *)(uintptr_t)page.page;
	row = p->rows[1];
	saved = *row;
	home = *row->home;
#define BAD(change, undo)                                                                                              \
	do {                                                                                                           \
		assert_true(mtr_mirror_page_good(m.scratch, &page));                                                   \
		change;                                                                                                \
		assert_false(mtr_mirror_page_good(m.scratch, &page));                                                  \
		undo;                                                                                                  \
	} while (0)
	BAD(row->id = 7, *row = saved); /* the row says 2 */
	BAD(row->id = 0, *row = saved);
	BAD(row->revision = 2, *row = saved); /* beyond the answer's */
	BAD(row->revision = 0, *row = saved);
	BAD(row->ordinal = 0, *row = saved); /* out of order */
	BAD(row->home = NULL, *row = saved);
	BAD(row->home->kind = 0, *row->home = home);
	BAD(row->home->kind = 300, *row->home = home);
	BAD(row->type = 0, *row = saved);
	BAD(row->type = 256, *row = saved);
	BAD(row->row.len--, *row = saved);
	BAD(row->row.len = 0, *row = saved);
	BAD(row->content_case = MTR__FEED_ROW__CONTENT__NOT_SET, *row = saved);
	BAD(row->type = NOMINATION, *row = saved);
	BAD(p->digest.len = 31, p->digest.len = 32);
	BAD(p->cursor.len = 0, p->cursor.len = 75);
	BAD(p->cursor.len = MTR_MIRROR_CURSOR_MAX + 1, p->cursor.len = 75);
	BAD(p->revision_complete = false, p->revision_complete = true);
	BAD(p->more = true, p->more = false);
	char long_number[160];
	uint8_t long_row[512];
	Mtr__Person *person = mtr__person__unpack(mtr_arena_allocator(m.scratch), saved.row.len, saved.row.data);

	memset(long_number, '1', sizeof long_number - 1);
	long_number[sizeof long_number - 1] = '\0';
	person->citizen_number = long_number;
	const size_t long_size = mtr__person__pack(person, long_row);

	BAD((row->row = (ProtobufCBinaryData){long_size, long_row}), *row = saved); /* no key is so long */
	mirrored_end(&m);
}

/* Bytes changed at random: refused, or taken up as what they say; nothing else. */
static void a_page_of_noise_does_no_harm(void **state)
{
	struct fixture *f = *state;
	struct mtr_home people[] = {mtr_home_people(1), mtr_home_people(2)};
	struct mtr_home others[] = {mtr_home_public(), mtr_home_people(2)};
	const struct mtr_scope before = mirrored_scope(people, 2), after = mirrored_scope(others, 2);
	const struct mtr_effect unit = unit_row(f, 1, "HTM", 0), end = end_of(mtr_home_people(2), PERSON, 12, "ended");
	struct mtr_bytes cursor, packed;
	unsigned taken = 0, refused = 0;
	uint32_t random = 23;
	struct mirrored m;
	uint8_t *bytes;

	fixture_apply(f, &unit, 1);
	mirrored_put_people(f, 1, 4, 1);
	mirrored_put_people(f, 11, 4, 2);
	mirrored_begin(&m);
	mirrored_pull_all(f, &m, &before, 0);
	fixture_apply(f, &end, 1);
	mirrored_put_people(f, 13, 1, 2);
	packed = mirrored_ask(f, &m, &after, 0, &cursor);
	bytes = malloc(packed.size);
	assert_non_null(bytes);
	for (unsigned round = 0; round < 4000; round++) {
		struct mtr_mirror_page page = {.cursor = cursor, .answer = {bytes, packed.size}};
		const Mtr__Answer *answer;
		struct mtr_arena *arena = mtr_arena_new(32u << 20);
		struct mtr_txn txn;

		memcpy(bytes, packed.data, packed.size);
		for (uint32_t i = 1 + mirrored_draw(&random, 3); i > 0; i--)
			bytes[mirrored_draw(&random, (uint32_t)packed.size)] = (uint8_t)mirrored_draw(&random, 256);
		answer = mtr__answer__unpack(mtr_arena_allocator(arena), packed.size, bytes);
		if (answer && answer->body_case == MTR__ANSWER__BODY_PAGE) {
			page.page = answer->page;
			page.revision = answer->revision;
		}
		if (page.page && mtr_mirror_page_good(m.scratch, &page)) {
			mtr_txn_begin_write(&txn, m.store);
			taken += mtr_mirror_take(&txn, &page, &m.watch);
			for (int i = 0; i < 3 && !txn.error; i++)
				mtr_mirror_settle(&txn, arena, &m.watch);
			mtr_txn_abort(&txn);
		} else {
			refused++;
		}
		mtr_arena_free(&arena);
	}
	free(bytes);
	assert_true(taken > 500 && refused > 500);
	mirrored_pull_all(f, &m, &after, 0);
	mirrored_expect_exact(f, &m, &after);
	mirrored_end(&m);
}

/* A type that this version doesn't know is kept and counted. */
static void rows_of_a_newer_register_are_kept(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {{200, 5, 6}};
	const struct mtr_scope scope = mirrored_scope(homes, 1);
	const uint8_t bytes[] = {1, 2, 3};
	const struct mtr_effect row = {.home = homes[0], .type = (Mtr__EntityType)90, .id = 4, .row = {bytes, 3}};
	struct mirrored m;

	fixture_apply(f, &row, 1);
	mirrored_begin(&m);
	mirrored_pull_all(f, &m, &scope, 0);
	mirrored_expect_exact(f, &m, &scope);
	mirrored_end(&m);
}

static void flip(struct mirrored *m, enum mtr_table table, unsigned skip, size_t at)
{
	struct mtr_bytes key, value, none = {NULL, 0};
	uint8_t keep_key[64], keep[512];
	struct mtr_walk walk;
	struct mtr_txn txn;

	mtr_txn_begin_write(&txn, m->store);
	mtr_walk_begin(&walk, &txn, table, none, none);
	for (unsigned i = 0; i <= skip; i++)
		assert_true(mtr_walk_next(&walk, &key, &value));
	mtr_walk_end(&walk);
	assert_true(key.size <= sizeof keep_key && value.size <= sizeof keep && at < value.size);
	memcpy(keep_key, key.data, key.size);
	memcpy(keep, value.data, value.size);
	keep[at] ^= 0x20;
	mtr_txn_put(&txn, table, (struct mtr_bytes){keep_key, key.size}, (struct mtr_bytes){keep, value.size});
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
}

static bool holds_together(struct mirrored *m)
{
	char difference[MTR_DIFFERENCE_MAX];
	struct mtr_txn txn;
	bool good;

	mtr_txn_begin_read(&txn, m->store);
	good = mtr_rows_check(&txn, difference);
	mtr_txn_abort(&txn);
	return good;
}

static unsigned readable_people(struct mirrored *m, uint32_t count)
{
	struct mtr_arena *arena = mtr_arena_new(1u << 16);
	unsigned readable = 0;
	struct mtr_txn txn;

	assert_non_null(arena);
	for (uint32_t id = 1; id <= count; id++) {
		mtr_txn_begin_read(&txn, m->store);
		if (mtr_read_person(&txn, arena, id))
			readable++;
		else
			assert_int_equal(txn.error, MTR_STORE_CORRUPT);
		mtr_txn_abort(&txn);
	}
	mtr_arena_free(&arena);
	return readable;
}

/* A bit that flips on the desk's disk is found by looking, and when its row is read. */
static void damage_is_found(void **state)
{
	static const enum mtr_table tables[] = {MTR_TABLE_ENTITY, MTR_TABLE_HOME, MTR_TABLE_FEED};
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1)};
	const struct mtr_scope scope = mirrored_scope(homes, 1);
	struct mirrored m;

	mirrored_put_people(f, 1, 10, 1);
	mirrored_begin(&m);
	mirrored_pull_all(f, &m, &scope, 0);
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		for (size_t at = 10; at < 21; at++) {
			assert_true(holds_together(&m));
			flip(&m, tables[i], 0, at);
			assert_false(holds_together(&m));
			flip(&m, tables[i], 0, at);
		}
	}
	mirrored_end(&m);
	/* Not looked for: it isn't taken for a row, and the rest still is. */
	mirrored_begin(&m);
	mirrored_pull_all(f, &m, &scope, 0);
	flip(&m, MTR_TABLE_FEED, 3, 25);
	assert_int_equal(readable_people(&m, 10), 9);
	mirrored_end(&m);
}

static void a_newer_mirror_is_refused(void **state)
{
	static const struct mtr_bytes name = {(const uint8_t *)"mirror owner", 12};
	struct fixture *f = *state;
	const struct mtr_scope scope = {.everything = true};
	struct mtr_mirror_state read;
	struct mtr_bytes value;
	struct mirrored m;
	struct mtr_txn txn;
	uint8_t bytes[128];

	mirrored_put_people(f, 1, 1, 1);
	mirrored_begin(&m);
	mirrored_pull_all(f, &m, &scope, 0);
	mtr_txn_begin_write(&txn, m.store);
	assert_true(mtr_txn_get(&txn, MTR_TABLE_META, name, &value));
	memcpy(bytes, value.data, value.size);
	bytes[3]++;
	mtr_txn_put(&txn, MTR_TABLE_META, name, (struct mtr_bytes){bytes, value.size});
	assert_false(mtr_mirror_read(&txn, &read));
	assert_int_equal(txn.error, MTR_STORE_NEWER);
	mtr_txn_abort(&txn);
	mirrored_end(&m);
}

#define STORE_TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_bad_page_is_told),
		STORE_TEST(a_page_of_noise_does_no_harm),
		STORE_TEST(rows_of_a_newer_register_are_kept),
		STORE_TEST(damage_is_found),
		STORE_TEST(a_newer_mirror_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
