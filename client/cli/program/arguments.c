#include "program/arguments.h"
#include "contract/key_file.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/suggest.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

struct parse {
	struct mtr_arena *arena;
	struct mtr_arguments *arguments;
	const char **problem;
	size_t room;
	size_t positionals; /* read so far */
};

bool mtr_argument_is_option(const struct mtr_argument *argument)
{
	return argument->name[0] == '-';
}

static struct mtr_value *add_value(struct parse *parse)
{
	struct mtr_arguments *arguments = parse->arguments;

	if (arguments->count == parse->room) {
		size_t room = parse->room * 2 + 16;
		struct mtr_value *values = mtr_must_array(parse->arena, room, sizeof *values);
		if (arguments->count > 0)
			memcpy(values, arguments->values, arguments->count * sizeof *values);
		arguments->values = values;
		parse->room = room;
	}
	return &arguments->values[arguments->count];
}

static int take(struct parse *parse, const struct mtr_argument *argument, const char *text)
{
	if (!(argument->flags & MTR_ARG_REPEATED) && argument->type != MTR_ARG_WORDS) {
		for (size_t i = 0; i < parse->arguments->count; i++) {
			if (parse->arguments->values[i].argument == argument) {
				*parse->problem =
					mtr_must_print(parse->arena, _("%s was given twice."), argument->name);
				return -EINVAL;
			}
		}
	}
	int error = mtr_value_parse(parse->arena, argument, text, add_value(parse), parse->problem);
	if (error)
		return error;
	parse->arguments->count++;
	return 0;
}

static bool begins_path(const char *path, const char *word)
{
	size_t length = strlen(word);
	return strncmp(path, word, length) == 0 && (path[length] == ' ' || path[length] == '\0');
}

static const char *unknown_command(struct mtr_arena *arena, const char *noun, const char *word)
{
	size_t count;
	const struct mtr_command_row *rows = mtr_commands(&count);
	const char *given = noun ? mtr_must_print(arena, "%s %s", noun, word) : word;
	struct mtr_suggestion suggestion = mtr_suggestion_for(given);

	for (size_t i = 0; i < count; i++) {
		if (!noun || begins_path(rows[i].path, noun))
			mtr_suggestion_offer(&suggestion, rows[i].path);
		if (!noun)
			mtr_suggestion_offer(&suggestion, mtr_must_print(arena, "%.*s", (int)strcspn(rows[i].path, " "),
									 rows[i].path));
	}
	if (suggestion.best)
		return mtr_must_print(arena, _("There is no command “%s”. Did you mean “%s”?"), given, suggestion.best);
	return mtr_must_print(arena, _("There is no command “%s”. “matricula help” lists them all."), given);
}

static const struct mtr_argument *known_option(const struct mtr_command_row *command, const char *word, size_t length)
{
	const struct mtr_argument *argument;

	for (size_t n = 0; (argument = mtr_command_argument(command, n)); n++) {
		if (mtr_argument_is_option(argument) && strlen(argument->name) == length &&
		    strncmp(argument->name, word, length) == 0)
			return argument;
	}
	return NULL;
}

static const struct mtr_argument *find_option(struct parse *parse, const char *word, size_t length)
{
	struct mtr_suggestion suggestion = mtr_suggestion_for(mtr_must_print(parse->arena, "%.*s", (int)length, word));
	const struct mtr_argument *argument = known_option(parse->arguments->command, word, length);

	if (argument)
		return argument;
	for (size_t n = 0; (argument = mtr_command_argument(parse->arguments->command, n)); n++) {
		if (mtr_argument_is_option(argument))
			mtr_suggestion_offer(&suggestion, argument->name);
	}
	if (suggestion.best)
		*parse->problem = mtr_must_print(parse->arena, _("There is no option “%s” here. Did you mean “%s”?"),
						 suggestion.wanted, suggestion.best);
	else
		*parse->problem = mtr_must_print(parse->arena, _("There is no option “%s” here."), suggestion.wanted);
	return NULL;
}

/* An option at argv[*at]; steps over its value. */
static int take_option(struct parse *parse, int argc, char *const *argv, int *at)
{
	const char *word = argv[*at];
	size_t length = strcspn(word, "=");

	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
		parse->arguments->help = true;
		return 0;
	}
	const struct mtr_argument *argument = find_option(parse, word, length);
	if (!argument)
		return -EINVAL;
	if (argument->type == MTR_ARG_FLAG) {
		if (word[length] != '\0') {
			*parse->problem = mtr_must_print(parse->arena, _("%s takes no value."), argument->name);
			return -EINVAL;
		}
		return take(parse, argument, "");
	}
	if (word[length] == '=')
		return take(parse, argument, word + length + 1);
	if (*at + 1 >= argc) {
		*parse->problem =
			mtr_must_print(parse->arena, _("%s needs a value: %s."), argument->name, argument->metavar);
		return -EINVAL;
	}
	(*at)++;
	return take(parse, argument, argv[*at]);
}

static int take_positional(struct parse *parse, const char *word)
{
	const struct mtr_command_row *command = parse->arguments->command;
	size_t seen = 0;

	for (size_t i = 0; command && i < command->argument_count; i++) {
		const struct mtr_argument *argument = &command->arguments[i];
		if (mtr_argument_is_option(argument))
			continue;
		bool many = (argument->flags & MTR_ARG_REPEATED) || argument->type == MTR_ARG_WORDS;
		if (seen == parse->positionals || many) {
			if (!many)
				parse->positionals++;
			return take(parse, argument, word);
		}
		seen++;
	}
	*parse->problem = mtr_must_print(parse->arena, _("“%s” is one word too many."), word);
	return -EINVAL;
}

/* A minus before a digit is a negative number, and the row of its argument says why it can't be. One public key in 85
 * begins with a minus, and some with two. */
