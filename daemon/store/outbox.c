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

static bool decode(struct mtr_txn *txn, struct mtr_bytes value, struct mtr_outbox_state *ret_state)
{
	const uint8_t *at = value.data;

	if (value.size != STATE_BYTES) {
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
		return false;
	}
	ret_state->principal_id = mtr_get_u32(&at);
	ret_state->last_sequence = mtr_get_u64(&at);
	ret_state->first_unacknowledged = mtr_get_u64(&at);
	memcpy(ret_state->entry_hash, at, MTR_HASH_BYTES);
	return true;
}

void mtr_read_outbox(struct mtr_txn *txn, const uint8_t outbox[MTR_OUTBOX_BYTES], struct mtr_outbox_state *ret_state)
{
	struct mtr_bytes value;

	*ret_state = (struct mtr_outbox_state){.principal_id = 0};
	if (mtr_txn_get(txn, MTR_TABLE_OUTBOX, mtr_bytes_of(outbox, MTR_OUTBOX_BYTES), &value))
		decode(txn, value, ret_state);
}

void mtr_each_outbox(struct mtr_txn *txn, mtr_outbox_fn each, void *context)
{
	struct mtr_outbox_state state;
	struct mtr_bytes key, value;
	struct mtr_walk walk;

	mtr_walk_begin(&walk, txn, MTR_TABLE_OUTBOX, mtr_bytes_of(NULL, 0), mtr_bytes_of(NULL, 0));
	while (mtr_walk_next(&walk, &key, &value) && key.size == MTR_OUTBOX_BYTES && decode(txn, value, &state))
		each(context, key.data, &state);
	mtr_walk_end(&walk);
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

static void write_state(struct mtr_txn *txn, const uint8_t *outbox, const struct mtr_outbox_state *state)
{
	struct mtr_key value = mtr_key_start();

	mtr_key_u32(&value, state->principal_id);
	mtr_key_u64(&value, state->last_sequence);
	mtr_key_u64(&value, state->first_unacknowledged);
	mtr_key_bytes(&value, state->entry_hash, MTR_HASH_BYTES);
	mtr_txn_put(txn, MTR_TABLE_OUTBOX, mtr_bytes_of(outbox, MTR_OUTBOX_BYTES), mtr_key_as_bytes(&value));
}

/* One that was lost whole in a restore is known from here on, to be closed. */
static void close_outbox(struct mtr_txn *txn, const Mtr__RecordHeader *header)
{
	struct mtr_outbox_state state;

	if (header->closed_outbox.len != MTR_OUTBOX_BYTES) {
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
		return;
	}
	mtr_read_outbox(txn, header->closed_outbox.data, &state);
	state.principal_id = header->principal_id;
	state.first_unacknowledged = MTR_OUTBOX_CLOSED;
	write_state(txn, header->closed_outbox.data, &state);
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
	state = (struct mtr_outbox_state){
		.principal_id = header->principal_id, .last_sequence = header->sequence, .first_unacknowledged = first};
	memcpy(state.entry_hash, header->entry_hash.data, MTR_HASH_BYTES);
	write_state(txn, header->outbox.data, &state);
	key = dedup_key(header->outbox.data, header->sequence);
	mtr_key_u64(&value, header->revision);
	mtr_key_bytes(&value, header->entry_hash.data, MTR_HASH_BYTES);
	mtr_txn_insert(txn, MTR_TABLE_DEDUP, mtr_key_as_bytes(&key), mtr_key_as_bytes(&value));
	if (first > 1)
		forget_below(txn, header->outbox.data, first);
	if (header->closed_outbox.len)
		close_outbox(txn, header);
}
