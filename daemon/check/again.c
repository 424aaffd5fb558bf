#include "check/again.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAP_BYTES (UINT64_C(1) << 30)
/* Commands decided otherwise that are told one by one. */
#define TOLD_MAX 10u

static const char report[] =
	"keep a copy of the data directory and report it: a rule was changed without a new number, "
	"or the record was";
static const char rebuild[] =
	"stop matriculad and run \"matriculad rebuild\": the database is built anew from the journal";

static void tell_otherwise(struct mtr_again *again, const uint8_t *record, size_t size, const char *what)
{
	struct mtr_check_result *result = again->check->result;
	char text[128];
	const struct mtr_finding finding = {.file = "journal", .what = text, .remedy = report};

	(void)record;
	(void)size;
	if (++result->otherwise > TOLD_MAX)
		return;
	snprintf(text, sizeof text, "revision %" PRIu64 " comes out otherwise when it is decided again: %s",
		 result->applied + 1, what);
	mtr_check_found(again->check, &finding);
}

/* Called before each record is applied. */
static bool decide_again(void *context, struct mtr_txn *txn, const uint8_t *record, size_t size)
{
	struct mtr_again *again = context;
	struct mtr_check_result *result = again->check->result;
	const char *what = NULL;

	switch (mtr_redecide(again->redecide, txn, record, size, &what)) {
	case MTR_REDECIDED_SAME:
		result->decided++;
		break;
	case MTR_REDECIDED_OTHERWISE:
		result->decided++;
		tell_otherwise(again, record, size, what);
		break;
	case MTR_REDECIDED_NOT_OURS:
		result->of_register++;
		break;
	case MTR_REDECIDED_OTHER_RULES:
		result->of_other_rules++;
		break;
	case MTR_REDECIDED_REDACTED:
		result->redacted++;
		break;
	case MTR_REDECIDED_UNCLEAR:
		result->unclear++;
		break;
	case MTR_REDECIDED_ERROR:
		return false;
	}
	result->applied++;
	return true;
}

static void on_commit(void *context, uint64_t revision, uint64_t last)
{
	const struct mtr_again *again = context;

	mtr_check_progress(again->check, "second register, records", revision, last);
}

static void remove_names(const char *directory)
{
	static const char *const names[] = {"data.mdb", "lock.mdb"};
	char path[MTR_CHECK_PATH + 16];

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(path, sizeof path, "%s/%s", directory, names[i]);
		(void)unlink(path);
	}
	(void)rmdir(directory);
}

static enum mtr_check_status open_store(struct mtr_again *again, const char *scratch)
{
	char directory[MTR_CHECK_PATH];
	const int length = snprintf(directory, sizeof directory, "%s/second-XXXXXX", scratch);

	if (length < 0 || (size_t)length >= sizeof directory || !mkdtemp(directory))
		return MTR_CHECK_SCRATCH;
	const struct mtr_store_options options = {
		.directory = directory, .map_bytes = MAP_BYTES, .create = true, .unsynced = true};
	const enum mtr_store_error error = mtr_store_open(&again->store, &options);

	remove_names(directory);
	if (error)
		return error == MTR_STORE_MEMORY ? MTR_CHECK_MEMORY : MTR_CHECK_SCRATCH;
	return MTR_CHECK_DONE;
}

enum mtr_check_status mtr_again_open(struct mtr_again *ret_again, struct mtr_check *check)
{
	*ret_again = (struct mtr_again){.check = check, .redecide = mtr_redecide_new()};
	if (!ret_again->redecide)
		return MTR_CHECK_MEMORY;
	const enum mtr_check_status status = open_store(ret_again, check->options->scratch);

	if (status)
		mtr_again_close(ret_again);
	else
		ret_again->replay = (struct mtr_replay){.store = ret_again->store,
							.last = check->state.revision,
							.progress = on_commit,
							.before = decide_again,
							.context = ret_again};
	return status;
}

void mtr_again_close(struct mtr_again *again)
{
	mtr_replay_end(&again->replay);
	mtr_redecide_free(&again->redecide);
	mtr_store_close(&again->store);
}

bool mtr_again_record(struct mtr_again *again, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES],
		      const uint8_t *record, size_t size)
{
	return revision > again->replay.last || mtr_replay_record(&again->replay, revision, chain_after, record, size);
}

/* The first row that differs, when the register hasn't gone on since. */
static void name_row(const struct mtr_again *again, struct mtr_txn *second, enum mtr_table table,
		     char name[MTR_ROW_NAME_MAX])
{
	struct mtr_page_damage damage = {0};
	struct mtr_store_state state = {0};
	enum mtr_store_error error;
	struct mtr_store *store = mtr_check_open_register(again->check, &damage, &error);
	struct mtr_txn txn;

	if (!store)
		return;
	mtr_txn_begin_read(&txn, store);
	mtr_txn_check_pages(&txn, &(struct mtr_pages_options){.fd = -1}, NULL, &damage);
	mtr_txn_state(&txn, &state);
	if (!txn.error && state.revision == again->replay.last)
		(void)mtr_table_difference(&txn, second, table, name);
	mtr_txn_abort(&txn);
	mtr_store_close(&store);
}

static void compare_table(struct mtr_again *again, struct mtr_txn *second, enum mtr_table table)
{
	const struct mtr_check_result *result = again->check->result;
	const struct mtr_table_sum *live = &result->sums[table], *built = &result->replayed_sums[table];
	char name[MTR_ROW_NAME_MAX] = "", text[MTR_ROW_NAME_MAX + 128];
	const struct mtr_finding finding = {.file = "register/data.mdb", .what = text, .remedy = rebuild};

	if (live->rows == built->rows && memcmp(live->digest, built->digest, MTR_HASH_BYTES) == 0)
		return;
	name_row(again, second, table, name);
	snprintf(text, sizeof text, "table %s isn't what the journal says%s%s", mtr_table_name(table),
		 name[0] ? ", first at " : "", name);
	mtr_check_found(again->check, &finding);
}

enum mtr_check_status mtr_again_compare(struct mtr_again *again)
{
	struct mtr_check_result *result = again->check->result;
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, again->store);
	mtr_table_sums(&txn, result->replayed_sums);
	for (unsigned table = 0; table < MTR_TABLES && !txn.error; table++)
		compare_table(again, &txn, (enum mtr_table)table);
	const enum mtr_store_error error = txn.error;

	mtr_txn_abort(&txn);
	result->replayed = !error;
	return error ? MTR_CHECK_IO : MTR_CHECK_DONE;
}
