/* Goes through a whole journal and writes nothing, whoever else may be writing: every header, the order of the
 * segments, every frame, record and link of the chain, and that what must be zeros is zeros. */
#ifndef MTR_ENGINE_INSPECT_H
#define MTR_ENGINE_INSPECT_H

#include "engine/engine.h"
#include "engine/local.h"

/* What `what` is when a frame or segment isn't the one that was written behind those before it. */
#define MTR_INSPECT_FRAME_UNCHAINED "the frame doesn't continue the chain"
#define MTR_INSPECT_SEGMENT_UNCHAINED "the segment doesn't continue the chain"

/* Revisions that aren't there. */
struct mtr_inspect_gap {
	uint64_t first, last;
};

struct mtr_inspection_options {
	const char *directory;
	/* What the store has: a journal that ends before it isn't torn but damaged. */
	uint64_t least_revision;
	/* Nobody writes: what lies behind the last frame is judged, as opening it would. */
	bool quiet;
	/* Only the last segment, which is believed what it says of those before. */
	bool last_only;
	/* Called for each record in order; after damage no more. Non-zero ends the inspection. May be NULL. */
	mtr_record_fn each;
	/* Where the frame of that record begins; may be NULL. */
	struct mtr_damage *where;
	/* Set before damage of kind MISSING is told; may be NULL. */
	struct mtr_inspect_gap *gap;
	/* Called for each piece of damage, at most one a segment and one a gap; `what` is a sentence without an end,
	 * and is gone after the call. */
	void (*damaged)(void *context, const struct mtr_damage *damage, const char *what);
	void *context;
};

struct mtr_inspection {
	uint64_t segments, frames, bytes; /* bytes of frames */
	uint64_t incarnation;             /* of the journal */
	struct mtr_chain_point head;      /* of the last frame */
	bool damaged;
	/* Behind the last frame lies one that was never finished; nobody was told of it, and the next start clears it.
	 */
	bool torn;
};

/* 0, also with damage; the callback's value; -ENOENT when there is no journal; -EPROTONOSUPPORT when a newer version
 * wrote it; -ENOMEM or another -errno. */
int mtr_inspect(const struct mtr_inspection_options *options, struct mtr_inspection *ret_inspection);

#endif
