/* docs/sync.md names a test for each promise: they are there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX (512u * 1024u)

static char *read_file(const char *path)
{
	char full[1024];
	char *text = calloc(1, TEXT_MAX);
	FILE *file;

	snprintf(full, sizeof full, "%s/%s", MTR_SOURCE_DIR, path);
	file = fopen(full, "r");
	if (!file) {
		free(text);
		return NULL;
	}
	assert_non_null(text);
	assert_true(fread(text, 1, TEXT_MAX - 1, file) < TEXT_MAX - 1);
	fclose(file);
	return text;
}

/* The source of a test: a path, or a name that stands for one of this room, the store's or the writer's. */
static char *source_of(const char *name)
{
	static const char *const places[][2] = {{"", ""},
						{"", ".c"},
						{"tests/unit/mirror/", ".c"},
						{"tests/unit/store/", ".c"},
						{"tests/unit/writer/", ".c"}};
	char path[256];
	char *text = NULL;

	for (size_t i = 0; !text && i < sizeof places / sizeof places[0]; i++) {
		snprintf(path, sizeof path, "%s%s%s", places[i][0], name, places[i][1]);
		text = read_file(path);
	}
	return text;
}

static bool is_function(const char *word)
{
	for (const char *at = word; *at; at++) {
		if (!islower((unsigned char)*at) && *at != '_')
			return false;
	}
	return strchr(word, '_') != NULL;
}

struct reading {
	char *source; /* of the test named last */
	unsigned functions, sources;
};

static void take_word(struct reading *reading, const char *word)
{
	char *source = strncmp(word, "test", 4) == 0 ? source_of(word) : NULL;
	char defined[160];

	if (source) {
		free(reading->source);
		reading->source = source;
		reading->sources++;
	} else if (is_function(word)) {
		if (!reading->source)
			fail_msg("%s stands before the test it is in", word);
		snprintf(defined, sizeof defined, " %s(", word);
		if (!strstr(reading->source, defined))
			fail_msg("there is no %s", word);
		reading->functions++;
	}
}

/* Words between backticks in the last cell of a row of a table. */
static void take_row(struct reading *reading, const char *line, const char *end)
{
	const char *cell = end - 1;

	while (cell > line && cell[-1] != '|')
		cell--;
	for (const char *at = cell; (at = memchr(at, '`', (size_t)(end - at))); at++) {
		const char *close = memchr(at + 1, '`', (size_t)(end - at - 1));
		char word[128];

		assert_non_null(close);
		snprintf(word, sizeof word, "%.*s", (int)(close - at - 1), at + 1);
		take_word(reading, word);
		at = close;
	}
}

static void every_promise_names_a_test_that_is_there(void **state)
{
	struct reading reading = {.source = NULL};
	char *text = read_file("docs/sync.md");

	(void)state;
	assert_non_null(text);
	for (const char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
		if (line[0] == '|' && end > line + 1 && end[-1] == '|')
			take_row(&reading, line, end - 1);
	}
	assert_true(reading.sources > 15);
	assert_true(reading.functions > 30);
	free(reading.source);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_promise_names_a_test_that_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
