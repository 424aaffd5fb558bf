/* The deterministic simulation of a register and its desks. See --help. */
#include "run.h"

#include <getopt.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

struct arguments {
	uint64_t first, seeds;
	bool verbose, floors, twice, restores;
};

static const char help[] =
	"usage: sim [--seeds N] [--first S] [--verbose] [--twice] [--no-floors] [--restores]\n"
	"Runs seeds S to S+N-1: desks write, send and read while links break, clocks are wrong and the power fails;\n"
	"then everything heals, and register and desks are held against the journal. With --restores the register is\n"
	"restored from backups, too. --twice runs each seed a second\n"
	"time and compares what happened. A seed that fails, fails again in the same step.\n";

static bool parse(int argc, char **argv, struct arguments *arguments)
{
	static const struct option options[] = {
		{"seeds", required_argument, NULL, 'n'},
		{"first", required_argument, NULL, 'f'},
		{"verbose", no_argument, NULL, 'v'},
		{"twice", no_argument, NULL, 't'},
		{"no-floors", no_argument, NULL, 'o'},
		{"restores", no_argument, NULL, 'r'},
		{NULL, 0, NULL, 0},
	};
	int option;

	*arguments = (struct arguments){.first = 1, .seeds = 100, .floors = true};
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'n':
			arguments->seeds = strtoull(optarg, NULL, 10);
			break;
		case 'f':
			arguments->first = strtoull(optarg, NULL, 10);
			break;
		case 'v':
			arguments->verbose = true;
			break;
		case 't':
			arguments->twice = true;
			break;
		case 'r':
			arguments->restores = true;
			break;
		case 'o':
			arguments->floors = false;
			break;
		default:
			fputs(help, stderr);
			return false;
		}
	}
	return true;
}

static bool replays(const struct arguments *arguments, uint64_t seed, uint64_t trace)
{
	struct tally *tally = calloc(1, sizeof *tally);
	uint64_t again;
	bool good = tally && run_seed(seed, false, arguments->restores, tally, &again);

	free(tally);
	if (good && again == trace)
		return true;
	fprintf(stderr, "seed %" PRIu64 " doesn't replay\n", seed);
	return false;
}

int main(int argc, char **argv)
{
	struct arguments arguments;
	struct tally *tally = calloc(1, sizeof *tally);
	bool good = true;

	if (!tally || !parse(argc, argv, &arguments)) {
		free(tally);
		return 2;
	}
	if (sodium_init() < 0)
		abort();
	for (uint64_t seed = arguments.first; good && seed < arguments.first + arguments.seeds; seed++) {
		uint64_t trace;

		good = run_seed(seed, arguments.verbose, arguments.restores, tally, &trace);
		if (good && arguments.twice)
			good = replays(&arguments, seed, trace);
	}
	tally_print(tally);
	/* A few seeds prove nothing about how often something happens. */
	if (good && arguments.floors)
		good = arguments.restores ? tally_meets_restore_floors(tally) : tally_meets_floors(tally);
	free(tally);
	return good ? 0 : 1;
}
