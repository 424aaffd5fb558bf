/* Pages read ahead: whoever was given a page with more behind it asks for the next, so a reader with nothing else to do
 * reads that one while the first is on its way. It is the answer to one question of one principal at one revision, and
 * nobody else's. Thread-safe. */
#ifndef MTR_READER_AHEAD_H
#define MTR_READER_AHEAD_H

#include "work/monotime.h"
#include "work/work.h"

/* Kept at most, each an answer of up to MTR_REPLY_MAX with two questions. */
#define MTR_AHEAD_PAGES 8u
/* A page that nobody has asked for makes room after so long, not before: where more desks than that read by turns, some
 * find theirs and the others' aren't read for nothing. */
#define MTR_AHEAD_KEEP_MS 2000u

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

/* The caller is about to answer a question that somebody will ask. True: the work is kept from now on, and the caller
 * must come to mtr_ahead_end. False while all places are taken, or somebody else is reading that page. */
bool mtr_ahead_begin(struct mtr_ahead *ahead, struct mtr_work *question, struct mtr_monotime now);
/* page->work, which was given to mtr_ahead_begin, is answered; it is kept with the rest of `page`. Without a revision
 * it isn't: all of `page` is freed. */
void mtr_ahead_end(struct mtr_ahead *ahead, const struct mtr_ahead_page *page);

/* What was read ahead for the same question of the same principal, which is the caller's then; waits while it is being
 * read. The register may be at a later revision than the page: that is for the caller to see. False: nothing was. */
bool mtr_ahead_take(struct mtr_ahead *ahead, const struct mtr_work *asked, struct mtr_ahead_page *ret_page);
/* Frees what the page holds. */
void mtr_ahead_drop(struct mtr_ahead_page *page);

#endif
