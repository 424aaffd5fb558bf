/* Numbers that come out the same on every machine for the same seed. */
#ifndef DEMO_RANDOM_H
#define DEMO_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
	uint64_t state;
};

/* A sequence of its own for each pair, so that a change in one place leaves the others as they were. */
struct random random_for(uint64_t seed, uint64_t stream);
/* 0 to bound - 1; bound at least 1. */
uint32_t random_below(struct random *random, uint32_t bound);
/* least to most, both included. */
uint32_t random_between(struct random *random, uint32_t least, uint32_t most);
bool random_chance(struct random *random, uint32_t percent);

#endif
