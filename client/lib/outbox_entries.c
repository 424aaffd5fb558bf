/* The entries of the outbox as a clerk looks at them. */
#include "client.h"
#include "matricula/outbox.h"
#include "outbox_layout.h"
#include "outcome.h"

#include <errno.h>

struct look {
	const struct mtr_outbox *outbox;
	MDB_txn *txn;
	struct mtr_arena *arena; /* of answers being compared */
	uint64_t unanswered, sent, exported, backed_up, base, former_end;
};

static int begin_look(struct look *look)
{
	int code = mtr_meta_u64(look->outbox, look->txn, "unanswered", &look->unanswered);

	if (!code)
		code = mtr_meta_number(look->outbox, look->txn, "sent", &look->sent);
	if (!code)
		code = mtr_meta_number(look->outbox, look->txn, "exported", &look->exported);
	if (!code)
		code = mtr_meta_number(look->outbox, look->txn, "backed up", &look->backed_up);
	if (!code)
		code = mtr_meta_number(look->outbox, look->txn, "base", &look->base);
	if (!code)
		code = mtr_meta_number(look->outbox, look->txn, "former end", &look->former_end);
	return code;
}

/* The row of the entry; size 0 when there is none. */
static int find(const struct look *look, enum mtr_disk_table table, uint64_t sequence, size_t least,
		struct mtr_bytes *ret_row)
{
	int code = mtr_row_find(look->outbox, look->txn, table, sequence, least, ret_row);

	if (code == MDB_NOTFOUND)
		*ret_row = (struct mtr_bytes){0};
	return code == MDB_NOTFOUND ? 0 : code;
}

static int fill_former(const struct look *look, struct mtr_client_entry *entry)
{
	struct mtr_outbox_former former;
	struct mtr_bytes row = {0};
	int code = entry->sequence < look->former_end
			   ? find(look, MTR_DISK_FORMER, entry->sequence, MTR_FORMER_ANSWER, &row)
			   : 0;

	if (code || !mtr_outbox_read_former(row, &former))
		return code;
	entry->again = true;
	entry->former_revision = former.revision;
	entry->former_answer = former.answer.data;
	entry->former_answer_size = former.answer.size;
	return 0;
}

static int fill_waiting(const struct look *look, struct mtr_client_entry *entry)
{
	struct mtr_bytes row;
	int code = find(look, MTR_DISK_ATTEMPTS, entry->sequence, MTR_ATTEMPTS_BYTES, &row);

	entry->state = entry->sequence < look->sent       ? MTR_CLIENT_ENTRY_SENT
		       : entry->sequence < look->exported ? MTR_CLIENT_ENTRY_EXPORTED
							  : MTR_CLIENT_ENTRY_QUEUED;
	if (code || row.size == 0)
		return code;
	entry->attempts = mtr_load_u32(row.data);
	entry->last_code = mtr_load_u32(row.data + MTR_ATTEMPTS_CODE);
	entry->tried_at = mtr_load_u64(row.data + MTR_ATTEMPTS_TIME);
	entry->last_error = (int)mtr_load_u32(row.data + MTR_ATTEMPTS_ERROR);
	return 0;
}

/* What stands among the refusals may have been done this time, and refused before a restore. */
static int fill_refused(const struct look *look, struct mtr_bytes answer, struct mtr_client_entry *entry)
{
	const struct mtr_bytes former = {entry->former_answer, entry->former_answer_size};
	bool refusal = true;
	int code = 0;

	if (former.size && answer.size)
		code = mtr_outcomes_differ(look->arena, former, answer, &entry->diverged);
	if (!code && entry->diverged)
		code = mtr_outcome_is_refusal(look->arena, answer, &refusal);
	entry->state = refusal ? MTR_CLIENT_ENTRY_REFUSED : MTR_CLIENT_ENTRY_DONE;
	return code;
}

static int fill_answered(const struct look *look, struct mtr_client_entry *entry)
{
	struct mtr_bytes answer, refusal;
	int code = find(look, MTR_DISK_ANSWERS, entry->sequence, MTR_ANSWER_BYTES, &answer);

	if (!code)
		code = find(look, MTR_DISK_REFUSALS, entry->sequence, 8, &refusal);
	if (code)
		return code;
	if (answer.size) {
		entry->answered_at = mtr_load_u64(answer.data);
		entry->revision = mtr_load_u64(answer.data + MTR_ANSWER_REVISION);
		entry->answer = answer.data + MTR_ANSWER_BYTES;
		entry->answer_size = answer.size - MTR_ANSWER_BYTES;
		entry->backed_up = entry->revision <= look->backed_up;
	}
	entry->state = MTR_CLIENT_ENTRY_DONE;
	if (refusal.size == 0)
		return 0;
	entry->dismissed_at = mtr_load_u64(refusal.data);
	return fill_refused(look, (struct mtr_bytes){entry->answer, entry->answer_size}, entry);
}

static int show(const struct look *look, MDB_val key, MDB_val value, mtr_client_entry_fn each, void *context, bool *on)
{
	struct mtr_outbox_entry row;
	struct mtr_client_entry entry = {0};
	int code;

	if (!mtr_outbox_read_entry(key, value, look->base, &row))
		return MDB_CORRUPTED;
	entry.sequence = row.sequence;
	entry.enqueued_at = row.enqueued_at;
	entry.command = row.command.data;
	entry.command_size = row.command.size;
	code = fill_former(look, &entry);
	if (!code)
		code = entry.sequence < look->unanswered ? fill_answered(look, &entry) : fill_waiting(look, &entry);
	if (!code)
		*on = each(context, &entry);
	return code;
}

