#include "backoff.h"

#include <sodium.h>

#define FIRST_MS 50u
#define LONGEST_MS 2000u

struct mtr_moment mtr_backoff_next(struct mtr_backoff *backoff, struct mtr_moment now)
{
	uint32_t delay = FIRST_MS;

	for (uint32_t i = 0; i < backoff->attempts && delay < LONGEST_MS; i++)
		delay *= 2;
	if (delay > LONGEST_MS)
		delay = LONGEST_MS;
	if (backoff->attempts < UINT32_MAX)
		backoff->attempts++;
	return mtr_moment_after(now, delay / 2 + randombytes_uniform(delay / 2 + 1));
}

void mtr_backoff_wait(struct mtr_backoff *backoff, struct mtr_moment deadline)
{
	mtr_sleep_until(mtr_moment_earlier(mtr_backoff_next(backoff, mtr_moment_now()), deadline));
}
