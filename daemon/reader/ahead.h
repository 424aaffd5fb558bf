/* Pages read ahead: whoever was given a page with more behind it asks for the next, so a reader with nothing else to do
 * reads that one while the first is on its way. It is the answer to one question of one principal at one revision, and
 * nobody else's. Thread-safe. */
#ifndef MTR_READER_AHEAD_H
#define MTR_READER_AHEAD_H

#include "work/work.h"

/* Kept at most, each an answer of up to MTR_REPLY_MAX; the oldest makes room. */
#define MTR_AHEAD_PAGES 8u

struct mtr_ahead;

struct mtr_ahead_page {
	struct mtr_work *work; /* the question, with its answer */
	uint64_t revision;     /* of the snapshot that answered it */
	struct mtr_work *next; /* the question after this one; NULL: none */
};

/* NULL without memory. */
struct mtr_ahead *mtr_ahead_new(void);
/* And all that is kept. Nobody may be reading any more. */
void mtr_ahead_free(struct mtr_ahead **ahead);

/* The caller is about to answer a question that somebody will ask. The work is kept from now on, unless false: while
 * everything kept is being read. */
bool mtr_ahead_begin(struct mtr_ahead *ahead, struct mtr_work *question);
/* It is answered, and `page` is kept; without a revision it isn't, and all of `page` is forgotten. */
void mtr_ahead_end(struct mtr_ahead *ahead, const struct mtr_ahead_page *page);

/* What was read ahead for the same question of the same principal; waits while it is being read. It is the caller's
 * then. False: nothing was. */
bool mtr_ahead_take(struct mtr_ahead *ahead, const struct mtr_work *asked, struct mtr_ahead_page *ret_page);
void mtr_ahead_drop(struct mtr_ahead_page *page);

#endif
