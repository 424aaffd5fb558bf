/* Values and keys of the three tables that hold the rows: home, feed, entity. */
#ifndef MTR_STORE_ROWS_H
#define MTR_STORE_ROWS_H

#include "store/schema.h"

/* Where a home's feed begins and ends, and the sum of what lives in it. */
struct mtr_home_row {
	uint64_t first, head; /* revisions; both 0: nothing was ever here */
	uint64_t live;        /* rows */
	uint8_t digest[MTR_HASH_BYTES];
};

/* False when nothing was ever there (ret_row is all zeros then), or on an error. */
bool mtr_home_read(struct mtr_txn *txn, struct mtr_home home, struct mtr_home_row *ret_row);
void mtr_home_write(struct mtr_txn *txn, struct mtr_home home, const struct mtr_home_row *row);

/* Of a key and value met on a walk; false, and CORRUPT in the transaction, when they aren't a home's. */
bool mtr_home_decode(struct mtr_txn *txn, struct mtr_bytes key, struct mtr_bytes value, struct mtr_home *ret_home,
		     struct mtr_home_row *ret_row);

/* Keys and values of the feed table. */
#define MTR_FEED_KEY_BYTES (MTR_HOME_BYTES + 12u)
#define MTR_FEED_HEAD_BYTES 14u
#define MTR_FEED_VALUE_MAX (MTR_FEED_HEAD_BYTES + MTR_ROW_MAX)

struct mtr_feed_item {
	struct mtr_home home;
	uint64_t revision;
	uint32_t ordinal;
	Mtr__EntityType type;
	uint64_t id;
	bool live;
	struct mtr_bytes content; /* row, or reason */
};

void mtr_feed_key(struct mtr_key *key, struct mtr_home home, uint64_t revision, uint32_t ordinal);
/* Key and value of an item whose content is at most MTR_ROW_MAX; returns the value's size. */
size_t mtr_feed_encode(const struct mtr_feed_item *item, struct mtr_key *ret_key,
		       uint8_t ret_value[MTR_FEED_VALUE_MAX]);
/* False, and CORRUPT in the transaction, when key and value aren't those of an item or not the ones that were written
 * together. */
bool mtr_feed_decode(struct mtr_txn *txn, struct mtr_bytes key, struct mtr_bytes value, struct mtr_feed_item *ret_item);

/* Where an entity stands. */
struct mtr_place {
	struct mtr_home home;
	uint64_t revision;
	uint32_t ordinal;
};
/* What stands there; nothing is CORRUPT. */
bool mtr_feed_read(struct mtr_txn *txn, const struct mtr_place *place, struct mtr_feed_item *ret_item);
/* An entity's key in its table. */
struct mtr_key mtr_entity_key(Mtr__EntityType type, uint64_t id);
bool mtr_place_read(struct mtr_txn *txn, Mtr__EntityType type, uint64_t id, struct mtr_place *ret_place);
void mtr_place_write(struct mtr_txn *txn, Mtr__EntityType type, uint64_t id, const struct mtr_place *place);
void mtr_place_remove(struct mtr_txn *txn, Mtr__EntityType type, uint64_t id);
bool mtr_place_decode(struct mtr_txn *txn, struct mtr_bytes value, struct mtr_place *ret_place);

#endif
