/* A desk's mirror against all that it may see, no less and no more. */
#include "audit.h"
#include "desk.h"
#include "store/feed.h"
#include "store/read.h"

#include <inttypes.h>
#include <string.h>

struct comparison {
	const struct audit *audit;
	const struct account *account;
	const Mtr__Principal *who;
	struct mtr_txn txn;
	uint64_t rows;
};

static bool compare_row(void *context, const struct mtr_row *row)
{
	struct comparison *comparison = context;
	const struct shadow *shadow = comparison->audit->shadow;
	const struct shadow_home home = {row->home.kind, row->home.a, row->home.b};
	const struct shadow_row *stands = shadow_find(shadow, (uint32_t)row->type, row->id);

	comparison->rows++;
	if (stands && shadow_home_equal(stands->home, home) && shadow_sees(shadow, comparison->who, home) &&
	    stands->revision == row->revision && stands->bytes.size == row->bytes.size &&
	    memcmp(stands->bytes.data, row->bytes.data, row->bytes.size) == 0)
		return true;
	return sim_fail(comparison->audit->sim, "%s: the mirror has another entity %d %" PRIu64 " than the register",
			comparison->account->name, (int)row->type, row->id);
}

static bool compare_home(void *context, struct mtr_home home)
{
	struct comparison *comparison = context;

	mtr_each_row(&comparison->txn, home, compare_row, comparison);
	return !comparison->audit->sim->failed;
}

static bool compare(struct comparison *comparison)
{
	struct sim *sim = comparison->audit->sim;
	uint8_t digest[32];
	uint64_t expected = shadow_digest(comparison->audit->shadow, comparison->who, digest);

	mtr_each_home(&comparison->txn, (struct mtr_bytes){NULL, 0}, compare_home, comparison);
	if (comparison->txn.error)
		return sim_fail(sim, "%s: the mirror can't be read", comparison->account->name);
	return !sim->failed &&
	       (comparison->rows == expected || sim_fail(sim, "%s: the mirror has %" PRIu64 " rows of %" PRIu64,
							 comparison->account->name, comparison->rows, expected));
}

bool audit_mirror(const struct audit *audit, uint32_t number)
{
	struct desk *desk = audit->sim->desks[number];
	struct comparison comparison = {.audit = audit, .account = desk_account(desk)};
	char directory[SIM_PATH_MAX];
	struct mtr_store *store = NULL;
	uint64_t revision;
	bool agreed, good;

	comparison.who = audit_principal(audit, comparison.account->principal);
	if (comparison.account->refused)
		return true;
	if (!desk_mirror_state(desk, &revision, &agreed))
		return sim_fail(audit->sim, "%s has no mirror", comparison.account->name);
	if (revision != audit->shadow->revision || !agreed)
		return sim_fail(audit->sim, "%s: the mirror shows revision %" PRIu64 " of %" PRIu64,
				comparison.account->name, revision, audit->shadow->revision);
	desk_close(desk);
	desk_mirror_directory(desk, directory);
	const struct mtr_store_options options = {.directory = directory, .map_bytes = 64u << 20};

	if (mtr_store_open(&store, &options))
		return sim_fail(audit->sim, "%s: the mirror doesn't open", comparison.account->name);
	mtr_txn_begin_read(&comparison.txn, store);
	good = compare(&comparison);
	mtr_txn_abort(&comparison.txn);
	mtr_store_close(&store);
	audit->sim->tally->events[EVENT_MIRRORS_CHECKED]++;
	return good;
}
