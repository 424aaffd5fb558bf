/* What becomes of an outbox when the register was restored from a backup. */
#include "contract/entry_hash.h"
#include "matricula/v1/commands.pb-c.h"
#include "outbox_layout.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* Left free by whoever adds an entry; what is rewritten here takes the place of what was there. */
#define MARGIN_BYTES (64u * 1024u)
#define COMMAND_BYTES 64u

struct adopt {
	const struct mtr_outbox *outbox;
	const struct mtr_outbox_adoption *adoption;
	struct mtr_outbox_state state;
	uint64_t from;                /* the first entry that the register has lost */
	uint64_t gone;                /* the last of these that isn't here either; 0: all are */
	uint8_t id[MTR_OUTBOX_BYTES]; /* of an outbox that begins anew */
};

static MDB_dbi table(const struct adopt *adopt, enum mtr_disk_table which)
{
	return mtr_disk_table(adopt->outbox->disk, which);
}

static int put(const struct adopt *adopt, MDB_txn *txn, enum mtr_disk_table which, uint64_t sequence,
	       struct mtr_bytes bytes)
{
	uint8_t number[8];
	MDB_val key = {sizeof number, number}, value = {bytes.size, (void *)(uintptr_t)bytes.data};

	mtr_store_u64(number, sequence);
	return mdb_put(txn, table(adopt, which), &key, &value, 0);
}

static int find(const struct adopt *adopt, MDB_txn *txn, enum mtr_disk_table which, uint64_t sequence, size_t least,
		struct mtr_bytes *ret_row)
{
	return mtr_row_find(adopt->outbox, txn, which, sequence, least, ret_row);
}

static int find_gap(struct adopt *adopt, MDB_txn *txn)
{
	struct mtr_bytes row;

	for (uint64_t sequence = adopt->state.first_unanswered; sequence > adopt->from; sequence--) {
		int code = find(adopt, txn, MTR_DISK_ENTRIES, sequence - 1, MTR_ENTRY_COMMAND, &row);

		if (code == MDB_NOTFOUND)
			adopt->gone = sequence - 1;
		if (code)
			return code == MDB_NOTFOUND ? 0 : code;
	}
	return 0;
}

/* The answer becomes the former one, with what proves it and where the entry lay when it came. */
static int make_former(const struct adopt *adopt, MDB_txn *txn, uint64_t sequence)
{
	struct mtr_bytes entry, answer = {0}, receipt = {0};
	int code = find(adopt, txn, MTR_DISK_ENTRIES, sequence, MTR_ENTRY_COMMAND, &entry);

	if (!code)
		code = find(adopt, txn, MTR_DISK_ANSWERS, sequence, MTR_ANSWER_BYTES, &answer);
	if (!code)
		code = find(adopt, txn, MTR_DISK_RECEIPTS, sequence, MTR_RECEIPT_BYTES, &receipt);
	if (code && code != MDB_NOTFOUND)
		return code;

	const size_t kept = answer.size ? answer.size - MTR_ANSWER_BYTES : 0, size = MTR_FORMER_ANSWER + kept;
	uint8_t *row = calloc(1, size);

	if (!row)
		return ENOMEM;
	memcpy(row, adopt->state.id, MTR_OUTBOX_BYTES);
	mtr_store_u64(row + MTR_FORMER_SEQUENCE, sequence - adopt->state.base);
	memcpy(row + MTR_FORMER_PREVIOUS, entry.data + MTR_ENTRY_PREVIOUS, MTR_HASH_BYTES);
	if (answer.size)
		mtr_store_u64(row + MTR_FORMER_REVISION, mtr_load_u64(answer.data + MTR_ANSWER_REVISION));
	if (receipt.size)
		memcpy(row + MTR_FORMER_RECEIPT, receipt.data, MTR_RECEIPT_BYTES);
	if (kept)
		memcpy(row + MTR_FORMER_ANSWER, answer.data + MTR_ANSWER_BYTES, kept);
	code = put(adopt, txn, MTR_DISK_FORMER, sequence, (struct mtr_bytes){row, size});
	free(row);
	if (!code)
		code = mtr_row_drop(adopt->outbox, txn, MTR_DISK_ANSWERS, sequence);
	return code ? code : mtr_row_drop(adopt->outbox, txn, MTR_DISK_RECEIPTS, sequence);
}

