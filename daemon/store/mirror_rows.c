#include "store/mirror_rows.h"

#include "store/change.h"
#include "store/digest.h"
#include "store/internal.h"
#include "store/meta.h"

#include <sodium.h>

static const struct mtr_bytes none = {NULL, 0};

static void tell(const struct mtr_mirror_watch *watch, struct mtr_home home, Mtr__EntityType type, uint64_t id,
		 const struct mtr_former *former, struct mtr_bytes new, const char *reason)
{
	const struct mtr_mirror_change change = {
		.home = home,
		.type = type,
		.id = id,
		.old = former->live ? former->row : none,
		.new = new,
		.reason = reason,
	};

	if (watch && watch->change)
		watch->change(watch->context, &change);
}

/* Revision of the first or last row that stands in the home. */
static uint64_t edge(struct mtr_txn *txn, struct mtr_home home, bool last)
{
	struct mtr_key prefix = mtr_key_start();
	struct mtr_feed_item item = {.revision = 0};
	struct mtr_bytes key, value;
	struct mtr_walk walk;

	mtr_key_home(&prefix, home);
	if (last)
		mtr_walk_begin_backward(&walk, txn, MTR_TABLE_FEED, mtr_key_as_bytes(&prefix), none);
	else
		mtr_walk_begin(&walk, txn, MTR_TABLE_FEED, mtr_key_as_bytes(&prefix), none);
	if (!mtr_walk_next(&walk, &key, &value) || !mtr_feed_decode(txn, key, value, &item))
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
	mtr_walk_end(&walk);
	return item.revision;
}

static void open_home(struct mtr_txn *txn, struct mtr_home home, struct mtr_home_row *row, uint64_t revision)
{
	struct mtr_key key;

	row->first = row->head = revision;
	if (mtr_part_link(home, &key))
		mtr_txn_insert(txn, MTR_TABLE_LINK, mtr_key_as_bytes(&key), none);
}

static void close_home(struct mtr_txn *txn, struct mtr_home home, const struct mtr_home_row *row)
{
	struct mtr_key key = mtr_key_start();

	if (!sodium_is_zero(row->digest, sizeof row->digest))
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
	mtr_key_home(&key, home);
	mtr_txn_delete(txn, MTR_TABLE_HOME, mtr_key_as_bytes(&key));
	if (mtr_part_link(home, &key))
		mtr_txn_delete(txn, MTR_TABLE_LINK, mtr_key_as_bytes(&key));
}

/* After a row has come to stand in the feed. */
static void add_to_home(struct mtr_txn *txn, struct mtr_home home, uint64_t revision, const uint8_t *digest)
{
	struct mtr_home_row row;

	if (!mtr_home_read(txn, home, &row))
		open_home(txn, home, &row, revision);
	if (revision < row.first)
		row.first = revision;
	if (revision > row.head)
		row.head = revision;
	row.live++;
	mtr_digest_add(row.digest, digest);
	mtr_home_write(txn, home, &row);
}

/* After one has gone from the feed. */
static void take_from_home(struct mtr_txn *txn, struct mtr_home home, uint64_t revision, const uint8_t *digest)
{
	struct mtr_home_row row;

	if (!mtr_home_read(txn, home, &row) || !row.live) {
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
		return;
	}
	row.live--;
	mtr_digest_subtract(row.digest, digest);
	if (!row.live) {
		close_home(txn, home, &row);
		return;
	}
	if (revision == row.first)
		row.first = edge(txn, home, false);
	if (revision == row.head)
		row.head = edge(txn, home, true);
	mtr_home_write(txn, home, &row);
}

/* A mirror has no tombstones: what it knows is live. */
static bool read_former(struct mtr_txn *txn, Mtr__EntityType type, uint64_t id, struct mtr_former *former)
{
	mtr_former_read(txn, type, id, former);
	if (former->known && !former->live)
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
	return !txn->error;
}

static void remove_feed(struct mtr_txn *txn, const struct mtr_former *former)
{
	mtr_feed_remove(txn, &former->place);
	take_from_home(txn, former->place.home, former->place.revision, former->digest);
}

static void remove_row(struct mtr_txn *txn, Mtr__EntityType type, uint64_t id, const struct mtr_former *former)
{
	static const struct mtr_derivation nothing = {.count = 0};

	remove_feed(txn, former);
	mtr_place_remove(txn, type, id);
	mtr_change_index(txn, MTR_KEYS_LOANED, &former->derivation, &nothing);
	mtr_change_tally(txn, &former->derivation.share, &nothing.share);
}

void mtr_mirror_put(struct mtr_txn *txn, const struct mtr_feed_item *item, const struct mtr_mirror_watch *watch)
{
	const struct mtr_place place = {.home = item->home, .revision = item->revision, .ordinal = item->ordinal};
	struct mtr_derivation derivation = {.count = 0};
	struct mtr_former former;
	uint8_t digest[MTR_HASH_BYTES];

	if (!read_former(txn, item->type, item->id, &former))
		return;
	mtr_change_derive(txn, item->type, item->id, item->content, &derivation);
	if (txn->error)
		return;
	tell(watch, item->home, item->type, item->id, &former, item->content, NULL);
	if (former.live)
		remove_feed(txn, &former);
	mtr_feed_put(txn, item);
	mtr_place_write(txn, item->type, item->id, &place);
	mtr_digest_row(item->home, item->type, item->id, item->revision, item->content, digest);
	add_to_home(txn, item->home, item->revision, digest);
	mtr_change_index(txn, MTR_KEYS_LOANED, &former.derivation, &derivation);
	mtr_change_tally(txn, &former.derivation.share, &derivation.share);
	mtr_meta_note_id(txn, item->type, item->id);
}

void mtr_mirror_end(struct mtr_txn *txn, const struct mtr_feed_item *item, const char *reason,
		    const struct mtr_mirror_watch *watch)
{
	struct mtr_former former;

	if (!read_former(txn, item->type, item->id, &former) || !former.live ||
	    mtr_home_compare(former.place.home, item->home) != 0)
		return;
	tell(watch, item->home, item->type, item->id, &former, none, reason);
	remove_row(txn, item->type, item->id, &former);
}

static bool first_of(struct mtr_txn *txn, struct mtr_home home, struct mtr_feed_item *ret_item)
{
	struct mtr_key prefix = mtr_key_start();
	struct mtr_bytes key, value;
	struct mtr_walk walk;
	bool found;

	mtr_key_home(&prefix, home);
	mtr_walk_begin(&walk, txn, MTR_TABLE_FEED, mtr_key_as_bytes(&prefix), none);
	found = mtr_walk_next(&walk, &key, &value) && mtr_feed_decode(txn, key, value, ret_item);
	mtr_walk_end(&walk);
	return found;
}

size_t mtr_mirror_drop(struct mtr_txn *txn, struct mtr_home home, size_t most, const struct mtr_mirror_watch *watch)
{
	struct mtr_feed_item item;
	struct mtr_former former;
	size_t dropped = 0;

	while (dropped < most && first_of(txn, home, &item)) {
		const bool there = read_former(txn, item.type, item.id, &former) && former.live;

		if (!there || mtr_home_compare(former.place.home, home) != 0 ||
		    former.place.revision != item.revision || former.place.ordinal != item.ordinal) {
			mtr_txn_fail(txn, MTR_STORE_CORRUPT);
			break;
		}
		tell(watch, home, item.type, item.id, &former, none, MTR_MIRROR_OUT_OF_SCOPE);
		remove_row(txn, item.type, item.id, &former);
		dropped++;
	}
	return dropped;
}
