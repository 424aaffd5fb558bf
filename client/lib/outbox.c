#include "outbox.h"

#include "contract/entry_hash.h"
#include "outbox_layout.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Left free by whoever adds an entry, so that the queue can still be sent and its answers marked when the disk is full.
 */
#define MARGIN_BYTES (128u * 1024u)

/* 2^64 less what one transaction adds can't be reached by honest use; a damaged counter could be near it. */
#define SEQUENCE_MAX (UINT64_MAX / 2)

int mtr_outbox_read_state(const struct mtr_outbox *outbox, MDB_txn *txn, struct mtr_outbox_state *state)
{
	const uint8_t *hash, *id;
	struct mtr_bytes halted;
	int code = mtr_meta_u64(outbox, txn, "next", &state->next);

	if (!code)
		code = mtr_meta_u64(outbox, txn, "unanswered", &state->first_unanswered);
	if (!code)
		code = mtr_meta_sized(outbox, txn, "hash", MTR_HASH_BYTES, &hash);
	if (!code)
		code = mtr_meta_sized(outbox, txn, "outbox", MTR_OUTBOX_BYTES, &id);
	if (!code)
		code = mtr_meta_number(outbox, txn, "base", &state->base);
	if (!code)
		code = mtr_meta_number(outbox, txn, "former end", &state->former_end);
	if (code)
		return code;
	if (state->first_unanswered < 1 || state->first_unanswered > state->next || state->next > SEQUENCE_MAX ||
	    state->base >= state->next || state->former_end > state->next)
		return MDB_CORRUPTED;
	memcpy(state->hash, hash, MTR_HASH_BYTES);
	memcpy(state->id, id, MTR_OUTBOX_BYTES);
	code = mtr_meta_bytes(outbox, txn, "halted", &halted);
	state->halted = code == 0;
	return code == MDB_NOTFOUND ? 0 : code;
}

int mtr_outbox_state(struct mtr_outbox *outbox, struct mtr_outbox_state *ret_state)
{
	struct mtr_outbox_state state;
	MDB_txn *txn;
	int code, error = mtr_disk_read(outbox->disk, &txn);

	if (error)
		return error;
	code = mtr_outbox_read_state(outbox, txn, &state);
	mdb_txn_abort(txn);
	if (code)
		return mtr_disk_error(code);
	*ret_state = state;
	return 0;
}

struct creation {
	const struct mtr_outbox *outbox;
	const uint8_t *public_key;
	uint8_t id[MTR_OUTBOX_BYTES];
};

static int create(MDB_txn *txn, void *context)
{
	static const uint8_t zeros[MTR_HASH_BYTES];
	const struct creation *creation = context;
	const struct mtr_outbox *outbox = creation->outbox;
	uint8_t format[4];
	struct mtr_bytes there;
	int code = mtr_meta_bytes(outbox, txn, "format", &there);

	/* Another process came first. */
	if (code != MDB_NOTFOUND)
		return code;
	mtr_store_u32(format, MTR_OUTBOX_FORMAT);
	code = mtr_meta_put(outbox, txn, "format", (struct mtr_bytes){format, sizeof format});
	if (!code)
		code = mtr_meta_put(outbox, txn, "outbox", (struct mtr_bytes){creation->id, MTR_OUTBOX_BYTES});
	if (!code)
		code = mtr_meta_put(outbox, txn, "key", (struct mtr_bytes){creation->public_key, MTR_KEY_BYTES});
	if (!code)
		code = mtr_meta_put(outbox, txn, "hash", (struct mtr_bytes){zeros, sizeof zeros});
	if (!code)
		code = mtr_meta_put_u64(outbox, txn, "next", 1);
	if (!code)
		code = mtr_meta_put_u64(outbox, txn, "unanswered", 1);
	return code;
}

