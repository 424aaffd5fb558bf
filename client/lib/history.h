/* Proves that the register's history only grew since this desk looked last. */
#ifndef MTR_CLIENT_HISTORY_H
#define MTR_CLIENT_HISTORY_H

#include "client.h"

/* Follows the register's chain from the checkpoint this desk remembers to the newest one, page by page, each remembered
 * as it is proved; at the first contact it takes note of the keys and the newest checkpoint. A register that signs no
 * checkpoints, and never did, is let be. `arena` is reset.
 * AUDIT_KEY, HISTORY; errors of mtr_client_query; STATE, STATE_FULL, STATE_BUSY. */
int mtr_history_follow(struct mtr_client *client, struct mtr_arena *arena);

#endif
