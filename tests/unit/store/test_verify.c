#include "unit/store/fixture.h"

static void fill(struct fixture *f)
{
	const struct nomination_of of = {.programme = 1, .unit = 2, .person = 3, .state = MTR__STATE__STATE_SEATED};
	const struct mtr_effect rows[] = {unit_row(f, 1, "TINH", 0), unit_row(f, 2, "HUYEN", 1),
					  person_row(f, 3, "Hồ Văn Tám", "089080000001", 2), nomination_row(f, 1, of)};

	fixture_apply(f, rows, 4);
	fixture_check(f);
}

/* The first row of the table, with its last byte changed or altogether gone. */
static void damage(struct fixture *f, enum mtr_table table, bool gone)
{
	struct mtr_bytes key, value;
	uint8_t name[128], copy[4096];
	struct mtr_walk walk;
	struct mtr_txn txn;
	const struct mtr_bytes none = {0};

	mtr_txn_begin_write(&txn, f->store);
	mtr_walk_begin(&walk, &txn, table, none, none);
	assert_true(mtr_walk_next(&walk, &key, &value));
	memcpy(name, key.data, key.size);
	memcpy(copy, value.data, value.size);
	key.data = name;
	value.data = copy;
	mtr_walk_end(&walk);
	if (gone) {
		mtr_txn_delete(&txn, table, key);
	} else {
		copy[value.size - 1] ^= 1;
		mtr_txn_put(&txn, table, key, value);
	}
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
}

static void expect_difference(struct fixture *f, const char *table)
{
	char difference[MTR_DIFFERENCE_MAX] = "";
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, f->store);
	assert_false(mtr_store_check(&txn, difference));
	mtr_txn_abort(&txn);
	if (!strstr(difference, table))
		fail_msg("\"%s\" doesn't name %s", difference, table);
	assert_null(strstr(difference, "089080000001"));
}

static void a_row_that_is_gone_is_missed(void **state)
{
	static const enum mtr_table tables[] = {MTR_TABLE_CODE, MTR_TABLE_LINK,  MTR_TABLE_ONCE,  MTR_TABLE_ORDER,
						MTR_TABLE_HOME, MTR_TABLE_TALLY, MTR_TABLE_ENTITY};

	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		void *made = NULL;

		fixture_setup(&made);
		fill(made);
		damage(made, tables[i], true);
		expect_difference(made, mtr_table_name(tables[i]));
		fixture_teardown(&made);
	}
	(void)state;
}

static void a_row_that_differs_is_seen(void **state)
{
	static const enum mtr_table tables[] = {MTR_TABLE_CODE, MTR_TABLE_ONCE,  MTR_TABLE_ORDER,
						MTR_TABLE_HOME, MTR_TABLE_TALLY, MTR_TABLE_ENTITY};

	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		void *made = NULL;

		fixture_setup(&made);
		fill(made);
		damage(made, tables[i], false);
		expect_difference(made, mtr_table_name(tables[i]));
		fixture_teardown(&made);
	}
	(void)state;
}

static void a_row_too_many_is_seen(void **state)
{
	static const enum mtr_table tables[] = {MTR_TABLE_CODE, MTR_TABLE_LINK, MTR_TABLE_ONCE, MTR_TABLE_ORDER,
						MTR_TABLE_TALLY};

	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		const struct mtr_bytes key = {(const uint8_t *)"~~~~~~~~", 8};
		struct mtr_txn txn;
		void *made = NULL;
		struct fixture *f;

		fixture_setup(&made);
		f = made;
		fill(f);
		mtr_txn_begin_write(&txn, f->store);
		mtr_txn_put(&txn, tables[i], key, key);
		assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
		expect_difference(f, mtr_table_name(tables[i]));
		fixture_teardown(&made);
	}
	(void)state;
}

static void a_row_with_other_bytes_is_seen(void **state)
{
	struct fixture *f = *state;

	fill(f);
	damage(f, MTR_TABLE_FEED, false);
	expect_difference(f, "feed");
}

static void digests_tell_registers_apart(void **state)
{
	struct fixture *f = *state;
	uint8_t before[MTR_TABLES][MTR_HASH_BYTES], after[MTR_TABLES][MTR_HASH_BYTES];
	struct mtr_txn txn;

	fill(f);
	mtr_txn_begin_read(&txn, f->store);
	mtr_table_digests(&txn, before);
	mtr_table_digests(&txn, after);
	mtr_txn_abort(&txn);
	assert_memory_equal(before, after, sizeof before);
	for (unsigned table = 0; table < MTR_TABLE_OUTBOX; table++) {
		if (table == MTR_TABLE_LINK)
			continue;
		damage(f, (enum mtr_table)table, false);
		mtr_txn_begin_read(&txn, f->store);
		mtr_table_digests(&txn, after);
		mtr_txn_abort(&txn);
		assert_memory_not_equal(before[table], after[table], MTR_HASH_BYTES);
	}
}

#define STORE_TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_that_is_gone_is_missed), cmocka_unit_test(a_row_that_differs_is_seen),
		cmocka_unit_test(a_row_too_many_is_seen),       STORE_TEST(a_row_with_other_bytes_is_seen),
		STORE_TEST(digests_tell_registers_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
