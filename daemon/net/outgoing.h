/* Answers on their way from the writer and the readers to the network thread. */
#ifndef MTR_NET_OUTGOING_H
#define MTR_NET_OUTGOING_H

#include "work/work.h"

struct mtr_outgoing;

/* NULL with errno. */
struct mtr_outgoing *mtr_outgoing_new(void);
/* Frees and nulls, with what is still in it; NULL is fine. */
void mtr_outgoing_free(struct mtr_outgoing **outgoing);

/* Takes over a work and wakes the taker. Thread-safe. Bounded by what was let in. */
void mtr_outgoing_put(struct mtr_outgoing *outgoing, struct mtr_work *work);
/* Wakes the taker without giving it anything. Thread-safe. */
void mtr_outgoing_wake(struct mtr_outgoing *outgoing);

/* Written to by whoever wakes the taker, and never read: an edge of it means that there may be something to take. */
int mtr_outgoing_descriptor(const struct mtr_outgoing *outgoing);
/* All there is, oldest first, linked by next; NULL when there is nothing. */
struct mtr_work *mtr_outgoing_take(struct mtr_outgoing *outgoing);

#endif
