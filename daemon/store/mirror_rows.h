/* Rows of a mirror, one by one. */
#ifndef MTR_STORE_MIRROR_ROWS_H
#define MTR_STORE_MIRROR_ROWS_H

#include "store/mirror.h"
#include "store/rows.h"

/* Puts a live row in the place of the entity's former one, wherever that was. */
void mtr_mirror_put(struct mtr_txn *txn, const struct mtr_feed_item *item, const struct mtr_mirror_watch *watch);

/* Takes up a tombstone: the entity goes if it still stands in that home. */
void mtr_mirror_end(struct mtr_txn *txn, const struct mtr_feed_item *item, const char *reason,
		    const struct mtr_mirror_watch *watch);

/* Drops at most `most` rows of a home; returns how many. Less than `most`: the home is gone. */
size_t mtr_mirror_drop(struct mtr_txn *txn, struct mtr_home home, size_t most, const struct mtr_mirror_watch *watch);

#endif
