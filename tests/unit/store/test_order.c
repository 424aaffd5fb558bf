#include "unit/store/fixture.h"

#define PROGRAMME 3u
#define UNIT 4u
#define MANY 1500u

struct entry {
	uint64_t id;
	struct nomination_of of;
};

static int by_rank(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;

	if (a->of.group != b->of.group)
		return a->of.group < b->of.group ? -1 : 1;
	if (a->of.rank != b->of.rank)
		return a->of.rank < b->of.rank ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

static uint32_t next_random(uint32_t *random)
{
	*random = *random * 1664525 + 1013904223;
	return *random >> 8;
}

/* Many nominations of one part, some moved from bucket to bucket, between parts that must not matter. */
static void fill(struct fixture *f, struct entry *entries)
{
	uint32_t random = 7;

	for (unsigned i = 0; i < MANY; i += 100) {
		struct mtr_effect effects[102];
		size_t count = 0;

		for (unsigned j = i; j < i + 100; j++) {
			entries[j].id = j + 1;
			entries[j].of = (struct nomination_of){
				.programme = PROGRAMME,
				.unit = UNIT,
				.person = j + 1,
				.state =
					next_random(&random) % 3 ? MTR__STATE__STATE_WAITING : MTR__STATE__STATE_SEATED,
				.group = (uint8_t)(1 + next_random(&random) % 4),
				.rank = next_random(&random) % 50,
			};
			effects[count++] = nomination_row(f, entries[j].id, entries[j].of);
		}
		for (unsigned beside = 0; beside < 2; beside++) {
			const struct nomination_of of = {.programme = PROGRAMME + (beside == 0),
							 .unit = UNIT + (beside == 1),
							 .person = 1 + i,
							 .state = beside == 0 ? MTR__STATE__STATE_SEATED
									      : MTR__STATE__STATE_WITHDRAWN,
							 .group = 1};

			effects[count++] = nomination_row(f, MANY + 1 + i + beside, of);
		}
		fixture_apply(f, effects, count);
	}
	for (unsigned i = 0; i < MANY; i += 3) {
		struct mtr_effect row;

		entries[i].of.state = (Mtr__State)(1 + next_random(&random) % 4);
		row = nomination_row(f, entries[i].id, entries[i].of);
		fixture_apply(f, &row, 1);
	}
	qsort(entries, MANY, sizeof entries[0], by_rank);
}

struct seen {
	const struct entry *entries;
	Mtr__State state;
	size_t at;
};

static bool expect_next(void *context, uint64_t id)
{
	struct seen *seen = context;

	while (seen->at < MANY && seen->entries[seen->at].of.state != seen->state)
		seen->at++;
	assert_true(seen->at < MANY);
	assert_true(seen->entries[seen->at].id == id);
	seen->at++;
	return true;
}

static uint64_t first_of(const struct entry *entries, Mtr__State state)
{
	for (size_t i = 0; i < MANY; i++) {
		if (entries[i].of.state == state)
			return entries[i].id;
	}
	return 0;
}

static uint64_t last_of(const struct entry *entries, Mtr__State state)
{
	for (size_t i = MANY; i-- > 0;) {
		if (entries[i].of.state == state)
			return entries[i].id;
	}
	return 0;
}

static void counting_agrees_with_sorting(void **state)
{
	static struct entry entries[MANY];
	struct fixture *f = *state;
	uint32_t seated = 0, waiting = 0;
	struct mtr_txn txn;

	fill(f, entries);
	mtr_txn_begin_read(&txn, f->store);
	for (size_t i = 0; i < MANY; i++) {
		struct mtr_key key = mtr_key_start();

		mtr_key_u8(&key, entries[i].of.group);
		mtr_key_u32(&key, entries[i].of.rank);
		mtr_key_u64(&key, entries[i].id);
		assert_int_equal(
			mtr_order_count_before(&txn, PROGRAMME, UNIT, MTR_BUCKET_SEATED, mtr_key_as_bytes(&key)),
			seated);
		assert_int_equal(
			mtr_order_count_before(&txn, PROGRAMME, UNIT, MTR_BUCKET_WAITING, mtr_key_as_bytes(&key)),
			waiting);
		seated += entries[i].of.state == MTR__STATE__STATE_SEATED;
		waiting += entries[i].of.state == MTR__STATE__STATE_WAITING;
	}
	assert_true(seated > 100 && waiting > 100);
	assert_int_equal(mtr_order_last_seated(&txn, PROGRAMME, UNIT), last_of(entries, MTR__STATE__STATE_SEATED));
	assert_int_equal(mtr_order_first_waiting(&txn, PROGRAMME, UNIT), first_of(entries, MTR__STATE__STATE_WAITING));
	assert_int_equal(txn.error, MTR_STORE_OK);
	mtr_txn_abort(&txn);
	fixture_check(f);
}

static void each_comes_in_order(void **state)
{
	static struct entry entries[MANY];
	struct fixture *f = *state;
	struct seen seen = {.entries = entries, .state = MTR__STATE__STATE_WAITING};
	struct mtr_txn txn;

	fill(f, entries);
	mtr_txn_begin_read(&txn, f->store);
	mtr_each_ordered(&txn, PROGRAMME, UNIT, MTR_BUCKET_WAITING, expect_next, &seen);
	while (seen.at < MANY)
		assert_int_not_equal(entries[seen.at++].of.state, MTR__STATE__STATE_WAITING);
	seen = (struct seen){.entries = entries, .state = MTR__STATE__STATE_SEATED};
	mtr_each_ordered(&txn, PROGRAMME, UNIT, MTR_BUCKET_SEATED, expect_next, &seen);
	mtr_txn_abort(&txn);
}

static void an_empty_part_has_no_order(void **state)
{
	static const uint8_t key[] = {2, 0, 0};
	static const uint8_t strange[] = {200};
	struct fixture *f = *state;
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, f->store);
	assert_int_equal(mtr_order_last_seated(&txn, 1, 1), 0);
	assert_int_equal(mtr_order_first_waiting(&txn, 1, 1), 0);
	assert_int_equal(mtr_order_count_before(&txn, 1, 1, MTR_BUCKET_SEATED, (struct mtr_bytes){key, 3}), 0);
	assert_int_equal(mtr_order_count_before(&txn, 1, 1, MTR_BUCKET_SEATED, (struct mtr_bytes){strange, 1}), 0);
	assert_int_equal(mtr_order_count_before(&txn, 1, 1, MTR_BUCKET_SEATED, (struct mtr_bytes){key, 0}), 0);
	assert_int_equal(txn.error, MTR_STORE_OK);
	mtr_txn_abort(&txn);
}

#define STORE_TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(counting_agrees_with_sorting),
		STORE_TEST(each_comes_in_order),
		STORE_TEST(an_empty_part_has_no_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
