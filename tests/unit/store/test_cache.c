#include "store/cache.h"
#include "store/internal.h"
#include "store/rows.h"
#include "unit/store/fixture.h"

#define UNIT MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT
#define NOMINATION MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION

static struct mtr_bytes bytes_of(const char *text)
{
	return mtr_bytes_of(text, strlen(text));
}

static void apply_open(struct fixture *f, struct mtr_txn *txn, const struct mtr_effect *effects, size_t count)
{
	Mtr__RecordHeader header = MTR__RECORD_HEADER__INIT;
	const uint8_t chain[MTR_HASH_BYTES] = {0};

	header.revision = ++f->revision;
	header.at = header.revision * 1000;
	mtr_apply(txn, &header, effects, count, chain);
	assert_int_equal(txn->error, MTR_STORE_OK);
}

static void a_change_is_seen_at_once(void **state)
{
	struct fixture *f = *state;
	const struct mtr_effect first[] = {unit_row(f, 1, "TINH", 0), unit_row(f, 2, "HUYEN-A", 1)};
	const struct mtr_effect renamed = unit_row(f, 2, "HUYEN-B", 1);
	const struct mtr_effect gone = end_of(mtr_home_public(), UNIT, 2, "GONE");
	struct mtr_txn txn;

	fixture_apply(f, first, 2);
	mtr_txn_begin_write(&txn, f->store);
	assert_string_equal(mtr_read_unit(&txn, f->arena, 2)->code, "HUYEN-A");
	assert_int_equal(mtr_find_code(&txn, UNIT, "HUYEN-A"), 2);
	apply_open(f, &txn, &renamed, 1);
	assert_string_equal(mtr_read_unit(&txn, f->arena, 2)->code, "HUYEN-B");
	assert_int_equal(mtr_find_code(&txn, UNIT, "HUYEN-A"), 0);
	assert_int_equal(mtr_find_code(&txn, UNIT, "HUYEN-B"), 2);
	apply_open(f, &txn, &gone, 1);
	assert_null(mtr_read_unit(&txn, f->arena, 2));
	assert_int_equal(mtr_find_code(&txn, UNIT, "HUYEN-B"), 0);
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
	fixture_check(f);
}

/* What was read before a change stays as it was, for whoever read it. */
static void what_was_read_stays(void **state)
{
	struct fixture *f = *state;
	const struct mtr_effect first = unit_row(f, 1, "TINH", 0), second = unit_row(f, 1, "TINH-2", 0);
	const Mtr__Unit *before;
	struct mtr_txn txn;

	fixture_apply(f, &first, 1);
	mtr_txn_begin_write(&txn, f->store);
	before = mtr_read_unit(&txn, f->arena, 1);
	assert_ptr_equal(mtr_read_unit(&txn, f->arena, 1), before);
	apply_open(f, &txn, &second, 1);
	assert_string_equal(before->code, "TINH");
	assert_string_equal(mtr_read_unit(&txn, f->arena, 1)->code, "TINH-2");
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
}

static void an_abort_leaves_nothing(void **state)
{
	struct fixture *f = *state;
	const struct mtr_effect first = unit_row(f, 1, "TINH", 0);
	const struct mtr_effect later[] = {
		unit_row(f, 1, "TINH-2", 0),
		nomination_row(f, 7, (struct nomination_of){1, 1, 1, MTR__STATE__STATE_SEATED, 1, 1, 0, 0})};
	struct mtr_home_row home;
	struct mtr_tally tally;
	struct mtr_store_state at;
	struct mtr_txn txn;

	fixture_apply(f, &first, 1);
	mtr_txn_begin_write(&txn, f->store);
	apply_open(f, &txn, later, 2);
	assert_string_equal(mtr_read_unit(&txn, f->arena, 1)->code, "TINH-2");
	assert_int_equal(mtr_next_id(&txn, NOMINATION), 8);
	mtr_txn_abort(&txn);

	mtr_txn_begin_write(&txn, f->store);
	mtr_txn_state(&txn, &at);
	assert_int_equal(at.revision, 1);
	assert_string_equal(mtr_read_unit(&txn, f->arena, 1)->code, "TINH");
	assert_int_equal(mtr_find_code(&txn, UNIT, "TINH-2"), 0);
	assert_int_equal(mtr_next_id(&txn, NOMINATION), 1);
	assert_false(mtr_home_read(&txn, mtr_home_part(1, 1), &home));
	mtr_read_tally(&txn, 1, 1, &tally);
	assert_int_equal(tally.held, 0);
	mtr_txn_abort(&txn);
}

