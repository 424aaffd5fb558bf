/* A sealed text is known again, and not when a bit of it has changed or its end is missing. */
#include "contract/lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void a_sealed_text_is_known_again(void **state)
{
	char text[64] = "word 12\n", none[] = "";
	size_t size;

	(void)state;
	assert_true(mtr_lines_seal(text, sizeof text));
	size = strlen(text);
	assert_int_equal(size, 8 + 21);
	assert_true(mtr_lines_unseal(text, &size));
	assert_int_equal(size, 8);
	assert_false(mtr_lines_unseal(text, &size));
	size = 0;
	assert_false(mtr_lines_unseal(none, &size));
}

static void any_change_is_seen(void **state)
{
	char text[64] = "word 12\n";

	(void)state;
	assert_true(mtr_lines_seal(text, sizeof text));
	const size_t whole = strlen(text);

	for (size_t bit = 0; bit < 8 * whole; bit++) {
		size_t size = whole;

		text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
		assert_false(mtr_lines_unseal(text, &size));
		assert_int_equal(size, whole);
		text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
	}
	for (size_t cut = 0; cut < whole; cut++) {
		size_t size = cut;

		assert_false(mtr_lines_unseal(text, &size));
	}
}

static void it_needs_room(void **state)
{
	char text[30] = "word 12\n", tight[29] = "word 12\n";

	(void)state;
	assert_true(mtr_lines_seal(text, sizeof text));
	assert_false(mtr_lines_seal(tight, sizeof tight));
	assert_string_equal(tight, "word 12\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sealed_text_is_known_again),
		cmocka_unit_test(any_change_is_seen),
		cmocka_unit_test(it_needs_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
