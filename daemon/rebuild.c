#include "rebuild.h"

#include "data.h"
#include "verify.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OLD_MOST 1000u

struct rebuild {
	const struct mtr_config *config;
	const struct mtr_log *log;
	struct mtr_directory directory; /* locked */
	struct mtr_directory fresh;     /* the same with the database beside */
	struct mtr_verify_view view;
	struct mtr_check_options check;
	bool had_old;
	struct mtr_check_result old; /* of the database there was, if it is readable */
};

/* What a rebuild makes belongs to whoever runs it; the daemon must be able to use it. */
static enum mtr_exit_status check_owner(const struct rebuild *rebuild)
{
	struct stat about;

	if (stat(rebuild->config->data_directory, &about) == 0 && about.st_uid == geteuid())
		return MTR_EXIT_OK;
	mtr_log(rebuild->log, MTR_LOG_ERROR,
		"%s belongs to another user; run this as the daemon's: runuser -u matricula -- matriculad rebuild",
		rebuild->config->data_directory);
	return MTR_EXIT_WRITE;
}

static enum mtr_exit_status explain_write(const struct rebuild *rebuild, const char *path)
{
	mtr_log(rebuild->log, MTR_LOG_ERROR, "%s can't be written: %s; give it to the daemon's user, or make room",
		path, strerror(errno));
	return MTR_EXIT_WRITE;
}

/* What an interrupted rebuild left. */
static enum mtr_exit_status remove_fresh(const struct rebuild *rebuild)
{
	static const char *const names[] = {"data.mdb", "lock.mdb", "new/data.mdb"};
	const int directory = open(rebuild->fresh.store, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (directory < 0)
		return errno == ENOENT ? MTR_EXIT_OK : explain_write(rebuild, rebuild->fresh.store);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		(void)unlinkat(directory, names[i], 0);
	(void)unlinkat(directory, "new", AT_REMOVEDIR);
	close(directory);
	return rmdir(rebuild->fresh.store) == 0 ? MTR_EXIT_OK : explain_write(rebuild, rebuild->fresh.store);
}

/* No error, and nothing to be done about it: that is why it is built again. */
static void on_old(void *context, const struct mtr_finding *finding)
{
	struct rebuild *rebuild = context;
	char place[48] = "";

	mtr_progress_clear(&rebuild->view.progress);
	if (finding->placed)
		snprintf(place, sizeof place, " at byte %" PRIu64, finding->offset);
	mtr_log(rebuild->log, MTR_LOG_WARNING, "the former database is replaced: %s/%s%s: %s",
		rebuild->config->data_directory, finding->file, place, finding->what);
}

static void on_old_progress(void *context, const char *step, uint64_t done, uint64_t total)
{
	mtr_verify_progress(&((struct rebuild *)context)->view, step, done, total);
}

static bool has_old(const struct rebuild *rebuild)
{
	char path[MTR_PATH_BYTES + 16];

	snprintf(path, sizeof path, "%s/data.mdb", rebuild->directory.store);
	return access(path, F_OK) == 0 || errno != ENOENT;
}

/* The database there is, which may be missing or damaged. */
static enum mtr_exit_status read_old(struct rebuild *rebuild)
{
	struct mtr_check_options options = rebuild->check;

	rebuild->had_old = has_old(rebuild);
	if (!rebuild->had_old)
		return MTR_EXIT_OK;
	options.found = on_old;
	options.progress = on_old_progress;
	options.context = rebuild;
	const enum mtr_check_status status = mtr_check_database(&options, &rebuild->old);

	if (status == MTR_CHECK_NEWER || status == MTR_CHECK_MEMORY)
		return mtr_verify_explain(status, &rebuild->check, rebuild->log);
	return MTR_EXIT_OK;
}

/* Whatever else is damaged in the former database: entries behind the journal's end were answered, and what another
 * journal tells is another register. */
static enum mtr_exit_status check_journal(struct rebuild *rebuild)
{
	struct mtr_check_result result = {.served = false};
	const enum mtr_check_status status = mtr_check_whole_journal(&rebuild->check, &rebuild->old, &result);

	if (status)
		return mtr_verify_explain(status, &rebuild->check, rebuild->log);
	return result.findings ? MTR_EXIT_DAMAGED : MTR_EXIT_OK;
}

static void on_built(void *context, uint64_t revision, uint64_t head)
{
	mtr_progress_show(&((struct rebuild *)context)->view.progress, "new database, records", revision, head);
}

static enum mtr_exit_status build(struct rebuild *rebuild, struct mtr_check_result *ret_built)
{
	enum mtr_exit_status status = remove_fresh(rebuild);
	struct mtr_store_options options = {.directory = rebuild->fresh.store, .read_only = true};
	struct mtr_store_state state = {0};
	struct mtr_store *store;
	struct mtr_txn txn;

