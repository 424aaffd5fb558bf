/* Whether to wait for more commands before a batch is flushed.
 *
 * Whoever waits for an answer sends nothing meanwhile. Without waiting, those who are many soon come in two halves: the
 * one is flushed while the other gathers. On a disk that flushes quickly that is best, since everybody has something to
 * do. On one that flushes slowly both halves pay for a flush that would have done for all: then it pays to wait for the
 * siblings for a small part of what a flush takes. The same thought as PostgreSQL's commit_siblings and commit_delay,
 * but measured instead of set. */
#ifndef MTR_WRITER_SIBLINGS_H
#define MTR_WRITER_SIBLINGS_H

#include <stdint.h>

/* A flush shorter than this is over before those who were just answered are back. */
#define MTR_SLOW_FLUSH_US 1000u
/* Waited at most, as a part of the last flush. */
#define MTR_SIBLINGS_PART 8u
/* And never longer: one flush that stood still says nothing about the next. */
#define MTR_SIBLINGS_MOST_US 5000u

struct mtr_siblings {
	uint64_t flush_us; /* the last flush took */
	uint32_t expected; /* commands */
};

/* A batch was flushed: so many were answered after it, and so many had come meanwhile. */
void mtr_siblings_flushed(struct mtr_siblings *siblings, uint64_t took_us, uint32_t answered, uint32_t queued);

/* How long to wait for more when so many have come, and nothing came for so long before; 0: not at all. */
uint64_t mtr_siblings_wait_us(const struct mtr_siblings *siblings, uint32_t gathered, uint64_t waited_us);

#endif
