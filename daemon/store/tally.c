#include "store/tally.h"

#include "store/internal.h"

#include <string.h>

#define FIELDS (sizeof(struct mtr_tally) / sizeof(uint32_t))

static bool change(uint32_t *count, bool more)
{
	if (!more && *count == 0)
		return false;
	*count = more ? *count + 1 : *count - 1;
	return true;
}

static bool change_all(struct mtr_tally *tally, const struct mtr_share *share, bool more)
{
	const enum mtr_bucket bucket = mtr_state_traits(share->state).bucket;
	bool done = change(&tally->by_state[share->state], more);

	if (bucket == MTR_BUCKET_SEATED || bucket == MTR_BUCKET_SECURED)
		done &= change(&tally->held, more);
	if (share->decided)
		done &= change(&tally->ever_decided, more);
	if (share->summoned)
		done &= change(&tally->ever_summoned, more);
	if (share->enrolled)
		done &= change(&tally->ever_enrolled, more);
	if (bucket == MTR_BUCKET_SEATED)
		done &= change(&tally->seated_by_group[share->group], more);
	if (bucket == MTR_BUCKET_WAITING)
		done &= change(&tally->waiting_by_group[share->group], more);
	return done;
}

bool mtr_tally_add(struct mtr_tally *tally, const struct mtr_share *share)
{
	return change_all(tally, share, true);
}

bool mtr_tally_remove(struct mtr_tally *tally, const struct mtr_share *share)
{
	return change_all(tally, share, false);
}

static struct mtr_key tally_key(uint32_t programme_id, uint32_t unit_id)
{
	struct mtr_key key = mtr_key_start();

	mtr_key_u32(&key, programme_id);
	mtr_key_u32(&key, unit_id);
	return key;
}

void mtr_read_tally(struct mtr_txn *txn, uint32_t programme_id, uint32_t unit_id, struct mtr_tally *ret_tally)
{
	const struct mtr_key key = tally_key(programme_id, unit_id);
	uint32_t fields[FIELDS];
	struct mtr_bytes value;
	const uint8_t *at;

	memset(ret_tally, 0, sizeof *ret_tally);
	if (!mtr_txn_get(txn, MTR_TABLE_TALLY, mtr_key_as_bytes(&key), &value))
		return;
	if (value.size != sizeof fields) {
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
		return;
	}
	at = value.data;
	for (size_t i = 0; i < FIELDS; i++)
		fields[i] = mtr_get_u32(&at);
	memcpy(ret_tally, fields, sizeof fields);
}

void mtr_tally_write(struct mtr_txn *txn, uint32_t programme_id, uint32_t unit_id, const struct mtr_tally *tally)
{
	const struct mtr_key key = tally_key(programme_id, unit_id);
	uint32_t fields[FIELDS], any = 0;
	uint8_t value[sizeof fields];

	memcpy(fields, tally, sizeof fields);
	for (size_t i = 0; i < FIELDS; i++) {
		any |= fields[i];
		mtr_put_u32(value + i * sizeof fields[i], fields[i]);
	}
	if (any)
		mtr_txn_put(txn, MTR_TABLE_TALLY, mtr_key_as_bytes(&key), mtr_bytes_of(value, sizeof value));
	else
		mtr_txn_delete(txn, MTR_TABLE_TALLY, mtr_key_as_bytes(&key));
}