	if (!status)
		status = mtr_data_build(&rebuild->fresh, rebuild->config, on_built, rebuild, rebuild->log);
	mtr_progress_clear(&rebuild->view.progress);
	if (status)
		return status;
	if (mtr_store_open(&store, &options) != MTR_STORE_OK)
		return explain_write(rebuild, rebuild->fresh.store);
	mtr_txn_begin_read(&txn, store);
	mtr_txn_state(&txn, &state);
	mtr_table_sums(&txn, ret_built->sums);
	ret_built->readable = !txn.error;
	ret_built->revision = state.revision;
	mtr_txn_abort(&txn);
	mtr_store_close(&store);
	return ret_built->readable ? MTR_EXIT_OK : explain_write(rebuild, rebuild->fresh.store);
}

static void tell_difference(const struct rebuild *rebuild, const struct mtr_check_result *built)
{
	const struct mtr_check_result *old = &rebuild->old;
	unsigned differ = 0;

	printf("built anew: revision %" PRIu64 "\n", built->revision);
	if (!rebuild->had_old) {
		puts("there was no former database");
		return;
	}
	if (!old->readable) {
		puts("the former database can't be read: nothing to compare");
		return;
	}
	if (old->revision != built->revision) {
		printf("the former database ended at revision %" PRIu64 ": not compared\n", old->revision);
		return;
	}
	for (unsigned table = 0; table < MTR_TABLES; table++)
		if (old->sums[table].rows != built->sums[table].rows ||
		    memcmp(old->sums[table].digest, built->sums[table].digest, MTR_HASH_BYTES) != 0) {
			printf("table %s was otherwise in the former database\n",
			       mtr_table_name((enum mtr_table)table));
			differ++;
		}
	if (!differ)
		puts("the former database was the same, table by table");
}

/* The first name that is free: register.old-REVISION, register.old-REVISION.2, ... */
static bool name_old(const struct rebuild *rebuild, uint64_t revision, char ret_path[MTR_PATH_BYTES + 32])
{
	struct stat about;

	for (unsigned i = 1; i < OLD_MOST; i++) {
		const int length =
			snprintf(ret_path, MTR_PATH_BYTES + 32, "%s.old-%" PRIu64, rebuild->directory.store, revision);

		if (i > 1)
			snprintf(ret_path + length, MTR_PATH_BYTES + 32 - (size_t)length, ".%u", i);
		if (lstat(ret_path, &about) != 0 && errno == ENOENT)
			return true;
	}
	return false;
}

static bool flush_directory(const char *path)
{
	const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const bool flushed = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return flushed;
}

/* Between the two renames there is no database: a start would build one from the journal. */
static enum mtr_exit_status swap(const struct rebuild *rebuild, uint64_t revision)
{
	const char *store = rebuild->directory.store;
	char old[MTR_PATH_BYTES + 32];
	struct stat about;
	const bool there = lstat(store, &about) == 0;

	if (there && (!name_old(rebuild, revision, old) || rename(store, old) != 0))
		return explain_write(rebuild, store);
	if (rename(rebuild->fresh.store, store) != 0 || !flush_directory(rebuild->config->data_directory))
		return explain_write(rebuild, store);
	if (there && rebuild->had_old)
		printf("the former database is kept in %s; remove it when it isn't wanted any more\n", old);
	puts("start matriculad");
	return MTR_EXIT_OK;
}

static enum mtr_exit_status run(struct rebuild *rebuild)
{
	struct mtr_check_result built = {.served = false};
	enum mtr_exit_status status = check_owner(rebuild);

	if (!status)
		status = read_old(rebuild);
	if (!status)
		status = check_journal(rebuild);
	mtr_progress_clear(&rebuild->view.progress);
	if (!status)
		status = build(rebuild, &built);
	if (status)
		return status;
	tell_difference(rebuild, &built);
	return swap(rebuild, rebuild->old.readable ? rebuild->old.revision : built.revision);
}

enum mtr_exit_status mtr_rebuild(const struct mtr_config *config, const struct mtr_options *options,
				 const struct mtr_log *log)
{
	struct rebuild rebuild = {.config = config, .log = log};
	enum mtr_exit_status status = mtr_directory_open(&rebuild.directory, config->data_directory, false, log);

	(void)options;
	if (status)
		return status;
	rebuild.view = (struct mtr_verify_view){log, config->data_directory, mtr_progress_start()};
	rebuild.check = (struct mtr_check_options){.directory = config->data_directory,
						   .found = mtr_verify_found,
						   .progress = mtr_verify_progress,
						   .context = &rebuild.view};
	rebuild.fresh = rebuild.directory;
	snprintf(rebuild.fresh.store, sizeof rebuild.fresh.store, "%s/register.new", config->data_directory);
	status = run(&rebuild);
	mtr_directory_close(&rebuild.directory);
	return status;
}
