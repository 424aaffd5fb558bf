#include "program/help.h"
#include "program/i18n.h"
#include "program/must.h"
#include "words/vocabulary.h"

#include <string.h>

/* Text of a line: a backslash or a leading dot or quote would be roff's. */
static void roff(FILE *file, const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", file);
	for (; *text; text++) {
		if (*text == '\\')
			fputs("\\e", file);
		else if (*text == '-')
			fputs("\\-", file);
		else if (*text == '\'')
			fputs("\\(aq", file);
		else
			fputc(*text, file);
	}
}

static void heading(FILE *file, const char *text)
{
	fprintf(file, ".SH \"%s\"\n", text);
}

static void write_argument(FILE *file, struct mtr_arena *arena, const struct mtr_argument *argument)
{
	fputs(".TP\n\\fB", file);
	roff(file, argument->name);
	fputs("\\fR", file);
	if (argument->metavar) {
		fputs(" \\fI", file);
		roff(file, argument->metavar);
		fputs("\\fR", file);
	}
	fputc('\n', file);
	roff(file, _(argument->help));
	if (argument->type == MTR_ARG_CHOICE) {
		fputs(": ", file);
		roff(file, mtr_tokens(arena, argument->words, ", "));
	}
	if (argument->flags & MTR_ARG_REQUIRED && mtr_argument_is_option(argument))
		fprintf(file, " (%s)", _("required"));
	if (argument->flags & MTR_ARG_REPEATED)
		fprintf(file, " (%s)", _("may be repeated"));
	fputc('\n', file);
}

static void write_command(FILE *file, struct mtr_arena *arena, const struct mtr_command_row *row)
{
	fputs(".SS \"", file);
	roff(file, row->path);
	fputs("\"\n", file);
	roff(file, _(row->summary));
	fputs("\n.PP\n\\fB", file);
	roff(file, mtr_help_usage(arena, row));
	fputs("\\fR\n", file);
	if (row->details) {
		fputs(".PP\n", file);
		roff(file, _(row->details));
		fputc('\n', file);
	}
	for (size_t i = 0; i < row->argument_count; i++)
		write_argument(file, arena, &row->arguments[i]);
	if (row->flags & MTR_COMMAND_CHANGES) {
		write_argument(file, arena, &mtr_argument_dry_run);
		write_argument(file, arena, &mtr_argument_offline);
	}
	if (row->flags & MTR_COMMAND_READS)
		write_argument(file, arena, &mtr_argument_mirror);
	if (row->flags & MTR_COMMAND_CONFIRMS)
		write_argument(file, arena, &mtr_argument_yes);
	for (size_t i = 0; row->examples[i]; i++) {
		fputs(i ? ".br\n" : ".PP\n", file);
		roff(file, row->examples[i]);
		fputc('\n', file);
	}
}

static void write_files(FILE *file)
{
	heading(file, _("FILES"));
	fputs(".TP\n~/.config/matricula/client.ini\n", file);
	roff(file, _("Settings: endpoint, key and timeout (in seconds) under [server]; key_file, state_directory and "
		     "language under [client]."));
	fputs("\n.TP\n~/.config/matricula/client.key\n", file);
	roff(file, _("This desk's secret key."));
	fputs("\n.TP\n~/.local/state/matricula/\n", file);
	roff(file, _("The outbox: what was entered and isn't acknowledged yet. Never copy it to another machine."));
	fputc('\n', file);
}

void mtr_manual(FILE *file)
{
	struct mtr_arena *arena = mtr_must(mtr_arena_new(4u << 20));
	size_t count;
	size_t globals;
	const struct mtr_command_row *rows = mtr_commands(&count);
	const struct mtr_argument *global = mtr_global_arguments(&globals);

	fputs(".TH MATRICULA 1 \"\" \"matricula " MTR_VERSION "\"\n", file);
	heading(file, _("NAME"));
	roff(file, _("matricula: the register of those put forward for training and enrolled"));
	fputc('\n', file);
	heading(file, _("SYNOPSIS"));
	fputs("\\fBmatricula\\fR \\fI", file);
	roff(file, _("COMMAND [options]"));
	fputs("\\fR\n", file);
	heading(file, _("OPTIONS"));
	for (size_t i = 0; i < globals; i++)
		write_argument(file, arena, &global[i]);
	heading(file, _("COMMANDS"));
	for (size_t i = 0; i < count; i++)
		write_command(file, arena, &rows[i]);
	heading(file, _("EXIT CODES"));
	for (size_t i = 0; mtr_exit_words[i]; i += 2) {
		fprintf(file, ".TP\n%s\n", mtr_exit_words[i]);
		roff(file, _(mtr_exit_words[i + 1]));
		fputc('\n', file);
	}
	write_files(file);
	mtr_arena_free(&arena);
}
