/* Help, completion and the manual page, all made from the table of commands. */
#ifndef MTR_CLI_HELP_H
#define MTR_CLI_HELP_H

#include "contract/arena.h"
#include "program/command.h"

#include <stdio.h>

/* The overview: every command in a line, the global options, the exit codes. */
void mtr_help_overview(FILE *file);
/* The commands that begin with a word. */
void mtr_help_noun(FILE *file, const char *noun);
/* One command: usage, arguments, examples. */
void mtr_help_command(FILE *file, const struct mtr_command_row *row);
/* "quota allocate PROGRAMME UNIT SEATS [--document NUMBER] …" */
const char *mtr_help_usage(struct mtr_arena *arena, const struct mtr_command_row *row);

/* A completion script for bash. */
void mtr_completion_bash(FILE *file);

/* The manual page in roff. */
void mtr_manual(FILE *file);

#endif