/* The same from a write transaction that may remember, and from one that reads what LMDB has. */
static void expect_same_rows(struct fixture *f)
{
	struct mtr_txn write, read;
	struct mtr_bytes key, value, kept;
	struct mtr_walk walk;

	mtr_txn_begin_read(&read, f->store);
	mtr_txn_begin_write(&write, f->store);
	for (unsigned table = 0; table < MTR_TABLES; table++) {
		mtr_walk_begin(&walk, &read, (enum mtr_table)table, bytes_of(""), bytes_of(""));
		while (mtr_walk_next(&walk, &key, &value)) {
			assert_true(mtr_txn_get(&write, (enum mtr_table)table, key, &kept));
			assert_int_equal(kept.size, value.size);
			if (value.size)
				assert_memory_equal(kept.data, value.data, value.size);
		}
		mtr_walk_end(&walk);
	}
	for (uint32_t id = 1; id <= 20; id++) {
		const Mtr__Unit *x = mtr_read_unit(&write, f->arena, id), *y = mtr_read_unit(&read, f->arena, id);

		assert_int_equal(x != NULL, y != NULL);
		if (x) {
			assert_string_equal(x->code, y->code);
			assert_int_equal(x->parent_id, y->parent_id);
		}
	}
	assert_int_equal(write.error, MTR_STORE_OK);
	assert_int_equal(read.error, MTR_STORE_OK);
	mtr_txn_abort(&write);
	mtr_txn_abort(&read);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void is_what_lmdb_has_whatever_happens(void **state)
{
	struct fixture *f = *state;
	uint32_t seed = 20260315;
	uint64_t standing = 0;

	for (unsigned round = 0; round < 150; round++) {
		struct mtr_txn txn;

		mtr_arena_reset(f->arena);
		mtr_txn_begin_write(&txn, f->store);
		for (unsigned i = next_random(&seed) % 6 + 1; i > 0; i--) {
			const uint32_t id = next_random(&seed) % 20 + 1;
			const uint64_t nomination = next_random(&seed) % 50 + 1;
			const struct nomination_of of = {(uint32_t)nomination % 3 + 1,
							 (uint32_t)nomination % 4 + 1,
							 (uint32_t)nomination,
							 next_random(&seed) % 2 ? MTR__STATE__STATE_SEATED
										: MTR__STATE__STATE_WITHDRAWN,
							 (uint8_t)(nomination % 4 + 1),
							 1,
							 0,
							 0};
			char code[32];

			snprintf(code, sizeof code, "U%u-%u", id, next_random(&seed) % 3);
			const struct mtr_effect effects[] = {unit_row(f, id, code, 0),
							     nomination_row(f, nomination, of)};

			mtr_read_unit(&txn, f->arena, id);
			mtr_find_code(&txn, UNIT, code);
			apply_open(f, &txn, effects, 2);
			assert_string_equal(mtr_read_unit(&txn, f->arena, id)->code, code);
		}
		if (next_random(&seed) % 3) {
			assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
			standing = f->revision;
		} else {
			mtr_txn_abort(&txn);
			f->revision = standing;
		}
		expect_same_rows(f);
	}
	fixture_check(f);
}

static void holds_between_transactions_only_what_was_committed(void **state)
{
	struct mtr_cache *cache = mtr_cache_new();
	struct mtr_bytes found;

	(void)state;
	assert_non_null(cache);
	mtr_cache_begin(cache, 5);
	mtr_cache_keep(cache, MTR_TABLE_META, bytes_of("a"), bytes_of("one"));
	mtr_cache_committed(cache, 5);
	mtr_cache_begin(cache, 6);
	assert_true(mtr_cache_get(cache, MTR_TABLE_META, bytes_of("a"), &found));
	assert_int_equal(found.size, 3);
	assert_memory_equal(found.data, "one", 3);
	assert_false(mtr_cache_get(cache, MTR_TABLE_HOME, bytes_of("a"), &found));
	mtr_cache_keep(cache, MTR_TABLE_META, bytes_of("a"), bytes_of("longer"));
	assert_true(mtr_cache_get(cache, MTR_TABLE_META, bytes_of("a"), &found));
	assert_memory_equal(found.data, "longer", 6);
	mtr_cache_committed(cache, 6);
	mtr_cache_begin(cache, 8); /* somebody else's was the seventh */
	assert_false(mtr_cache_get(cache, MTR_TABLE_META, bytes_of("a"), &found));
	mtr_cache_keep(cache, MTR_TABLE_META, bytes_of("a"), bytes_of("one"));
	mtr_cache_begin(cache, 9); /* nobody said that the eighth was committed */
	assert_false(mtr_cache_get(cache, MTR_TABLE_META, bytes_of("a"), &found));
	mtr_cache_keep(cache, MTR_TABLE_META, bytes_of("a"), bytes_of("one"));
	mtr_cache_drop(cache, MTR_TABLE_META, bytes_of("a"));
	assert_false(mtr_cache_get(cache, MTR_TABLE_META, bytes_of("a"), &found));
	mtr_cache_free(&cache);
	assert_null(cache);
	mtr_cache_free(&cache);
}

/* Each key is found with its own value or not at all, and the next transaction begins with an empty one. */
static void is_bounded(void **state)
{
	const uint32_t most = 100000;
	struct mtr_cache *cache = mtr_cache_new();
	struct mtr_bytes found;
	uint32_t kept = 0;

	(void)state;
	assert_non_null(cache);
	mtr_cache_begin(cache, 1);
	for (uint32_t i = 0; i < most; i++) {
		struct mtr_key key = mtr_key_start();

		mtr_key_u32(&key, i);
		mtr_cache_keep(cache, MTR_TABLE_HOME, mtr_key_as_bytes(&key), mtr_key_as_bytes(&key));
	}
	for (uint32_t i = 0; i < most; i++) {
		struct mtr_key key = mtr_key_start();

		mtr_key_u32(&key, i);
		if (!mtr_cache_get(cache, MTR_TABLE_HOME, mtr_key_as_bytes(&key), &found))
			continue;
		assert_memory_equal(found.data, key.data, 4);
		kept++;
	}
	assert_true(kept > 0);
	assert_true(kept < most / 2);
	mtr_cache_committed(cache, 1);
	mtr_cache_begin(cache, 2);
	for (uint32_t i = 0; i < most; i++) {
		struct mtr_key key = mtr_key_start();

		mtr_key_u32(&key, i);
		assert_false(mtr_cache_get(cache, MTR_TABLE_HOME, mtr_key_as_bytes(&key), &found));
	}
	mtr_cache_free(&cache);
}

/* What a decision may use doesn't depend on whether a row was unpacked before. */
static void costs_the_same_found_or_read(void **state)
{
	struct fixture *f = *state;
	const struct mtr_effect first = unit_row(f, 1, "TINH", 0);
	struct mtr_arena *arena = mtr_arena_new(1u << 20), *small;
	struct mtr_txn txn;
	size_t cost;

	fixture_apply(f, &first, 1);
	mtr_txn_begin_read(&txn, f->store);
	assert_non_null(mtr_read_unit(&txn, arena, 1));
	mtr_txn_abort(&txn);
	cost = mtr_arena_given(arena);
	small = mtr_arena_new(2 * cost);
	mtr_txn_begin_write(&txn, f->store);
	for (unsigned i = 1; i <= 2; i++) {
		assert_non_null(mtr_read_unit(&txn, small, 1));
		assert_int_equal(mtr_arena_given(small), i * cost);
	}
	assert_null(mtr_read_unit(&txn, small, 1));
	assert_true(mtr_arena_exhausted(small));
	assert_int_equal(txn.error, MTR_STORE_OK);
	mtr_txn_abort(&txn);
	mtr_arena_free(&small);
	mtr_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_change_is_seen_at_once, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(what_was_read_stays, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(an_abort_leaves_nothing, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(is_what_lmdb_has_whatever_happens, fixture_setup, fixture_teardown),
		cmocka_unit_test(holds_between_transactions_only_what_was_committed),
		cmocka_unit_test(is_bounded),
		cmocka_unit_test_setup_teardown(costs_the_same_found_or_read, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
