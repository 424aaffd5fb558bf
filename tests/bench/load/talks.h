/* What is said to whom. Each ends the process when an answer is not what it must be. */
#ifndef BENCH_TALKS_H
#define BENCH_TALKS_H

#include "common/world.h"
#include "load/loop.h"

/* Proposals to the register of this data directory: with a session, an outbox and a new person and programme each time,
 * in all units or (hot) in the province's own part. */
struct talk talk_propose(const struct world *world, const char *data, const struct loop_options *options, bool hot);

/* Rosters of one class each, at random. */
struct talk talk_rosters(const struct world *world, uint32_t clients);

#define RESYNC_PASSES 4u

struct resync {
	double ms[RESYNC_PASSES]; /* what each pass took */
	uint64_t rows;            /* of one pass */
	uint32_t passes;          /* done */
};
/* Everything the school may see, from the start, RESYNC_PASSES times. */
struct talk talk_resync(const struct world *world, struct resync *resync);

/* Proposals to the minimal daemon. */
struct talk talk_minimal(uint32_t clients, uint32_t units);

#endif
