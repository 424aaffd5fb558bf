#include "contract/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <stdlib.h>
#include <string.h>

static struct mtr_collator *collator;

static int set_up(void **state)
{
	(void)state;
	/* The order must not follow the process's locale, whichever ICU takes for it. */
	setenv("LC_ALL", "sv_SE.UTF-8", 1);
	setlocale(LC_ALL, "");
	return mtr_collator_open(&collator);
}

static int tear_down(void **state)
{
	(void)state;
	mtr_collator_close(&collator);
	assert_null(collator);
	mtr_collator_close(&collator);
	mtr_collator_close(NULL);
	return 0;
}

static int sign(int value)
{
	return (value > 0) - (value < 0);
}

/* Each before all that follow, both ways round. */
static void check_order(const char *const *texts, size_t count, int (*compare)(const char *, const char *))
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < count; j++)
			if (sign(compare(texts[i], texts[j])) != (i > j) - (i < j))
				fail_msg("\"%s\" and \"%s\" are out of order", texts[i], texts[j]);
}

static int compare_words(const char *x, const char *y)
{
	return mtr_collator_compare(collator, x, y);
}

static int compare_roster(const char *x, const char *y)
{
	return mtr_collator_compare_names(collator, x, y, MTR_NAMES_GIVEN_FAMILY_MIDDLE);
}

static int compare_written(const char *x, const char *y)
{
	return mtr_collator_compare_names(collator, x, y, MTR_NAMES_AS_WRITTEN);
}

#define CHECK(texts, compare) check_order(texts, sizeof(texts) / sizeof *(texts), compare)

static void the_alphabet_is_vietnamese(void **state)
{
	static const char *const letters[] = {"a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "g", "h", "i", "k", "l", "m",
					      "n", "o", "ô", "ơ", "p", "q", "r", "s", "t", "u", "ư", "v", "x", "y"};

	(void)state;
	CHECK(letters, compare_words);
}

static void letters_come_before_tones(void **state)
{
	static const char *const words[] = {"ba",  "bà",  "bả",  "bã",  "bá", "bạ",
					    "bai", "bái", "ban", "bán", "bă", "bằng"};

	(void)state;
	CHECK(words, compare_words);
}

static void rosters_sort_by_given_name(void **state)
{
	static const char *const names[] = {
		"An",         "Bùi Văn An",   "Nguyễn An",    "Nguyễn Thị An", "Nguyễn Văn An",
		"Trần An",    "Đặng Thị Ánh", "Lê Văn Ân",    "Phạm Văn Dũng", "Cao Văn Đức",
		"Lê Thị Hoa", "Cao Thị Hòa",  "Bùi Thị Hoan", "An Văn Yên",
	};

	(void)state;
	CHECK(names, compare_roster);
}

static void as_written_sorts_by_family(void **state)
{
	static const char *const names[] = {"An Văn Yên", "Bùi Văn An", "Đặng Thị Ánh", "Nguyễn An", "Nguyễn Văn An"};

	(void)state;
	CHECK(names, compare_written);
}

static void only_equal_bytes_are_equal(void **state)
{
	static const char *const odd[] = {"",         " ",           "  ",       "A",   "a",
					  " a",       "a ",          "a  a",     "a a", "\xFF",
					  "\xFF\xFE", "Nguyễn \xFF", "\xE1\xBA", "ê",   "e\xCC\x82"};
	size_t count = sizeof odd / sizeof *odd;

	(void)state;
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < count; j++) {
			int order = compare_roster(odd[i], odd[j]);

			assert_int_equal(order == 0, i == j);
			assert_int_equal(sign(order), -sign(compare_roster(odd[j], odd[i])));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_alphabet_is_vietnamese), cmocka_unit_test(letters_come_before_tones),
		cmocka_unit_test(rosters_sort_by_given_name), cmocka_unit_test(as_written_sorts_by_family),
		cmocka_unit_test(only_equal_bytes_are_equal),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
