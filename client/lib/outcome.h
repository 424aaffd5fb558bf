/* Answers compared by what came of the entry. Both functions return 0, or ENOMEM when memory is too short to tell; the
 * arena is theirs to reset. */
#ifndef MTR_CLIENT_OUTCOME_H
#define MTR_CLIENT_OUTCOME_H

#include "contract/arena.h"
#include "contract/bytes.h"

#include <stdbool.h>

/* Whether two packed Answers differ in the error, in the state of the nomination, or in whether it was done at all. Not
 * in what else stands in them. True for one that can't be read. */
int mtr_outcomes_differ(struct mtr_arena *arena, struct mtr_bytes one, struct mtr_bytes other, bool *ret_differ);

/* Whether it is an error. */
int mtr_outcome_is_refusal(struct mtr_arena *arena, struct mtr_bytes answer, bool *ret_refusal);

#endif
