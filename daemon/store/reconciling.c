#include "store/reconciling.h"

#include "store/internal.h"
#include "store/meta.h"
#include "store/read.h"

static const struct mtr_bytes reconciling_key = {(const uint8_t *)"reconciling", 11};

bool mtr_is_reconciling(struct mtr_txn *txn)
{
	struct mtr_bytes value;

	return mtr_txn_get(txn, MTR_TABLE_META, reconciling_key, &value);
}

void mtr_reconciling_begin(struct mtr_txn *txn)
{
	for (int type = MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT; type <= MTR__ENTITY_TYPE__ENTITY_TYPE_DIVERGENCE; type++) {
		const uint64_t next = mtr_next_id(txn, (Mtr__EntityType)type);

		/* The first unit of all is the root, by its number. */
		if (next > 1)
			mtr_meta_note_id(txn, (Mtr__EntityType)type, next + MTR_IDS_RESERVED - 1);
	}
	mtr_txn_put(txn, MTR_TABLE_META, reconciling_key, mtr_bytes_of("", 0));
}

void mtr_reconciling_end(struct mtr_txn *txn)
{
	if (mtr_is_reconciling(txn))
		mtr_txn_delete(txn, MTR_TABLE_META, reconciling_key);
}
