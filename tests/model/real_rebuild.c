/* The register put together anew. */
#include "real_state.h"

#include "store/apply.h"
#include "store/verify.h"

#include <stdio.h>
#include <string.h>

#define RECORDS_A_COMMIT 500u

static bool replay(struct real *real, struct mtr_store *store)
{
	for (uint64_t i = 0; i < real->revision;) {
		struct mtr_txn txn;

		mtr_txn_begin_write(&txn, store);
		for (uint64_t end = i + RECORDS_A_COMMIT; i < real->revision && i < end; i++)
			real_apply_kept(real, &txn, i);
		if (mtr_txn_commit(&txn) != MTR_STORE_OK)
			return real_complain("replay", (int)txn.error);
	}
	return true;
}

static bool compare_tables(struct mtr_store *live, struct mtr_store *rebuilt)
{
	uint8_t digests[2][MTR_TABLES][MTR_HASH_BYTES];
	struct mtr_store *stores[2] = {live, rebuilt};
	char difference[MTR_DIFFERENCE_MAX];

	for (size_t i = 0; i < 2; i++) {
		struct mtr_txn txn;
		bool sound;

		mtr_txn_begin_read(&txn, stores[i]);
		mtr_table_digests(&txn, digests[i]);
		sound = mtr_store_check(&txn, difference);
		mtr_txn_abort(&txn);
		if (!sound) {
			fprintf(stderr, "register: derived tables: %s\n", difference);
			return false;
		}
	}
	for (int table = 0; table < MTR_TABLES; table++)
		if (memcmp(digests[0][table], digests[1][table], MTR_HASH_BYTES) != 0)
			return real_complain("a table comes out differently when rebuilt", table);
	return true;
}

bool real_rebuild(struct real *real)
{
	char directory[PATH_MAX];
	struct mtr_store *store = NULL;
	bool equal;

	if (!real_commit(real) || !real_open_store(&store, directory))
		return false;
	equal = replay(real, store) && compare_tables(real->store, store);
	mtr_store_close(&store);
	real_remove_directory(directory);
	return equal;
}
