/* Segment files without what is to be taken out of them: written beside the old ones, which they then replace. */
#ifndef MTR_REDACTION_REWRITE_H
#define MTR_REDACTION_REWRITE_H

#include "redaction/subjects.h"

#include <stdbool.h>
#include <stdint.h>

/* Writes "redacted-<first revision>" for a segment that nobody has open for writing, flushed, with the same records,
 * digests and chain; nothing is written when there is nothing in it to take out. `last`: records are to be appended to
 * it yet. `scratch` is reset. 0, -EBADMSG, -ENOSPC, -ENOMEM or another -errno; then no such file is left. */
int mtr_segment_redact(int directory, uint64_t first, bool last, const struct mtr_subjects *subjects,
		       struct mtr_arena *scratch, uint64_t *ret_leaves);

/* Puts the files so written in the place of the segments, or, unless `keep`, removes them. 0 or -errno. */
int mtr_segments_replace(int directory, bool keep);

#endif