static bool looks_like_option(const struct mtr_command_row *command, const char *word)
{
	uint8_t key[MTR_KEY_BYTES];

	if (word[0] != '-' || word[1] == '\0' || (word[1] >= '0' && word[1] <= '9'))
		return false;
	return !mtr_key_parse(word, key) || known_option(command, word, strcspn(word, "="));
}

static bool is_required(const struct mtr_arguments *arguments, const struct mtr_argument *argument)
{
	if (argument->flags & MTR_ARG_UNLESS_FILE)
		return !mtr_given(arguments, "--csv");
	return argument->flags & MTR_ARG_REQUIRED;
}

static int check_required(struct parse *parse)
{
	const struct mtr_command_row *command = parse->arguments->command;

	for (size_t i = 0; i < command->argument_count; i++) {
		const struct mtr_argument *argument = &command->arguments[i];
		if (!is_required(parse->arguments, argument) || mtr_given(parse->arguments, argument->name))
			continue;
		*parse->problem =
			mtr_must_print(parse->arena, _("%s is missing: %s."), argument->name, _(argument->help));
		return -EINVAL;
	}
	return 0;
}

/* The row of a path of one word, or of two. */
static const struct mtr_command_row *find_row(const char *noun, const char *word)
{
	size_t count;
	const struct mtr_command_row *rows = mtr_commands(&count);

	for (size_t i = 0; i < count; i++) {
		const char *path = rows[i].path;
		size_t length = noun ? strlen(noun) : 0;
		if (noun && (strncmp(path, noun, length) != 0 || path[length] != ' '))
			continue;
		if (strcmp(noun ? path + length + 1 : path, word) == 0)
			return &rows[i];
	}
	return NULL;
}

static bool is_noun(const char *word)
{
	size_t count;
	const struct mtr_command_row *rows = mtr_commands(&count);

	for (size_t i = 0; i < count; i++) {
		if (begins_path(rows[i].path, word))
			return true;
	}
	return false;
}

/* The value of a global option isn't a word of the path. */
static bool takes_next(const char *option)
{
	size_t count;
	const struct mtr_argument *globals = mtr_global_arguments(&count);

	for (size_t i = 0; i < count; i++) {
		if (globals[i].type != MTR_ARG_FLAG && strcmp(globals[i].name, option) == 0)
			return true;
	}
	return false;
}

/* Takes the words of the path away; options may stand before and between them. */
static int find_command(struct parse *parse, int argc, char *const *argv, char **ret_rest, int *ret_count)
{
	struct mtr_arguments *arguments = parse->arguments;
	int rest = 0;

	for (int i = 1; i < argc; i++) {
		if (arguments->command || looks_like_option(arguments->command, argv[i])) {
			ret_rest[rest++] = argv[i];
			if (!arguments->command && i + 1 < argc && takes_next(argv[i]))
				ret_rest[rest++] = argv[++i];
			continue;
		}
		arguments->command = find_row(arguments->noun, argv[i]);
		if (!arguments->command && (arguments->noun || !is_noun(argv[i]))) {
			*parse->problem = unknown_command(parse->arena, arguments->noun, argv[i]);
			return -EINVAL;
		}
		arguments->noun = arguments->command ? NULL : argv[i];
	}
	*ret_count = rest;
	return 0;
}

int mtr_arguments_parse(struct mtr_arena *arena, int argc, char *const *argv, struct mtr_arguments *ret_arguments,
			const char **ret_problem)
{
	struct mtr_arguments arguments = {0};
	struct parse parse = {.arena = arena, .arguments = &arguments, .problem = ret_problem};
	char **rest = mtr_must_array(arena, (size_t)argc + 1, sizeof *rest);
	int rest_count = 0;
	bool only_positional = false;
	int error = find_command(&parse, argc, argv, rest, &rest_count);

	for (int i = 0; i < rest_count && !error; i++) {
		if (!only_positional && strcmp(rest[i], "--") == 0)
			only_positional = true;
		else if (!only_positional && looks_like_option(arguments.command, rest[i]))
			error = take_option(&parse, rest_count, rest, &i);
		else
			error = take_positional(&parse, rest[i]);
	}
	if (!error && arguments.command && !arguments.help)
		error = check_required(&parse);
	*ret_arguments = arguments;
	return arguments.help ? 0 : error;
}

static const struct mtr_argument *known(const struct mtr_arguments *arguments, const char *name)
{
	const struct mtr_argument *argument;

	for (size_t n = 0; (argument = mtr_command_argument(arguments->command, n)); n++) {
		if (strcmp(argument->name, name) == 0)
			return argument;
	}
	return NULL;
}

const struct mtr_value *mtr_value_at(const struct mtr_arguments *arguments, const char *name, size_t n)
{
	const struct mtr_argument *argument = known(arguments, name);

	assert(argument);
	for (size_t i = 0; i < arguments->count; i++) {
		if (arguments->values[i].argument == argument && n-- == 0)
			return &arguments->values[i];
	}
	return NULL;
}

bool mtr_given(const struct mtr_arguments *arguments, const char *name)
{
	return mtr_value_at(arguments, name, 0) != NULL;
}

const char *mtr_text_of(const struct mtr_arguments *arguments, const char *name)
{
	const struct mtr_value *value = mtr_value_at(arguments, name, 0);
	return value ? value->text : NULL;
}

uint64_t mtr_number_of(const struct mtr_arguments *arguments, const char *name)
{
	const struct mtr_value *value = mtr_value_at(arguments, name, 0);
	return value ? value->number : 0;
}

size_t mtr_count_of(const struct mtr_arguments *arguments, const char *name)
{
	size_t count = 0;

	while (mtr_value_at(arguments, name, count))
		count++;
	return count;
}
