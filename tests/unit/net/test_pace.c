#include "net/pace.h"

#include "contract/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static uint32_t takes_at(struct mtr_pace *pace, uint64_t ms, uint32_t tries)
{
	uint32_t taken = 0;

	for (uint32_t i = 0; i < tries; i++)
		taken += mtr_pace_take(pace, (struct mtr_monotime){ms});
	return taken;
}

static void test_at_once(void **state)
{
	struct mtr_pace pace = {0};

	(void)state;
	assert_int_equal(takes_at(&pace, 5000, 1000), MTR_HELLOS_AT_ONCE);
	assert_int_equal(takes_at(&pace, 5000 + MTR_HELLO_INTERVAL_MS - 1, 1000), 0);
	assert_int_equal(takes_at(&pace, 5000 + MTR_HELLO_INTERVAL_MS, 1000), 1);
	/* Trying isn't counted. */
	assert_int_equal(takes_at(&pace, 5000 + 2 * MTR_HELLO_INTERVAL_MS, 1000), 1);
}

static void test_one_in_an_interval(void **state)
{
	struct mtr_pace pace = {0};
	uint32_t taken = 0;

	(void)state;
	takes_at(&pace, 1, MTR_HELLOS_AT_ONCE);
	for (uint64_t ms = 2; ms <= 10001; ms++)
		taken += takes_at(&pace, ms, 3);
	assert_int_equal(taken, 10000 / MTR_HELLO_INTERVAL_MS);
	/* Who pauses may come all at once again, no more. */
	assert_int_equal(takes_at(&pace, 1000000, 1000), MTR_HELLOS_AT_ONCE);
}

static void test_who_keeps_to_it(void **state)
{
	struct mtr_pace pace = {0};

	(void)state;
	for (uint64_t ms = 7; ms < 100000; ms += MTR_HELLO_INTERVAL_MS)
		assert_int_equal(takes_at(&pace, ms, 1), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at_once),
		cmocka_unit_test(test_one_in_an_interval),
		cmocka_unit_test(test_who_keeps_to_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
