/* After a restore: what desks had been answered and the register lost is gathered, then decided in its former order. */
#include "store/reconciling.h"
#include "writer/former.h"
#include "writer/state.h"

#include <errno.h>
#include <stdlib.h>

#define ALL_HAVE_REPORTED "every outbox has reported"

int mtr_writer_reconcile_begin(struct mtr_writer *writer, struct mtr_txn *txn)
{
	if (!mtr_is_reconciling(txn))
		return txn->error ? -EIO : 0;
	writer->recollection = mtr_recollection_new(txn, writer->arena);
	if (!writer->recollection)
		return txn->error ? -EIO : -ENOMEM;
	/* Never 0: it is over when the record says so. */
	atomic_store(&writer->missing_figure, 1);
	return 0;
}

bool mtr_writer_is_beyond(const struct mtr_place_found *place)
{
	return place->kind == MTR_PLACE_NEXT ||
	       (place->kind == MTR_PLACE_REFUSED && place->code == MTR__ERROR_CODE__ERROR_CODE_SEQUENCE_GAP);
}

static bool refuse_reconciling(struct mtr_writer *writer, struct mtr_work *work, bool kept)
{
	return mtr_writer_refuse(writer, work, MTR__ERROR_CODE__ERROR_CODE_RECONCILING,
				 kept ? "sequencing.sequence" : "", mtr_recollection_missing(writer->recollection));
}

static bool keep(struct mtr_writer *writer, struct mtr_work *work, const Mtr__FormerAnswer *former, bool operates)
{
	struct mtr_bytes packed = {0};
	bool kept = true;

	if (former) {
		const size_t size = mtr__former_answer__get_packed_size(former);
		uint8_t *bytes = mtr_arena_alloc(writer->arena, size);

		kept = bytes != NULL;
		if (kept)
			packed = (struct mtr_bytes){bytes, mtr__former_answer__pack(former, bytes)};
	}
	if (kept)
		kept = mtr_recollection_keep(writer->recollection, work, packed, former ? former->revision : UINT64_MAX,
					     operates);
	return kept ? refuse_reconciling(writer, work, true)
		    : mtr_writer_refuse(writer, work, MTR__ERROR_CODE__ERROR_CODE_BUSY, "", 0);
}

static bool is_operator(struct mtr_writer *writer, const struct mtr_work *work)
{
	const Mtr__Principal *principal = mtr_read_principal(&writer->txn, writer->arena, work->principal_id);

	return principal && principal->role == MTR__ROLE__ROLE_OPERATOR && !principal->revoked;
}

/* Decides all that is kept; nobody waits for the answers, whoever asks again gets them. `ret_all`: none is left. */
static bool decide_kept(struct mtr_writer *writer, bool *ret_all)
{
	for (;;) {
		if (!mtr_writer_prepare(writer) ||
		    (!writer->room_checked && (!mtr_writer_check_room(writer) || !mtr_writer_begin(writer))))
			return false;
		if (!writer->has_room)
			return true;

		struct mtr_work *work = mtr_recollection_take(writer->recollection);

		if (!work) {
			*ret_all = true;
			return true;
		}

		const struct mtr_place_found place = mtr_sequencing_judge(&writer->txn, work);
		/* What isn't the next any more follows one that was refused without being consumed: a revoked key's. */
		const bool good = place.kind == MTR_PLACE_NEXT ? mtr_writer_change(writer, work, &place)
							       : place.kind != MTR_PLACE_UNKNOWN;

		mtr_work_free(&work);
		if (!good)
			return writer->dead ? false : mtr_writer_fail(writer, "an outbox can't be read");
	}
}

/* Whether this command would end it, were it the next one. */
static bool would_end(struct mtr_writer *writer, const struct mtr_work *work, const Mtr__Command *command)
{
	const struct mtr_decision_input input = {.txn = &writer->txn,
						 .arena = writer->arena,
						 .principal_id = work->principal_id,
						 .now = mtr_writer_now(writer),
						 .revision = mtr_writer_applied(writer) + 1};
	struct mtr_outcome outcome;

	return mtr_decide(&input, command, &outcome) == MTR_DECIDE_OK &&
	       outcome.answer->body_case != MTR__ANSWER__BODY_ERROR;
}

static bool end_by(struct mtr_writer *writer, struct mtr_work *work)
{
	struct mtr_place_found place;
	bool all = false;

	if (!decide_kept(writer, &all))
		return false;
	if (!all)
		return mtr_writer_refuse(writer, work, MTR__ERROR_CODE__ERROR_CODE_STORAGE_FULL, "", 0);
	place = mtr_sequencing_judge(&writer->txn, work);
	if (place.kind == MTR_PLACE_NEXT)
		return mtr_writer_change(writer, work, &place);
	return place.kind == MTR_PLACE_REFUSED ? mtr_writer_refuse(writer, work, place.code, place.field, place.number)
					       : mtr_writer_fail(writer, "an outbox can't be read");
}

