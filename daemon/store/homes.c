#include "store/feed.h"
#include "store/internal.h"
#include "store/read.h"
#include "store/rows.h"

void mtr_each_home(struct mtr_txn *txn, struct mtr_bytes prefix, mtr_home_fn each, void *context)
{
	struct mtr_bytes key, value;
	struct mtr_home_row row;
	struct mtr_home home;
	struct mtr_walk walk;

	mtr_walk_begin(&walk, txn, MTR_TABLE_HOME, prefix, mtr_bytes_of(NULL, 0));
	while (mtr_walk_next(&walk, &key, &value) && mtr_home_decode(txn, key, value, &home, &row)) {
		if (!each(context, home))
			break;
	}
	mtr_walk_end(&walk);
}

void mtr_each_row(struct mtr_txn *txn, struct mtr_home home, mtr_row_fn each, void *context)
{
	struct mtr_key prefix = mtr_key_start();
	struct mtr_bytes key, value;
	struct mtr_feed_item item;
	struct mtr_walk walk;
	bool more = true;

	mtr_key_home(&prefix, home);
	mtr_walk_begin(&walk, txn, MTR_TABLE_FEED, mtr_key_as_bytes(&prefix), mtr_bytes_of(NULL, 0));
	while (more && mtr_walk_next(&walk, &key, &value) && mtr_feed_decode(txn, key, value, &item)) {
		const struct mtr_row row = {item.home, item.type, item.id, item.revision, item.ordinal, item.content};

		if (item.live)
			more = each(context, &row);
	}
	mtr_walk_end(&walk);
}
