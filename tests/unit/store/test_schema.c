#include "unit/store/fixture.h"

static void numbers_sort_as_bytes(void **state)
{
	(void)state;
	static const uint64_t values[] = {0,         1, 255, 256, 65535, 65536, UINT32_MAX, (uint64_t)UINT32_MAX + 1,
					  UINT64_MAX};

	for (size_t i = 1; i < sizeof values / sizeof values[0]; i++) {
		struct mtr_key less = mtr_key_start(), more = mtr_key_start();

		mtr_key_u64(&less, values[i - 1]);
		mtr_key_u64(&more, values[i]);
		assert_int_equal(less.size, 8);
		assert_true(memcmp(less.data, more.data, 8) < 0);
	}
}

static void what_is_written_is_read(void **state)
{
	(void)state;
	const struct mtr_home home = {200, 0x01020304, 0xfffefdfc};
	struct mtr_key key = mtr_key_start();
	const uint8_t *at = key.data;

	mtr_key_u8(&key, 0xab);
	mtr_key_u32(&key, 0x01020304);
	mtr_key_u64(&key, 0x0102030405060708);
	mtr_key_home(&key, home);
	assert_int_equal(key.size, 1 + 4 + 8 + MTR_HOME_BYTES);
	assert_int_equal(mtr_get_u8(&at), 0xab);
	assert_int_equal(mtr_get_u32(&at), 0x01020304);
	assert_true(mtr_get_u64(&at) == 0x0102030405060708);
	assert_int_equal(mtr_home_compare(mtr_get_home(&at), home), 0);
}

static void homes_compare_as_their_keys_do(void **state)
{
	(void)state;
	const struct mtr_home homes[] = {
		mtr_home_public(),   mtr_home_principals(),        mtr_home_people(1),  mtr_home_people(256),
		mtr_home_part(1, 7), mtr_home_part(1, 0x01000000), mtr_home_part(2, 1), mtr_home_programme(1),
		mtr_home_class(1),   mtr_home_class(0xffffffff),
	};

	for (size_t i = 0; i < sizeof homes / sizeof homes[0]; i++) {
		for (size_t j = 0; j < sizeof homes / sizeof homes[0]; j++) {
			struct mtr_key x = mtr_key_start(), y = mtr_key_start();
			const int order = mtr_home_compare(homes[i], homes[j]);

			mtr_key_home(&x, homes[i]);
			mtr_key_home(&y, homes[j]);
			assert_int_equal(order < 0, i < j);
			assert_int_equal(order == 0, i == j);
			assert_int_equal(memcmp(x.data, y.data, MTR_HOME_BYTES) < 0, order < 0);
		}
	}
}

static void a_key_too_long_is_no_key(void **state)
{
	(void)state;
	static const uint8_t long_text[200];
	struct mtr_key key = mtr_key_start();

	mtr_key_bytes(&key, long_text, sizeof long_text);
	mtr_key_u8(&key, 1);
	assert_int_equal(mtr_key_as_bytes(&key).size, 0);
}

static void states_count_as_the_table_says(void **state)
{
	(void)state;
	static const struct {
		Mtr__State state;
		enum mtr_bucket bucket;
		bool blocks;
	} table[] = {
		{MTR__STATE__STATE_SEATED, MTR_BUCKET_SEATED, true},
		{MTR__STATE__STATE_WAITING, MTR_BUCKET_WAITING, true},
		{MTR__STATE__STATE_LATE, MTR_BUCKET_NONE, true},
		{MTR__STATE__STATE_WITHDRAWN, MTR_BUCKET_NONE, false},
		{MTR__STATE__STATE_REPLACED, MTR_BUCKET_NONE, false},
		{MTR__STATE__STATE_LATE_REFUSED, MTR_BUCKET_NONE, false},
		{MTR__STATE__STATE_INELIGIBLE, MTR_BUCKET_NONE, false},
		{MTR__STATE__STATE_NOT_APPROVED, MTR_BUCKET_NONE, false},
		{MTR__STATE__STATE_DECIDED, MTR_BUCKET_SECURED, true},
		{MTR__STATE__STATE_FORWARDED, MTR_BUCKET_SECURED, true},
		{MTR__STATE__STATE_ACCEPTED, MTR_BUCKET_SECURED, true},
		{MTR__STATE__STATE_REJECTED, MTR_BUCKET_NONE, false},
		{MTR__STATE__STATE_SUMMONED, MTR_BUCKET_SECURED, true},
		{MTR__STATE__STATE_ENROLLED, MTR_BUCKET_SECURED, true},
		{MTR__STATE__STATE_COMPLETED, MTR_BUCKET_SECURED, true},
		{MTR__STATE__STATE_FAILED, MTR_BUCKET_SECURED, false},
		{MTR__STATE__STATE_LEFT, MTR_BUCKET_SECURED, false},
		{MTR__STATE__STATE_DEFERRED, MTR_BUCKET_SECURED, true},
		{MTR__STATE__STATE_EXCUSED, MTR_BUCKET_NONE, false},
		{MTR__STATE__STATE_DEFIED, MTR_BUCKET_NONE, false},
		{(Mtr__State)1000, MTR_BUCKET_NONE, false},
		{(Mtr__State)-1, MTR_BUCKET_NONE, false},
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		assert_int_equal(mtr_state_traits(table[i].state).bucket, table[i].bucket);
		assert_int_equal(mtr_state_traits(table[i].state).blocks, table[i].blocks);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_sort_as_bytes),          cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(homes_compare_as_their_keys_do), cmocka_unit_test(a_key_too_long_is_no_key),
		cmocka_unit_test(states_count_as_the_table_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
