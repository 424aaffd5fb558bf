/* Time that only grows, as a type of its own so that it can't be mixed with wall time. */
#ifndef MTR_WORK_MONOTIME_H
#define MTR_WORK_MONOTIME_H

#include <stdint.h>
#include <time.h>

struct mtr_monotime {
	uint64_t ms;
};

static inline struct mtr_monotime mtr_monotime_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (struct mtr_monotime){(uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u};
}

/* The same clock where milliseconds are too coarse. */
static inline uint64_t mtr_monotime_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

static inline uint64_t mtr_monotime_since(struct mtr_monotime then, struct mtr_monotime now)
{
	return now.ms > then.ms ? now.ms - then.ms : 0;
}

#endif
