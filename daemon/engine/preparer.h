/* The side thread that makes the next segment, so that the writer never waits for its zeros. */
#ifndef MTR_ENGINE_PREPARER_H
#define MTR_ENGINE_PREPARER_H

#include <stdint.h>

struct mtr_preparer;

/* Starts the thread; nothing is prepared yet. 0 or -errno. */
int mtr_preparer_start(struct mtr_preparer **ret_preparer, int directory, uint64_t segment_bytes);

/* Asks for a segment unless one is ready or under way, or an attempt failed less than a second ago. */
void mtr_preparer_want(struct mtr_preparer *preparer);

/* Waits for a segment, beginning anew after a failed attempt: 0 when there is one, -ENOSPC or another -errno. */
int mtr_preparer_wait(struct mtr_preparer *preparer);

/* The segment that was ready has been begun. */
void mtr_preparer_taken(struct mtr_preparer *preparer);

/* Ends what is under way, joins, frees and nulls. NULL is fine. */
void mtr_preparer_stop(struct mtr_preparer **preparer);

#endif
