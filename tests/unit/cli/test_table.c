/* The table of commands: what parsing, help and completion rely on. */
#include "program/arguments.h"
#include "program/i18n.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct mtr_arena *arena;

static int setup(void **state)
{
	(void)state;
	mtr_language_use(MTR_LANGUAGE_ENGLISH, NULL);
	arena = mtr_arena_new(16u << 20);
	return arena ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	mtr_arena_free(&arena);
	return 0;
}

static void check_argument(const struct mtr_command_row *row, const struct mtr_argument *argument)
{
	const bool option = mtr_argument_is_option(argument);

	if (!argument->help || !*argument->help)
		fail_msg("%s %s has no help", row->path, argument->name);
	if (option && (argument->type == MTR_ARG_FLAG) != (argument->metavar == NULL))
		fail_msg("%s %s: a metavar goes with a value", row->path, argument->name);
	if (argument->type == MTR_ARG_CHOICE && !argument->words)
		fail_msg("%s %s has no words", row->path, argument->name);
	if (argument->type == MTR_ARG_NUMBER && argument->minimum >= argument->maximum)
		fail_msg("%s %s has no range", row->path, argument->name);
}

static void test_rows(void **state)
{
	size_t count;
	const struct mtr_command_row *rows = mtr_commands(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const struct mtr_argument *argument;
		const struct mtr_argument *other;
		assert_true(rows[i].handle && *rows[i].summary && rows[i].examples[0]);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(rows[i].path, rows[j].path);
		for (size_t n = 0; (argument = mtr_command_argument(&rows[i], n)); n++) {
			check_argument(&rows[i], argument);
			for (size_t m = 0; m < n && (other = mtr_command_argument(&rows[i], m)); m++)
				assert_string_not_equal(argument->name, other->name);
		}
	}
}

/* Splits as a shell would: blanks, single quotes, and what comes after '>' or '|' is the shell's. */
static int split(const char *line, char **words)
{
	char *copy = mtr_arena_text(arena, line);
	int count = 0;

	for (char *at = copy; *at;) {
		at += strspn(at, " ");
		if (!*at || *at == '>' || *at == '|')
			break;
		char *out = at;
		words[count++] = out;
		for (bool quoted = false; *at && (quoted || *at != ' '); at++) {
			if (*at == '\'')
				quoted = !quoted;
			else
				*out++ = *at;
		}
		at += *at != '\0';
		*out = '\0';
	}
	return count;
}

/* Every example of the help is a command line that is taken. */
static void test_examples(void **state)
{
	size_t count;
	const struct mtr_command_row *rows = mtr_commands(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		for (size_t e = 0; rows[i].examples[e]; e++) {
			char *words[64];
			struct mtr_arguments arguments;
			const char *problem = NULL;
			int word_count = split(rows[i].examples[e], words);
			if (mtr_arguments_parse(arena, word_count, words, &arguments, &problem))
				fail_msg("%s: %s", rows[i].examples[e], problem);
			assert_string_equal(arguments.command->path, rows[i].path);
		}
	}
}

static int parse(const char *line, struct mtr_arguments *ret_arguments, const char **ret_problem)
{
	char *words[64];
	int count = split(line, words);

	return mtr_arguments_parse(arena, count, words, ret_arguments, ret_problem);
}

static void test_parsing(void **state)
{
	struct mtr_arguments arguments;
	const char *problem = NULL;

	(void)state;
	/* Public keys may begin like options. */
	assert_int_equal(parse("matricula principal revoke -SoOCOvobm}G4%Eps:3c+SLf=ZSIo%T1]F{rj/H@ --reason mất",
			       &arguments, &problem),
			 0);
	assert_string_equal(mtr_text_of(&arguments, "KEY"), "-SoOCOvobm}G4%Eps:3c+SLf=ZSIo%T1]F{rj/H@");
	assert_int_equal(parse("matricula principal revoke --sSHA#8ENE-k4U^i:36LLt]OlovN+F$9z]oT]HC --reason=mất",
			       &arguments, &problem),
			 0);
	assert_string_equal(mtr_text_of(&arguments, "KEY"), "--sSHA#8ENE-k4U^i:36LLt]OlovN+F$9z]oT]HC");
	assert_int_equal(parse("matricula --lang vi unit --quiet show TU --output=json", &arguments, &problem), 0);
	assert_string_equal(arguments.command->path, "unit show");
	assert_string_equal(mtr_text_of(&arguments, "CODE"), "TU");
	assert_string_equal(mtr_text_of(&arguments, "--output"), "json");
	assert_true(mtr_given(&arguments, "--quiet"));
	assert_int_equal(parse("matricula decide QN21 7 8 --number a --date 1/1/2020 --signer b --refuse 9", &arguments,
			       &problem),
			 0);
	assert_int_equal(mtr_count_of(&arguments, "NOMINATION"), 2);
	assert_int_equal(mtr_value_at(&arguments, "NOMINATION", 1)->number, 8);
	assert_int_equal(mtr_number_of(&arguments, "--date"), 20200101);
	assert_int_equal(parse("matricula unit show -- TU", &arguments, &problem), 0);
	assert_int_equal(parse("matricula unit", &arguments, &problem), 0);
	assert_string_equal(arguments.noun, "unit");
	assert_int_equal(parse("matricula unit put --help", &arguments, &problem), 0);
	assert_true(arguments.help);
	assert_int_equal(parse("matricula quota allocate --csv f", &arguments, &problem), 0);
	static const char *const wrong[] = {
		"matricula quota allocate",      "matricula unit show TU TV",
		"matricula unit show --config",  "matricula unit show TU --output json --output csv",
		"matricula unit list --dry-run", "matricula nothing",
		"matricula unit nothing",        "matricula unit list --yes",
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		problem = NULL;
		if (parse(wrong[i], &arguments, &problem) == 0 || !problem)
			fail_msg("taken: %s", wrong[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_parsing),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
