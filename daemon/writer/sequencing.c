#include "writer/sequencing.h"

#include "contract/entry_hash.h"

#include <string.h>

static void refuse(struct mtr_place_found *found, Mtr__ErrorCode code, const char *field, uint64_t number)
{
	found->kind = MTR_PLACE_REFUSED;
	found->code = code;
	found->field = field;
	found->number = number;
}

static void judge_known(struct mtr_txn *txn, const struct mtr_work *work, const struct mtr_outbox_state *outbox,
			struct mtr_place_found *found)
{
	uint8_t hash[MTR_HASH_BYTES];

	if (work->sequence < outbox->first_unacknowledged) {
		refuse(found, MTR__ERROR_CODE__ERROR_CODE_OUTBOX_OUTDATED, "sequencing.sequence",
		       outbox->last_sequence + 1);
		return;
	}
	found->revision = mtr_read_dedup(txn, work->outbox, work->sequence, hash);
	if (found->revision == 0)
		return;
	if (memcmp(hash, found->entry_hash, MTR_HASH_BYTES) == 0)
		found->kind = MTR_PLACE_REPEATED;
	else
		refuse(found, MTR__ERROR_CODE__ERROR_CODE_SEQUENCE_CONTENTS, "sequencing.sequence",
		       outbox->last_sequence + 1);
}

static void judge_new(const struct mtr_work *work, const struct mtr_outbox_state *outbox, struct mtr_place_found *found)
{
	if (work->sequence > outbox->last_sequence + 1)
		refuse(found, MTR__ERROR_CODE__ERROR_CODE_SEQUENCE_GAP, "sequencing.sequence",
		       outbox->last_sequence + 1);
	else if (memcmp(work->previous_hash, outbox->entry_hash, MTR_HASH_BYTES) != 0)
		refuse(found, MTR__ERROR_CODE__ERROR_CODE_OUTBOX_FORKED, "sequencing.previous_hash",
		       outbox->last_sequence + 1);
	else
		found->kind = MTR_PLACE_NEXT;
}

struct mtr_place_found mtr_sequencing_judge(struct mtr_txn *txn, const struct mtr_work *work)
{
	struct mtr_place_found found = {.kind = MTR_PLACE_UNKNOWN, .field = ""};
	struct mtr_outbox_state outbox;

	mtr_read_outbox(txn, work->outbox, &outbox);
	if (txn->error)
		return found;
	mtr_entry_hash(work->previous_hash, work->sequence, (struct mtr_bytes){work->body, work->body_size},
		       found.entry_hash);
	found.first_unacknowledged = work->first_unacknowledged > outbox.first_unacknowledged
					     ? work->first_unacknowledged
					     : outbox.first_unacknowledged;
	if (!work->sequenced || work->sequence == 0)
		refuse(&found, MTR__ERROR_CODE__ERROR_CODE_MALFORMED, "sequencing", 0);
	else if (outbox.principal_id != 0 && outbox.principal_id != work->principal_id)
		refuse(&found, MTR__ERROR_CODE__ERROR_CODE_OUTBOX_FOREIGN, "sequencing.outbox", 0);
	else if (mtr_outbox_is_closed(&outbox))
		refuse(&found, MTR__ERROR_CODE__ERROR_CODE_OUTBOX_CLOSED, "sequencing.outbox", 0);
	else if (work->first_unacknowledged > work->sequence)
		refuse(&found, MTR__ERROR_CODE__ERROR_CODE_MALFORMED, "sequencing.first_unacknowledged",
		       work->sequence);
	else if (work->sequence <= outbox.last_sequence)
		judge_known(txn, work, &outbox, &found);
	else
		judge_new(work, &outbox, &found);
	return found;
}
