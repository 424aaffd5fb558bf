#include "writer/former.h"
#include "writer/judgement.h"
#include "writer/sequencing.h"
#include "writer/state.h"

#include <string.h>
#include <time.h>

static uint64_t wall_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

/* The register's time never goes back, whatever the clock does. */
uint64_t mtr_writer_now(const struct mtr_writer *writer)
{
	uint64_t now = writer->options.now_ms ? writer->options.now_ms(writer->options.context) : wall_clock_ms();

	return now > writer->at ? now : writer->at;
}

static bool fill_answer(struct mtr_writer *writer, struct mtr_work *work, struct mtr_bytes packed)
{
	if (!packed.data || !mtr_work_answer(work, packed.data, packed.size))
		return mtr_writer_fail(writer, "no memory");
	return true;
}

/* Either pends the work or, when that failed, frees it. */
static bool finish(struct mtr_writer *writer, struct mtr_work *work, bool answered)
{
	if (answered)
		mtr_writer_pend(writer, work);
	else
		mtr_work_free(&work);
	return answered;
}

bool mtr_writer_refuse(struct mtr_writer *writer, struct mtr_work *work, Mtr__ErrorCode code, const char *field,
		       uint64_t number)
{
	const Mtr__Answer *answer = mtr_answer_error(writer->arena, code, field, number);

	atomic_fetch_add(&writer->refused, 1);
	return answer ? fill_answer(writer, work, mtr_pack_answer(writer->arena, answer))
		      : mtr_writer_fail(writer, "no memory");
}

static bool decide(struct mtr_writer *writer, const struct mtr_work *work, struct mtr_judgement *judgement)
{
	const struct mtr_decision_input input = {
		.txn = &writer->txn,
		.arena = writer->arena,
		.principal_id = work->principal_id,
		.now = mtr_writer_now(writer),
		.revision = mtr_writer_applied(writer) + 1,
		.former = mtr_former_proved(writer->options.receipt_key, &writer->txn, work, writer->request_arena)};
	const struct mtr_bytes body = {work->body, work->body_size};

	switch (mtr_judge(&input, writer->request_arena, body, judgement)) {
	case MTR_DECIDE_OK:
		return true;
	case MTR_DECIDE_STORE_ERROR:
		return mtr_writer_fail(writer, mtr_store_error_name(writer->txn.error));
	case MTR_DECIDE_MEMORY:
		break;
	}
	return mtr_writer_fail(writer, "no memory");
}

static bool do_dry_run(struct mtr_writer *writer, struct mtr_work *work)
{
	struct mtr_judgement judgement;

	if (!decide(writer, work, &judgement)) {
		mtr_work_free(&work);
		return false;
	}
	judgement.outcome.answer->revision = 0;
	if (!fill_answer(writer, work, mtr_pack_answer(writer->arena, judgement.outcome.answer))) {
		mtr_work_free(&work);
		return false;
	}
	writer->options.reply(writer->options.context, work);
	return true;
}

static bool repeat(struct mtr_writer *writer, struct mtr_work *work, uint64_t revision)
{
	struct mtr_bytes answer;

	work->repeated_answer = true;
	work->revision = revision;
	if (mtr_answers_find(writer->answers, revision, &answer))
		return fill_answer(writer, work, answer);
	if (revision > writer->gather.batch.before.revision && !mtr_writer_flush(writer))
		return false;
	if (mtr_answers_fetch(writer->answers, writer->options.engine, revision) < 0 ||
	    !mtr_answers_find(writer->answers, revision, &answer))
		return mtr_writer_fail(writer, "the journal can't be read");
	return fill_answer(writer, work, answer);
}

/* Puts a decided command into the batch and the open transaction. */
static bool record(struct mtr_writer *writer, struct mtr_work *work, const struct mtr_place_found *found,
		   struct mtr_judgement *judgement)
{
	const struct mtr_entry_place place = {work->outbox, work->sequence, found->first_unacknowledged,
					      found->entry_hash};
	const struct mtr_bytes body = {work->body, work->body_size};
	const struct mtr_outcome *outcome = &judgement->outcome;
	Mtr__RecordHeader header;
	struct mtr_entry entry;

	if (mtr_judgement_record(writer->arena, judgement, &place, body, &header, &entry) < 0)
		return mtr_writer_fail(writer, "no memory");
	mtr_gather_add(&writer->gather, entry.record.data, entry.record.size, entry.digest);
	mtr_apply(&writer->txn, &header, outcome->effects, outcome->effect_count, writer->gather.batch.after.chain);
	if (writer->txn.error)
		return mtr_writer_fail(writer, mtr_store_error_name(writer->txn.error));
	writer->at = header.at;
	work->revision = header.revision;
	mtr_writer_reconcile_note(writer, &header);
	mtr_answers_keep(writer->answers, header.revision, entry.answer);
	return mtr_writer_note_changes(writer, outcome, header.revision) && fill_answer(writer, work, entry.answer);
}

bool mtr_writer_change(struct mtr_writer *writer, struct mtr_work *work, const struct mtr_place_found *place)
{
	struct mtr_judgement judgement;

	if (!writer->room_checked && (!mtr_writer_check_room(writer) || !mtr_writer_begin(writer)))
		return false;
	if (!writer->has_room)
		return mtr_writer_refuse(writer, work, MTR__ERROR_CODE__ERROR_CODE_STORAGE_FULL, "", 0);
	if (!decide(writer, work, &judgement))
		return false;
	if (mtr_outcome_error(&judgement.outcome) != MTR__ERROR_CODE__ERROR_CODE_NONE)
		atomic_fetch_add(&writer->refused, 1);
	if (judgement.outcome.consumes)
		return record(writer, work, place, &judgement);
	judgement.outcome.answer->revision = 0;
	return fill_answer(writer, work, mtr_pack_answer(writer->arena, judgement.outcome.answer));
}

static bool do_command(struct mtr_writer *writer, struct mtr_work *work)
{
	struct mtr_place_found place = mtr_sequencing_judge(&writer->txn, work);
	bool answered = false;

	atomic_fetch_add(&writer->commands, 1);
	memcpy(work->entry_hash, place.entry_hash, MTR_HASH_BYTES);
	if (writer->recollection && mtr_writer_is_beyond(&place))
		return finish(writer, work, mtr_writer_recollect(writer, work, &place));
	switch (place.kind) {
	case MTR_PLACE_NEXT:
		answered = mtr_writer_change(writer, work, &place);
		break;
	case MTR_PLACE_REPEATED:
		answered = repeat(writer, work, place.revision);
		break;
	case MTR_PLACE_REFUSED:
		answered = mtr_writer_refuse(writer, work, place.code, place.field, place.number);
		break;
	case MTR_PLACE_UNKNOWN:
		mtr_writer_fail(writer, "an outbox can't be read");
		break;
	}
	return finish(writer, work, answered);
}

bool mtr_writer_prepare(struct mtr_writer *writer)
{
	bool full = !mtr_gather_has_room(&writer->gather);

	mtr_arena_reset(writer->arena);
	mtr_arena_reset(writer->request_arena);
	return (!full || (mtr_writer_flush(writer) && mtr_writer_commit_if_due(writer))) && mtr_writer_begin(writer);
}

bool mtr_writer_do(struct mtr_writer *writer, struct mtr_work *work)
{
	if (!mtr_writer_prepare(writer)) {
		mtr_work_free(&work);
		return false;
	}
	if (work->reports)
		return mtr_writer_take_report(writer, work);
	return work->dry_run ? do_dry_run(writer, work) : do_command(writer, work);
}