/* Returns whether the outbox is there, of a format we know, and whose: 0, STATE*, or -1 when it isn't there. */
static int examine(struct mtr_outbox *outbox, MDB_txn *txn, const uint8_t *public_key)
{
	const uint8_t *format, *id, *key;
	int code = mtr_meta_sized(outbox, txn, "format", 4, &format);

	if (code == MDB_NOTFOUND)
		return -1;
	if (!code && mtr_load_u32(format) > MTR_OUTBOX_FORMAT)
		return MTR_CLIENT_STATE_NEWER;
	if (!code && mtr_load_u32(format) != MTR_OUTBOX_FORMAT)
		return MTR_CLIENT_STATE;
	if (!code)
		code = mtr_meta_sized(outbox, txn, "outbox", MTR_OUTBOX_BYTES, &id);
	if (!code)
		code = mtr_meta_sized(outbox, txn, "key", MTR_KEY_BYTES, &key);
	if (code)
		return mtr_disk_error(code);
	if (memcmp(key, public_key, MTR_KEY_BYTES) != 0)
		return MTR_CLIENT_STATE_KEY;
	return 0;
}

static int look(struct mtr_outbox *outbox, const uint8_t *public_key)
{
	MDB_txn *txn;
	int error = mtr_disk_read(outbox->disk, &txn);

	if (error)
		return error;
	error = examine(outbox, txn, public_key);
	mdb_txn_abort(txn);
	return error;
}

static int find_or_create(struct mtr_outbox *outbox, const uint8_t *public_key)
{
	struct creation creation = {.outbox = outbox, .public_key = public_key};
	int error = look(outbox, public_key);

	if (error != -1)
		return error;
	randombytes_buf(creation.id, sizeof creation.id);
	error = mtr_disk_write(outbox->disk, 256, 6, create, &creation);
	return error ? error : look(outbox, public_key);
}

int mtr_outbox_open(struct mtr_outbox **ret_outbox, const char *directory, const uint8_t public_key[MTR_KEY_BYTES])
{
	struct mtr_outbox *outbox = malloc(sizeof *outbox);
	int error;

	if (!outbox)
		return MTR_CLIENT_MEMORY;
	*outbox = (struct mtr_outbox){.lock = -1};
	error = mtr_disk_open(&outbox->disk, directory);
	if (!error)
		error = find_or_create(outbox, public_key);
	if (error) {
		mtr_outbox_close(&outbox);
		return error;
	}
	*ret_outbox = outbox;
	return 0;
}

void mtr_outbox_close(struct mtr_outbox **outbox)
{
	if (!outbox || !*outbox)
		return;
	mtr_outbox_unlock(*outbox);
	mtr_disk_close(&(*outbox)->disk);
	free(*outbox);
	*outbox = NULL;
}

struct append {
	const struct mtr_outbox *outbox;
	struct mtr_client_command *commands;
	size_t count;
	uint64_t now;
	bool halted;
};

static int append_one(const struct append *append, MDB_txn *txn, struct mtr_outbox_state *state,
		      const struct mtr_client_command *command)
{
	struct mtr_bytes bytes = {command->command, command->size};
	uint8_t number[8], hash[MTR_HASH_BYTES];
	MDB_val key = {sizeof number, number}, value = {MTR_ENTRY_COMMAND + bytes.size, NULL};
	int code;

	mtr_store_u64(number, state->next);
	code = mdb_put(txn, mtr_disk_table(append->outbox->disk, MTR_DISK_ENTRIES), &key, &value,
		       MDB_RESERVE | MDB_APPEND);
	if (code)
		return code == MDB_KEYEXIST ? MDB_CORRUPTED : code;
	mtr_entry_hash(state->hash, state->next - state->base, bytes, hash);

	uint8_t *at = value.mv_data;

	mtr_store_u64(at, append->now);
	memcpy(at + MTR_ENTRY_PREVIOUS, state->hash, MTR_HASH_BYTES);
	memcpy(at + MTR_ENTRY_HASH, hash, MTR_HASH_BYTES);
	if (bytes.size)
		memcpy(at + MTR_ENTRY_COMMAND, bytes.data, bytes.size);
	memcpy(state->hash, hash, MTR_HASH_BYTES);
	state->next++;
	return 0;
}

