#include "program/help.h"
#include "contract/text.h"
#include "program/i18n.h"
#include "program/must.h"
#include "words/vocabulary.h"

#include <string.h>

#define LINE_WIDTH 100u

/* `text` broken between words, its lines after the first indented. */
static void wrap(FILE *file, const char *text, size_t column, size_t indent)
{
	while (*text) {
		size_t size = strcspn(text, " ");
		char word[256];
		snprintf(word, sizeof word, "%.*s", (int)size, text);
		size_t width = size < sizeof word ? mtr_text_width(word) : size;
		if (column > indent && column + width > LINE_WIDTH) {
			fprintf(file, "\n%*s", (int)indent, "");
			column = indent;
		}
		fwrite(text, 1, size, file);
		column += width;
		text += size;
		if (*text == ' ') {
			fputc(' ', file);
			column++;
			text++;
		}
	}
	fputc('\n', file);
}

static void entry(FILE *file, const char *left, const char *right, size_t width)
{
	size_t used = mtr_text_width(left);

	fprintf(file, "  %s", left);
	if (used > width) {
		fprintf(file, "\n%*s", (int)width + 4, "");
		used = width;
	} else {
		fprintf(file, "%*s", (int)(width - used) + 2, "");
	}
	wrap(file, right, width + 4, width + 4);
}

const char *mtr_help_usage(struct mtr_arena *arena, const struct mtr_command_row *row)
{
	struct mtr_growing usage = {0};
	bool optional = false;

	mtr_growing_text(&usage, "matricula ");
	mtr_growing_text(&usage, row->path);
	for (size_t i = 0; i < row->argument_count; i++) {
		const struct mtr_argument *argument = &row->arguments[i];
		const bool required = argument->flags & (MTR_ARG_REQUIRED | MTR_ARG_UNLESS_FILE);
		const char *dots = argument->flags & MTR_ARG_REPEATED || argument->type == MTR_ARG_WORDS ? "…" : "";
		if (!mtr_argument_is_option(argument))
			mtr_growing_text(&usage,
					 mtr_must_print(arena, required ? " %s%s" : " [%s%s]", argument->name, dots));
		else if (argument->flags & MTR_ARG_REQUIRED)
			mtr_growing_text(&usage, mtr_must_print(arena, " %s %s", argument->name, argument->metavar));
		else
			optional = true;
	}
	optional = optional || (row->flags & (MTR_COMMAND_CHANGES | MTR_COMMAND_READS));
	if (optional) {
		mtr_growing_text(&usage, " ");
		mtr_growing_text(&usage, _("[options]"));
	}
	return mtr_growing_take(&usage, arena);
}

/* The left column of an argument: its name and what stands for its value. */
static const char *argument_name(struct mtr_arena *arena, const struct mtr_argument *argument)
{
	if (!argument->metavar)
		return argument->name;
	return mtr_must_print(arena, "%s %s", argument->name, argument->metavar);
}

static const char *argument_help(struct mtr_arena *arena, const struct mtr_argument *argument)
{
	struct mtr_growing text = {0};

	mtr_growing_text(&text, _(argument->help));
	if (argument->type == MTR_ARG_CHOICE)
		mtr_growing_text(&text, mtr_must_print(arena, ": %s", mtr_tokens(arena, argument->words, ", ")));
	if (argument->flags & MTR_ARG_REQUIRED && mtr_argument_is_option(argument))
		mtr_growing_text(&text, mtr_must_print(arena, " (%s)", _("required")));
	if (argument->flags & MTR_ARG_REPEATED)
		mtr_growing_text(&text, mtr_must_print(arena, " (%s)", _("may be repeated")));
	return mtr_growing_take(&text, arena);
}

static void write_commands(FILE *file, const char *noun)
{
	size_t count;
	const struct mtr_command_row *rows = mtr_commands(&count);
	size_t length = noun ? strlen(noun) : 0;

	for (size_t i = 0; i < count; i++) {
		if (!noun || (strncmp(rows[i].path, noun, length) == 0 && rows[i].path[length] == ' '))
			entry(file, rows[i].path, _(rows[i].summary), 18);
	}
}

static void write_globals(FILE *file, struct mtr_arena *arena)
{
	size_t count;
	const struct mtr_argument *globals = mtr_global_arguments(&count);

	fprintf(file, "\n%s\n", _("Options of every command:"));
	for (size_t i = 0; i < count; i++)
		entry(file, argument_name(arena, &globals[i]), argument_help(arena, &globals[i]), 24);
}

void mtr_help_overview(FILE *file)
{
	struct mtr_arena *arena = mtr_must(mtr_arena_new(1u << 20));

	fprintf(file, "%s\n\n", _("matricula: the register of those put forward for training and enrolled"));
	fprintf(file, "%s\n  matricula %s\n\n%s\n", _("Usage:"), _("COMMAND [options]"), _("Commands:"));
	write_commands(file, NULL);
	write_globals(file, arena);
	fprintf(file, "\n%s\n", _("Exit codes:"));
	for (size_t i = 0; mtr_exit_words[i]; i += 2)
		entry(file, mtr_exit_words[i], _(mtr_exit_words[i + 1]), 3);
	fprintf(file, "\n%s\n", _("“matricula help COMMAND” explains a command."));
	mtr_arena_free(&arena);
}

void mtr_help_noun(FILE *file, const char *noun)
{
	fprintf(file, "%s\n", _("Commands:"));
	write_commands(file, noun);
	fprintf(file, "\n%s\n", _("“matricula help COMMAND” explains a command."));
}

void mtr_help_command(FILE *file, const struct mtr_command_row *row)
{
	struct mtr_arena *arena = mtr_must(mtr_arena_new(1u << 20));
	const struct mtr_argument *argument;
	size_t globals;
	size_t own = 0;

	(void)mtr_global_arguments(&globals);
	while (mtr_command_argument(row, own))
		own++;
	own -= globals;
	fprintf(file, "%s\n\n%s\n  %s\n", _(row->summary), _("Usage:"), mtr_help_usage(arena, row));
	if (own > 0)
		fputc('\n', file);
	for (size_t n = 0; n < own && (argument = mtr_command_argument(row, n)); n++)
		entry(file, argument_name(arena, argument), argument_help(arena, argument), 24);
	if (row->details) {
		fputc('\n', file);
		wrap(file, _(row->details), 0, 0);
	}
	if (row->examples[0])
		fprintf(file, "\n%s\n", _("Examples:"));
	for (size_t i = 0; row->examples[i]; i++)
		fprintf(file, "  %s\n", row->examples[i]);
	write_globals(file, arena);
	mtr_arena_free(&arena);
}
