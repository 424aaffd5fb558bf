/* Time as the client counts it: monotonic moments, which can't be mixed with times of day. */
#ifndef MTR_CLIENT_CLOCK_H
#define MTR_CLIENT_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct mtr_moment {
	int64_t ms;
};

static inline struct mtr_moment mtr_moment_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (struct mtr_moment){(int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000};
}

static inline struct mtr_moment mtr_moment_after(struct mtr_moment start, uint32_t ms)
{
	return (struct mtr_moment){start.ms + ms};
}

static inline struct mtr_moment mtr_moment_earlier(struct mtr_moment x, struct mtr_moment y)
{
	return x.ms < y.ms ? x : y;
}

static inline bool mtr_moment_reached(struct mtr_moment moment, struct mtr_moment now)
{
	return now.ms >= moment.ms;
}

static inline bool mtr_moment_past(struct mtr_moment moment)
{
	return mtr_moment_reached(moment, mtr_moment_now());
}

/* Milliseconds from now; 0 when it is past. */
static inline long mtr_moment_left(struct mtr_moment moment)
{
	int64_t left = moment.ms - mtr_moment_now().ms;

	return left > 0 ? (long)left : 0;
}

static inline void mtr_sleep_until(struct mtr_moment moment)
{
	long left = mtr_moment_left(moment);

	nanosleep(&(struct timespec){.tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000L}, NULL);
}

/* Milliseconds since 1970-01-01T00:00:00Z by this machine's clock, which may be wrong. */
static inline uint64_t mtr_time_of_day(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec < 0 ? 0 : (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

#endif
