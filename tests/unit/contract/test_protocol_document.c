/* docs/protocol.md agrees with the code: every error with its number and class, every limit, every command, the
 * example of the entry hash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "contract/commands.h"
#include "contract/entry_hash.h"
#include "contract/errors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *document;

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = calloc(1, 1 << 20);

	assert_non_null(file);
	assert_non_null(text);
	assert_in_range(fread(text, 1, (1 << 20) - 1, file), 1, (1 << 20) - 2);
	fclose(file);
	return text;
}

static int begin(void **state)
{
	(void)state;
	document = read_file(MTR_SOURCE_DIR "/docs/protocol.md");
	return 0;
}

static int end(void **state)
{
	(void)state;
	free(document);
	return 0;
}

/* How often the text stands in the document. */
static unsigned count(const char *text)
{
	unsigned found = 0;

	for (const char *at = document; (at = strstr(at, text)) != NULL; at += strlen(text))
		found++;
	return found;
}

static void test_every_error_has_its_row(void **state)
{
	static const char classes[] = {[MTR_ERROR_FINAL] = 'F', [MTR_ERROR_RETRY] = 'R', [MTR_ERROR_HALT] = 'H'};
	size_t rows;
	const struct mtr_error_info *table = mtr_error_table(&rows);
	char row[128];

	(void)state;
	for (size_t i = 0; i < rows; i++) {
		snprintf(row, sizeof row, "\n| %d | %s | %c | ", (int)table[i].code, table[i].name,
			 classes[table[i].kind]);
		if (count(row) != 1)
			fail_msg("expected in docs/protocol.md: %s", row + 1);
	}
}

static void test_no_row_without_an_error(void **state)
{
	size_t rows;
	unsigned found = 0;

	(void)state;
	mtr_error_table(&rows);
	for (const char *at = strstr(document, "\n## Errors"); (at = strstr(at, "\n| ")) != NULL; at++)
		found += strspn(at + 3, "0123456789") > 0;
	assert_int_equal(found, rows);
}

/* Whether every error has a row is the compiler's word: the descriptor holds them all. */
static void test_every_enumerator_has_its_row(void **state)
{
	size_t rows;

	(void)state;
	mtr_error_table(&rows);
	assert_int_equal(mtr__error_code__descriptor.n_values, rows + 1);
}

#define LIMIT(name)                                                                                                    \
	{                                                                                                              \
#name, name                                                                                            \
	}

static void test_limits(void **state)
{
	static const struct {
		const char *name;
		unsigned value;
	} limits[] = {
		LIMIT(MTR_REQUEST_MAX),       LIMIT(MTR_REPLY_MAX),
		LIMIT(MTR_IN_FLIGHT_MAX),     LIMIT(MTR_SESSIONS_MAX),
		LIMIT(MTR_EFFECTS_MAX),       LIMIT(MTR_ITEMS_MAX),
		LIMIT(MTR_PAGE_ROWS_MAX),     LIMIT(MTR_FEED_WAIT_MS_MAX),
		LIMIT(MTR_LOG_ENTRIES_MAX),   LIMIT(MTR_CODE_MAX),
		LIMIT(MTR_NAME_MAX),          LIMIT(MTR_TEXT_MAX),
		LIMIT(MTR_NUMBER_MAX),        LIMIT(MTR_SEATS_MAX),
		LIMIT(MTR_TITLES_MAX),        LIMIT(MTR_STANDARDS_MAX),
		LIMIT(MTR_CONDITIONS_MAX),    LIMIT(MTR_VALUES_MAX),
		LIMIT(MTR_TIE_BREAKS_MAX),    LIMIT(MTR_UNITS_MAX),
		LIMIT(MTR_RATINGS_MAX),       LIMIT(MTR_AMENDMENTS_MAX),
		LIMIT(MTR_CAPACITY_MAX),      LIMIT(MTR_PROMOTED_MAX),
		LIMIT(MTR_TREE_DEPTH_MAX),    LIMIT(MTR_QUERIES_MAX),
		LIMIT(MTR_HELLOS_AT_ONCE),    LIMIT(MTR_HELLO_INTERVAL_MS),
		LIMIT(MTR_LATE_REFUSAL_MS),   LIMIT(MTR_UNREAD_MAX),
		LIMIT(MTR_INCARNATIONS_MAX),  LIMIT(MTR_HISTORY_RECORDS_MAX),
		LIMIT(MTR_OVERFLOW_PAUSE_MS),
	};
	size_t known = sizeof limits / sizeof *limits;
	char row[128];

	(void)state;
	for (size_t i = 0; i < known; i++) {
		snprintf(row, sizeof row, " | %u | %s |\n", limits[i].value, limits[i].name);
		if (count(row) != 1)
			fail_msg("expected in docs/protocol.md:%s", row);
	}
	assert_int_equal(count(" | MTR_"), known);
}

static void check_rows(const struct mtr_command_info *table, size_t rows)
{
	char row[64];

	for (size_t i = 0; i < rows; i++) {
		snprintf(row, sizeof row, "\n| `%s` | ", table[i].name);
		if (count(row) != 1)
			fail_msg("expected in docs/protocol.md: %s", row + 1);
	}
}

static void test_commands_and_queries(void **state)
{
	const struct mtr_command_info *table;
	size_t rows;

	(void)state;
	table = mtr_command_table(&rows);
	check_rows(table, rows);
	table = mtr_query_table(&rows);
	check_rows(table, rows);
}

static void test_example_of_the_entry_hash(void **state)
{
	const uint8_t commands[2][5] = {{0xc2, 1, 2, 8, 7}, {0xc2, 1, 2, 8, 8}};
	uint8_t hash[MTR_HASH_BYTES] = {0};
	char row[128];

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		size_t size = (size_t)snprintf(row, sizeof row, "    entry hash     ");

		mtr_entry_hash(hash, i + 1, (struct mtr_bytes){commands[i], sizeof commands[i]}, hash);
		for (unsigned j = 0; j < MTR_HASH_BYTES; j++)
			size += (size_t)snprintf(row + size, sizeof row - size, "%02x", hash[j]);
		assert_int_equal(count(row), 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_error_has_its_row),      cmocka_unit_test(test_no_row_without_an_error),
		cmocka_unit_test(test_every_enumerator_has_its_row), cmocka_unit_test(test_limits),
		cmocka_unit_test(test_commands_and_queries),         cmocka_unit_test(test_example_of_the_entry_hash),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
