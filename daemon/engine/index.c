#include "engine/index.h"

#include "engine/frame.h"

#include <errno.h>
#include <stdlib.h>

struct point {
	uint64_t revision, offset;
};

struct mtr_index_segment {
	uint64_t first;
	struct point *points;
	size_t count, room;
};

int mtr_index_add(struct mtr_index *index, uint64_t first)
{
	if (index->count == index->room) {
		size_t room = index->room ? 2 * index->room : 16;
		struct mtr_index_segment *more = reallocarray(index->segments, room, sizeof *more);

		if (!more)
			return -ENOMEM;
		index->segments = more;
		index->room = room;
	}
	index->segments[index->count++] = (struct mtr_index_segment){.first = first};
	return 0;
}

/* The last segment that begins at or before the revision. */
static size_t segment_of(const struct mtr_index *index, uint64_t revision)
{
	size_t low = 0, high = index->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (index->segments[middle].first <= revision)
			low = middle;
		else
			high = middle;
	}
	return low;
}

void mtr_index_note(struct mtr_index *index, uint64_t segment, uint64_t revision, uint64_t offset)
{
	struct mtr_index_segment *at = &index->segments[segment_of(index, segment)];
	uint64_t last = at->count ? at->points[at->count - 1].offset : MTR_FRAME_ALIGN;

	if (offset < last + MTR_INDEX_SPACING)
		return;
	if (at->count == at->room) {
		size_t room = at->room ? 2 * at->room : 16;
		struct point *more = reallocarray(at->points, room, sizeof *more);

		if (!more)
			return;
		at->points = more;
		at->room = room;
	}
	at->points[at->count++] = (struct point){revision, offset};
}

struct mtr_place mtr_index_find(const struct mtr_index *index, uint64_t revision)
{
	size_t found = segment_of(index, revision);
	const struct mtr_index_segment *at = &index->segments[found];
	struct mtr_place place = {.segment = at->first, .offset = MTR_FRAME_ALIGN};

	if (found + 1 < index->count)
		place.next = index->segments[found + 1].first;
	for (size_t low = 0, high = at->count; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (at->points[middle].revision <= revision) {
			place.offset = at->points[middle].offset;
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return place;
}

void mtr_index_free(struct mtr_index *index)
{
	for (size_t i = 0; i < index->count; i++)
		free(index->segments[i].points);
	free(index->segments);
	*index = (struct mtr_index){0};
}
