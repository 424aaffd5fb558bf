/* Letting go of entries that the register can't lose any more. */
#include "outbox_layout.h"

#define FORGET_AT_ONCE 256u

struct forget {
	const struct mtr_outbox *outbox;
	uint64_t revision;
	uint64_t begin; /* of this transaction: what lies below has been looked at */
	uint64_t from;  /* of the next */
	uint32_t forgotten;
};

static MDB_dbi table(const struct forget *forget, enum mtr_disk_table which)
{
	return mtr_disk_table(forget->outbox->disk, which);
}

/* The sequence of the first row at or behind `from`. */
static int find(MDB_cursor *cursor, uint64_t from, uint64_t *ret_sequence, MDB_val *ret_value)
{
	uint8_t number[8];
	MDB_val key = {sizeof number, number};
	int code;

	mtr_store_u64(number, from);
	code = mdb_cursor_get(cursor, &key, ret_value, MDB_SET_RANGE);
	if (!code && key.mv_size != 8)
		code = MDB_CORRUPTED;
	if (!code)
		*ret_sequence = mtr_load_u64(key.mv_data);
	return code;
}

/* Whether the entry was refused, or answered otherwise after a restore, and the clerk hasn't dealt with it. */
static int is_open_refusal(const struct forget *forget, MDB_txn *txn, uint64_t sequence, bool *ret_open)
{
	uint8_t number[8];
	MDB_val key = {sizeof number, number}, value;
	int code;

	mtr_store_u64(number, sequence);
	code = mdb_get(txn, table(forget, MTR_DISK_REFUSALS), &key, &value);
	if (code && code != MDB_NOTFOUND)
		return code;
	if (!code && value.mv_size != 8)
		return MDB_CORRUPTED;
	*ret_open = !code && mtr_load_u64(value.mv_data) == 0;
	return 0;
}

/* Entries up to `sequence`, whose answers weren't kept for want of room. */
static int drop_unkept(struct forget *forget, MDB_cursor *entries, uint64_t sequence)
{
	uint64_t found;
	MDB_val value;
	int code = find(entries, forget->from, &found, &value);

	while (!code && found < sequence && forget->forgotten < FORGET_AT_ONCE) {
		code = mdb_cursor_del(entries, 0);
		forget->forgotten++;
		if (!code)
			code = find(entries, forget->from, &found, &value);
	}
	return code == MDB_NOTFOUND ? 0 : code;
}

static int drop_answered(struct forget *forget, MDB_txn *txn, uint64_t sequence)
{
	static const enum mtr_disk_table tables[] = {MTR_DISK_ENTRIES, MTR_DISK_ANSWERS, MTR_DISK_REFUSALS,
						     MTR_DISK_RECEIPTS, MTR_DISK_FORMER};
	bool open;
	int code = is_open_refusal(forget, txn, sequence, &open);

	if (code || open)
		return code;
	for (size_t i = 0; !code && i < sizeof tables / sizeof *tables; i++)
		code = mtr_row_drop(forget->outbox, txn, tables[i], sequence);
	forget->forgotten++;
	return code;
}

/* The next answer, if it is covered, and what lies before it; else MDB_NOTFOUND. */
static int forget_one(struct forget *forget, MDB_txn *txn, MDB_cursor *answers, MDB_cursor *entries)
{
	uint64_t sequence;
	MDB_val value;
	int code = find(answers, forget->from, &sequence, &value);

	if (!code && value.mv_size < MTR_ANSWER_BYTES)
		code = MDB_CORRUPTED;
	if (code)
		return code;
	if (mtr_load_u64((const uint8_t *)value.mv_data + MTR_ANSWER_REVISION) > forget->revision)
		return MDB_NOTFOUND;
	code = drop_unkept(forget, entries, sequence);
	if (code || forget->forgotten == FORGET_AT_ONCE)
		return code;
	forget->from = sequence + 1;
	return drop_answered(forget, txn, sequence);
}

static int forget_body(MDB_txn *txn, void *context)
{
	struct forget *forget = context;
	MDB_cursor *answers = NULL, *entries = NULL;
	int code = mdb_cursor_open(txn, table(forget, MTR_DISK_ANSWERS), &answers);

	if (!code)
		code = mdb_cursor_open(txn, table(forget, MTR_DISK_ENTRIES), &entries);
	if (!code)
		code = mtr_meta_raise(forget->outbox, txn, "backed up", forget->revision);
	forget->forgotten = 0;
	forget->from = forget->begin;
	while (!code && forget->forgotten < FORGET_AT_ONCE)
		code = forget_one(forget, txn, answers, entries);
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
	do {
		forget.begin = forget.from;
		error = mtr_disk_write(outbox->disk, FORGET_AT_ONCE * 1024, FORGET_AT_ONCE, forget_body, &forget);
	} while (!error && forget.forgotten == FORGET_AT_ONCE);
	return error;
}
