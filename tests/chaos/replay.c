/* replay DATA_DIRECTORY SCRATCH_DIRECTORY: of a register that nobody serves, builds a second one from its journal and
 * holds it against the first, table for table; prints each record of the journal (length as 4 bytes big-endian, packed
 * Record). Exit status 1 with the reason on standard error when they differ. */
#include "engine/local.h"
#include "engine/record.h"
#include "store/apply.h"
#include "store/verify.h"

#include <stdio.h>
#include <string.h>

#define PATH_BYTES 512
#define COMMIT_EACH 1000u
#define MAP_BYTES (UINT64_C(4) << 30)

struct replay {
	struct mtr_store *store;
	struct mtr_txn txn;
	bool open;
	uint64_t in_transaction;
};

static int wrong(const char *what)
{
	fprintf(stderr, "replay: %s\n", what);
	return 1;
}

static bool end_transaction(struct replay *replay)
{
	replay->in_transaction = 0;
	if (!replay->open)
		return true;
	replay->open = false;
	return mtr_txn_commit(&replay->txn) == MTR_STORE_OK;
}

static int take(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES], const uint8_t *record,
		size_t size)
{
	struct replay *replay = context;
	const uint8_t length[] = {(uint8_t)(size >> 24), (uint8_t)(size >> 16), (uint8_t)(size >> 8), (uint8_t)size};

	(void)revision;
	fwrite(length, 1, sizeof length, stdout);
	fwrite(record, 1, size, stdout);
	if (!replay->open)
		mtr_txn_begin_write(&replay->txn, replay->store);
	replay->open = true;
	mtr_apply_record(&replay->txn, record, size, chain_after);
	if (replay->txn.error)
		return 1;
	return ++replay->in_transaction < COMMIT_EACH || end_transaction(replay) ? 0 : 1;
}

static int fetch_all(struct replay *replay, const char *directory, uint64_t committed)
{
	const struct mtr_local_options options = {.directory = directory, .committed_revision = committed};
	struct mtr_engine *engine;
	int error = mtr_local_open(&engine, &options, NULL);

	if (error)
		return wrong("the journal can't be opened");
	if (engine->operations->head(engine).revision != committed)
		error = wrong("the register ended before its journal");
	else if (engine->operations->fetch(engine, 1, take, replay) != 0 || !end_transaction(replay))
		error = wrong("the journal can't be applied");
	if (replay->open)
		mtr_txn_abort(&replay->txn);
	engine->operations->close(&engine);
	return error;
}

static int compare(struct mtr_store *served, struct mtr_store *built)
{
	uint8_t of_served[MTR_TABLES][MTR_HASH_BYTES], of_built[MTR_TABLES][MTR_HASH_BYTES];
	char difference[MTR_DIFFERENCE_MAX];
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, served);
	bool good = mtr_store_check(&txn, difference);

	mtr_table_digests(&txn, of_served);
	mtr_txn_abort(&txn);
	if (!good)
		return wrong(difference);
	mtr_txn_begin_read(&txn, built);
	mtr_table_digests(&txn, of_built);
	mtr_txn_abort(&txn);
	for (int table = 0; table < MTR_TABLES; table++)
		if (memcmp(of_served[table], of_built[table], MTR_HASH_BYTES) != 0)
			return wrong(mtr_table_name((enum mtr_table)table));
	return 0;
}

static int build_and_compare(struct mtr_store *served, const char *journal, const char *scratch)
{
	struct replay replay = {0};
	struct mtr_store_state state = {0};
	struct mtr_txn txn;

	if (mtr_store_open(&replay.store,
			   &(struct mtr_store_options){.directory = scratch, .map_bytes = MAP_BYTES, .create = true}) !=
	    MTR_STORE_OK)
		return wrong("the second register can't be made");
	mtr_txn_begin_read(&txn, served);
	mtr_txn_state(&txn, &state);
	mtr_txn_abort(&txn);
	int status = fetch_all(&replay, journal, state.revision);

	if (!status)
		status = compare(served, replay.store);
	mtr_store_close(&replay.store);
	return status;
}

int main(int argc, char **argv)
{
	char register_path[PATH_BYTES], journal[PATH_BYTES];
	struct mtr_store *served;

	if (argc != 3)
		return 2;
	snprintf(register_path, sizeof register_path, "%s/register", argv[1]);
	snprintf(journal, sizeof journal, "%s/journal", argv[1]);
	if (mtr_store_open(&served, &(struct mtr_store_options){.directory = register_path}) != MTR_STORE_OK)
		return wrong("the register can't be opened");
	int status = build_and_compare(served, journal, argv[2]);

	mtr_store_close(&served);
	if (fflush(stdout) != 0)
		status = wrong("the records can't be printed");
	return status;
}
