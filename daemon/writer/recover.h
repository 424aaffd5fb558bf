/* Brings the store up to the journal at start, and makes the first record of a new register. */
#ifndef MTR_WRITER_RECOVER_H
#define MTR_WRITER_RECOVER_H

#include "engine/engine.h"
#include "store/store.h"

enum mtr_recover_status {
	MTR_RECOVER_OK,
	MTR_RECOVER_JOURNAL_SHORT, /* the journal doesn't hold the store's revision: restore it, or rebuild */
	MTR_RECOVER_CHAIN_DIFFERS, /* it holds that revision with another hash */
	MTR_RECOVER_JOURNAL_DAMAGED,
	MTR_RECOVER_STORE_ERROR,
	MTR_RECOVER_MEMORY,
};

/* Applies what the journal holds beyond the store's revision, committing every 1,000 records; `progress` (may be NULL)
 * is called after each commit with the revision reached and the one aimed at. */
enum mtr_recover_status mtr_recover(struct mtr_store *store, struct mtr_engine *engine,
				    void (*progress)(void *context, uint64_t revision, uint64_t head), void *context);

const char *mtr_recover_status_name(enum mtr_recover_status status);

/* Writes revision 1 of an empty register: the first operator. Durable in engine and store on return. 0 or -errno;
 * -EEXIST when the register isn't empty, -EINVAL when the name may not stand in the register. */
int mtr_bootstrap(struct mtr_store *store, struct mtr_engine *engine, const uint8_t operator_key[MTR_KEY_BYTES],
		  const char *operator_name, uint64_t now_ms);

#endif