static int walk(struct look *look, uint64_t from, mtr_client_entry_fn each, void *context)
{
	uint8_t number[8];
	MDB_val key = {sizeof number, number}, value;
	MDB_cursor *cursor;
	bool on = true;
	int code = begin_look(look);

	mtr_store_u64(number, from);
	if (!code)
		code = mdb_cursor_open(look->txn, mtr_disk_table(look->outbox->disk, MTR_DISK_ENTRIES), &cursor);
	if (code)
		return code;
	code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
	while (!code) {
		code = show(look, key, value, each, context, &on);
		if (!on)
			break;
		if (!code)
			code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
	}
	mdb_cursor_close(cursor);
	return code == MDB_NOTFOUND ? 0 : code;
}

int mtr_client_outbox_each(struct mtr_client *client, uint64_t from, mtr_client_entry_fn each, void *context)
{
	struct look look = {.outbox = client->outbox};
	int code, error;

	if (!client->outbox || !each)
		return MTR_CLIENT_USAGE;
	look.arena = mtr_arena_new(MTR_ANSWER_ARENA);
	if (!look.arena)
		return MTR_CLIENT_MEMORY;
	error = mtr_disk_read(client->outbox->disk, &look.txn);
	if (!error) {
		code = walk(&look, from, each, context);
		mdb_txn_abort(look.txn);
		error = mtr_disk_error(code);
	}
	mtr_arena_free(&look.arena);
	return error;
}

/* Refusals nobody has dealt with. */
static int count_refused(const struct look *look, uint64_t *ret_count)
{
	MDB_val key, value;
	MDB_cursor *cursor;
	uint64_t count = 0;
	int code = mdb_cursor_open(look->txn, mtr_disk_table(look->outbox->disk, MTR_DISK_REFUSALS), &cursor);

	if (code)
		return code;
	code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
	while (!code && value.mv_size == 8) {
		count += mtr_load_u64(value.mv_data) == 0;
		code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
	}
	mdb_cursor_close(cursor);
	if (code != MDB_NOTFOUND)
		return code ? code : MDB_CORRUPTED;
	*ret_count = count;
	return 0;
}

static int summarise(struct look *look, struct mtr_client_outbox_summary *summary)
{
	const uint8_t *lost;
	uint64_t next;
	MDB_stat entries;
	int code = begin_look(look);

	if (!code)
		code = mtr_meta_u64(look->outbox, look->txn, "next", &next);
	if (!code)
		code = mdb_stat(look->txn, mtr_disk_table(look->outbox->disk, MTR_DISK_ENTRIES), &entries);
	if (!code)
		code = count_refused(look, &summary->refused);
	if (code)
		return code;
	summary->entries = entries.ms_entries;
	summary->unanswered = next - look->unanswered;
	summary->backed_up_revision = look->backed_up;
	summary->again = look->former_end > look->unanswered ? look->former_end - look->unanswered : 0;
	code = mtr_meta_sized(look->outbox, look->txn, "lost", 16, &lost);
	if (!code) {
		summary->lost_from = mtr_load_u64(lost);
		summary->lost_to = mtr_load_u64(lost + 8);
	}
	return code == MDB_NOTFOUND ? 0 : code;
}

int mtr_client_outbox_summary(struct mtr_client *client, struct mtr_client_outbox_summary *ret_summary)
{
	struct mtr_client_outbox_summary summary = {0};
	struct look look = {.outbox = client->outbox};
	int code, error;

	if (!client->outbox || !ret_summary)
		return MTR_CLIENT_USAGE;
	error = mtr_disk_read(client->outbox->disk, &look.txn);
	if (error)
		return error;
	code = summarise(&look, &summary);
	mdb_txn_abort(look.txn);
	if (!code)
		*ret_summary = summary;
	return mtr_disk_error(code);
}

struct dismissal {
	const struct mtr_outbox *outbox;
	const uint64_t *sequences;
	size_t count;
	uint64_t now;
	bool missing;
};

static int dismiss_body(MDB_txn *txn, void *context)
{
	struct dismissal *dismissal = context;
	MDB_dbi table = mtr_disk_table(dismissal->outbox->disk, MTR_DISK_REFUSALS);
	uint8_t number[8], time[8];
	int code = 0;

	mtr_store_u64(time, dismissal->now);
	for (size_t i = 0; !code && i < dismissal->count; i++) {
		MDB_val key = {sizeof number, number}, value;

		mtr_store_u64(number, dismissal->sequences[i]);
		code = mdb_get(txn, table, &key, &value);
		value = (MDB_val){sizeof time, time};
		if (!code)
			code = mdb_put(txn, table, &key, &value, 0);
	}
	dismissal->missing = code == MDB_NOTFOUND;
	return dismissal->missing ? ECANCELED : code;
}

int mtr_client_outbox_dismiss(struct mtr_client *client, const uint64_t *sequences, size_t count)
{
	struct dismissal dismissal = {
		.outbox = client->outbox, .sequences = sequences, .count = count, .now = mtr_time_of_day()};
	int error;

	if (!client->outbox || (count && !sequences))
		return MTR_CLIENT_USAGE;
	error = mtr_disk_write(client->outbox->disk, count * 8, count, dismiss_body, &dismissal);
	return dismissal.missing ? MTR_CLIENT_NO_ENTRY : error;
}
