/* The register against a naive model of its rules, operation by operation. See --help. */
#include "run.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every so many seeds one is compared after each step. */
#define THOROUGH_EVERY 30

struct arguments {
	uint64_t first, seeds;
	uint32_t steps;
	bool verbose, floors;
};

static const char help[] = "usage: model [--seeds N] [--first S] [--steps N] [--verbose] [--no-floors]\n"
			   "Runs seeds S to S+N-1, each with so many operations, and compares register and model.\n";

static bool parse(int argc, char **argv, struct arguments *arguments)
{
	static const struct option options[] = {
		{"seeds", required_argument, NULL, 'n'},
		{"first", required_argument, NULL, 'f'},
		{"steps", required_argument, NULL, 's'},
		{"verbose", no_argument, NULL, 'v'},
		{"no-floors", no_argument, NULL, 'o'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int option;

	*arguments = (struct arguments){.first = 1, .seeds = 8, .steps = 2000, .floors = true};
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'n':
			arguments->seeds = strtoull(optarg, NULL, 10);
			break;
		case 'f':
			arguments->first = strtoull(optarg, NULL, 10);
			break;
		case 's':
			arguments->steps = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'v':
			arguments->verbose = true;
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

int main(int argc, char **argv)
{
	struct arguments arguments;
	struct tally *tally = calloc(1, sizeof *tally);
	bool good;

	if (!tally || !parse(argc, argv, &arguments)) {
		free(tally);
		return 2;
	}
	good = true;
	for (uint64_t seed = arguments.first; good && seed < arguments.first + arguments.seeds; seed++) {
		struct run_options options = {seed, arguments.steps, seed % THOROUGH_EVERY == 0, arguments.verbose};

		good = run_seed(&options, tally);
	}
	tally_print(tally);
	/* Few operations prove nothing about how often something happens. */
	if (good && arguments.floors)
		good = tally_meets_floors(tally);
	free(tally);
	return good ? 0 : 1;
}
