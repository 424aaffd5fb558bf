#include "writer/siblings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void nobody_waits_where_a_flush_is_quick(void **state)
{
	struct mtr_siblings siblings = {0};

	(void)state;
	assert_int_equal(mtr_siblings_wait_us(&siblings, 1, 0), 0);
	mtr_siblings_flushed(&siblings, MTR_SLOW_FLUSH_US - 1, 16, 16);
	assert_int_equal(mtr_siblings_wait_us(&siblings, 1, 0), 0);
}

static void both_halves_are_expected_after_a_slow_flush(void **state)
{
	struct mtr_siblings siblings = {0};

	(void)state;
	mtr_siblings_flushed(&siblings, 8000, 16, 12);
	assert_int_equal(mtr_siblings_wait_us(&siblings, 16, 0), 8000 / MTR_SIBLINGS_PART);
	assert_int_equal(mtr_siblings_wait_us(&siblings, 27, 400), 8000 / MTR_SIBLINGS_PART - 400);
	assert_int_equal(mtr_siblings_wait_us(&siblings, 28, 0), 0);
}

static void whoever_does_not_come_is_waited_for_once(void **state)
{
	struct mtr_siblings siblings = {0};

	(void)state;
	mtr_siblings_flushed(&siblings, 8000, 32, 0);
	assert_int_equal(mtr_siblings_wait_us(&siblings, 10, 8000 / MTR_SIBLINGS_PART), 0);
	mtr_siblings_flushed(&siblings, 8000, 10, 0);
	assert_int_equal(mtr_siblings_wait_us(&siblings, 10, 0), 0);
}

static void a_flush_that_stood_still_makes_nobody_wait_long(void **state)
{
	struct mtr_siblings siblings = {0};

	(void)state;
	mtr_siblings_flushed(&siblings, UINT64_C(60000000), 32, 0);
	assert_int_equal(mtr_siblings_wait_us(&siblings, 1, 0), MTR_SIBLINGS_MOST_US);
	assert_int_equal(mtr_siblings_wait_us(&siblings, 1, MTR_SIBLINGS_MOST_US), 0);
}

static void one_desk_alone_never_waits(void **state)
{
	struct mtr_siblings siblings = {0};

	(void)state;
	mtr_siblings_flushed(&siblings, 20000, 1, 0);
	assert_int_equal(mtr_siblings_wait_us(&siblings, 1, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_waits_where_a_flush_is_quick),
		cmocka_unit_test(both_halves_are_expected_after_a_slow_flush),
		cmocka_unit_test(whoever_does_not_come_is_waited_for_once),
		cmocka_unit_test(a_flush_that_stood_still_makes_nobody_wait_long),
		cmocka_unit_test(one_desk_alone_never_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
