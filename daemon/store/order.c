#include "store/index.h"
#include "store/internal.h"

#include <string.h>

static const struct mtr_bytes none = {NULL, 0};

static bool next_id(struct mtr_walk *walk, uint64_t *ret_id)
{
	struct mtr_bytes key, value;
	const uint8_t *at;

	if (!mtr_walk_next(walk, &key, &value))
		return false;
	if (value.size != 8) {
		mtr_txn_fail(walk->txn, MTR_STORE_CORRUPT);
		return false;
	}
	at = value.data;
	*ret_id = mtr_get_u64(&at);
	return true;
}

uint64_t mtr_order_last_seated(struct mtr_txn *txn, uint32_t programme_id, uint32_t unit_id)
{
	const struct mtr_key prefix = mtr_order_key(programme_id, unit_id, MTR_BUCKET_SEATED, none);
	struct mtr_walk walk;
	uint64_t id = 0;

	mtr_walk_begin_backward(&walk, txn, MTR_TABLE_ORDER, mtr_key_as_bytes(&prefix), none);
	if (!next_id(&walk, &id))
		id = 0;
	mtr_walk_end(&walk);
	return id;
}

static bool take_first(void *context, uint64_t id)
{
	*(uint64_t *)context = id;
	return false;
}

uint64_t mtr_order_first_waiting(struct mtr_txn *txn, uint32_t programme_id, uint32_t unit_id)
{
	uint64_t id = 0;

	mtr_each_ordered(txn, programme_id, unit_id, MTR_BUCKET_WAITING, take_first, &id);
	return id;
}

void mtr_each_ordered(struct mtr_txn *txn, uint32_t programme_id, uint32_t unit_id, enum mtr_bucket bucket,
		      mtr_link_fn each, void *context)
{
	const struct mtr_key prefix = mtr_order_key(programme_id, unit_id, bucket, none);
	struct mtr_walk walk;
	uint64_t id;

	mtr_walk_begin(&walk, txn, MTR_TABLE_ORDER, mtr_key_as_bytes(&prefix), none);
	while (next_id(&walk, &id) && each(context, id))
		;
	mtr_walk_end(&walk);
}

/* Of `total` in the group, how many lie before `from`: steps both ways at once, until either end is reached. */
static uint32_t count_in_group(struct mtr_txn *txn, const struct mtr_key *group, const struct mtr_key *from,
			       uint32_t total)
{
	struct mtr_walk forward, backward;
	struct mtr_bytes key, value;
	uint32_t before = 0, after = 0, result;

	mtr_walk_begin(&forward, txn, MTR_TABLE_ORDER, mtr_key_as_bytes(group), mtr_key_as_bytes(from));
	mtr_walk_begin_backward(&backward, txn, MTR_TABLE_ORDER, mtr_key_as_bytes(group), mtr_key_as_bytes(from));
	for (;;) {
		if (!mtr_walk_next(&backward, &key, &value)) {
			result = before;
			break;
		}
		before++;
		if (!mtr_walk_next(&forward, &key, &value)) {
			result = total - after;
			break;
		}
		after++;
	}
	mtr_walk_end(&forward);
	mtr_walk_end(&backward);
	return result;
}

uint32_t mtr_order_count_before(struct mtr_txn *txn, uint32_t programme_id, uint32_t unit_id, enum mtr_bucket bucket,
				struct mtr_bytes rank_key)
{
	const struct mtr_key from = mtr_order_key(programme_id, unit_id, bucket, rank_key);
	const struct mtr_bytes group_byte = {rank_key.data, 1};
	const uint32_t *by_group;
	struct mtr_key group;
	struct mtr_tally tally;
	uint32_t count = 0, best = 0;
	const uint32_t groups = sizeof tally.seated_by_group / sizeof tally.seated_by_group[0];

	mtr_read_tally(txn, programme_id, unit_id, &tally);
	if (txn->error || !rank_key.size)
		return 0;
	by_group = bucket == MTR_BUCKET_SEATED ? tally.seated_by_group : tally.waiting_by_group;
	for (; best < groups && best < rank_key.data[0]; best++)
		count += by_group[best];
	if (best == groups || !by_group[best])
		return count;
	group = mtr_order_key(programme_id, unit_id, bucket, group_byte);
	return count + count_in_group(txn, &group, &from, by_group[best]);
}
