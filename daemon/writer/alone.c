#include "writer/alone.h"

#include "store/apply.h"
#include "writer/gather.h"

#include <errno.h>

#define ARENA_BYTES (64u * 1024u)

static int append(struct mtr_engine *engine, const struct mtr_batch *batch)
{
	int error = engine->operations->tick(engine);

	if (error == 0)
		error = engine->operations->submit(engine, batch);
	if (error < 0)
		return error;
	return engine->operations->poll(engine, true) == MTR_APPEND_DURABLE ? 0 : -EIO;
}

int mtr_append_alone(struct mtr_store *store, struct mtr_engine *engine, const struct mtr_entry *entry)
{
	struct mtr_chain_point before = engine->operations->head(engine);
	struct mtr_gather gather;
	struct mtr_txn txn;

	if (!mtr_gather_init(&gather, &before))
		return -ENOMEM;
	mtr_gather_add(&gather, entry->record.data, entry->record.size, entry->digest);
	int error = append(engine, &gather.batch);

	if (error == 0) {
		mtr_txn_begin_write(&txn, store);
		mtr_apply_record(&txn, entry->record.data, entry->record.size, gather.batch.after.chain);
		error = mtr_txn_commit(&txn) == MTR_STORE_OK ? 0 : -EIO;
	}
	mtr_gather_free(&gather);
	return error;
}

static int build(struct mtr_arena *arena, const Mtr__RecordHeader *header, const Mtr__Incarnation *statement,
		 struct mtr_entry *ret_entry)
{
	Mtr__Command command = MTR__COMMAND__INIT;

	command.body_case = MTR__COMMAND__BODY_INCARNATION;
	/* protobuf-c has no const; packing doesn't write. */
	command.incarnation = (Mtr__Incarnation *)(uintptr_t)statement;
	const size_t size = mtr__command__get_packed_size(&command);
	uint8_t *packed = mtr_arena_alloc(arena, size);
	const struct mtr_record_parts parts = {.header = header, .command = {packed, size}};

	if (!packed)
		return -ENOMEM;
	mtr__command__pack(&command, packed);
	return mtr_record_build(arena, &parts, &ret_entry->record, ret_entry->digest);
}

int mtr_adopt(struct mtr_store *store, struct mtr_engine *engine, const Mtr__Incarnation *statement, uint64_t now_ms)
{
	struct mtr_arena *arena = mtr_arena_new(ARENA_BYTES);
	Mtr__RecordHeader header = MTR__RECORD_HEADER__INIT;
	struct mtr_store_state state;
	struct mtr_entry entry = {.answer = {NULL, 0}};
	int error = mtr_store_state_read(store, &state) ? -EIO : 0;

	if (!arena)
		error = -ENOMEM;
	header.revision = state.revision + 1;
	header.at = now_ms > state.at ? now_ms : state.at;
	header.rules_version = MTR_RULES_VERSION;
	header.command_tag = MTR__COMMAND__BODY_INCARNATION;
	if (error == 0)
		error = build(arena, &header, statement, &entry);
	if (error == 0)
		error = mtr_append_alone(store, engine, &entry);
	mtr_arena_free(&arena);
	return error;
}
