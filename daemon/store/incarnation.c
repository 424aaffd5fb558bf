#include "store/incarnation.h"

#include "contract/incarnation.h"
#include "store/internal.h"
#include "store/reconciling.h"

#define PREFIX "incarnation"
/* A packed statement, and what it is unpacked to. */
#define STATEMENT_ARENA (16u * 1024u)

static struct mtr_bytes prefix(void)
{
	return mtr_bytes_of(PREFIX, sizeof PREFIX - 1);
}

static struct mtr_key key_of(uint32_t index)
{
	struct mtr_key key = mtr_key_start();

	mtr_key_bytes(&key, PREFIX, sizeof PREFIX - 1);
	mtr_key_u32(&key, index);
	return key;
}

uint32_t mtr_incarnation_count(struct mtr_txn *txn)
{
	struct mtr_bytes key, value;
	struct mtr_walk walk;
	uint32_t count = 0;

	mtr_walk_begin_backward(&walk, txn, MTR_TABLE_META, prefix(), mtr_bytes_of(NULL, 0));
	if (mtr_walk_next(&walk, &key, &value)) {
		const uint8_t *at = key.data + prefix().size;

		if (key.size == prefix().size + 4)
			count = mtr_get_u32(&at);
		if (!count || count > MTR_INCARNATIONS_MAX)
			mtr_txn_fail(txn, MTR_STORE_CORRUPT);
	}
	mtr_walk_end(&walk);
	return txn->error ? 0 : count;
}

const Mtr__Incarnation *mtr_read_incarnation(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t index)
{
	const struct mtr_key key = key_of(index);
	struct mtr_bytes value;

	if (!mtr_txn_get(txn, MTR_TABLE_META, mtr_key_as_bytes(&key), &value))
		return NULL;
	const Mtr__Incarnation *statement =
		mtr__incarnation__unpack(mtr_arena_allocator(arena), value.size, value.data);

	if (!statement)
		mtr_txn_fail(txn, mtr_arena_exhausted(arena) ? MTR_STORE_MEMORY : MTR_STORE_CORRUPT);
	return statement;
}

uint64_t mtr_register_incarnation(struct mtr_txn *txn, uint64_t journal)
{
	const uint32_t count = mtr_incarnation_count(txn);
	uint64_t incarnation = journal;

	if (!count)
		return journal;
	struct mtr_arena *arena = mtr_arena_new(STATEMENT_ARENA);
	const Mtr__Incarnation *statement = arena ? mtr_read_incarnation(txn, arena, count) : NULL;

	if (statement)
		incarnation = statement->incarnation;
	else
		mtr_txn_fail(txn, arena ? MTR_STORE_CORRUPT : MTR_STORE_MEMORY);
	mtr_arena_free(&arena);
	return incarnation;
}

void mtr_incarnation_take(struct mtr_txn *txn, const Mtr__Incarnation *statement)
{
	const uint32_t count = mtr_incarnation_count(txn);
	const struct mtr_key key = key_of(count + 1);

	if (count >= MTR_INCARNATIONS_MAX || !mtr_incarnation_complete(statement))
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
	if (txn->error)
		return;
	struct mtr_arena *arena = mtr_arena_new(STATEMENT_ARENA);
	const size_t size = mtr__incarnation__get_packed_size(statement);
	uint8_t *packed = arena ? mtr_arena_alloc(arena, size) : NULL;

	if (packed) {
		mtr__incarnation__pack(statement, packed);
		mtr_txn_insert(txn, MTR_TABLE_META, mtr_key_as_bytes(&key), mtr_bytes_of(packed, size));
		mtr_reconciling_begin(txn);
	} else {
		mtr_txn_fail(txn, MTR_STORE_MEMORY);
	}
	mtr_arena_free(&arena);
}
