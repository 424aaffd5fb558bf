#include "store/rows.h"

#include "contract/crc32c.h"
#include "store/internal.h"

#include <string.h>

#define SUM_BYTES 4u

#define HOME_ROW_BYTES (3u * 8u + MTR_HASH_BYTES)
#define PLACE_BYTES (MTR_HOME_BYTES + 12u)

static bool decode_row(struct mtr_txn *txn, struct mtr_bytes value, struct mtr_home_row *ret_row)
{
	const uint8_t *at = value.data;

	if (value.size != HOME_ROW_BYTES) {
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
		return false;
	}
	ret_row->first = mtr_get_u64(&at);
	ret_row->head = mtr_get_u64(&at);
	ret_row->live = mtr_get_u64(&at);
	memcpy(ret_row->digest, at, MTR_HASH_BYTES);
	return true;
}

bool mtr_home_read(struct mtr_txn *txn, struct mtr_home home, struct mtr_home_row *ret_row)
{
	struct mtr_key key = mtr_key_start();
	struct mtr_bytes value;

	*ret_row = (struct mtr_home_row){.first = 0};
	mtr_key_home(&key, home);
	return mtr_txn_get(txn, MTR_TABLE_HOME, mtr_key_as_bytes(&key), &value) && decode_row(txn, value, ret_row);
}

void mtr_home_write(struct mtr_txn *txn, struct mtr_home home, const struct mtr_home_row *row)
{
	struct mtr_key key = mtr_key_start(), value = mtr_key_start();

	mtr_key_home(&key, home);
	mtr_key_u64(&value, row->first);
	mtr_key_u64(&value, row->head);
	mtr_key_u64(&value, row->live);
	mtr_key_bytes(&value, row->digest, MTR_HASH_BYTES);
	mtr_txn_put(txn, MTR_TABLE_HOME, mtr_key_as_bytes(&key), mtr_key_as_bytes(&value));
}

bool mtr_home_decode(struct mtr_txn *txn, struct mtr_bytes key, struct mtr_bytes value, struct mtr_home *ret_home,
		     struct mtr_home_row *ret_row)
{
	const uint8_t *at = key.data;

	if (key.size != MTR_HOME_BYTES) {
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
		return false;
	}
	*ret_home = mtr_get_home(&at);
	return decode_row(txn, value, ret_row);
}

void mtr_feed_key(struct mtr_key *key, struct mtr_home home, uint64_t revision, uint32_t ordinal)
{
	*key = mtr_key_start();
	mtr_key_home(key, home);
	mtr_key_u64(key, revision);
	mtr_key_u32(key, ordinal);
}

/* Of the key and of what lies in the value behind the sum itself. */
static uint32_t sum_of(struct mtr_bytes key, const uint8_t *value, size_t size)
{
	return mtr_crc32c(mtr_crc32c(0, key.data, key.size), value + SUM_BYTES, size - SUM_BYTES);
}

size_t mtr_feed_encode(const struct mtr_feed_item *item, struct mtr_key *ret_key, uint8_t ret_value[MTR_FEED_VALUE_MAX])
{
	const size_t size = MTR_FEED_HEAD_BYTES + item->content.size;
	struct mtr_key head = mtr_key_start(), sum = mtr_key_start();

	mtr_feed_key(ret_key, item->home, item->revision, item->ordinal);
	mtr_key_u8(&head, (uint8_t)item->type);
	mtr_key_u64(&head, item->id);
	mtr_key_u8(&head, item->live);
	memcpy(ret_value + SUM_BYTES, head.data, head.size);
	memcpy(ret_value + MTR_FEED_HEAD_BYTES, item->content.data, item->content.size);
	mtr_key_u32(&sum, sum_of(mtr_key_as_bytes(ret_key), ret_value, size));
	memcpy(ret_value, sum.data, SUM_BYTES);
	return size;
}

bool mtr_feed_decode(struct mtr_txn *txn, struct mtr_bytes key, struct mtr_bytes value, struct mtr_feed_item *ret_item)
{
	const uint8_t *at = key.data;

	if (key.size != MTR_FEED_KEY_BYTES || value.size < MTR_FEED_HEAD_BYTES) {
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
		return false;
	}
	ret_item->home = mtr_get_home(&at);
	ret_item->revision = mtr_get_u64(&at);
	ret_item->ordinal = mtr_get_u32(&at);
	at = value.data;
	const uint32_t sum = mtr_get_u32(&at);

	ret_item->type = (Mtr__EntityType)mtr_get_u8(&at);
	ret_item->id = mtr_get_u64(&at);
	ret_item->live = mtr_get_u8(&at) != 0;
	ret_item->content = mtr_bytes_of(at, value.size - MTR_FEED_HEAD_BYTES);
	if (sum == sum_of(key, value.data, value.size))
		return true;
	mtr_txn_fail(txn, MTR_STORE_CORRUPT);
	return false;
}

bool mtr_feed_read(struct mtr_txn *txn, const struct mtr_place *place, struct mtr_feed_item *ret_item)
{
	struct mtr_bytes value;
	struct mtr_key key;

	mtr_feed_key(&key, place->home, place->revision, place->ordinal);
	if (!mtr_txn_get(txn, MTR_TABLE_FEED, mtr_key_as_bytes(&key), &value)) {
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
		return false;
	}
	return mtr_feed_decode(txn, mtr_key_as_bytes(&key), value, ret_item);
}

struct mtr_key mtr_entity_key(Mtr__EntityType type, uint64_t id)
{
	struct mtr_key key = mtr_key_start();

	mtr_key_u8(&key, (uint8_t)type);
	mtr_key_u64(&key, id);
	return key;
}

bool mtr_place_decode(struct mtr_txn *txn, struct mtr_bytes value, struct mtr_place *ret_place)
{
	const uint8_t *at = value.data;

	if (value.size != PLACE_BYTES) {
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
		return false;
	}
	ret_place->home = mtr_get_home(&at);
	ret_place->revision = mtr_get_u64(&at);
	ret_place->ordinal = mtr_get_u32(&at);
	return true;
}

bool mtr_place_read(struct mtr_txn *txn, Mtr__EntityType type, uint64_t id, struct mtr_place *ret_place)
{
	const struct mtr_key key = mtr_entity_key(type, id);
	struct mtr_bytes value;

	return mtr_txn_get(txn, MTR_TABLE_ENTITY, mtr_key_as_bytes(&key), &value) &&
	       mtr_place_decode(txn, value, ret_place);
}

void mtr_place_write(struct mtr_txn *txn, Mtr__EntityType type, uint64_t id, const struct mtr_place *place)
{
	const struct mtr_key key = mtr_entity_key(type, id);
	struct mtr_key value;

	mtr_feed_key(&value, place->home, place->revision, place->ordinal);
	mtr_txn_put(txn, MTR_TABLE_ENTITY, mtr_key_as_bytes(&key), mtr_key_as_bytes(&value));
}

void mtr_place_remove(struct mtr_txn *txn, Mtr__EntityType type, uint64_t id)
{
	const struct mtr_key key = mtr_entity_key(type, id);

	mtr_txn_delete(txn, MTR_TABLE_ENTITY, mtr_key_as_bytes(&key));
}
