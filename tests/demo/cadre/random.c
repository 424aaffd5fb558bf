#include "random.h"

/* SplitMix64, as published by Steele, Lea and Flood (2014). */
static uint64_t next(struct random *random)
{
	uint64_t z = random->state += 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

struct random random_for(uint64_t seed, uint64_t stream)
{
	struct random random = {.state = seed};
	random.state = next(&random) ^ stream;
	return random;
}

uint32_t random_below(struct random *random, uint32_t bound)
{
	return (uint32_t)(((next(random) >> 32) * bound) >> 32);
}

uint32_t random_between(struct random *random, uint32_t least, uint32_t most)
{
	return least + random_below(random, most - least + 1);
}

bool random_chance(struct random *random, uint32_t percent)
{
	return random_below(random, 100) < percent;
}
