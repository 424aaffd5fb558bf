/* What a terminal is shown of something long. */
#include "progress.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* What is written to the error stream for these numbers, as on a terminal. */
static void shown(uint64_t done, uint64_t total, char *ret_text, size_t size)
{
	struct mtr_progress progress = {.terminal = true};
	const int kept = dup(STDERR_FILENO);
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	mtr_progress_show(&progress, "journal, records", done, total);
	dup2(kept, STDERR_FILENO);
	const ssize_t got = read(ends[0], ret_text, size - 1);

	ret_text[got > 0 ? got : 0] = '\0';
	close(ends[0]);
	close(ends[1]);
	close(kept);
}

static void test_thousands(void **state)
{
	static const struct {
		uint64_t done, total;
		const char *text;
	} cases[] = {
		{0, 0, "\r\033[Kjournal, records"},
		{0, 1, "\r\033[Kjournal, records: 0 of 1"},
		{999, 1000, "\r\033[Kjournal, records: 999 of 1,000"},
		{12345, 1234567, "\r\033[Kjournal, records: 12,345 of 1,234,567"},
		{1, UINT64_MAX, "\r\033[Kjournal, records: 1 of 18,446,744,073,709,551,615"},
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		shown(cases[i].done, cases[i].total, text, sizeof text);
		assert_string_equal(text, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_thousands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
