/* Queries that wait, without a transaction: for a revision to be committed, or for news at the head.
 * Each is woken when LMDB has committed what it waits for, though not again before its not_before (so that somebody who
 * waits in a busy hour doesn't cost more than somebody who asks), and at the latest at its deadline. */
#ifndef MTR_READER_PARK_H
#define MTR_READER_PARK_H

#include "work/work.h"

/* Those who wait; the rest are answered at once, and ask again. Well below MTR_QUEUE_MAX, so that they leave room. */
#define MTR_PARK_MAX 2048u

struct mtr_park;

/* NULL without memory. */
struct mtr_park *mtr_park_new(void);
/* And what is still in it. */
void mtr_park_free(struct mtr_park **park);

enum mtr_parked {
	MTR_PARKED,     /* the park has the work now */
	MTR_PARK_READY, /* what it waits for has come */
	MTR_PARK_NO,    /* the park is full or closed */
};
/* Unless PARKED the work stays the caller's. */
enum mtr_parked mtr_park_put(struct mtr_park *park, struct mtr_work *work, uint64_t now);

/* LMDB has committed up to `revision`. */
void mtr_park_committed(struct mtr_park *park, uint64_t revision);

/* Those whose time has come, linked by next; NULL when there are none. */
struct mtr_work *mtr_park_take_ready(struct mtr_park *park, uint64_t now);

/* No more puts; all that is in it, linked by next. */
struct mtr_work *mtr_park_close(struct mtr_park *park);

#endif
