/* The deterministic simulation of a register and its desks. See --help. */
#include "run.h"
#include "support/seeds.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

static const char help[] =
	"usage: sim [--seeds N] [--first S] [--verbose] [--twice] [--no-floors] [--restores]\n"
	"Runs seeds S to S+N-1: desks write, send and read while links break, clocks are wrong and the power fails;\n"
	"then everything heals, and register and desks are held against the journal. With --restores the register is\n"
	"restored from backups, too. --twice runs each seed a second\n"
	"time and compares what happened. A seed that fails, fails again in the same step.\n";

static bool replays(uint64_t seed, bool restores, uint64_t trace)
{
	struct tally *tally = calloc(1, sizeof *tally);
	uint64_t again;
	bool good = tally && run_seed(seed, false, restores, tally, &again);

	free(tally);
	if (good && again == trace)
		return true;
	fprintf(stderr, "seed %" PRIu64 " doesn't replay\n", seed);
	return false;
}

int main(int argc, char **argv)
{
	struct seeds seeds = {.first = 1, .count = 100, .floors = true};
	bool twice = false, restores = false;
	const struct seeds_option own[] = {{"twice", &twice, NULL}, {"restores", &restores, NULL}};
	struct tally *tally = calloc(1, sizeof *tally);
	bool good = true;

	if (!tally || !seeds_read(argc, argv, help, own, sizeof own / sizeof *own, &seeds)) {
		free(tally);
		return 2;
	}
	if (sodium_init() < 0)
		abort();
	for (uint64_t seed = seeds.first; good && seed < seeds.first + seeds.count; seed++) {
		uint64_t trace;

		good = run_seed(seed, seeds.verbose, restores, tally, &trace);
		if (good && twice)
			good = replays(seed, restores, trace);
	}
	tally_print(tally);
	/* A few seeds prove nothing about how often something happens. */
	if (good && seeds.floors)
		good = restores ? tally_meets_restore_floors(tally) : tally_meets_floors(tally);
	free(tally);
	return good ? 0 : 1;
}
