#include "contract/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>

static void only_days_of_the_calendar_are_valid(void **state)
{
	static const struct {
		uint32_t date;
		bool whole, partial;
	} rows[] = {
		{20250320, true, true},   {20240229, true, true},     {20000229, true, true},
		{20250229, false, false}, {21000229, false, false},   {20250431, false, false},
		{20250000, false, true},  {20250300, false, true},    {20250020, false, false},
		{20251301, false, false}, {20250132, false, false},   {0, false, false},
		{18991231, false, false}, {19000101, true, true},     {21991231, true, true},
		{22000101, false, false}, {UINT32_MAX, false, false}, {1, false, false},
		{99999999, false, false}, {20251300, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(mtr_date_valid(rows[i].date, false), rows[i].whole);
		assert_int_equal(mtr_date_valid(rows[i].date, true), rows[i].partial);
	}
}

static void a_date_is_after_as_far_as_it_is_known(void **state)
{
	(void)state;
	assert_false(mtr_date_is_after(20250320, 20250320));
	assert_true(mtr_date_is_after(20250321, 20250320));
	assert_false(mtr_date_is_after(20250000, 20250101));
	assert_true(mtr_date_is_after(20260000, 20251231));
	assert_false(mtr_date_is_after(20250300, 20250301));
	assert_true(mtr_date_is_after(20250400, 20250331));
	assert_false(mtr_date_is_after(0, 20250101));
}

static void reads_what_people_and_machines_write(void **state)
{
	static const struct {
		const char *text;
		uint32_t date; /* 0: refused */
	} rows[] = {
		{"20/03/2025", 20250320},
		{"1/2/2025", 20250201},
		{"03/2025", 20250300},
		{"3/2025", 20250300},
		{"2025", 20250000},
		{"2025-03-20", 20250320},
		{"2025-03", 20250300},
		{"29/02/2024", 20240229},
		{"29/02/2025", 0},
		{"31/04/2025", 0},
		{"00/03/2025", 0},
		{"20/00/2025", 0},
		{"00/2025", 0},
		{"20/3/25", 0},
		{"20-03-2025", 0},
		{"2025/03/20", 0},
		{"2025-3-20", 0},
		{"2025-03-20T", 0},
		{" 2025", 0},
		{"2025 ", 0},
		{"", 0},
		{"/", 0},
		{"//", 0},
		{"1//2025", 0},
		{"1/2/3/2025", 0},
		{"-2025", 0},
		{"20/03-2025", 0},
		{"020/03/2025", 0},
		{"99999999999", 0},
		{"20/03/20255", 0},
		{"20.03.2025", 0},
		{"hai mươi", 0},
		{"2025-00-01", 0},
		{"2025-01-00", 0},
		{"1899", 0},
		{"0/0/0000", 0},
		{"32/01/2025", 0},
		{"13/2025", 0},
		{"2025-13", 0},
		{"0199/1/1", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint32_t date = 7;
		bool read = mtr_date_parse(rows[i].text, &date);

		if (read != (rows[i].date != 0) || date != (read ? rows[i].date : 7))
			fail_msg("\"%s\" read as %u", rows[i].text, (unsigned)date);
	}
}

static void writes_both_ways(void **state)
{
	char text[MTR_DATE_TEXT];

	(void)state;
	assert_string_equal(mtr_date_format(20250320, text), "20/03/2025");
	assert_string_equal(mtr_date_format(20250300, text), "03/2025");
	assert_string_equal(mtr_date_format(20250000, text), "2025");
	assert_string_equal(mtr_date_format(0, text), "");
	assert_string_equal(mtr_date_format(20250230, text), "");
	assert_string_equal(mtr_date_format(UINT32_MAX, text), "");
	assert_string_equal(mtr_date_format_iso(20250320, text), "2025-03-20");
	assert_string_equal(mtr_date_format_iso(20250300, text), "2025-03");
	assert_string_equal(mtr_date_format_iso(20250000, text), "2025");
	assert_string_equal(mtr_date_format_iso(0, text), "");
	assert_string_equal(mtr_date_format_iso(UINT32_MAX, text), "");
}

/* Every day of three centuries, counted one by one. */
static void day_numbers_follow_the_calendar(void **state)
{
	int32_t number = mtr_date_day_number(19000101), days = 0;
	char text[MTR_DATE_TEXT];

	(void)state;
	assert_int_equal(number, -25567);
	assert_int_equal(mtr_date_day_number(19700101), 0);
	assert_int_equal(mtr_date_day_number(20250101), 20089);
	for (uint32_t year = 1900; year <= 2199; year++) {
		for (uint32_t month = 1; month <= 12; month++) {
			for (uint32_t day = 1; mtr_date_valid(year * 10000 + month * 100 + day, false); day++) {
				uint32_t date = year * 10000 + month * 100 + day, parsed = 0;

				assert_int_equal(mtr_date_day_number(date), number++);
				assert_int_equal(mtr_date_add_days(19000101, days++), date);
				assert_true(mtr_date_parse(mtr_date_format(date, text), &parsed) && parsed == date);
				assert_true(mtr_date_parse(mtr_date_format_iso(date, text), &parsed) && parsed == date);
			}
		}
	}
	assert_int_equal(days, 109573);
	assert_int_equal(mtr_date_add_days(21991231, 1), 0);
	assert_int_equal(mtr_date_add_days(19000101, -1), 0);
	assert_int_equal(mtr_date_add_days(20250101, INT32_MAX), 0);
	assert_int_equal(mtr_date_add_days(20250101, INT32_MIN), 0);
}

static void days_are_those_of_ho_chi_minh_city(void **state)
{
	uint64_t start = 7, end = 7;

	(void)state;
	assert_int_equal(mtr_date_of_ms(0), 19700101);
	/* 2025-03-20 00:00 there is 2025-03-19 17:00 UTC. */
	assert_true(mtr_date_start_ms(20250320, &start));
	assert_true(mtr_date_end_ms(20250320, &end));
	assert_int_equal(start, 1742403600000);
	assert_int_equal(end, 1742489999999);
	assert_int_equal(mtr_date_of_ms(start), 20250320);
	assert_int_equal(mtr_date_of_ms(start - 1), 20250319);
	assert_int_equal(mtr_date_of_ms(end), 20250320);
	assert_int_equal(mtr_date_of_ms(end + 1), 20250321);
	assert_int_equal(mtr_date_of_ms(UINT64_MAX), 21991231);
	start = 7;
	assert_false(mtr_date_start_ms(19700101, &start));
	assert_false(mtr_date_start_ms(19500101, &start));
	assert_false(mtr_date_start_ms(20250300, &start));
	assert_false(mtr_date_end_ms(20250230, &start));
	assert_false(mtr_date_start_ms(0, &start));
	assert_int_equal(start, 7);
	assert_true(mtr_date_start_ms(19700102, &start));
	assert_true(mtr_date_end_ms(21991231, &end));
	assert_int_equal(mtr_date_of_ms(end + 1), 21991231);
}

static void ages(void **state)
{
	(void)state;
	assert_int_equal(mtr_age_by_year(19850000, 20250101), 40);
	assert_int_equal(mtr_age_by_year(19851231, 20250101), 40);
	assert_int_equal(mtr_age_by_year(20260101, 20250101), 0);
	assert_int_equal(mtr_age_at(19850320, 20250319), 39);
	assert_int_equal(mtr_age_at(19850320, 20250320), 40);
	assert_int_equal(mtr_age_at(19850000, 20250101), 40);
	assert_int_equal(mtr_age_at(19850300, 20250228), 39);
	assert_int_equal(mtr_age_at(19850300, 20250301), 40);
	assert_int_equal(mtr_age_at(20040229, 20250228), 20);
	assert_int_equal(mtr_age_at(20040229, 20250301), 21);
	assert_int_equal(mtr_age_at(20250320, 20250319), 0);
	assert_int_equal(mtr_age_at(20300101, 20250319), 0);
}

static void overlaps(void **state)
{
	(void)state;
	assert_true(mtr_date_overlap(20250301, 20250331, 20250331, 20250401));
	assert_false(mtr_date_overlap(20250301, 20250330, 20250331, 20250401));
	assert_true(mtr_date_overlap(20250301, 20250331, 20250310, 20250311));
	assert_true(mtr_date_overlap(20250301, 20250301, 20250301, 20250301));
	assert_false(mtr_date_overlap(20250401, 20250402, 20250301, 20250331));
	assert_false(mtr_date_overlap(20250301, 0, 20250301, 20250331));
	assert_false(mtr_date_overlap(0, 20250331, 20250301, 20250331));
	assert_false(mtr_date_overlap(20250301, 20250331, 20250301, 0));
	assert_false(mtr_date_overlap(20250301, 20250331, 0, 20250331));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_days_of_the_calendar_are_valid),
		cmocka_unit_test(a_date_is_after_as_far_as_it_is_known),
		cmocka_unit_test(reads_what_people_and_machines_write),
		cmocka_unit_test(writes_both_ways),
		cmocka_unit_test(day_numbers_follow_the_calendar),
		cmocka_unit_test(days_are_those_of_ho_chi_minh_city),
		cmocka_unit_test(ages),
		cmocka_unit_test(overlaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
