#include "store/meta.h"

#include "matricula/v1/commands.pb-c.h"
#include "store/internal.h"
#include "store/read.h"

#include <string.h>

static const struct mtr_bytes state_key = {(const uint8_t *)"state", 5};

void mtr_txn_state(struct mtr_txn *txn, struct mtr_store_state *ret_state)
{
	struct mtr_bytes value;
	const uint8_t *at;

	*ret_state = (struct mtr_store_state){.revision = 0};
	if (!mtr_txn_get(txn, MTR_TABLE_META, state_key, &value))
		return;
	if (value.size != 16 + MTR_HASH_BYTES) {
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
		return;
	}
	at = value.data;
	ret_state->revision = mtr_get_u64(&at);
	memcpy(ret_state->chain, at, MTR_HASH_BYTES);
	at += MTR_HASH_BYTES;
	ret_state->at = mtr_get_u64(&at);
}

enum mtr_store_error mtr_store_state_read(struct mtr_store *store, struct mtr_store_state *ret_state)
{
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, store);
	mtr_txn_state(&txn, ret_state);
	const enum mtr_store_error error = txn.error;

	mtr_txn_abort(&txn);
	return error;
}

void mtr_meta_write_state(struct mtr_txn *txn, const struct mtr_store_state *state)
{
	struct mtr_key value = mtr_key_start();

	mtr_key_u64(&value, state->revision);
	mtr_key_bytes(&value, state->chain, MTR_HASH_BYTES);
	mtr_key_u64(&value, state->at);
	mtr_txn_put(txn, MTR_TABLE_META, state_key, mtr_key_as_bytes(&value));
}

static struct mtr_key next_key(Mtr__EntityType type)
{
	struct mtr_key key = mtr_key_start();

	mtr_key_bytes(&key, "next", 4);
	mtr_key_u8(&key, (uint8_t)type);
	return key;
}

bool mtr_meta_counts(Mtr__EntityType type)
{
	return type != MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION && type != MTR__ENTITY_TYPE__ENTITY_TYPE_ENROLMENT;
}

uint64_t mtr_next_id(struct mtr_txn *txn, Mtr__EntityType type)
{
	const struct mtr_key key = next_key(type);
	struct mtr_bytes value;
	const uint8_t *at;

	if (!mtr_txn_get(txn, MTR_TABLE_META, mtr_key_as_bytes(&key), &value))
		return 1;
	if (value.size != 8) {
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
		return 1;
	}
	at = value.data;
	return mtr_get_u64(&at);
}

void mtr_meta_note_id(struct mtr_txn *txn, Mtr__EntityType type, uint64_t id)
{
	const struct mtr_key key = next_key(type);
	struct mtr_key value = mtr_key_start();

	if (!mtr_meta_counts(type) || id < mtr_next_id(txn, type))
		return;
	mtr_key_u64(&value, id + 1);
	mtr_txn_put(txn, MTR_TABLE_META, mtr_key_as_bytes(&key), mtr_key_as_bytes(&value));
}

static const struct mtr_bytes checkpoint_key = {(const uint8_t *)"checkpoint", 10};

void mtr_meta_note_checkpoint(struct mtr_txn *txn, const Mtr__RecordHeader *header)
{
	struct mtr_key value = mtr_key_start();

	if (header->command_tag != MTR__COMMAND__BODY_CHECKPOINT || header->principal_id)
		return;
	mtr_key_u64(&value, header->revision);
	mtr_key_u64(&value, header->at);
	mtr_txn_put(txn, MTR_TABLE_META, checkpoint_key, mtr_key_as_bytes(&value));
}

void mtr_read_checkpoint(struct mtr_txn *txn, struct mtr_checkpoint_place *ret_place)
{
	struct mtr_bytes value;
	const uint8_t *at;

	*ret_place = (struct mtr_checkpoint_place){.revision = 0};
	if (!mtr_txn_get(txn, MTR_TABLE_META, checkpoint_key, &value))
		return;
	if (value.size != 16) {
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
		return;
	}
	at = value.data;
	ret_place->revision = mtr_get_u64(&at);
	ret_place->at = mtr_get_u64(&at);
}
