/* What became of the entries of an outbox, and who may send them. */
#include "lock_file.h"
#include "outbox.h"
#include "outbox_layout.h"

#include <errno.h>
#include <string.h>

#define FORGET_AT_ONCE 256u
/* Left free by whoever keeps an answer, so that its entry can be marked in any case. Less than an entry leaves. */
#define MARGIN_BYTES (64u * 1024u)

struct answered {
	const struct mtr_outbox *outbox;
	const struct mtr_outbox_answer *first;
	uint64_t now;
	bool keep; /* the answers; else only that there were some */
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
	}
	return code ? code : mtr_meta_put_u64(answered->outbox, txn, "unanswered", unanswered);
}

int mtr_outbox_answered(struct mtr_outbox *outbox, const struct mtr_outbox_answer *first, uint64_t now)
{
	struct answered answered = {.outbox = outbox, .first = first, .now = now, .keep = true};
	size_t bytes = MARGIN_BYTES, rows = 0;
	int error;

	for (const struct mtr_outbox_answer *answer = first; answer; answer = answer->next, rows++)
		bytes += MTR_ANSWER_BYTES + answer->bytes.size;
	error = mtr_disk_write(outbox->disk, bytes, 2 * rows + 1, answered_body, &answered);
	if (error != MTR_CLIENT_STATE_FULL)
		return error;
	answered.keep = false;
	return mtr_disk_write(outbox->disk, 8, 1, answered_body, &answered);
}

struct attempted {
	const struct mtr_outbox *outbox;
	uint64_t sequence;
	uint32_t error_code;
};

static int attempted_body(MDB_txn *txn, void *context)
{
	const struct attempted *attempted = context;
	MDB_dbi table = mtr_disk_table(attempted->outbox->disk, MTR_DISK_ATTEMPTS);
	uint8_t number[8], bytes[MTR_ATTEMPTS_BYTES];
	MDB_val key = {sizeof number, number}, value;
	uint32_t attempts = 0;
	int code;

	mtr_store_u64(number, attempted->sequence);
	code = mdb_get(txn, table, &key, &value);
	if (!code && value.mv_size == MTR_ATTEMPTS_BYTES)
		attempts = mtr_load_u32(value.mv_data);
	else if (code != MDB_NOTFOUND)
		return code ? code : MDB_CORRUPTED;
	mtr_store_u32(bytes, attempts < UINT32_MAX ? attempts + 1 : attempts);
	mtr_store_u32(bytes + 4, attempted->error_code);
	value = (MDB_val){sizeof bytes, bytes};
	return mdb_put(txn, table, &key, &value, 0);
}

int mtr_outbox_attempted(struct mtr_outbox *outbox, uint64_t sequence, uint32_t error_code)
{
	struct attempted attempted = {outbox, sequence, error_code};

	return mtr_disk_write(outbox->disk, MTR_ATTEMPTS_BYTES, 1, attempted_body, &attempted);
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

struct forget {
	const struct mtr_outbox *outbox;
	uint64_t revision;
	uint32_t forgotten;
};

/* Drops the first row of the table if its sequence is at most `last`; MDB_NOTFOUND if there is none. */
static int drop_first(MDB_cursor *cursor, uint64_t last)
{
	MDB_val key, value;
	int code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);

	if (code)
		return code;
	if (key.mv_size != 8)
		return MDB_CORRUPTED;
	return mtr_load_u64(key.mv_data) <= last ? mdb_cursor_del(cursor, 0) : MDB_NOTFOUND;
}

/* The first answer, if it is covered, with its entry; entries before it that have no answer row are covered too. */
static int forget_one(struct forget *forget, MDB_cursor *answers, MDB_cursor *entries)
{
	MDB_val key, value;
	int code = mdb_cursor_get(answers, &key, &value, MDB_FIRST);

	if (code)
		return code;
	if (key.mv_size != 8 || value.mv_size < MTR_ANSWER_BYTES)
		return MDB_CORRUPTED;
	if (mtr_load_u64((const uint8_t *)value.mv_data + MTR_ANSWER_REVISION) > forget->revision)
		return MDB_NOTFOUND;

	uint64_t sequence = mtr_load_u64(key.mv_data);

	while (!code && forget->forgotten < FORGET_AT_ONCE) {
		code = drop_first(entries, sequence);
		if (!code)
			forget->forgotten++;
	}
	return code == MDB_NOTFOUND ? mdb_cursor_del(answers, 0) : code;
}

static int forget_body(MDB_txn *txn, void *context)
{
	struct forget *forget = context;
	const struct mtr_disk *disk = forget->outbox->disk;
	MDB_cursor *answers = NULL, *entries = NULL;
	int code = mdb_cursor_open(txn, mtr_disk_table(disk, MTR_DISK_ANSWERS), &answers);

	if (!code)
		code = mdb_cursor_open(txn, mtr_disk_table(disk, MTR_DISK_ENTRIES), &entries);
	forget->forgotten = 0;
	while (!code && forget->forgotten < FORGET_AT_ONCE)
		code = forget_one(forget, answers, entries);
	if (answers)
		mdb_cursor_close(answers);
	if (entries)
		mdb_cursor_close(entries);
	return code == MDB_NOTFOUND ? 0 : code;
}

int mtr_outbox_forget(struct mtr_outbox *outbox, uint64_t revision)
{
	struct forget forget = {.outbox = outbox, .revision = revision};
	int error;

	if (revision == 0)
		return 0;
	do
		error = mtr_disk_write(outbox->disk, FORGET_AT_ONCE * 1024, FORGET_AT_ONCE, forget_body, &forget);
	while (!error && forget.forgotten == FORGET_AT_ONCE);
	return error;
}

int mtr_outbox_lock(struct mtr_outbox *outbox, struct mtr_moment deadline)
{
	return mtr_lock_file(mtr_disk_directory(outbox->disk), "sender.lock", deadline, &outbox->lock);
}

void mtr_outbox_unlock(struct mtr_outbox *outbox)
{
	mtr_unlock_file(&outbox->lock);
}
