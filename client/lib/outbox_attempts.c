/* How entries fared that have no final answer yet. */
#include "outbox_layout.h"

struct attempted {
	const struct mtr_outbox *outbox;
	const struct mtr_outbox_attempt *attempt;
};

static int count_one(const struct attempted *attempted, MDB_txn *txn, uint64_t sequence)
{
	const struct mtr_outbox_attempt *attempt = attempted->attempt;
	MDB_dbi table = mtr_disk_table(attempted->outbox->disk, MTR_DISK_ATTEMPTS);
	uint8_t number[8], bytes[MTR_ATTEMPTS_BYTES];
	MDB_val key = {sizeof number, number}, value;
	uint32_t attempts = 0;
	int code;

	mtr_store_u64(number, sequence);
	code = mdb_get(txn, table, &key, &value);
	if (!code && value.mv_size >= MTR_ATTEMPTS_CODE)
		attempts = mtr_load_u32(value.mv_data);
	else if (code != MDB_NOTFOUND)
		return code ? code : MDB_CORRUPTED;
	mtr_store_u32(bytes, attempts < UINT32_MAX ? attempts + 1 : attempts);
	mtr_store_u32(bytes + MTR_ATTEMPTS_CODE, attempt->code);
	mtr_store_u64(bytes + MTR_ATTEMPTS_TIME, attempt->now);
	mtr_store_u32(bytes + MTR_ATTEMPTS_ERROR, (uint32_t)attempt->error);
	value = (MDB_val){sizeof bytes, bytes};
	return mdb_put(txn, table, &key, &value, 0);
}

static int attempted_body(MDB_txn *txn, void *context)
{
	const struct attempted *attempted = context;
	int code = 0;

	for (uint64_t sequence = attempted->attempt->first; !code && sequence < attempted->attempt->end; sequence++)
		code = count_one(attempted, txn, sequence);
	return code;
}

int mtr_outbox_attempted(struct mtr_outbox *outbox, const struct mtr_outbox_attempt *attempt)
{
	struct attempted attempted = {outbox, attempt};
	size_t count = attempt->end > attempt->first ? (size_t)(attempt->end - attempt->first) : 0;

	if (count == 0)
		return 0;
	return mtr_disk_write(outbox->disk, count * MTR_ATTEMPTS_BYTES, count, attempted_body, &attempted);
}

struct left {
	const struct mtr_outbox *outbox;
	const char *how;
	uint64_t end;
};

static int left_body(MDB_txn *txn, void *context)
{
	const struct left *left = context;

	return mtr_meta_raise(left->outbox, txn, left->how, left->end);
}

int mtr_outbox_sent(struct mtr_outbox *outbox, uint64_t end)
{
	struct left left = {outbox, "sent", end};

	return mtr_disk_write(outbox->disk, 8, 1, left_body, &left);
}

int mtr_outbox_exported(struct mtr_outbox *outbox, uint64_t end)
{
	struct left left = {outbox, "exported", end};

	return mtr_disk_write(outbox->disk, 8, 1, left_body, &left);
}
