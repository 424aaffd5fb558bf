#include "store/apply.h"

#include "matricula/v1/commands.pb-c.h"
#include "store/incarnation.h"
#include "store/internal.h"

#include <string.h>

/* A record unpacked, with its effects unpacked again, each from bytes of its own. */
#define RECORD_ARENA (8u * MTR_RECORD_MAX)

static bool to_effect(struct mtr_arena *arena, const ProtobufCBinaryData *packed, struct mtr_effect *ret_effect)
{
	const Mtr__Effect *effect = mtr__effect__unpack(mtr_arena_allocator(arena), packed->len, packed->data);

	if (!effect || !effect->home || (unsigned)effect->home->kind > UINT8_MAX)
		return false;
	*ret_effect = (struct mtr_effect){
		.home = {.kind = (uint8_t)effect->home->kind, .a = effect->home->a, .b = effect->home->b},
		.type = effect->type,
		.id = effect->id,
		.row = {effect->row.data, effect->row.len},
		.tombstone = effect->row.len ? NULL : effect->tombstone_reason,
	};
	return true;
}

/* What is left of a row that was taken out. */
static bool to_redacted(const Mtr__RedactedLeaf *leaf, struct mtr_effect *ret_effect)
{
	static const uint8_t nothing[1];

	if (!leaf->home || (unsigned)leaf->home->kind > UINT8_MAX)
		return false;
	*ret_effect = (struct mtr_effect){
		.home = {.kind = (uint8_t)leaf->home->kind, .a = leaf->home->a, .b = leaf->home->b},
		.type = leaf->type,
		.id = leaf->id,
		.row = {nothing, 0},
		.redacted = true,
	};
	return true;
}

/* Leaves before the effects: command and answer. */
#define LEAF_EFFECTS 2u

static size_t first_redacted_effect(const Mtr__Record *record)
{
	size_t first = 0;

	while (first < record->n_redacted && record->redacted[first]->index < LEAF_EFFECTS)
		first++;
	return first;
}

/* Each at the place it had in the record. */
static bool to_effects(struct mtr_arena *arena, const Mtr__Record *record, struct mtr_effect *effects, size_t count)
{
	size_t redacted = first_redacted_effect(record), next = 0;

	for (size_t i = 0; i < count; i++) {
		if (redacted < record->n_redacted && record->redacted[redacted]->index == i + LEAF_EFFECTS) {
			if (!to_redacted(record->redacted[redacted++], &effects[i]))
				return false;
		} else if (next == record->n_effects || !to_effect(arena, &record->effects[next++], &effects[i])) {
			return false;
		}
	}
	return true;
}

static enum mtr_store_error unpack(struct mtr_arena *arena, const uint8_t *bytes, size_t size,
				   const Mtr__Record **ret_record, struct mtr_effect **ret_effects, size_t *ret_count)
{
	const Mtr__Record *record = mtr__record__unpack(mtr_arena_allocator(arena), size, bytes);
	struct mtr_effect *effects;

	size_t count = 0;

	if (record && record->header)
		count = record->n_effects + record->n_redacted - first_redacted_effect(record);
	if (!record || !record->header || count > MTR_EFFECTS_MAX)
		goto fail;
	effects = mtr_arena_array(arena, count, sizeof *effects);
	if (!effects || !to_effects(arena, record, effects, count))
		goto fail;
	*ret_record = record;
	*ret_effects = effects;
	*ret_count = count;
	return MTR_STORE_OK;
fail:
	return mtr_arena_exhausted(arena) ? MTR_STORE_MEMORY : MTR_STORE_CORRUPT;
}

/* What a record of the register itself says beyond its effects. */
static void take_statement(struct mtr_txn *txn, struct mtr_arena *arena, const Mtr__Record *record)
{
	const Mtr__RecordHeader *header = record->header;

	if (header->command_tag != MTR__COMMAND__BODY_INCARNATION || header->principal_id || header->error_code)
		return;
	const Mtr__Command *command =
		mtr__command__unpack(mtr_arena_allocator(arena), record->command.len, record->command.data);

	if (command && command->body_case == MTR__COMMAND__BODY_INCARNATION)
		mtr_incarnation_take(txn, command->incarnation);
	else
		mtr_txn_fail(txn, mtr_arena_exhausted(arena) ? MTR_STORE_MEMORY : MTR_STORE_CORRUPT);
}

void mtr_apply_record(struct mtr_txn *txn, const uint8_t *record, size_t size,
		      const uint8_t chain_after[MTR_HASH_BYTES])
{
	const Mtr__Record *unpacked = NULL;
	struct mtr_effect *effects = NULL;
	struct mtr_arena *arena;
	size_t count = 0;

	if (txn->error)
		return;
	arena = mtr_arena_new(RECORD_ARENA);
	if (!arena) {
		mtr_txn_fail(txn, MTR_STORE_MEMORY);
		return;
	}
	mtr_txn_fail(txn, unpack(arena, record, size, &unpacked, &effects, &count));
	if (!txn->error) {
		mtr_apply(txn, unpacked->header, effects, count, chain_after);
		take_statement(txn, arena, unpacked);
	}
	mtr_arena_free(&arena);
}
