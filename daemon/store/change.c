#include "store/change.h"

#include "store/digest.h"
#include "store/internal.h"
#include "store/tally.h"

#include <string.h>

void mtr_change_derive(struct mtr_txn *txn, Mtr__EntityType type, uint64_t id, struct mtr_bytes row,
		       struct mtr_derivation *ret_derivation)
{
	if (!txn->error)
		mtr_txn_fail(txn, mtr_derive(txn->store->arena, type, id, row, ret_derivation));
}

void mtr_former_read(struct mtr_txn *txn, Mtr__EntityType type, uint64_t id, struct mtr_former *ret_former)
{
	struct mtr_feed_item item;

	mtr_arena_reset(txn->store->arena);
	*ret_former = (struct mtr_former){.known = false};
	ret_former->known = mtr_place_read(txn, type, id, &ret_former->place);
	if (!ret_former->known || !mtr_feed_read(txn, &ret_former->place, &item) || !item.live)
		return;
	ret_former->live = true;
	ret_former->row = item.content;
	mtr_digest_row(item.home, item.type, item.id, item.revision, item.content, ret_former->digest);
	/* An empty one is what a redaction left; nothing follows from it. */
	if (item.content.size)
		mtr_change_derive(txn, type, id, item.content, &ret_former->derivation);
}

void mtr_feed_put(struct mtr_txn *txn, const struct mtr_feed_item *item)
{
	uint8_t value[MTR_FEED_VALUE_MAX];
	struct mtr_key key;

	if (item->content.size > MTR_ROW_MAX) {
		mtr_txn_fail(txn, MTR_STORE_LIMIT);
		return;
	}
	const size_t size = mtr_feed_encode(item, &key, value);

	mtr_txn_insert(txn, MTR_TABLE_FEED, mtr_key_as_bytes(&key), mtr_bytes_of(value, size));
}

void mtr_feed_remove(struct mtr_txn *txn, const struct mtr_place *place)
{
	struct mtr_key key;

	mtr_feed_key(&key, place->home, place->revision, place->ordinal);
	mtr_txn_delete(txn, MTR_TABLE_FEED, mtr_key_as_bytes(&key));
}

bool mtr_part_link(struct mtr_home home, struct mtr_key *ret_key)
{
	if (home.kind != MTR__HOME_KIND__HOME_KIND_PART)
		return false;
	*ret_key = mtr_link_key(MTR_LINK_UNIT_PROGRAMME, home.b, home.a);
	return true;
}

static bool same_row(const struct mtr_derived *x, const struct mtr_derived *y)
{
	return x->table == y->table && x->id == y->id && x->key.size == y->key.size &&
	       !memcmp(x->key.data, y->key.data, x->key.size);
}

static bool among(const struct mtr_derived *row, const struct mtr_derivation *derivation)
{
	for (size_t i = 0; i < derivation->count; i++) {
		if (same_row(row, &derivation->rows[i]))
			return true;
	}
	return false;
}

static bool stands(struct mtr_txn *txn, const struct mtr_derived *row)
{
	const struct mtr_key value = mtr_derived_value(row);
	struct mtr_bytes found;

	return mtr_txn_get(txn, row->table, mtr_key_as_bytes(&row->key), &found) && found.size == value.size &&
	       !memcmp(found.data, value.data, value.size);
}

static void let_go(struct mtr_txn *txn, enum mtr_keys keys, const struct mtr_derived *row)
{
	if (keys == MTR_KEYS_OWNED || stands(txn, row))
		mtr_txn_delete(txn, row->table, mtr_key_as_bytes(&row->key));
}

static void take(struct mtr_txn *txn, const struct mtr_derivation *old, enum mtr_keys keys,
		 const struct mtr_derived *row)
{
	const struct mtr_key value = mtr_derived_value(row);

	if (keys == MTR_KEYS_OWNED && !among(row, old))
		mtr_txn_insert(txn, row->table, mtr_key_as_bytes(&row->key), mtr_key_as_bytes(&value));
	/* One that was lent meanwhile may have gone with the borrower. */
	if (keys == MTR_KEYS_LOANED && !stands(txn, row))
		mtr_txn_put(txn, row->table, mtr_key_as_bytes(&row->key), mtr_key_as_bytes(&value));
}

void mtr_change_index(struct mtr_txn *txn, enum mtr_keys keys, const struct mtr_derivation *old,
		      const struct mtr_derivation *new)
{
	for (size_t i = 0; i < old->count; i++) {
		if (!among(&old->rows[i], new))
			let_go(txn, keys, &old->rows[i]);
	}
	for (size_t i = 0; i < new->count; i++)
		take(txn, old, keys, &new->rows[i]);
}

static bool same_share(const struct mtr_share *x, const struct mtr_share *y)
{
	return x->counts == y->counts && x->programme_id == y->programme_id && x->unit_id == y->unit_id &&
	       x->state == y->state && x->group == y->group && x->decided == y->decided && x->summoned == y->summoned &&
	       x->enrolled == y->enrolled;
}

void mtr_change_tally(struct mtr_txn *txn, const struct mtr_share *old, const struct mtr_share *new)
{
	const struct mtr_share *part = new->counts ? new : old;
	struct mtr_tally tally;

	if (same_share(old, new))
		return;
	mtr_read_tally(txn, part->programme_id, part->unit_id, &tally);
	if (old->counts && !mtr_tally_remove(&tally, old))
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
	if (new->counts)
		mtr_tally_add(&tally, new);
	mtr_tally_write(txn, part->programme_id, part->unit_id, &tally);
}

bool mtr_share_at_home(const struct mtr_share *share, struct mtr_home home)
{
	return !share->counts || !mtr_home_compare(home, mtr_home_part(share->programme_id, share->unit_id));
}
