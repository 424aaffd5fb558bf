#include "outbox_layout.h"

#include <string.h>

static MDB_val named(const char *name)
{
	return (MDB_val){strlen(name), (void *)(uintptr_t)name};
}

int mtr_meta_bytes(const struct mtr_outbox *outbox, MDB_txn *txn, const char *name, struct mtr_bytes *ret_value)
{
	MDB_val key = named(name), value;
	int code = mdb_get(txn, mtr_disk_table(outbox->disk, MTR_DISK_META), &key, &value);

	if (!code)
		*ret_value = (struct mtr_bytes){value.mv_data, value.mv_size};
	return code;
}

int mtr_meta_sized(const struct mtr_outbox *outbox, MDB_txn *txn, const char *name, size_t size,
		   const uint8_t **ret_value)
{
	struct mtr_bytes value;
	int code = mtr_meta_bytes(outbox, txn, name, &value);

	if (!code && value.size != size)
		code = MDB_CORRUPTED;
	if (!code)
		*ret_value = value.data;
	return code;
}

int mtr_meta_u64(const struct mtr_outbox *outbox, MDB_txn *txn, const char *name, uint64_t *ret_value)
{
	const uint8_t *value;
	int code = mtr_meta_sized(outbox, txn, name, 8, &value);

	if (!code)
		*ret_value = mtr_load_u64(value);
	return code;
}

int mtr_meta_number(const struct mtr_outbox *outbox, MDB_txn *txn, const char *name, uint64_t *ret_value)
{
	uint64_t value = 0;
	int code = mtr_meta_u64(outbox, txn, name, &value);

	if (code && code != MDB_NOTFOUND)
		return code;
	*ret_value = value;
	return 0;
}

int mtr_meta_put(const struct mtr_outbox *outbox, MDB_txn *txn, const char *name, struct mtr_bytes bytes)
{
	MDB_val key = named(name), value = {bytes.size, (void *)(uintptr_t)bytes.data};

	return mdb_put(txn, mtr_disk_table(outbox->disk, MTR_DISK_META), &key, &value, 0);
}

int mtr_meta_put_u64(const struct mtr_outbox *outbox, MDB_txn *txn, const char *name, uint64_t value)
{
	uint8_t bytes[8];

	mtr_store_u64(bytes, value);
	return mtr_meta_put(outbox, txn, name, (struct mtr_bytes){bytes, sizeof bytes});
}

int mtr_meta_raise(const struct mtr_outbox *outbox, MDB_txn *txn, const char *name, uint64_t value)
{
	uint64_t there;
	int code = mtr_meta_number(outbox, txn, name, &there);

	return code || value <= there ? code : mtr_meta_put_u64(outbox, txn, name, value);
}

int mtr_row_find(const struct mtr_outbox *outbox, MDB_txn *txn, enum mtr_disk_table table, uint64_t sequence,
		 size_t least, struct mtr_bytes *ret_row)
{
	uint8_t number[8];
	MDB_val key = {sizeof number, number}, value;
	int code;

	mtr_store_u64(number, sequence);
	code = mdb_get(txn, mtr_disk_table(outbox->disk, table), &key, &value);
	if (!code && value.mv_size < least)
		code = MDB_CORRUPTED;
	if (!code)
		*ret_row = (struct mtr_bytes){value.mv_data, value.mv_size};
	return code;
}

int mtr_row_drop(const struct mtr_outbox *outbox, MDB_txn *txn, enum mtr_disk_table table, uint64_t sequence)
{
	uint8_t number[8];
	MDB_val key = {sizeof number, number};
	int code;

	mtr_store_u64(number, sequence);
	code = mdb_del(txn, mtr_disk_table(outbox->disk, table), &key, NULL);
	return code == MDB_NOTFOUND ? 0 : code;
}

bool mtr_outbox_read_former(struct mtr_bytes row, struct mtr_outbox_former *ret_former)
{
	static const uint8_t none[MTR_RECEIPT_BYTES];
	const uint8_t *at = row.data;

	if (row.size < MTR_FORMER_ANSWER)
		return false;
	*ret_former = (struct mtr_outbox_former){
		.outbox = at,
		.sequence = mtr_load_u64(at + MTR_FORMER_SEQUENCE),
		.previous_hash = at + MTR_FORMER_PREVIOUS,
		.revision = mtr_load_u64(at + MTR_FORMER_REVISION),
		.receipt = {at + MTR_FORMER_RECEIPT, MTR_RECEIPT_BYTES},
		.answer = {at + MTR_FORMER_ANSWER, row.size - MTR_FORMER_ANSWER},
	};
	if (memcmp(ret_former->receipt.data, none, sizeof none) == 0)
		ret_former->receipt.size = 0;
	return true;
}
