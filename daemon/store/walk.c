#include "store/internal.h"

#include <string.h>

static void begin(struct mtr_walk *walk, struct mtr_txn *txn, enum mtr_table table, struct mtr_bytes prefix,
		  struct mtr_bytes from, bool backward)
{
	walk->txn = txn;
	walk->cursor = NULL;
	walk->prefix_size = prefix.size;
	walk->from_size = from.size;
	walk->started = false;
	walk->backward = backward;
	if (txn->error)
		return;
	if (prefix.size > sizeof walk->prefix || from.size > sizeof walk->from) {
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
		return;
	}
	if (prefix.size)
		memcpy(walk->prefix, prefix.data, prefix.size);
	if (from.size)
		memcpy(walk->from, from.data, from.size);
	mtr_txn_fail(txn, mtr_store_error_from(mdb_cursor_open(txn->txn, txn->store->tables[table], &walk->cursor)));
}

void mtr_walk_begin(struct mtr_walk *walk, struct mtr_txn *txn, enum mtr_table table, struct mtr_bytes prefix,
		    struct mtr_bytes from)
{
	begin(walk, txn, table, prefix, from.size ? from : prefix, false);
}

/* The smallest key greater than every key of the prefix; size 0 when there is none. */
static size_t after_prefix(const uint8_t *prefix, size_t size, uint8_t *ret_key)
{
	while (size && prefix[size - 1] == 0xff)
		size--;
	if (size) {
		memcpy(ret_key, prefix, size);
		ret_key[size - 1]++;
	}
	return size;
}

void mtr_walk_begin_backward(struct mtr_walk *walk, struct mtr_txn *txn, enum mtr_table table, struct mtr_bytes prefix,
			     struct mtr_bytes before)
{
	uint8_t end[sizeof walk->prefix];
	struct mtr_bytes from = before;

	if (!before.size && prefix.size <= sizeof end)
		from = mtr_bytes_of(end, after_prefix(prefix.data, prefix.size, end));
	begin(walk, txn, table, prefix, from, true);
}

static int first_forward(struct mtr_walk *walk, MDB_val *key, MDB_val *value)
{
	if (!walk->from_size)
		return mdb_cursor_get(walk->cursor, key, value, MDB_FIRST);
	*key = (MDB_val){walk->from_size, walk->from};
	return mdb_cursor_get(walk->cursor, key, value, MDB_SET_RANGE);
}

static int first_backward(struct mtr_walk *walk, MDB_val *key, MDB_val *value)
{
	int rc = MDB_NOTFOUND;

	if (walk->from_size) {
		*key = (MDB_val){walk->from_size, walk->from};
		rc = mdb_cursor_get(walk->cursor, key, value, MDB_SET_RANGE);
	}
	if (rc == MDB_NOTFOUND)
		return mdb_cursor_get(walk->cursor, key, value, MDB_LAST);
	return rc ? rc : mdb_cursor_get(walk->cursor, key, value, MDB_PREV);
}

static int step(struct mtr_walk *walk, MDB_val *key, MDB_val *value)
{
	if (walk->started)
		return mdb_cursor_get(walk->cursor, key, value, walk->backward ? MDB_PREV : MDB_NEXT);
	walk->started = true;
	return walk->backward ? first_backward(walk, key, value) : first_forward(walk, key, value);
}

bool mtr_walk_next(struct mtr_walk *walk, struct mtr_bytes *ret_key, struct mtr_bytes *ret_value)
{
	MDB_val key, value;
	int rc;

	if (!walk->cursor || walk->txn->error)
		return false;
	rc = step(walk, &key, &value);
	if (rc) {
		if (rc != MDB_NOTFOUND)
			mtr_txn_fail(walk->txn, mtr_store_error_from(rc));
		return false;
	}
	if (key.mv_size < walk->prefix_size || memcmp(key.mv_data, walk->prefix, walk->prefix_size) != 0)
		return false;
	*ret_key = mtr_bytes_of(key.mv_data, key.mv_size);
	*ret_value = mtr_bytes_of(value.mv_data, value.mv_size);
	return true;
}

void mtr_walk_end(struct mtr_walk *walk)
{
	if (walk->cursor)
		mdb_cursor_close(walk->cursor);
	walk->cursor = NULL;
}
