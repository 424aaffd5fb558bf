/* The register against a naive model of its rules, operation by operation. See --help. */
#include "run.h"
#include "support/seeds.h"

#include <stdlib.h>

/* Every so many seeds one is compared after each step. */
#define THOROUGH_EVERY 30

static const char help[] = "usage: model [--seeds N] [--first S] [--steps N] [--verbose] [--no-floors]\n"
			   "Runs seeds S to S+N-1, each with so many operations, and compares register and model.\n";

int main(int argc, char **argv)
{
	struct seeds seeds = {.first = 1, .count = 8, .floors = true};
	uint32_t steps = 2000;
	const struct seeds_option own[] = {{"steps", NULL, &steps}};
	struct tally *tally = calloc(1, sizeof *tally);
	bool good;

	if (!tally || !seeds_read(argc, argv, help, own, sizeof own / sizeof *own, &seeds)) {
		free(tally);
		return 2;
	}
	good = true;
	for (uint64_t seed = seeds.first; good && seed < seeds.first + seeds.count; seed++) {
		struct run_options options = {seed, steps, seed % THOROUGH_EVERY == 0, seeds.verbose};

		good = run_seed(&options, tally);
	}
	tally_print(tally);
	/* Few operations prove nothing about how often something happens. */
	if (good && seeds.floors)
		good = tally_meets_floors(tally);
	free(tally);
	return good ? 0 : 1;
}
