/* The journal as a backup reads it, while the daemon may be writing on. */
#ifndef MTR_BACKUP_JOURNAL_H
#define MTR_BACKUP_JOURNAL_H

#include "backup/list.h"
#include "engine/engine.h"
#include "engine/segment.h"

/* A segment that has been looked through. */
struct mtr_segment_look {
	struct mtr_segment segment;
	struct mtr_source_mark mark;
	struct mtr_chain_point head;  /* after its last valid frame */
	struct mtr_chain_point noted; /* its revision is the caller's: once it has been passed, the chain after it */
	uint64_t end;                 /* of that frame, in bytes, with the gap behind it */
	int file;                     /* open for reading; the caller closes it */
};

/* Opens a segment and says what marks it; its frames aren't looked at: `head` and `end` stay 0. */
enum mtr_exit_status mtr_segment_look_open(int journal, const char *path, uint64_t first,
					   struct mtr_segment_look *ret_look, struct mtr_problem *problem);

/* DAMAGED unless each segment says that it follows the one before it in `firsts`, and the first one that nothing comes
 * before it. Whether they hold together inside isn't looked at. */
enum mtr_exit_status mtr_segments_check_order(int journal, const char *path, const uint64_t *firsts, size_t count,
					      struct mtr_problem *problem);

/* Checks frames, records and chain from its beginning, where the history must stand at *point (revision 0: anywhere),
 * to its end, and flushes what it found: what the daemon has only just written may be known before it is durable. Of
 * the segment that is being written (`open`) the end is the first frame that isn't valid. */
enum mtr_exit_status mtr_segment_look_through(struct mtr_segment_look *look, const char *path, bool open,
					      const struct mtr_chain_point *point, struct mtr_problem *problem);

#endif