static int write_entry(const struct adopt *adopt, MDB_txn *txn, uint64_t sequence, uint64_t enqueued_at,
		       struct mtr_bytes command, uint8_t hash[MTR_HASH_BYTES])
{
	const size_t size = MTR_ENTRY_COMMAND + command.size;
	uint8_t *row = malloc(size);
	int code;

	if (!row)
		return ENOMEM;
	mtr_store_u64(row, enqueued_at);
	memcpy(row + MTR_ENTRY_PREVIOUS, hash, MTR_HASH_BYTES);
	mtr_entry_hash(row + MTR_ENTRY_PREVIOUS, sequence - adopt->gone + 1, command, hash);
	memcpy(row + MTR_ENTRY_HASH, hash, MTR_HASH_BYTES);
	if (command.size)
		memcpy(row + MTR_ENTRY_COMMAND, command.data, command.size);
	code = put(adopt, txn, MTR_DISK_ENTRIES, sequence, (struct mtr_bytes){row, size});
	free(row);
	return code;
}

static struct mtr_bytes pack_closing(const struct adopt *adopt, uint8_t bytes[COMMAND_BYTES])
{
	Mtr__CloseOutbox close = MTR__CLOSE_OUTBOX__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;

	close.outbox = (ProtobufCBinaryData){MTR_OUTBOX_BYTES, (uint8_t *)(uintptr_t)adopt->state.id};
	close.lost_from = adopt->from - adopt->state.base;
	close.lost_to = adopt->gone - adopt->state.base;
	command.written_at = adopt->adoption->now;
	command.body_case = MTR__COMMAND__BODY_CLOSE_OUTBOX;
	command.close_outbox = &close;
	return (struct mtr_bytes){bytes, mtr__command__pack(&command, bytes)};
}

/* Entries that are still here follow one another from the closing one on. */
static int renumber(const struct adopt *adopt, MDB_txn *txn, uint8_t hash[MTR_HASH_BYTES])
{
	uint8_t command[COMMAND_BYTES];
	struct mtr_bytes row;
	int code = write_entry(adopt, txn, adopt->gone, adopt->adoption->now, pack_closing(adopt, command), hash);

	for (uint64_t sequence = adopt->gone + 1; !code && sequence < adopt->state.next; sequence++) {
		code = find(adopt, txn, MTR_DISK_ENTRIES, sequence, MTR_ENTRY_COMMAND, &row);
		if (code)
			return code == MDB_NOTFOUND ? MDB_CORRUPTED : code;

		const struct mtr_bytes own = {row.data + MTR_ENTRY_COMMAND, row.size - MTR_ENTRY_COMMAND};

		code = write_entry(adopt, txn, sequence, mtr_load_u64(row.data), own, hash);
	}
	return code;
}

static int begin_anew(const struct adopt *adopt, MDB_txn *txn)
{
	const struct mtr_outbox *outbox = adopt->outbox;
	uint8_t hash[MTR_HASH_BYTES] = {0}, lost[16];
	int code = renumber(adopt, txn, hash);

	mtr_store_u64(lost, adopt->from);
	mtr_store_u64(lost + 8, adopt->gone);
	if (!code)
		code = mtr_meta_put(outbox, txn, "outbox", (struct mtr_bytes){adopt->id, MTR_OUTBOX_BYTES});
	if (!code)
		code = mtr_meta_put(outbox, txn, "hash", (struct mtr_bytes){hash, sizeof hash});
	if (!code)
		code = mtr_meta_put_u64(outbox, txn, "base", adopt->gone - 1);
	return code ? code : mtr_meta_put(outbox, txn, "lost", (struct mtr_bytes){lost, sizeof lost});
}

