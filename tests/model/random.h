/* Pseudo-random numbers that come out the same everywhere (splitmix64): a seed replays exactly. */
#ifndef MODEL_RANDOM_H
#define MODEL_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct random {
	uint64_t state;
};

static inline uint64_t random_next(struct random *random)
{
	uint64_t z = random->state += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

/* 0 .. bound - 1; 0 for a bound of 0. */
static inline uint32_t random_below(struct random *random, uint64_t bound)
{
	return bound ? (uint32_t)(random_next(random) % bound) : 0;
}

/* least .. most */
static inline uint32_t random_between(struct random *random, uint32_t least, uint32_t most)
{
	return least + random_below(random, (uint64_t)most - least + 1);
}

static inline bool random_percent(struct random *random, uint32_t percent)
{
	return random_below(random, 100) < percent;
}

#endif
