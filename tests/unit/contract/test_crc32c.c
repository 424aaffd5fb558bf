#include "contract/crc32c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

typedef uint32_t (*crc_fn)(uint32_t crc, const void *bytes, size_t size);

static const crc_fn ways[] = {mtr_crc32c, mtr_crc32c_by_tables};

static void it_has_the_check_values(void **state)
{
	const uint8_t zeros[32] = {0};

	(void)state;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		assert_int_equal(ways[i](0, "123456789", 9), 0xe3069283u);
		assert_int_equal(ways[i](0, zeros, sizeof zeros), 0x8a9136aau);
		assert_int_equal(ways[i](7, NULL, 0), 7);
	}
}

static void in_pieces_of_any_length_it_is_the_same_as_in_one(void **state)
{
	uint8_t all[256];

	(void)state;
	for (unsigned i = 0; i < sizeof all; i++)
		all[i] = (uint8_t)(i * 7u);
	for (size_t cut = 0; cut <= sizeof all; cut++)
		for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
			assert_int_equal(ways[i](ways[i](0, all, cut), all + cut, sizeof all - cut),
					 mtr_crc32c_by_tables(0, all, sizeof all));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_has_the_check_values),
		cmocka_unit_test(in_pieces_of_any_length_it_is_the_same_as_in_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
