/* Queries answered from the mirror. */
#ifndef MTR_CLIENT_MIRROR_ANSWER_H
#define MTR_CLIENT_MIRROR_ANSWER_H

#include "contract/arena.h"
#include "mirror.h"

/* Answers the packed query from an open mirror; the packed answer lies in `arena`, which is reset. USAGE if it isn't a
 * query; STATE_BUSY while the mirror is between two heads, NO_MIRROR before the first; MIRROR_DAMAGED, STATE, MEMORY.
 */
int mtr_mirror_answer(struct mtr_mirror_file *mirror, struct mtr_arena *arena, struct mtr_bytes query,
		      struct mtr_bytes *ret_answer);

#endif
