/* Where frames lie: for each segment a frame about every MTR_INDEX_SPACING bytes, noted as walks pass by.
 * In memory only; the caller locks. */
#ifndef MTR_ENGINE_INDEX_H
#define MTR_ENGINE_INDEX_H

#include <stddef.h>
#include <stdint.h>

#define MTR_INDEX_SPACING (256u * 1024u)

struct mtr_index_segment;

struct mtr_index {
	struct mtr_index_segment *segments;
	size_t count, room;
};

/* Where to begin to look for a revision. */
struct mtr_place {
	uint64_t segment; /* its first revision */
	uint64_t next;    /* first revision of the next segment; 0 in the last */
	uint64_t offset;  /* of a frame that doesn't lie behind the revision's */
};

/* Adds the segment that begins with this revision, behind all others. 0 or -ENOMEM. */
int mtr_index_add(struct mtr_index *index, uint64_t first);

/* A frame beginning with `revision` lies there. Without memory it isn't noted, which costs time only. */
void mtr_index_note(struct mtr_index *index, uint64_t segment, uint64_t revision, uint64_t offset);

/* The index must have a segment, and the revision must not be before the first one's. */
struct mtr_place mtr_index_find(const struct mtr_index *index, uint64_t revision);

void mtr_index_free(struct mtr_index *index);

#endif
