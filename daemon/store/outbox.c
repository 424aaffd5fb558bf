#include "store/outbox.h"

#include "store/internal.h"

#include <string.h>

#define STATE_BYTES (4u + 8u + 8u + MTR_HASH_BYTES)
#define DEDUP_BYTES (8u + MTR_HASH_BYTES)

static struct mtr_key dedup_key(const uint8_t *outbox, uint64_t sequence)
{
	struct mtr_key key = mtr_key_start();

	mtr_key_bytes(&key, outbox, MTR_OUTBOX_BYTES);
	mtr_key_u64(&key, sequence);
	return key;
}

void mtr_read_outbox(struct mtr_txn *txn, const uint8_t outbox[MTR_OUTBOX_BYTES], struct mtr_outbox_state *ret_state)
{
	struct mtr_bytes value;
	const uint8_t *at;

	*ret_state = (struct mtr_outbox_state){.principal_id = 0};
	if (!mtr_txn_get(txn, MTR_TABLE_OUTBOX, mtr_bytes_of(outbox, MTR_OUTBOX_BYTES), &value))
		return;
	if (value.size != STATE_BYTES) {
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
		return;
	}
	at = value.data;
	ret_state->principal_id = mtr_get_u32(&at);
	ret_state->last_sequence = mtr_get_u64(&at);
	ret_state->first_unacknowledged = mtr_get_u64(&at);
	memcpy(ret_state->entry_hash, at, MTR_HASH_BYTES);
}

uint64_t mtr_read_dedup(struct mtr_txn *txn, const uint8_t outbox[MTR_OUTBOX_BYTES], uint64_t sequence,
			uint8_t ret_entry_hash[MTR_HASH_BYTES])
{
	const struct mtr_key key = dedup_key(outbox, sequence);
	struct mtr_bytes value;
	const uint8_t *at;
	uint64_t revision;

	if (!mtr_txn_get(txn, MTR_TABLE_DEDUP, mtr_key_as_bytes(&key), &value))
		return 0;
	if (value.size != DEDUP_BYTES) {
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
		return 0;
	}
	at = value.data;
	revision = mtr_get_u64(&at);
	memcpy(ret_entry_hash, at, MTR_HASH_BYTES);
	return revision;
}

static void forget_below(struct mtr_txn *txn, const uint8_t *outbox, uint64_t first_unacknowledged)
{
	uint64_t sequences[MTR_IN_FLIGHT_MAX];
	struct mtr_bytes key, value;
	struct mtr_walk walk;
	size_t count = 0;

	mtr_walk_begin(&walk, txn, MTR_TABLE_DEDUP, mtr_bytes_of(outbox, MTR_OUTBOX_BYTES), mtr_bytes_of(NULL, 0));
	while (count < MTR_IN_FLIGHT_MAX && mtr_walk_next(&walk, &key, &value)) {
		const uint8_t *at = key.data + MTR_OUTBOX_BYTES;
		const uint64_t sequence = key.size == MTR_OUTBOX_BYTES + 8 ? mtr_get_u64(&at) : UINT64_MAX;

		if (sequence >= first_unacknowledged)
			break;
		sequences[count++] = sequence;
	}
	mtr_walk_end(&walk);
	for (size_t i = 0; i < count; i++) {
		const struct mtr_key gone = dedup_key(outbox, sequences[i]);

		mtr_txn_delete(txn, MTR_TABLE_DEDUP, mtr_key_as_bytes(&gone));
	}
}

static void write_state(struct mtr_txn *txn, const Mtr__RecordHeader *header, uint64_t first_unacknowledged)
{
	struct mtr_key value = mtr_key_start();

	mtr_key_u32(&value, header->principal_id);
	mtr_key_u64(&value, header->sequence);
	mtr_key_u64(&value, first_unacknowledged);
	mtr_key_bytes(&value, header->entry_hash.data, MTR_HASH_BYTES);
	mtr_txn_put(txn, MTR_TABLE_OUTBOX, mtr_bytes_of(header->outbox.data, MTR_OUTBOX_BYTES),
		    mtr_key_as_bytes(&value));
}

void mtr_outbox_take(struct mtr_txn *txn, const Mtr__RecordHeader *header)
{
	struct mtr_outbox_state state;
	struct mtr_key key, value = mtr_key_start();
	uint64_t first = header->first_unacknowledged;

	if (!header->outbox.len)
		return;
	if (header->outbox.len != MTR_OUTBOX_BYTES || header->entry_hash.len != MTR_HASH_BYTES || !header->sequence) {
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
		return;
	}
	mtr_read_outbox(txn, header->outbox.data, &state);
	if (first < state.first_unacknowledged)
		first = state.first_unacknowledged;
	write_state(txn, header, first);
	key = dedup_key(header->outbox.data, header->sequence);
	mtr_key_u64(&value, header->revision);
	mtr_key_bytes(&value, header->entry_hash.data, MTR_HASH_BYTES);
	mtr_txn_insert(txn, MTR_TABLE_DEDUP, mtr_key_as_bytes(&key), mtr_key_as_bytes(&value));
	if (first > 1)
		forget_below(txn, header->outbox.data, first);
}
