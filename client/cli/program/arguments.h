/* A command line, read against the table. */
#ifndef MTR_CLI_ARGUMENTS_H
#define MTR_CLI_ARGUMENTS_H

#include "contract/arena.h"
#include "program/command.h"

struct mtr_value {
	const struct mtr_argument *argument;
	const char *text; /* repaired and in normal form; as given for FILE */
	uint64_t number;  /* NUMBER, ID, DATE, TIME, MONEY; CHOICE: the enumeration's value;
			   * STANDARD: scheme << 32 | number */
	unsigned repairs; /* mask of enum mtr_text_repair: what was mended in the text */
};

struct mtr_arguments {
	const struct mtr_command_row *command; /* NULL: none was given, or help for a noun was asked for */
	const char *noun;                      /* the first word when it only begins commands */
	bool help;                             /* --help: the rest may be wrong */
	struct mtr_value *values;
	size_t count;
};

/* Reads argv[1..]. Global options may stand anywhere. 0, or -EINVAL: *ret_problem then says in words what is wrong and
 * what would be right, and *ret_arguments holds what was read until there. Everything lives in the arena. */
int mtr_arguments_parse(struct mtr_arena *arena, int argc, char *const *argv, struct mtr_arguments *ret_arguments,
			const char **ret_problem);

/* Reads one value as `argument` wants it; 0 or -EINVAL with *ret_problem. */
int mtr_value_parse(struct mtr_arena *arena, const struct mtr_argument *argument, const char *text,
		    struct mtr_value *ret_value, const char **ret_problem);

/* Of the argument called `name`, which the command's row has: whether it was given, its text (NULL), number (0) and
 * how often; the n-th, counting from 0. */
bool mtr_given(const struct mtr_arguments *arguments, const char *name);
const char *mtr_text_of(const struct mtr_arguments *arguments, const char *name);
uint64_t mtr_number_of(const struct mtr_arguments *arguments, const char *name);
size_t mtr_count_of(const struct mtr_arguments *arguments, const char *name);
const struct mtr_value *mtr_value_at(const struct mtr_arguments *arguments, const char *name, size_t n);

#endif
