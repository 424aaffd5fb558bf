/* For programs that play one story a seed (tests/model, tests/sim): which seeds, from the command line. */
#ifndef TESTS_SUPPORT_SEEDS_H
#define TESTS_SUPPORT_SEEDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEEDS_OWN_MAX 8

struct seeds {
	uint64_t first, count;
	bool verbose;
	bool floors; /* at the end it is checked that each thing happened often enough */
};

/* An option that only one program has: `flag` is set, or `number` takes its argument; the other is NULL. */
struct seeds_option {
	const char *name;
	bool *flag;
	uint32_t *number;
};

/* Reads --seeds, --first, --verbose, --no-floors and the program's `own` options (SEEDS_OWN_MAX at most). What isn't
 * named keeps the caller's value. False when the line asks for help or has something else in it; `help` is printed
 * then. */
bool seeds_read(int argc, char **argv, const char *help, const struct seeds_option *own, size_t own_count,
		struct seeds *seeds);

#endif
