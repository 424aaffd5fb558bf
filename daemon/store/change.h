/* What changes with a row, whoever writes it: the register record by record, or a mirror page by page. */
#ifndef MTR_STORE_CHANGE_H
#define MTR_STORE_CHANGE_H

#include "store/index.h"
#include "store/rows.h"

/* What stands in the store of the entity a change is about. */
struct mtr_former {
	bool known, live;
	struct mtr_place place;
	struct mtr_bytes row; /* when live; in the map, so gone with the first write */
	uint8_t digest[MTR_HASH_BYTES];
	struct mtr_derivation derivation;
};

/* Takes all that is needed of the old row before the first write moves the map's pages. Resets the store's arena; the
 * derivation lives there until the next entity's. */
void mtr_former_read(struct mtr_txn *txn, Mtr__EntityType type, uint64_t id, struct mtr_former *ret_former);

/* mtr_derive in the store's arena; an error stays in the transaction. */
void mtr_change_derive(struct mtr_txn *txn, Mtr__EntityType type, uint64_t id, struct mtr_bytes row,
		       struct mtr_derivation *ret_derivation);

/* LIMIT when the content is longer than a row may be, CORRUPT when something stands there. */
void mtr_feed_put(struct mtr_txn *txn, const struct mtr_feed_item *item);
void mtr_feed_remove(struct mtr_txn *txn, const struct mtr_place *place);

/* Row of the link table for a part that comes into being; others have none. */
bool mtr_part_link(struct mtr_home home, struct mtr_key *ret_key);

/* Whether a key that only one entity may have (a code, a citizen number, a place in the order) can still be another's
 * when it is taken, and another's already when it is let go. */
enum mtr_keys {
	MTR_KEYS_OWNED,  /* it can't: CORRUPT */
	MTR_KEYS_LOANED, /* it can: rows arrive home by home, not in the order in which they changed */
};
void mtr_change_index(struct mtr_txn *txn, enum mtr_keys keys, const struct mtr_derivation *old,
		      const struct mtr_derivation *new);

void mtr_change_tally(struct mtr_txn *txn, const struct mtr_share *old, const struct mtr_share *new);

/* A nomination lives in its own part, for good. */
bool mtr_share_at_home(const struct mtr_share *share, struct mtr_home home);

#endif
