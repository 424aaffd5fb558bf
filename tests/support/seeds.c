#include "support/seeds.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

/* Values of getopt_long: own options count from OWN. */
enum { SEEDS = 'n', FIRST = 'f', VERBOSE = 'v', NO_FLOORS = 'o', HELP = 'h', OWN = 256 };

static const struct option common[] = {
	{"seeds", required_argument, NULL, SEEDS}, {"first", required_argument, NULL, FIRST},
	{"verbose", no_argument, NULL, VERBOSE},   {"no-floors", no_argument, NULL, NO_FLOORS},
	{"help", no_argument, NULL, HELP},
};

#define COMMON (sizeof common / sizeof *common)

static void list_options(const struct seeds_option *own, size_t own_count, struct option *ret_options)
{
	size_t count = 0;

	for (size_t i = 0; i < COMMON; i++)
		ret_options[count++] = common[i];
	for (size_t i = 0; i < own_count; i++)
		ret_options[count++] = (struct option){own[i].name, own[i].number ? required_argument : no_argument,
						       NULL, OWN + (int)i};
	ret_options[count] = (struct option){NULL, 0, NULL, 0};
}

static void take_own(const struct seeds_option *own)
{
	if (own->number)
		*own->number = (uint32_t)strtoul(optarg, NULL, 10);
	else
		*own->flag = true;
}

static bool take(int option, const struct seeds_option *own, struct seeds *seeds)
{
	switch (option) {
	case SEEDS:
		seeds->count = strtoull(optarg, NULL, 10);
		return true;
	case FIRST:
		seeds->first = strtoull(optarg, NULL, 10);
		return true;
	case VERBOSE:
		seeds->verbose = true;
		return true;
	case NO_FLOORS:
		seeds->floors = false;
		return true;
	default:
		if (option < OWN)
			return false;
		take_own(&own[option - OWN]);
		return true;
	}
}

bool seeds_read(int argc, char **argv, const char *help, const struct seeds_option *own, size_t own_count,
		struct seeds *seeds)
{
	struct option options[COMMON + SEEDS_OWN_MAX + 1];
	int option;

	assert(own_count <= SEEDS_OWN_MAX);
	list_options(own, own_count, options);
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (take(option, own, seeds))
			continue;
		fputs(help, stderr);
		return false;
	}
	return true;
}
