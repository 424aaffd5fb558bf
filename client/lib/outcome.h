/* Answers compared by what came of the entry. */
#ifndef MTR_CLIENT_OUTCOME_H
#define MTR_CLIENT_OUTCOME_H

#include "contract/bytes.h"

#include <stdbool.h>

/* Whether two packed Answers differ in the error, in the state of the nomination, or in whether it was done at all. Not
 * in what else stands in them. True for one that can't be read. */
bool mtr_outcomes_differ(struct mtr_bytes one, struct mtr_bytes other);

/* Whether it is an error. */
bool mtr_outcome_is_refusal(struct mtr_bytes answer);

#endif
