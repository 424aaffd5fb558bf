/* What a desk knows of the register it deals with: which incarnations it has met, and whose word counts for others. */
#include "outbox_layout.h"

#include <string.h>

static int read_incarnations(const struct mtr_outbox *outbox, MDB_txn *txn, struct mtr_bytes *ret_list)
{
	int code = mtr_meta_bytes(outbox, txn, "incarnations", ret_list);

	if (code == MDB_NOTFOUND)
		*ret_list = (struct mtr_bytes){0};
	else if (!code && (ret_list->size == 0 || ret_list->size % 8))
		code = MDB_CORRUPTED;
	return code == MDB_NOTFOUND ? 0 : code;
}

static int read_pins(const struct mtr_outbox *outbox, MDB_txn *txn, struct mtr_outbox_pins *pins)
{
	const uint8_t *key = NULL;
	struct mtr_bytes list;
	int code = read_incarnations(outbox, txn, &list);

	if (!code)
		code = mtr_meta_number(outbox, txn, "stated at", &pins->stated_at);
	if (!code)
		code = mtr_meta_sized(outbox, txn, "recovery key", MTR_KEY_BYTES, &key);
	if (code && code != MDB_NOTFOUND)
		return code;
	pins->has_recovery_key = code == 0;
	if (!code)
		memcpy(pins->recovery_key, key, MTR_KEY_BYTES);
	pins->met = list.size > 0;
	pins->incarnation = list.size ? mtr_load_u64(list.data + list.size - 8) : 0;
	return 0;
}

int mtr_outbox_pins(struct mtr_outbox *outbox, struct mtr_outbox_pins *ret_pins)
{
	struct mtr_outbox_pins pins = {0};
	MDB_txn *txn;
	int code, error = mtr_disk_read(outbox->disk, &txn);

	if (error)
		return error;
	code = read_pins(outbox, txn, &pins);
	mdb_txn_abort(txn);
	if (!code)
		*ret_pins = pins;
	return mtr_disk_error(code);
}

int mtr_outbox_has_met(struct mtr_outbox *outbox, uint64_t incarnation, bool *ret_met)
{
	struct mtr_bytes list;
	MDB_txn *txn;
	bool met = false;
	int code, error = mtr_disk_read(outbox->disk, &txn);

	if (error)
		return error;
	code = read_incarnations(outbox, txn, &list);
	for (size_t i = 0; !code && i < list.size; i += 8)
		met |= mtr_load_u64(list.data + i) == incarnation;
	mdb_txn_abort(txn);
	if (!code)
		*ret_met = met;
	return mtr_disk_error(code);
}

struct pinning {
	const struct mtr_outbox *outbox;
	const struct mtr_outbox_meeting *meeting;
};

static int put_incarnations(const struct pinning *pinning, MDB_txn *txn)
{
	const struct mtr_outbox_meeting *meeting = pinning->meeting;
	uint8_t list[8 * (MTR_INCARNATIONS_MAX + 1)];
	int code;

	for (size_t i = 0; i < meeting->count; i++)
		mtr_store_u64(list + 8 * i, meeting->incarnations[i]);
	code = mtr_meta_put(pinning->outbox, txn, "incarnations", (struct mtr_bytes){list, 8 * meeting->count});
	return code ? code : mtr_meta_put_u64(pinning->outbox, txn, "stated at", meeting->stated_at);
}

static int pin_body(MDB_txn *txn, void *context)
{
	const struct pinning *pinning = context;
	struct mtr_outbox_pins pins = {0};
	int code = read_pins(pinning->outbox, txn, &pins);

	if (!code && !pins.met && pinning->meeting->incarnations)
		code = put_incarnations(pinning, txn);
	if (!code && !pins.has_recovery_key && pinning->meeting->recovery_key)
		code = mtr_meta_put(pinning->outbox, txn, "recovery key",
				    (struct mtr_bytes){pinning->meeting->recovery_key, MTR_KEY_BYTES});
	return code;
}

int mtr_outbox_pin(struct mtr_outbox *outbox, const struct mtr_outbox_meeting *meeting)
{
	struct pinning pinning = {outbox, meeting};

	return mtr_disk_write(outbox->disk, 16 * (MTR_INCARNATIONS_MAX + 8), 3, pin_body, &pinning);
}
