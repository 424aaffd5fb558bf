#include "check/state.h"

#include "store/verify.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_NAME "register/data.mdb"
/* Address space beyond the file: it may grow while it is read. */
#define ROOM_BYTES (UINT64_C(1) << 30)

static const char rebuild[] =
	"stop matriculad and run \"matriculad rebuild\": the database is built anew from the journal";

static void on_pages(void *context, uint64_t done, uint64_t total)
{
	mtr_check_progress(context, "pages of the database", done, total);
}

/* What came of opening or reading the database. */
static enum mtr_check_status explain(struct mtr_check *check, enum mtr_store_error error,
				     const struct mtr_page_damage *damage)
{
	char what[160];
	const struct mtr_finding finding = {.file = FILE_NAME,
					    .placed = damage->what != NULL,
					    .offset = damage->offset,
					    .what = what,
					    .remedy = rebuild};

	switch (error) {
	case MTR_STORE_OK:
		return MTR_CHECK_DONE;
	case MTR_STORE_MISSING:
		snprintf(what, sizeof what, "is missing");
		break;
	case MTR_STORE_OLDER:
		snprintf(what, sizeof what, "was written by an older version");
		break;
	case MTR_STORE_CORRUPT:
	case MTR_STORE_FULL:
	case MTR_STORE_IN_USE:
		snprintf(what, sizeof what, "%s%s%s", damage->table ? damage->table : "", damage->table ? ": " : "",
			 damage->what ? damage->what : "can't be read");
		break;
	case MTR_STORE_NEWER:
		return MTR_CHECK_NEWER;
	case MTR_STORE_MEMORY:
	case MTR_STORE_LIMIT:
		return MTR_CHECK_MEMORY;
	case MTR_STORE_READ_ONLY:
	case MTR_STORE_IO:
		return MTR_CHECK_IO;
	}
	mtr_check_found(check, &finding);
	return MTR_CHECK_DONE;
}

struct mtr_store *mtr_check_open_register(const struct mtr_check *check, struct mtr_page_damage *ret_damage,
					  enum mtr_store_error *ret_error)
{
	char directory[MTR_CHECK_PATH], file[MTR_CHECK_PATH];
	struct mtr_store *store = NULL;
	struct stat about;

	*ret_error = MTR_STORE_MISSING;
	if (!mtr_check_path(check, "register", directory) || !mtr_check_path(check, FILE_NAME, file) ||
	    stat(file, &about) != 0)
		return NULL;
	const struct mtr_store_options options = {.directory = directory,
						  .map_bytes = 2 * (uint64_t)about.st_size + ROOM_BYTES,
						  .read_only = true,
						  .damage = ret_damage};

	*ret_error = mtr_store_open(&store, &options);
	return *ret_error ? NULL : store;
}

static void check_rows(struct mtr_check *check, struct mtr_txn *txn)
{
	char difference[MTR_DIFFERENCE_MAX];
	const struct mtr_finding finding = {.file = FILE_NAME, .what = difference, .remedy = rebuild};

	mtr_check_progress(check, "rows of the database", 0, 0);
	if (!mtr_store_check(txn, difference))
		mtr_check_found(check, &finding);
}

/* When other tables' pages are damaged: the journal can be held against it all the same. */
static void read_state_alone(struct mtr_check *check, struct mtr_store *store)
{
	const struct mtr_pages_options pages = {.only = mtr_table_name(MTR_TABLE_META)};
	struct mtr_page_damage damage = {0};
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, store);
	mtr_txn_check_pages(&txn, &pages, NULL, &damage);
	mtr_txn_state(&txn, &check->state);
	mtr_txn_abort(&txn);
}

/* One state of it, however it goes on meanwhile. */
static enum mtr_check_status check_state(struct mtr_check *check, struct mtr_store *store)
{
	const struct mtr_pages_options pages = {.progress = on_pages, .context = check};
	struct mtr_page_damage damage = {0};
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, store);
	mtr_txn_check_pages(&txn, &pages, &check->result->pages, &damage);
	mtr_txn_state(&txn, &check->state);
	if (!txn.error) {
		check->result->readable = true;
		mtr_table_sums(&txn, check->result->sums);
		check_rows(check, &txn);
	}
	const enum mtr_store_error error = txn.error;

	mtr_txn_abort(&txn);
	if (!check->result->readable)
		read_state_alone(check, store);
	check->result->revision = check->state.revision;
	memcpy(check->result->chain, check->state.chain, MTR_HASH_BYTES);
	/* What a row says wrong has been told. */
	return error == MTR_STORE_CORRUPT && check->result->readable ? MTR_CHECK_DONE : explain(check, error, &damage);
}

enum mtr_check_status mtr_check_register(struct mtr_check *check)
{
	struct mtr_page_damage damage = {0};
	enum mtr_store_error error;
	struct mtr_store *store = mtr_check_open_register(check, &damage, &error);

	if (!store)
		return explain(check, error, &damage);
	const enum mtr_check_status status = check_state(check, store);

	mtr_store_close(&store);
	return status;
}
