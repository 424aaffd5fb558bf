/* The province that the load is put on: who is in it, and which proposal comes when. The same on both sides, so that
 * nothing needs to be asked.
 *
 * A proposal has a number; each number is another pair of person and programme. Which is the next that nobody has used
 * stands in a file of the data directory. */
#ifndef BENCH_WORLD_H
#define BENCH_WORLD_H

#include "contract/key_file.h"

#include <stdbool.h>

#define WORLD_UNITS 200u
#define WORLD_ROOT "TINH"
/* Programmes whose seats are the province's alone. */
#define WORLD_HOT_PROGRAMMES 40u
/* Keys that may propose for every unit. */
#define WORLD_DESKS 128u

struct world {
	uint64_t nominations; /* that the register begins with */
	uint64_t people;      /* a multiple of WORLD_UNITS */
	uint32_t programmes;
	uint32_t classes; /* of WORLD_ROSTER people; then the nominations are those */
};

#define WORLD_ROSTER 80u

/* With so many nominations, of years: everybody is put forward once before anybody is again, a few programmes being
 * open at a time. At most 125 people are of one unit and in one programme. */
struct world world_of(uint64_t nominations);
/* The one of the rosters. */
struct world world_of_classes(uint32_t classes);

/* The file `world` of the data directory. */
bool world_write(const struct world *world, const char *directory);
bool world_read(struct world *ret_world, const char *directory);

/* The file `next`: the first number that no run has used; the register's revision while there is no such file, which is
 * above all numbers that filling it took. */
uint64_t world_next_read(const char *directory, uint64_t revision);
void world_next_write(const char *directory, uint64_t next);

struct proposal {
	uint64_t person;
	uint32_t unit;      /* 0: the province */
	uint32_t programme; /* of the hot ones when unit is 0 */
};
struct proposal world_spread(const struct world *world, uint64_t number);
struct proposal world_hot(const struct world *world, uint64_t number);

#define WORLD_CODE 32u
void world_unit_code(uint32_t unit, char ret_code[WORLD_CODE]);
void world_programme_code(const struct proposal *proposal, char ret_code[WORLD_CODE]);
void world_class_code(uint32_t number, char ret_code[WORLD_CODE]);
uint32_t world_unit_of(uint64_t person); /* 1 .. WORLD_UNITS */
uint32_t world_birth_of(uint64_t person);
bool world_is_woman(uint64_t person);
void world_citizen_number(uint64_t person, char ret_number[16]);

enum world_key {
	WORLD_KEY_OPERATOR,
	WORLD_KEY_ORGANISER,
	WORLD_KEY_APPROVER,
	WORLD_KEY_SCHOOL,
	WORLD_KEY_FIRST_DESK,
};
/* These keys guard nothing: whoever knows the number has them. */
void world_key_pair(uint32_t number, struct mtr_key_pair *ret_pair);

#endif
