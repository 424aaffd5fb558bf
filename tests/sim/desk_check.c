/* Is what lies on a desk's disk what it did and was told? */
#include "contract/entry_hash.h"
#include "desk_state.h"
#include "outbox_layout.h"

#include <inttypes.h>
#include <string.h>

struct walk {
	struct desk *desk;
	uint64_t count;
	uint8_t hash[MTR_HASH_BYTES];
};

static bool look_at_entry(void *context, const struct mtr_outbox_entry *entry)
{
	struct walk *walk = context;
	const struct account_entry *written = &walk->desk->account.entries[walk->count++];

	if (entry->sequence != walk->count || entry->command.size != written->command.size ||
	    memcmp(entry->command.data, written->command.data, entry->command.size) != 0 ||
	    memcmp(entry->previous_hash, walk->hash, MTR_HASH_BYTES) != 0)
		return sim_fail(walk->desk->sim, "%s: entry %" PRIu64 " isn't what was written", walk->desk->name,
				walk->count);
	mtr_entry_hash(walk->hash, entry->sequence, entry->command, walk->hash);
	return true;
}

static bool check_entries(struct desk *desk)
{
	struct walk walk = {.desk = desk};

	if (!desk->account.count)
		return true;
	if (mtr_outbox_each(desk->client->outbox, 1, look_at_entry, &walk))
		return sim_fail(desk->sim, "%s: the outbox can't be read", desk->name);
	return desk->sim->failed ? false
				 : walk.count == desk->account.count ||
					   sim_fail(desk->sim, "%s: entries are missing", desk->name);
}

static bool check_answer(struct desk *desk, MDB_txn *txn, uint64_t sequence)
{
	const struct mtr_bytes told = desk->account.entries[sequence - 1].answer;
	uint8_t number[8];
	MDB_val key = {sizeof number, number}, value;

	mtr_store_u64(number, sequence);
	if (mdb_get(txn, mtr_disk_table(desk->client->outbox->disk, MTR_DISK_ENTRIES), &key, &value) == MDB_NOTFOUND)
		return desk->sim->restoring ||
		       sim_fail(desk->sim, "%s: entry %" PRIu64 " is gone, and no backup holds it", desk->name,
				sequence);
	if (mdb_get(txn, mtr_disk_table(desk->client->outbox->disk, MTR_DISK_ANSWERS), &key, &value))
		return sim_fail(desk->sim, "%s: the answer to entry %" PRIu64 " isn't kept", desk->name, sequence);
	if (value.mv_size != MTR_ANSWER_BYTES + told.size ||
	    memcmp((const uint8_t *)value.mv_data + MTR_ANSWER_BYTES, told.data, told.size) != 0)
		return sim_fail(desk->sim, "%s: the answer kept for entry %" PRIu64 " isn't the one it was told",
				desk->name, sequence);
	return true;
}

bool desk_check(struct desk *desk)
{
	struct mtr_outbox_state state;
	MDB_txn *txn;
	bool good = desk->sim->restoring || check_entries(desk);

	if (!good || mtr_outbox_state(desk->client->outbox, &state) || mtr_disk_read(desk->client->outbox->disk, &txn))
		return sim_fail(desk->sim, "%s: the outbox can't be read", desk->name);
	if (!account_outbox(&desk->account, state.id, state.base))
		good = false;
	if (!desk->account.refused && state.first_unanswered != state.next)
		good = sim_fail(desk->sim, "%s: entries from %" PRIu64 " on got no answer", desk->name,
				state.first_unanswered);
	for (uint64_t i = 1; good && i < state.first_unanswered; i++)
		good = check_answer(desk, txn, i);
	mdb_txn_abort(txn);
	return good;
}

bool desk_knows_backup(struct desk *desk, uint64_t revision)
{
	uint64_t known = 0;
	MDB_txn *txn;

	if (!desk->client || desk->computer.down || mtr_disk_read(desk->client->outbox->disk, &txn))
		return false;
	(void)mtr_meta_number(desk->client->outbox, txn, "backed up", &known);
	mdb_txn_abort(txn);
	return known >= revision;
}

bool desk_mirror_state(struct desk *desk, uint64_t *ret_revision, bool *ret_agreed)
{
	struct mtr_client_mirror_state state;

	if (mtr_client_mirror_state(desk->client, &state))
		return false;
	*ret_revision = state.revision;
	*ret_agreed = state.agreed;
	return true;
}
