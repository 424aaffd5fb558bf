/* The register put together anew from its journal, and its own tables held against each other. */
#include "audit.h"
#include "server.h"
#include "store/verify.h"
#include "writer/recover.h"

#include <stdio.h>
#include <string.h>

static bool digests(struct sim *sim, struct mtr_store *store, uint8_t ret_digests[MTR_TABLES][MTR_HASH_BYTES])
{
	char difference[MTR_DIFFERENCE_MAX];
	struct mtr_txn txn;
	bool sound;

	mtr_txn_begin_read(&txn, store);
	mtr_table_digests(&txn, ret_digests);
	sound = mtr_store_check(&txn, difference);
	mtr_txn_abort(&txn);
	return sound || sim_fail(sim, "the register's tables disagree: %s", difference);
}

bool audit_rebuild(struct sim *sim)
{
	uint8_t lived[MTR_TABLES][MTR_HASH_BYTES], rebuilt[MTR_TABLES][MTR_HASH_BYTES];
	char directory[SIM_PATH_MAX];
	struct mtr_store *store = NULL;
	enum mtr_recover_status status;
	bool good;

	(void)snprintf(directory, sizeof directory, "%s/rebuilt", sim->directory);
	const struct mtr_store_options options = {.directory = directory, .map_bytes = 64u << 20, .create = true};

	if (mtr_store_open(&store, &options))
		return sim_fail(sim, "no store to rebuild in");
	status = mtr_recover(store, server_engine(sim->server), NULL, NULL);
	good = status == MTR_RECOVER_OK || sim_fail(sim, "rebuilding: %s", mtr_recover_status_name(status));
	good = good && digests(sim, server_store(sim->server), lived) && digests(sim, store, rebuilt);
	for (int table = 0; good && table < MTR_TABLES; table++)
		if (memcmp(lived[table], rebuilt[table], MTR_HASH_BYTES) != 0)
			good = sim_fail(sim, "table %s comes out differently when rebuilt",
					mtr_table_name((enum mtr_table)table));
	mtr_store_close(&store);
	return good;
}
