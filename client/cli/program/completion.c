/* The script holds what the table says: words of the paths, options of each command, values of choices. */
#include "program/help.h"
#include "program/must.h"
#include "words/vocabulary.h"

#include <string.h>

/* Writes each first word once. */
static void write_nouns(FILE *file)
{
	size_t count;
	const struct mtr_command_row *rows = mtr_commands(&count);
	size_t last = 0;

	for (size_t i = 0; i < count; i++) {
		size_t size = strcspn(rows[i].path, " ");
		if (i > 0 && size == last && strncmp(rows[i].path, rows[i - 1].path, size) == 0)
			continue;
		fprintf(file, "%s%.*s", i ? " " : "", (int)size, rows[i].path);
		last = size;
	}
}

/* The second words of each noun. */
static void write_verbs(FILE *file)
{
	size_t count;
	const struct mtr_command_row *rows = mtr_commands(&count);

	for (size_t i = 0; i < count; i++) {
		size_t size = strcspn(rows[i].path, " ");
		const char *before = i ? rows[i - 1].path : "";
		if (rows[i].path[size] == '\0')
			continue;
		if (strncmp(before, rows[i].path, size + 1) != 0)
			fprintf(file, "\t\t%.*s) words=\"", (int)size, rows[i].path);
		else
			fputc(' ', file);
		fputs(rows[i].path + size + 1, file);
		if (i + 1 == count || strncmp(rows[i + 1].path, rows[i].path, size + 1) != 0)
			fputs("\" ;;\n", file);
	}
}

static void write_options(FILE *file)
{
	size_t count;
	const struct mtr_command_row *rows = mtr_commands(&count);
	const struct mtr_argument *argument;

	for (size_t i = 0; i < count; i++) {
		fprintf(file, "\t\t\"%s\") words=\"", rows[i].path);
		bool first = true;
		for (size_t n = 0; (argument = mtr_command_argument(&rows[i], n)); n++) {
			if (!mtr_argument_is_option(argument))
				continue;
			fprintf(file, "%s%s", first ? "" : " ", argument->name);
			first = false;
		}
		fputs("\" ;;\n", file);
	}
}

/* What may follow an option of a command. */
static void write_values(FILE *file, struct mtr_arena *arena)
{
	size_t count;
	const struct mtr_command_row *rows = mtr_commands(&count);

	for (size_t i = 0; i < count; i++) {
		for (size_t n = 0; n < rows[i].argument_count; n++) {
			const struct mtr_argument *argument = &rows[i].arguments[n];
			if (argument->type == MTR_ARG_CHOICE)
				fprintf(file, "\t\t\"%s %s\") values=\"%s\" ;;\n", rows[i].path, argument->name,
					mtr_tokens(arena, argument->words, " "));
			else if (argument->type == MTR_ARG_YES_NO)
				fprintf(file, "\t\t\"%s %s\") values=\"yes no\" ;;\n", rows[i].path, argument->name);
			else if (argument->type == MTR_ARG_FILE)
				fprintf(file, "\t\t\"%s %s\") files=1 ;;\n", rows[i].path, argument->name);
			else if (argument->type != MTR_ARG_FLAG && mtr_argument_is_option(argument))
				fprintf(file, "\t\t\"%s %s\") return ;;\n", rows[i].path, argument->name);
		}
	}
}

void mtr_completion_bash(FILE *file)
{
	struct mtr_arena *arena = mtr_must(mtr_arena_new(1u << 20));

	fputs("# bash completion for matricula\n_matricula() {\n"
	      "\tlocal current previous noun verb path words values files\n"
	      "\tcurrent=${COMP_WORDS[COMP_CWORD]}\n\tprevious=${COMP_WORDS[COMP_CWORD-1]}\n"
	      "\tnoun=${COMP_WORDS[1]}\n\tverb=${COMP_WORDS[2]}\n\tCOMPREPLY=()\n"
	      "\tcase $previous in\n"
	      "\t\t--output) values=\"table csv json\" ;;\n\t\t--lang) values=\"en vi\" ;;\n"
	      "\t\t--color) values=\"auto always never\" ;;\n\t\t--config) files=1 ;;\n\tesac\n"
	      "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords=\"",
	      file);
	write_nouns(file);
	fputs("\"\n\t\tmapfile -t COMPREPLY < <(compgen -W \"$words --help\" -- \"$current\")\n\t\treturn\n\tfi\n"
	      "\tpath=$noun\n\tcase $noun in\n",
	      file);
	write_verbs(file);
	fputs("\tesac\n\tif [ -n \"$words\" ]; then\n\t\tpath=\"$noun $verb\"\n"
	      "\t\tif [ \"$COMP_CWORD\" -eq 2 ]; then\n"
	      "\t\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n\t\t\treturn\n\t\tfi\n\tfi\n"
	      "\tcase \"$path $previous\" in\n",
	      file);
	write_values(file, arena);
	fputs("\tesac\n\tif [ -n \"$files\" ]; then\n\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
	      "\t\treturn\n\tfi\n"
	      "\tif [ -n \"$values\" ]; then\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -W \"$values\" -- \"$current\")\n\t\treturn\n\tfi\n"
	      "\twords=\"\"\n\tcase $path in\n",
	      file);
	write_options(file);
	fputs("\tesac\n\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n}\n"
	      "complete -F _matricula matricula\n",
	      file);
	mtr_arena_free(&arena);
}
