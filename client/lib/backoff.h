/* How long to wait before asking a busy server again: doubling, with jitter, so that desks that failed together don't
 * come back together. */
#ifndef MTR_CLIENT_BACKOFF_H
#define MTR_CLIENT_BACKOFF_H

#include "clock.h"

struct mtr_backoff {
	uint32_t attempts; /* since the last success; set to 0 after one */
};

/* The moment of the next attempt: 25 to 50 ms from now after the first failure, up to 1 to 2 s. */
struct mtr_moment mtr_backoff_next(struct mtr_backoff *backoff, struct mtr_moment now);

/* Sleeps until then, or until `deadline` if that is earlier. */
void mtr_backoff_wait(struct mtr_backoff *backoff, struct mtr_moment deadline);

#endif
