/* What became of the entries of an outbox, and who may send them. */
#include "client.h"
#include "lock_file.h"
#include "outbox_layout.h"
#include "outcome.h"

#include <errno.h>
#include <string.h>

/* Left free by whoever keeps an answer, so that its entry can be marked in any case. Less than an entry leaves. */
#define MARGIN_BYTES (64u * 1024u)

struct answered {
	const struct mtr_outbox *outbox;
	const struct mtr_outbox_answer *first;
	uint64_t now;
	bool keep;               /* the answers; else only that there were some */
	struct mtr_arena *arena; /* of answers being compared */
};

static int put_answer(const struct answered *answered, MDB_txn *txn, const struct mtr_outbox_answer *answer)
{
	const struct mtr_disk *disk = answered->outbox->disk;
	uint8_t number[8];
	MDB_val key = {sizeof number, number}, value = {MTR_ANSWER_BYTES + answer->bytes.size, NULL};
	int code;

	mtr_store_u64(number, answer->sequence);
	code = mdb_put(txn, mtr_disk_table(disk, MTR_DISK_ANSWERS), &key, &value, MDB_RESERVE);
	if (code)
		return code;

	uint8_t *at = value.mv_data;

	mtr_store_u64(at, answered->now);
	mtr_store_u64(at + MTR_ANSWER_REVISION, answer->revision);
	if (answer->bytes.size)
		memcpy(at + MTR_ANSWER_BYTES, answer->bytes.data, answer->bytes.size);
	code = mdb_del(txn, mtr_disk_table(disk, MTR_DISK_ATTEMPTS), &key, NULL);
	return code == MDB_NOTFOUND ? 0 : code;
}

static int put_row(const struct answered *answered, MDB_txn *txn, enum mtr_disk_table table, uint64_t sequence,
		   struct mtr_bytes bytes, unsigned flags)
{
	uint8_t number[8];
	MDB_val key = {sizeof number, number}, value = {bytes.size, (void *)(uintptr_t)bytes.data};

	mtr_store_u64(number, sequence);
	return mdb_put(txn, mtr_disk_table(answered->outbox->disk, table), &key, &value, flags);
}

/* Whether the entry was answered otherwise before the register was restored. */
static int has_diverged(const struct answered *answered, MDB_txn *txn, const struct mtr_outbox_answer *answer,
			bool *ret_diverged)
{
	struct mtr_outbox_former former;
	struct mtr_bytes row;
	int code = mtr_row_find(answered->outbox, txn, MTR_DISK_FORMER, answer->sequence, MTR_FORMER_ANSWER, &row);

	*ret_diverged = false;
	if (code || !mtr_outbox_read_former(row, &former) || former.answer.size == 0)
		return code == MDB_NOTFOUND ? 0 : code;
	return mtr_outcomes_differ(answered->arena, former.answer, answer->bytes, ret_diverged);
}

/* What a clerk has dealt with stays so when it is refused once more after a restore. */
static int put_refusal(const struct answered *answered, MDB_txn *txn, const struct mtr_outbox_answer *answer)
{
	static const uint8_t open[8];
	bool diverged;
	int code = has_diverged(answered, txn, answer, &diverged);

	if (code)
		return code;
	if (!answer->refused && !diverged)
		return mtr_row_drop(answered->outbox, txn, MTR_DISK_REFUSALS, answer->sequence);
	code = put_row(answered, txn, MTR_DISK_REFUSALS, answer->sequence, (struct mtr_bytes){open, sizeof open},
		       diverged ? 0 : MDB_NOOVERWRITE);
	return code == MDB_KEYEXIST ? 0 : code;
}

static int put_receipt(const struct answered *answered, MDB_txn *txn, const struct mtr_outbox_answer *answer)
{
	if (!answer->receipt)
		return 0;
	return put_row(answered, txn, MTR_DISK_RECEIPTS, answer->sequence,
		       (struct mtr_bytes){answer->receipt, MTR_RECEIPT_BYTES}, 0);
}

static int answered_body(MDB_txn *txn, void *context)
{
	const struct answered *answered = context;
	uint64_t unanswered;
	int code = mtr_meta_u64(answered->outbox, txn, "unanswered", &unanswered);

	for (const struct mtr_outbox_answer *answer = answered->first; !code && answer; answer = answer->next) {
		if (answer->sequence != unanswered++)
			return MDB_CORRUPTED;
		if (answered->keep)
			code = put_answer(answered, txn, answer);
		if (!code && answered->keep)
			code = put_receipt(answered, txn, answer);
		if (!code && answered->keep)
			code = put_refusal(answered, txn, answer);
	}
	return code ? code : mtr_meta_put_u64(answered->outbox, txn, "unanswered", unanswered);
}

static int mark(struct mtr_outbox *outbox, struct answered *answered)
{
	size_t bytes = MARGIN_BYTES, rows = 0;
	int error;

	for (const struct mtr_outbox_answer *answer = answered->first; answer; answer = answer->next, rows++)
		bytes += MTR_ANSWER_BYTES + MTR_RECEIPT_BYTES + answer->bytes.size;
	error = mtr_disk_write(outbox->disk, bytes, 4 * rows + 1, answered_body, answered);
	if (error != MTR_CLIENT_STATE_FULL)
		return error;
	answered->keep = false;
	return mtr_disk_write(outbox->disk, 8, 1, answered_body, answered);
}

int mtr_outbox_answered(struct mtr_outbox *outbox, const struct mtr_outbox_answer *first, uint64_t now)
{
	struct answered answered = {
		.outbox = outbox,
		.first = first,
		.now = now,
		.keep = true,
		.arena = mtr_arena_new(MTR_ANSWER_ARENA),
	};
	int error = answered.arena ? mark(outbox, &answered) : MTR_CLIENT_MEMORY;

	mtr_arena_free(&answered.arena);
	return error;
}

struct halt {
	const struct mtr_outbox *outbox;
	struct mtr_bytes answer;
};

static int halt_body(MDB_txn *txn, void *context)
{
	const struct halt *halt = context;

	return mtr_meta_put(halt->outbox, txn, "halted", halt->answer);
}

int mtr_outbox_halt(struct mtr_outbox *outbox, struct mtr_bytes answer)
{
	struct halt halt = {outbox, answer};

	return mtr_disk_write(outbox->disk, answer.size, 1, halt_body, &halt);
}

int mtr_outbox_halt_answer(struct mtr_outbox *outbox, struct mtr_arena *arena, struct mtr_bytes *ret_answer)
{
	struct mtr_bytes value = {0};
	MDB_txn *txn;
	int code, error = mtr_disk_read(outbox->disk, &txn);

	if (error)
		return error;
	code = mtr_meta_bytes(outbox, txn, "halted", &value);
	if (!code) {
		value.data = mtr_arena_copy(arena, value.data, value.size);
		if (!value.data)
			code = ENOMEM;
	}
	mdb_txn_abort(txn);
	if (code && code != MDB_NOTFOUND)
		return mtr_disk_error(code);
	*ret_answer = value;
	return 0;
}

int mtr_outbox_lock(struct mtr_outbox *outbox, struct mtr_moment deadline)
{
	return mtr_lock_file(mtr_disk_directory(outbox->disk), "sender.lock", deadline, &outbox->lock);
}

void mtr_outbox_unlock(struct mtr_outbox *outbox)
{
	mtr_unlock_file(&outbox->lock);
}
