#include "common/world.h"

#include "common/fail.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fewer are for a short test of these programs, not for measuring: then there is little to fill. */
#define SMALL 10000u
#define SMALL_PEOPLE 6000u
#define SMALL_PROGRAMMES (12u * OPEN)
#define PEOPLE_LEAST 60000u
#define PEOPLE_MOST 200000u
#define NOMINATIONS_A_PERSON 5u
/* Programmes whose windows are open at a time. */
#define OPEN 8u
/* Times that everybody may be put forward while load is on, whatever the register began with. */
#define ROUNDS_OF_LOAD 12u
/* Prime, and larger than any number of people: steps through all of them in no visible order. */
#define STRIDE UINT64_C(982451653)
/* Seats of one hot programme that are used, of MTR_SEATS_MAX. */
#define HOT_SEATS 90000u

struct world world_of(uint64_t nominations)
{
	struct world world = {.nominations = nominations};
	uint64_t people = nominations / NOMINATIONS_A_PERSON;

	if (nominations < SMALL)
		return (struct world){
			.nominations = nominations, .people = SMALL_PEOPLE, .programmes = SMALL_PROGRAMMES};
	if (people < PEOPLE_LEAST)
		people = PEOPLE_LEAST;
	if (people > PEOPLE_MOST)
		people = PEOPLE_MOST;
	world.people = (people + WORLD_UNITS - 1) / WORLD_UNITS * WORLD_UNITS;
	world.programmes = OPEN * (uint32_t)(nominations / world.people + ROUNDS_OF_LOAD);
	return world;
}

struct world world_of_classes(uint32_t classes)
{
	uint64_t people = (uint64_t)classes * WORLD_ROSTER;

	return (struct world){.nominations = people, .people = people, .programmes = 1, .classes = classes};
}

static FILE *open_file(const char *directory, const char *name, const char *mode)
{
	char path[512];
	const int size = snprintf(path, sizeof path, "%s/%s", directory, name);

	return size > 0 && (size_t)size < sizeof path ? fopen(path, mode) : NULL;
}

uint64_t world_next_read(const char *directory, uint64_t revision)
{
	FILE *file = open_file(directory, "next", "r");
	char line[32];

	if (!file)
		return revision;
	const uint64_t next = fgets(line, sizeof line, file) ? strtoull(line, NULL, 10) : 0;

	fclose(file);
	return next > revision ? next : revision;
}

void world_next_write(const char *directory, uint64_t next)
{
	FILE *file = open_file(directory, "next", "w");

	if (!file || fprintf(file, "%" PRIu64 "\n", next) < 0 || fclose(file) != 0)
		bench_fail(directory, "the file `next` can't be written");
}

bool world_write(const struct world *world, const char *directory)
{
	FILE *file = open_file(directory, "world", "w");

	if (!file)
		return false;
	fprintf(file, "%" PRIu64 " %" PRIu64 " %" PRIu32 " %" PRIu32 "\n", world->nominations, world->people,
		world->programmes, world->classes);
	return fclose(file) == 0;
}

bool world_read(struct world *ret_world, const char *directory)
{
	char line[128], *at = line;
	FILE *file = open_file(directory, "world", "r");

	if (!file)
		return false;
	bool good = fgets(line, sizeof line, file) != NULL;

	fclose(file);
	if (!good)
		return false;
	ret_world->nominations = strtoull(at, &at, 10);
	ret_world->people = strtoull(at, &at, 10);
	ret_world->programmes = (uint32_t)strtoul(at, &at, 10);
	ret_world->classes = (uint32_t)strtoul(at, &at, 10);
	return *at == '\n' && ret_world->people;
}

uint32_t world_unit_of(uint64_t person)
{
	return 1 + (uint32_t)(person % WORLD_UNITS);
}

struct proposal world_spread(const struct world *world, uint64_t number)
{
	uint64_t person = number * STRIDE % world->people;
	uint64_t round = number / world->people;

	return (struct proposal){
		.person = person,
		.unit = world_unit_of(person),
		.programme = (uint32_t)((round * OPEN + person / WORLD_UNITS % OPEN) % world->programmes),
	};
}

struct proposal world_hot(const struct world *world, uint64_t number)
{
	uint64_t seats = world->people < HOT_SEATS ? world->people : HOT_SEATS;

	return (struct proposal){
		.person = number % seats * STRIDE % world->people,
		.programme = (uint32_t)(number / seats % WORLD_HOT_PROGRAMMES),
	};
}

void world_unit_code(uint32_t unit, char ret_code[WORLD_CODE])
{
	if (unit)
		snprintf(ret_code, WORLD_CODE, "XA-%" PRIu32, unit);
	else
		strcpy(ret_code, WORLD_ROOT);
}

void world_programme_code(const struct proposal *proposal, char ret_code[WORLD_CODE])
{
	snprintf(ret_code, WORLD_CODE, proposal->unit ? "CT-%" PRIu32 : "HOT-%" PRIu32, proposal->programme);
}

void world_class_code(uint32_t number, char ret_code[WORLD_CODE])
{
	snprintf(ret_code, WORLD_CODE, "LOP-%" PRIu32, number);
}

uint32_t world_birth_of(uint64_t person)
{
	return (1975 + (uint32_t)(person % 21)) * 10000 + (uint32_t)(1 + person % 12) * 100 +
	       (uint32_t)(1 + person % 28);
}

bool world_is_woman(uint64_t person)
{
	return person % 2;
}

void world_citizen_number(uint64_t person, char ret_number[16])
{
	snprintf(ret_number, 16, "%03u%u%02u%06u", (unsigned)(1 + person / 1000000 % 96),
		 world_is_woman(person) ? 1u : 0u, world_birth_of(person) / 10000 % 100, (unsigned)(person % 1000000));
}

void world_key_pair(uint32_t number, struct mtr_key_pair *ret_pair)
{
	const uint8_t seed[] = {'b', 'e', 'n', 'c', 'h', (uint8_t)(number >> 8), (uint8_t)number};

	crypto_generichash(ret_pair->secret_key, MTR_KEY_BYTES, seed, sizeof seed, NULL, 0);
	if (crypto_scalarmult_base(ret_pair->public_key, ret_pair->secret_key) != 0)
		abort();
}
