/* The last segment as it is found at opening. */
#ifndef MTR_ENGINE_SCAN_H
#define MTR_ENGINE_SCAN_H

#include "engine/engine.h"
#include "engine/segment.h"

struct mtr_scan {
	/* In. */
	int fd; /* writable */
	const struct mtr_segment *segment;
	uint64_t committed_revision;                                   /* see struct mtr_local_options */
	void (*frame)(void *context, uint64_t first, uint64_t offset); /* for each valid frame */
	void *context;
	/* Out, on success. */
	struct mtr_chain_point head;
	uint64_t end; /* where the next frame goes */
	/* Out, with -EBADMSG and -EPROTO. */
	uint64_t damage_offset;
};

/* Checks frames, records and chain; zeroes a torn tail; writes header and frames after the committed revision again;
 * flushes the file. 0, -EBADMSG, -EPROTO, -ENOMEM or another -errno. */
int mtr_scan(struct mtr_scan *scan);

#endif
