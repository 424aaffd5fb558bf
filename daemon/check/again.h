/* The second register: built from the journal's effects in a scratch directory, each command decided again on the way
 * against what was there before it. */
#ifndef MTR_CHECK_AGAIN_H
#define MTR_CHECK_AGAIN_H

#include "check/redecide.h"
#include "check/state.h"
#include "writer/replay.h"

struct mtr_again {
	struct mtr_check *check;
	struct mtr_store *store;
	struct mtr_replay replay;
	struct mtr_redecide *redecide;
};

/* Makes an empty register whose files have no names: they are gone with the process, however it ends. */
enum mtr_check_status mtr_again_open(struct mtr_again *ret_again, struct mtr_check *check);

/* The next record of the journal; those behind the register's state are passed over. False when it can't go on. */
bool mtr_again_record(struct mtr_again *again, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES],
		      const uint8_t *record, size_t size);

/* Compares the second register with the first, when it has come as far, and fills in the result. */
enum mtr_check_status mtr_again_compare(struct mtr_again *again);

void mtr_again_close(struct mtr_again *again);

#endif
