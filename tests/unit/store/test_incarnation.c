#include "store/incarnation.h"
#include "unit/store/incarnation_record.h"

#define JOURNALS_OWN 77u

static struct mtr_bytes record_of(struct fixture *f, uint64_t former, uint64_t incarnation, uint32_t principal_id,
				  uint32_t error_code)
{
	Mtr__Incarnation statement = MTR__INCARNATION__INIT;

	statement.former = former;
	statement.incarnation = incarnation;
	return incarnation_record(f, &statement, principal_id, error_code);
}

static enum mtr_store_error apply(struct fixture *f, struct mtr_bytes record)
{
	const uint8_t chain[MTR_HASH_BYTES] = {2};
	struct mtr_txn txn;

	mtr_txn_begin_write(&txn, f->store);
	mtr_apply_record(&txn, record.data, record.size, chain);
	enum mtr_store_error error = mtr_txn_commit(&txn);

	if (!error)
		f->revision++;
	return error;
}

static void expect(struct fixture *f, uint32_t count, uint64_t current)
{
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, f->store);
	assert_int_equal(mtr_incarnation_count(&txn), count);
	assert_int_equal(mtr_register_incarnation(&txn, JOURNALS_OWN), current);
	assert_null(mtr_read_incarnation(&txn, f->arena, 0));
	assert_null(mtr_read_incarnation(&txn, f->arena, count + 1));
	assert_int_equal(txn.error, MTR_STORE_OK);
	mtr_txn_abort(&txn);
}

static void a_register_is_its_journals_until_it_is_restored(void **state)
{
	struct fixture *f = *state;
	const struct mtr_effect unit = unit_row(f, 1, "TINH", 0);
	struct mtr_txn txn;

	fixture_apply(f, &unit, 1);
	expect(f, 0, JOURNALS_OWN);
	assert_int_equal(apply(f, record_of(f, JOURNALS_OWN, 500, 0, 0)), MTR_STORE_OK);
	expect(f, 1, 500);
	assert_int_equal(apply(f, record_of(f, 500, 3, 0, 0)), MTR_STORE_OK);
	expect(f, 2, 3);
	fixture_check(f);
	mtr_txn_begin_read(&txn, f->store);
	const Mtr__Incarnation *first = mtr_read_incarnation(&txn, f->arena, 1);

	assert_non_null(first);
	assert_int_equal(first->former, JOURNALS_OWN);
	assert_int_equal(first->fork_revision, 1);
	assert_string_equal(first->reason, "the disk failed");
	mtr_txn_abort(&txn);
}

/* Somebody who sends such a command is refused on record, and that record says nothing. */
static void only_the_registers_own_records_count(void **state)
{
	struct fixture *f = *state;
	const struct mtr_effect unit = unit_row(f, 1, "TINH", 0);

	fixture_apply(f, &unit, 1);
	assert_int_equal(apply(f, record_of(f, JOURNALS_OWN, 500, 4, 4)), MTR_STORE_OK);
	assert_int_equal(apply(f, record_of(f, JOURNALS_OWN, 500, 4, 0)), MTR_STORE_OK);
	assert_int_equal(apply(f, record_of(f, JOURNALS_OWN, 500, 0, 4)), MTR_STORE_OK);
	expect(f, 0, JOURNALS_OWN);
}

static void what_says_nothing_is_refused(void **state)
{
	struct fixture *f = *state;
	const struct mtr_effect unit = unit_row(f, 1, "TINH", 0);

	fixture_apply(f, &unit, 1);
	assert_int_equal(apply(f, record_of(f, 500, 500, 0, 0)), MTR_STORE_CORRUPT);
	assert_int_equal(apply(f, record_of(f, 500, 0, 0, 0)), MTR_STORE_CORRUPT);
	expect(f, 0, JOURNALS_OWN);
}

static void there_is_an_end_to_them(void **state)
{
	struct fixture *f = *state;
	const struct mtr_effect unit = unit_row(f, 1, "TINH", 0);

	fixture_apply(f, &unit, 1);
	for (uint64_t i = 1; i <= MTR_INCARNATIONS_MAX; i++)
		assert_int_equal(apply(f, record_of(f, i, i + 1, 0, 0)), MTR_STORE_OK);
	assert_int_equal(apply(f, record_of(f, 900, 901, 0, 0)), MTR_STORE_CORRUPT);
	expect(f, MTR_INCARNATIONS_MAX, MTR_INCARNATIONS_MAX + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_register_is_its_journals_until_it_is_restored, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(only_the_registers_own_records_count, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(what_says_nothing_is_refused, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(there_is_an_end_to_them, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