static int append_body(MDB_txn *txn, void *context)
{
	struct append *append = context;
	struct mtr_outbox_state state;
	int code = mtr_outbox_read_state(append->outbox, txn, &state);

	if (code)
		return code;
	append->halted = state.halted;
	if (state.halted)
		return ECANCELED;
	for (size_t i = 0; !code && i < append->count; i++) {
		append->commands[i].sequence = state.next;
		code = append_one(append, txn, &state, &append->commands[i]);
	}
	if (!code)
		code = mtr_meta_put_u64(append->outbox, txn, "next", state.next);
	if (!code)
		code = mtr_meta_put(append->outbox, txn, "hash", (struct mtr_bytes){state.hash, MTR_HASH_BYTES});
	return code;
}

int mtr_outbox_append(struct mtr_outbox *outbox, struct mtr_client_command *commands, size_t count, uint64_t now)
{
	struct append append = {.outbox = outbox, .commands = commands, .count = count, .now = now};
	size_t need = MARGIN_BYTES;
	int error;

	for (size_t i = 0; i < count; i++)
		need += commands[i].size + MTR_ENTRY_COMMAND;
	error = mtr_disk_write(outbox->disk, need, count + 2, append_body, &append);
	return append.halted ? MTR_CLIENT_HALTED : error;
}

bool mtr_outbox_read_entry(MDB_val key, MDB_val value, uint64_t base, struct mtr_outbox_entry *ret_entry)
{
	uint8_t hash[MTR_HASH_BYTES];

	if (key.mv_size != 8 || value.mv_size < MTR_ENTRY_COMMAND)
		return false;

	const uint8_t *at = value.mv_data;

	struct mtr_outbox_entry entry = {
		.sequence = mtr_load_u64(key.mv_data),
		.enqueued_at = mtr_load_u64(at),
		.previous_hash = at + MTR_ENTRY_PREVIOUS,
		.command = {at + MTR_ENTRY_COMMAND, value.mv_size - MTR_ENTRY_COMMAND},
	};
	if (entry.sequence > base) {
		mtr_entry_hash(entry.previous_hash, entry.sequence - base, entry.command, hash);
		if (memcmp(hash, at + MTR_ENTRY_HASH, MTR_HASH_BYTES) != 0)
			return false;
	}
	*ret_entry = entry;
	return true;
}

/* Fills in what it was answered before the register was restored, if it was. */
static int find_former(const struct mtr_outbox *outbox, MDB_txn *txn, struct mtr_outbox_entry *entry)
{
	struct mtr_bytes row;
	int code = mtr_row_find(outbox, txn, MTR_DISK_FORMER, entry->sequence, MTR_FORMER_ANSWER, &row);

	entry->again = !code && mtr_outbox_read_former(row, &entry->former);
	return code == MDB_NOTFOUND ? 0 : code;
}

static int each_from(struct mtr_outbox *outbox, MDB_txn *txn, uint64_t from, mtr_outbox_entry_fn each, void *context)
{
	struct mtr_outbox_entry entry;
	struct mtr_outbox_state state;
	uint8_t number[8];
	MDB_val key = {sizeof number, number}, value;
	MDB_cursor *cursor;
	int code = mtr_outbox_read_state(outbox, txn, &state);

	if (!code)
		code = mdb_cursor_open(txn, mtr_disk_table(outbox->disk, MTR_DISK_ENTRIES), &cursor);
	if (code)
		return code;
	mtr_store_u64(number, from);
	code = mdb_cursor_get(cursor, &key, &value, MDB_SET);
	while (!code) {
		if (!mtr_outbox_read_entry(key, value, state.base, &entry) || entry.sequence != from++)
			code = MDB_CORRUPTED;
		else if (entry.sequence < state.former_end)
			code = find_former(outbox, txn, &entry);
		if (code || !each(context, &entry))
			break;
		code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
	}
	mdb_cursor_close(cursor);
	return code;
}

int mtr_outbox_each(struct mtr_outbox *outbox, uint64_t from, mtr_outbox_entry_fn each, void *context)
{
	MDB_txn *txn;
	int code, error = mtr_disk_read(outbox->disk, &txn);

	if (error)
		return error;
	code = each_from(outbox, txn, from, each, context);
	mdb_txn_abort(txn);
	return code == MDB_NOTFOUND ? 0 : mtr_disk_error(code);
}