/* Nothing that is lost counts as answered any more. */
static int take_back(struct adopt *adopt, MDB_txn *txn)
{
	const uint64_t end = adopt->state.first_unanswered;
	int code = find_gap(adopt, txn);
	uint64_t first;

	for (uint64_t sequence = adopt->gone ? adopt->gone + 1 : adopt->from; !code && sequence < end; sequence++)
		code = make_former(adopt, txn, sequence);
	if (!code && adopt->gone)
		code = begin_anew(adopt, txn);
	if (code)
		return code;
	first = adopt->gone ? adopt->gone : adopt->from;
	code = mtr_meta_put_u64(adopt->outbox, txn, "unanswered", first);
	return code ? code : mtr_meta_raise(adopt->outbox, txn, "former end", end);
}

static int note_incarnation(const struct adopt *adopt, MDB_txn *txn)
{
	const struct mtr_outbox_adoption *adoption = adopt->adoption;
	struct mtr_bytes before = {0};
	uint64_t backed_up;
	uint8_t *list;
	int code = mtr_meta_bytes(adopt->outbox, txn, "incarnations", &before);

	if (code && code != MDB_NOTFOUND)
		return code;
	list = malloc(before.size + 8);
	if (!list)
		return ENOMEM;
	if (before.size)
		memcpy(list, before.data, before.size);
	mtr_store_u64(list + before.size, adoption->incarnation);
	code = mtr_meta_put(adopt->outbox, txn, "incarnations", (struct mtr_bytes){list, before.size + 8});
	free(list);
	if (!code)
		code = mtr_meta_put_u64(adopt->outbox, txn, "stated at", adoption->stated_at);
	if (!code)
		code = mtr_meta_number(adopt->outbox, txn, "backed up", &backed_up);
	if (!code && backed_up > adoption->fork_revision)
		code = mtr_meta_put_u64(adopt->outbox, txn, "backed up", adoption->fork_revision);
	return code;
}

static int adopt_body(MDB_txn *txn, void *context)
{
	struct adopt *adopt = context;
	int code = mtr_outbox_read_state(adopt->outbox, txn, &adopt->state);

	adopt->gone = 0;
	adopt->from = adopt->adoption->next + adopt->state.base;
	if (!code && adopt->from < adopt->state.first_unanswered)
		code = take_back(adopt, txn);
	return code ? code : note_incarnation(adopt, txn);
}

/* What the transaction may put: everything the outbox holds, once more. */
static int measure(struct mtr_outbox *outbox, size_t *ret_bytes, size_t *ret_rows)
{
	static const enum mtr_disk_table tables[] = {MTR_DISK_ENTRIES, MTR_DISK_ANSWERS};
	MDB_stat stat;
	MDB_txn *txn;
	int code = 0, error = mtr_disk_read(outbox->disk, &txn);

	if (error)
		return error;
	*ret_bytes = MARGIN_BYTES;
	*ret_rows = 16;
	for (size_t i = 0; !code && i < sizeof tables / sizeof *tables; i++) {
		code = mdb_stat(txn, mtr_disk_table(outbox->disk, tables[i]), &stat);
		if (code)
			break;
		*ret_bytes += (stat.ms_leaf_pages + stat.ms_overflow_pages) * (size_t)stat.ms_psize;
		*ret_rows += stat.ms_entries;
	}
	mdb_txn_abort(txn);
	return mtr_disk_error(code);
}

int mtr_outbox_adopt(struct mtr_outbox *outbox, const struct mtr_outbox_adoption *adoption)
{
	struct adopt adopt = {.outbox = outbox, .adoption = adoption};
	size_t bytes, rows;
	int error = measure(outbox, &bytes, &rows);

	if (error)
		return error;
	randombytes_buf(adopt.id, sizeof adopt.id);
	return mtr_disk_write(outbox->disk, bytes, rows, adopt_body, &adopt);
}
