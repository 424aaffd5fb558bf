#include "store/cursor.h"

#include <string.h>

#define FORMAT 1u
#define FIXED_BYTES 65u
#define LISTED_BYTES (MTR_HOME_BYTES + 1u)

static bool decode_homes(const uint8_t *at, struct mtr_feed_cursor *cursor)
{
	for (uint16_t i = 0; i < cursor->count; i++) {
		uint8_t behind;

		cursor->homes[i] = mtr_get_home(&at);
		behind = mtr_get_u8(&at);
		if (behind > 1 || (i && mtr_home_compare(cursor->homes[i - 1], cursor->homes[i]) >= 0))
			return false;
		cursor->behind[i] = behind;
	}
	return true;
}

bool mtr_cursor_decode(struct mtr_bytes bytes, struct mtr_feed_cursor *ret_cursor)
{
	const uint8_t *at = bytes.data;
	uint8_t listed;

	if (bytes.size < FIXED_BYTES || mtr_get_u8(&at) != FORMAT)
		return false;
	ret_cursor->incarnation = mtr_get_u64(&at);
	memcpy(ret_cursor->scope_hash, at, MTR_SCOPE_HASH_BYTES);
	at += MTR_SCOPE_HASH_BYTES;
	ret_cursor->from = mtr_get_u64(&at);
	ret_cursor->target = mtr_get_u64(&at);
	ret_cursor->place.home = mtr_get_home(&at);
	ret_cursor->place.revision = mtr_get_u64(&at);
	ret_cursor->place.ordinal = mtr_get_u32(&at);
	listed = mtr_get_u8(&at);
	ret_cursor->listed = listed == 1;
	ret_cursor->count = (uint16_t)(mtr_get_u8(&at) << 8);
	ret_cursor->count |= mtr_get_u8(&at);
	if (listed > 1 || ret_cursor->count > MTR_FEED_HOMES_NAMED || (!listed && ret_cursor->count) ||
	    bytes.size != FIXED_BYTES + ret_cursor->count * (size_t)LISTED_BYTES)
		return false;
	if (ret_cursor->target && ret_cursor->target < ret_cursor->from)
		return false;
	return ret_cursor->place.revision <= ret_cursor->target && decode_homes(at, ret_cursor);
}

static uint8_t *put(uint8_t *at, uint64_t value, int bytes)
{
	for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
		*at++ = (uint8_t)(value >> shift);
	return at;
}

static uint8_t *put_home(uint8_t *at, struct mtr_home home)
{
	at = put(at, home.kind, 1);
	at = put(at, home.a, 4);
	return put(at, home.b, 4);
}

size_t mtr_cursor_encode(const struct mtr_feed_cursor *cursor, uint8_t ret_bytes[MTR_CURSOR_MAX])
{
	uint8_t *at = put(ret_bytes, FORMAT, 1);

	at = put(at, cursor->incarnation, 8);
	memcpy(at, cursor->scope_hash, MTR_SCOPE_HASH_BYTES);
	at = put(at + MTR_SCOPE_HASH_BYTES, cursor->from, 8);
	at = put(at, cursor->target, 8);
	at = put_home(at, cursor->place.home);
	at = put(at, cursor->place.revision, 8);
	at = put(at, cursor->place.ordinal, 4);
	at = put(at, cursor->listed, 1);
	at = put(at, cursor->count, 2);
	for (uint16_t i = 0; i < cursor->count; i++) {
		at = put_home(at, cursor->homes[i]);
		at = put(at, cursor->behind[i], 1);
	}
	return (size_t)(at - ret_bytes);
}

int mtr_cursor_find(const struct mtr_feed_cursor *cursor, struct mtr_home home)
{
	int low = 0, high = cursor->count;

	while (low < high) {
		const int middle = low + (high - low) / 2;
		const int order = mtr_home_compare(cursor->homes[middle], home);

		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}
