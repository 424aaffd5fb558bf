#include "writer/former.h"

#include "contract/entry_hash.h"
#include "matricula/v1/wire.pb-c.h"
#include "store/read.h"
#include "work/receipt.h"

#include <string.h>

/* The same entry at another place may already be where it was. */
static bool is_lost(struct mtr_txn *txn, const struct mtr_work *work, const Mtr__Again *again)
{
	struct mtr_outbox_state outbox;

	if (memcmp(again->outbox.data, work->outbox, MTR_OUTBOX_BYTES) == 0)
		return again->sequence == work->sequence;
	mtr_read_outbox(txn, again->outbox.data, &outbox);
	return !txn->error && again->sequence > outbox.last_sequence &&
	       (outbox.principal_id == 0 || outbox.principal_id == work->principal_id);
}

static bool is_proved(const uint8_t *receipt_key, const struct mtr_work *work, const Mtr__Again *again)
{
	uint8_t entry_hash[MTR_HASH_BYTES];
	const struct mtr_receipt_of of = {
		.outbox = again->outbox.data,
		.sequence = again->sequence,
		.entry_hash = entry_hash,
		.revision = again->revision,
		.answer = {again->answer.data, again->answer.len},
	};

	mtr_entry_hash(again->previous_hash.data, again->sequence, (struct mtr_bytes){work->body, work->body_size},
		       entry_hash);
	return mtr_receipt_proves(receipt_key, &of, (struct mtr_bytes){again->receipt.data, again->receipt.len});
}

static void take_acknowledgement(Mtr__FormerAnswer *former, const Mtr__Acknowledgement *acknowledgement)
{
	former->type = MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION;
	former->id = acknowledgement->nomination_id;
	former->arrived_at = acknowledgement->arrived_at;
	former->state = acknowledgement->state;
	former->programme_code = acknowledgement->programme_code;
	former->unit_code = acknowledgement->unit_code;
	former->person_id = acknowledgement->person_id;
}

/* NULL for an answer that no command gets. */
static const Mtr__FormerAnswer *summary(struct mtr_arena *arena, const Mtr__Again *again)
{
	const Mtr__Answer *answer =
		mtr__answer__unpack(mtr_arena_allocator(arena), again->answer.len, again->answer.data);
	Mtr__FormerAnswer *former = mtr_arena_alloc(arena, sizeof *former);

	if (!answer || !former)
		return NULL;
	mtr__former_answer__init(former);
	former->revision = again->revision;
	switch ((int)answer->body_case) {
	case MTR__ANSWER__BODY_ERROR:
		former->error_code = (uint32_t)answer->error->code;
		return former;
	case MTR__ANSWER__BODY_ACKNOWLEDGEMENT:
		take_acknowledgement(former, answer->acknowledgement);
		return former;
	case MTR__ANSWER__BODY_DONE:
		former->type = answer->done->type;
		former->id = answer->done->id;
		return former;
	default:
		return NULL;
	}
}

const Mtr__FormerAnswer *mtr_former_proved(const uint8_t receipt_key[MTR_HASH_BYTES], struct mtr_txn *txn,
					   const struct mtr_work *work, struct mtr_arena *arena)
{
	ProtobufCAllocator *allocator = mtr_arena_allocator(arena);

	if (work->former)
		return mtr__former_answer__unpack(allocator, work->former_size, work->former);
	if (!work->again)
		return NULL;

	const Mtr__Again *again = mtr__again__unpack(allocator, work->again_size, work->again);

	if (!again || again->outbox.len != MTR_OUTBOX_BYTES || again->previous_hash.len != MTR_HASH_BYTES ||
	    !is_lost(txn, work, again) || !is_proved(receipt_key, work, again))
		return NULL;
	return summary(arena, again);
}
