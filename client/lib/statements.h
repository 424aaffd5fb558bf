/* Statements that the register was set back to a backup (audit.proto), followed from its present incarnation back to an
 * earlier one. */
#ifndef MTR_CLIENT_STATEMENTS_H
#define MTR_CLIENT_STATEMENTS_H

#include "contract/incarnation.h"
#include "matricula/v1/queries.pb-c.h"

#include <stdbool.h>

/* What the statements on the way say. */
struct mtr_statements_way {
	uint64_t fork_revision; /* the least: what was told up to it still holds */
	uint64_t stated_at;     /* of the newest */
};

/* Sets *ret_met when this desk has met that incarnation. 0 or one of enum mtr_client_error, which ends it. */
typedef int (*mtr_statements_met_fn)(void *context, uint64_t incarnation, bool *ret_met);

/* Follows the statements from `incarnation`, which this desk hasn't met, back to one that it has, each signed by `key`.
 * UNSIGNED when there is no such way; errors of `met`. */
int mtr_statements_follow(const Mtr__IncarnationList *list, const uint8_t key[MTR_KEY_BYTES], uint64_t incarnation,
			  mtr_statements_met_fn met, void *context, struct mtr_statements_way *ret_way);

#endif
