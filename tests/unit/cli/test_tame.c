/* A register that sends what no register takes: it is shown, and steers nothing. */
#include "output/output.h"
#include "output/tame.h"
#include "program/call.h"
#include "program/i18n.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BAD "\xEF\xBF\xBD"
/* Escape, bell, delete, a control of two bytes, one of one byte, "from here to the left", nothing to be seen, and
 * what isn't for anybody. */
#define HOSTILE "A\x1B[2J\a\x7F\xC2\x9B\x9B\xE2\x80\xAE\xE2\x80\x8B\xF3\xB0\x80\x80Z"
#define TAMED "A" BAD "[2J" BAD BAD BAD BAD BAD BAD BAD "Z"

static const struct mtr_column columns[] = {
	{"text", "Text", MTR_CELL_TEXT, NULL},
	{"word", "Word", MTR_CELL_WORD, &mtr__state__descriptor},
	{"list", "List", MTR_CELL_LIST, NULL},
};
static const char *const items[] = {HOSTILE, "b\nc"};

static char *shown;
static size_t size;

static char *form_of(enum mtr_output_form form, bool single)
{
	FILE *file = open_memstream(&shown, &size);
	struct mtr_output *output = mtr_output_new(form, file, false);
	const struct mtr_cell cells[] = {mtr_cell_text("x\ty\n" HOSTILE), mtr_cell_word(1, HOSTILE),
					 mtr_cell_list(items, 2)};

	if (single) {
		mtr_output_record(output, columns, 3, cells);
	} else {
		mtr_output_begin(output, columns, 3);
		mtr_output_row(output, cells);
		mtr_output_end(output);
	}
	mtr_output_free(&output);
	assert_int_equal(fclose(file), 0);
	return shown;
}

static void expect(const char *expected)
{
	assert_string_equal(shown, expected);
	free(shown);
}

static void test_table(void **state)
{
	(void)state;
	form_of(MTR_OUTPUT_TABLE, false);
	expect("Text               Word           List\n"
	       "x y " TAMED "  " TAMED "  " TAMED "; b c\n");
	form_of(MTR_OUTPUT_TABLE, true);
	expect("Text  x y " TAMED "\nWord  " TAMED "\nList  " TAMED "\n      b c\n");
}

/* Lines of a text are data. */
static void test_csv(void **state)
{
	(void)state;
	form_of(MTR_OUTPUT_CSV, false);
	expect("Text,Word,List\r\n\"x y\n" TAMED "\"," TAMED ",\"" TAMED "; b\nc\"\r\n");
}

/* Nothing is lost, and nothing is there that a terminal would obey. */
static void test_json(void **state)
{
	const json_t *row;

	(void)state;
	form_of(MTR_OUTPUT_JSON, false);
	for (const char *at = shown; *at; at++)
		assert_true((*at >= ' ' && *at < 0x7F) || *at == '\n' || strncmp(at, BAD, 3) == 0 ||
			    strncmp(at - 1, BAD, 3) == 0 || strncmp(at - 2, BAD, 3) == 0);
	json_t *all = json_loads(shown, 0, NULL);

	assert_non_null(all);
	row = json_array_get(all, 0);
	/* The byte that isn't UTF-8 can't be said in JSON. */
	assert_string_equal(json_string_value(json_object_get(row, "text")),
			    "x\ty\nA\x1B[2J\a\x7F\xC2\x9B" BAD "\xE2\x80\xAE\xE2\x80\x8B\xF3\xB0\x80\x80Z");
	json_decref(all);
	free(shown);
	form_of(MTR_OUTPUT_JSON, true);
	all = json_loads(shown, 0, NULL);
	assert_non_null(all);
	json_decref(all);
	free(shown);
}

static void test_what_is_whole(void **state)
{
	static const char text[] = "Nguyễn Thị Ánh — “Đức Phổ” €\u00A0…";
	struct mtr_growing line = {0};

	(void)state;
	mtr_tame_add(&line, "", false);
	assert_string_equal(line.data, "");
	mtr_tame_add(&line, text, false);
	assert_string_equal(line.data, text);
	mtr_growing_free(&line);
}

static void test_messages(void **state)
{
	struct mtr_call call = {.settings = {.form = MTR_OUTPUT_TABLE}};
	FILE *file = open_memstream(&shown, &size);
	int result = 0;

	(void)state;
	call.streams = (struct mtr_streams){.in = stdin, .out = file, .err = file};
	mtr_say(&call, "1 %s", HOSTILE);
	mtr_remark(&call, "2 %s", "a\r\nmatricula: b\n  c\n");
	assert_int_equal(mtr_fail(&call, 7, "3 %s", HOSTILE), 7);
	assert_false(mtr_confirmed(&call, HOSTILE, &result));
	assert_int_equal(fclose(file), 0);
	expect("1 " TAMED "\n2 a \n  matricula: b\n  c\n  \nmatricula: 3 " TAMED "\nmatricula: " TAMED
	       " Give --yes to do it without being asked.\n");
}

static void test_question(void **state)
{
	static char no[] = "n\n";
	struct mtr_call call = {.settings = {.form = MTR_OUTPUT_TABLE}};
	FILE *file = open_memstream(&shown, &size), *in = fmemopen(no, sizeof no - 1, "r");
	int result = 0;

	(void)state;
	assert_non_null(in);
	call.streams = (struct mtr_streams){.in = in, .out = file, .err = file, .in_is_terminal = true};
	assert_false(mtr_confirmed(&call, HOSTILE, &result));
	assert_int_equal(fclose(file), 0);
	assert_int_equal(fclose(in), 0);
	expect(TAMED " [y/N] matricula: Nothing was changed.\n");
}

static int setup(void **state)
{
	(void)state;
	mtr_language_use(MTR_LANGUAGE_ENGLISH, NULL);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),         cmocka_unit_test(test_csv),      cmocka_unit_test(test_json),
		cmocka_unit_test(test_what_is_whole), cmocka_unit_test(test_messages), cmocka_unit_test(test_question),
	};

	return cmocka_run_group_tests_name("tame", tests, setup, NULL);
}