static bool take_next(struct mtr_writer *writer, struct mtr_work *work, const struct mtr_place_found *place)
{
	const Mtr__FormerAnswer *former =
		mtr_former_proved(writer->options.receipt_key, &writer->txn, work, writer->request_arena);
	const Mtr__Command *command =
		mtr__command__unpack(mtr_arena_allocator(writer->request_arena), work->body_size, work->body);
	const int kind = command ? (int)command->body_case : MTR__COMMAND__BODY__NOT_SET;
	bool operates;

	/* It tells for which outbox not to wait. */
	if (kind == MTR__COMMAND__BODY_CLOSE_OUTBOX && place->kind == MTR_PLACE_NEXT)
		return mtr_writer_change(writer, work, place);
	operates = is_operator(writer, work);
	if (writer->txn.error)
		return mtr_writer_fail(writer, mtr_store_error_name(writer->txn.error));
	if (former || mtr_recollection_claims(writer->recollection, work))
		return keep(writer, work, former, operates);
	/* Its other commands wait with the rest, so that the one that ends it can come behind them. */
	if (operates && kind == MTR__COMMAND__BODY_END_RECONCILIATION && would_end(writer, work, command))
		return end_by(writer, work);
	return operates ? keep(writer, work, NULL, true) : refuse_reconciling(writer, work, false);
}

bool mtr_writer_recollect(struct mtr_writer *writer, struct mtr_work *work, const struct mtr_place_found *place)
{
	const uint64_t known = place->kind == MTR_PLACE_NEXT ? work->sequence - 1 : place->number - 1;
	uint64_t expected;

	switch (mtr_recollection_judge(writer->recollection, work, known, &expected)) {
	case MTR_RECOLLECTED_NEXT:
		return take_next(writer, work, place);
	case MTR_RECOLLECTED_KEPT:
		return refuse_reconciling(writer, work, true);
	case MTR_RECOLLECTED_GAP:
		return mtr_writer_refuse(writer, work, MTR__ERROR_CODE__ERROR_CODE_SEQUENCE_GAP, "sequencing.sequence",
					 expected);
	case MTR_RECOLLECTED_CONTENTS:
		return mtr_writer_refuse(writer, work, MTR__ERROR_CODE__ERROR_CODE_SEQUENCE_CONTENTS,
					 "sequencing.sequence", expected);
	case MTR_RECOLLECTED_FORKED:
		return mtr_writer_refuse(writer, work, MTR__ERROR_CODE__ERROR_CODE_OUTBOX_FORKED,
					 "sequencing.previous_hash", expected);
	}
	return mtr_writer_fail(writer, "an entry can't be judged");
}

bool mtr_writer_take_report(struct mtr_writer *writer, struct mtr_work *work)
{
	struct mtr_outbox_state outbox;

	mtr_read_outbox(&writer->txn, work->outbox, &outbox);
	if (!writer->txn.error && writer->recollection &&
	    (!outbox.principal_id || outbox.principal_id == work->principal_id))
		mtr_recollection_told(writer->recollection, work, outbox.last_sequence, work->sequence);
	mtr_work_free(&work);
	return !writer->txn.error || mtr_writer_fail(writer, mtr_store_error_name(writer->txn.error));
}

static void finish(struct mtr_writer *writer)
{
	mtr_recollection_free(&writer->recollection);
	atomic_store(&writer->missing_figure, 0);
}

void mtr_writer_reconcile_note(struct mtr_writer *writer, const Mtr__RecordHeader *header)
{
	if (!writer->recollection)
		return;
	/* One that closes another outbox is decided at once; its own is waited for no longer. */
	if (header->outbox.len)
		mtr_recollection_taken_up(writer->recollection, header->outbox.data, header->sequence);
	if (header->closed_outbox.len)
		mtr_recollection_closed(writer->recollection, header->closed_outbox.data);
	if (header->command_tag == MTR__COMMAND__BODY_END_RECONCILIATION && !header->error_code)
		finish(writer);
}

static bool record_end(struct mtr_writer *writer)
{
	char reason[] = ALL_HAVE_REPORTED;
	uint8_t bytes[sizeof reason + 16];
	Mtr__EndReconciliation end = MTR__END_RECONCILIATION__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;

	end.reason = reason;
	command.body_case = MTR__COMMAND__BODY_END_RECONCILIATION;
	command.end_reconciliation = &end;
	return mtr_writer_record_own(writer, MTR__COMMAND__BODY_END_RECONCILIATION, mtr_writer_now(writer),
				     (struct mtr_bytes){bytes, mtr__command__pack(&command, bytes)});
}

bool mtr_writer_reconcile_if_complete(struct mtr_writer *writer)
{
	uint32_t missing;
	bool all = false;

	if (writer->dead || !writer->recollection)
		return !writer->dead;
	missing = mtr_recollection_missing(writer->recollection);
	atomic_store(&writer->missing_figure, missing ? missing : 1);
	if (missing)
		return true;
	if (!decide_kept(writer, &all))
		return false;
	if (!all)
		return true;
	if (!record_end(writer) || !mtr_writer_flush(writer))
		return false;
	finish(writer);
	return true;
}
