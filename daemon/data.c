#include "data.h"

#include "engine/local.h"
#include "notify.h"
#include "redaction/redaction.h"
#include "store/incarnation.h"
#include "store/pages.h"
#include "traces.h"
#include "writer/recover.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Between two commits of a replay lie 1,000 records, between two steps of a check 64 MiB: far less than this even on a
 * bad disk. */
#define STEP_MS 30000u

/* `damage` is NULL when it isn't known where. */
static void explain_damaged_store(const struct mtr_page_damage *damage, const char *path, const struct mtr_log *log)
{
	static const char remedy[] = "run \"matriculad rebuild\": it is built anew from the journal";

	if (damage && damage->what)
		mtr_log(log, MTR_LOG_ERROR, "%s/data.mdb is damaged at byte %" PRIu64 "%s%s: %s; %s", path,
			damage->offset, damage->table ? ", table " : "", damage->table ? damage->table : "",
			damage->what, remedy);
	else
		mtr_log(log, MTR_LOG_ERROR, "%s is damaged; %s", path, remedy);
}

static enum mtr_exit_status explain_store(enum mtr_store_error error, const struct mtr_page_damage *damage,
					  const struct mtr_directory *directory, const struct mtr_log *log)
{
	const char *path = directory->store;

	switch (error) {
	case MTR_STORE_OK:
		return MTR_EXIT_OK;
	case MTR_STORE_FULL:
		mtr_log(log, MTR_LOG_ERROR,
			"%s has no room for what a start must write; make room on the disk, or raise "
			"[storage] map_size",
			path);
		return MTR_EXIT_WRITE;
	case MTR_STORE_CORRUPT:
		explain_damaged_store(damage, path, log);
		return MTR_EXIT_DAMAGED;
	case MTR_STORE_NEWER:
		mtr_log(log, MTR_LOG_ERROR, "%s was written by a newer version of matriculad; install that version",
			path);
		return MTR_EXIT_NEWER;
	case MTR_STORE_OLDER:
		mtr_log(log, MTR_LOG_ERROR,
			"%s was written by an older version of matriculad; run \"matriculad rebuild\": it is built "
			"anew from the journal, and the old one is kept",
			path);
		return MTR_EXIT_DAMAGED;
	case MTR_STORE_READ_ONLY:
		mtr_log(log, MTR_LOG_ERROR, "%s can't be written; mount it read-write and give it to the daemon's user",
			path);
		return MTR_EXIT_WRITE;
	case MTR_STORE_IN_USE:
		mtr_log(log, MTR_LOG_ERROR, "%s is in use by another process; stop that one", path);
		return MTR_EXIT_IN_USE;
	case MTR_STORE_MISSING:
		mtr_log(log, MTR_LOG_ERROR, "there is no register in %s, and none can be made there", path);
		return MTR_EXIT_MISSING;
	case MTR_STORE_MEMORY:
	case MTR_STORE_LIMIT:
		mtr_log(log, MTR_LOG_ERROR,
			"%s can't be opened (%s); see the memory and address space the service may use", path,
			mtr_store_error_name(error));
		return MTR_EXIT_SYSTEM;
	case MTR_STORE_IO:
		break;
	}
	mtr_log(log, MTR_LOG_ERROR, "%s: the disk reports an error; look at the kernel's log, then start again", path);
	return MTR_EXIT_UNCLEAR;
}

#define RESTORE_ALL "restore the newest backup as a whole (\"matriculad restore\", then \"matriculad adopt\")"

static enum mtr_exit_status explain_damaged_journal(const struct mtr_damage *damage, const char *path,
						    const struct mtr_log *log)
{
	if (damage->kind == MTR_DAMAGE_MISSING)
		mtr_log(log, MTR_LOG_ERROR,
			"the journal is damaged: %s/%s is missing, and maybe files before it (\"matriculad verify\" "
			"tells); restore them from a backup",
			path, damage->file);
	else
		mtr_log(log, MTR_LOG_ERROR,
			"the journal is damaged: %s/%s at byte %" PRIu64 "; restore this file from a "
			"backup",
			path, damage->file, damage->offset);
	return MTR_EXIT_DAMAGED;
}

static enum mtr_exit_status explain_engine(int error, const struct mtr_damage *damage,
					   const struct mtr_directory *directory, const struct mtr_log *log)
{
	const char *path = directory->journal;

	switch (-error) {
	case ENOENT:
		mtr_log(log, MTR_LOG_ERROR, "there is no journal in %s; put it back, or " RESTORE_ALL, path);
		return MTR_EXIT_MISSING;
	case EBADMSG:
	case EPROTO:
		return explain_damaged_journal(damage, path, log);
	case EPROTONOSUPPORT:
		mtr_log(log, MTR_LOG_ERROR, "%s was written by a newer version of matriculad; install that version",
			path);
		return MTR_EXIT_NEWER;
	case EROFS:
	case EACCES:
	case EPERM:
	case ENOSPC:
	case EDQUOT:
		mtr_log(log, MTR_LOG_ERROR,
			"%s can't be written: %s; mount it read-write, give it to the daemon's user, or "
			"make room",
			path, strerror(-error));
		return MTR_EXIT_WRITE;
	case EIO:
		mtr_log(log, MTR_LOG_ERROR, "%s: the disk reports an error; look at the kernel's log, then start again",
			path);
		return MTR_EXIT_UNCLEAR;
	default:
		mtr_log(log, MTR_LOG_ERROR, "the journal in %s can't be opened: %s", path, strerror(-error));
		return MTR_EXIT_SYSTEM;
	}
}

static enum mtr_exit_status read_revision(struct mtr_store *store, const struct mtr_directory *directory,
					  uint64_t *ret_revision, const struct mtr_log *log)
{
	struct mtr_store_state state;
	const enum mtr_store_error error = mtr_store_state_read(store, &state);

	*ret_revision = state.revision;
	return explain_store(error, NULL, directory, log);
}

/* Of a register that is built anew from such a journal, entries that were answered would be missing. */
static enum mtr_exit_status explain_short(const struct mtr_data *data, const struct mtr_directory *directory,
					  const struct mtr_log *log)
{
	uint64_t revision;
	enum mtr_exit_status status = read_revision(data->store, directory, &revision, log);

	if (status)
		return status;
	mtr_log(log, MTR_LOG_ERROR,
		"%s ends with revision %" PRIu64 ", before the register does, which has %" PRIu64
		"; leave %s where it is, and put the journal's missing files back; if they are lost, " RESTORE_ALL,
		directory->journal, data->engine->operations->head(data->engine).revision, revision, directory->store);
	return MTR_EXIT_DAMAGED;
}

static enum mtr_exit_status explain_recovery(enum mtr_recover_status status, const struct mtr_data *data,
					     const struct mtr_directory *directory, const struct mtr_log *log)
{
	struct mtr_damage damage = {0};

	switch (status) {
	case MTR_RECOVER_OK:
		return MTR_EXIT_OK;
	case MTR_RECOVER_JOURNAL_SHORT:
		return explain_short(data, directory, log);
	case MTR_RECOVER_CHAIN_DIFFERS:
		mtr_log(log, MTR_LOG_ERROR,
			"%s and %s are of different histories; put the two that belong together back, or " RESTORE_ALL,
			directory->journal, directory->store);
		return MTR_EXIT_DAMAGED;
	case MTR_RECOVER_JOURNAL_DAMAGED:
		mtr_local_damage(data->engine, &damage);
		return explain_engine(-EBADMSG, &damage, directory, log);
	case MTR_RECOVER_STORE_ERROR:
		mtr_log(log, MTR_LOG_ERROR,
			"the journal can't be applied to %s; see that its disk and [storage] map_size have room, and "
			"try again; if they have, run \"matriculad rebuild\", which checks the journal and keeps the "
			"old database",
			directory->store);
		return MTR_EXIT_WRITE;
	case MTR_RECOVER_MEMORY:
		break;
	}
	mtr_log(log, MTR_LOG_ERROR, "no memory to apply the journal (%s)", mtr_recover_status_name(status));
	return MTR_EXIT_SYSTEM;
}

/* A stop that is asked for during a long replay: what is committed stays, the rest is done at the next start. */
static bool stop_wanted(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 && (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1);
}

static void replayed(void *context, uint64_t revision, uint64_t head)
{
	const struct mtr_log *log = context;
	char status[96];

	snprintf(status, sizeof status, "applying the journal: revision %" PRIu64 " of %" PRIu64, revision, head);
	mtr_notify_extend(STEP_MS, status);
	mtr_log(log, MTR_LOG_DEBUG, "%s", status);
	if (stop_wanted()) {
		mtr_log(log, MTR_LOG_NOTICE, "stopped while %s", status);
		_exit(MTR_EXIT_OK);
	}
}

static void checked(void *context, uint64_t pages, uint64_t total)
{
	char status[96];

	(void)context;
	snprintf(status, sizeof status, "checking the database: page %" PRIu64 " of %" PRIu64, pages, total);
	mtr_notify_extend(STEP_MS, status);
}

static enum mtr_exit_status open_store(struct mtr_data *data, const struct mtr_directory *directory,
				       const struct mtr_config *config, bool create, const struct mtr_log *log)
{
	struct mtr_page_damage damage = {0};
	struct mtr_store_options options = {.directory = directory->store,
					    .map_bytes = config->map_size,
					    .create = create,
					    .damage = &damage,
					    .checked = checked};
	enum mtr_store_error error = mtr_store_open(&data->store, &options);

	if (error == MTR_STORE_MISSING) {
		mtr_log(log, MTR_LOG_WARNING, "there is no register in %s: building it from the journal",
			directory->store);
		options.create = true;
		error = mtr_store_open(&data->store, &options);
	}
	return explain_store(error, &damage, directory, log);
}

static enum mtr_exit_status open_engine(struct mtr_data *data, const struct mtr_directory *directory,
					const struct mtr_config *config, bool create, const struct mtr_log *log)
{
	struct mtr_local_options options = {directory->journal, config->journal_segment_size, create, 0};
	struct mtr_damage damage = {0};
	enum mtr_exit_status status = read_revision(data->store, directory, &options.committed_revision, log);

	if (status)
		return status;
	int failed = mtr_local_open(&data->engine, &options, &damage);

	return failed ? explain_engine(failed, &damage, directory, log) : MTR_EXIT_OK;
}

/* What redactions took out of the rows goes from the journal too, while nobody appends to it. If that fails it is done
 * at a later start; the register is none the worse. */
static enum mtr_exit_status clear_redacted(struct mtr_data *data, const struct mtr_directory *directory,
					   const struct mtr_config *config, const struct mtr_log *log)
{
	const struct mtr_redaction_options options = {
		.store = data->store, .journal = directory->journal, .state = directory->redactions};
	struct mtr_redaction_result result = {0};
	bool pending = false;
	int error = mtr_redaction_pending(&options, &pending);

	if (!error && !pending)
		return MTR_EXIT_OK;
	data->engine->operations->close(&data->engine);
	if (!error)
		error = mtr_redaction_run(&options, &result);
	if (error)
		mtr_log(log, MTR_LOG_WARNING,
			"the journal still holds data of people who were redacted: %s; the next start tries again",
			strerror(-error));
	else
		mtr_log(log, MTR_LOG_NOTICE, "redacted in the journal: people: %" PRIu64 ", pieces taken out: %" PRIu64,
			result.people, result.leaves);
	return open_engine(data, directory, config, false, log);
}

static enum mtr_exit_status read_incarnation(struct mtr_data *data, const struct mtr_directory *directory,
					     const struct mtr_log *log)
{
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, data->store);
	data->incarnation = mtr_register_incarnation(&txn, mtr_local_incarnation(data->engine));
	enum mtr_store_error error = txn.error;

	mtr_txn_abort(&txn);
	return explain_store(error, NULL, directory, log);
}

/* Where there is no journal nothing is opened: that would leave an empty database behind. */
static enum mtr_exit_status find_journal(const struct mtr_directory *directory, const struct mtr_log *log)
{
	struct mtr_traces traces;

	mtr_traces_read(directory, &traces);
	if (traces.journal)
		return MTR_EXIT_OK;
	const char *found = mtr_traces_found(&traces);

	if (found)
		mtr_log(log, MTR_LOG_ERROR,
			"there is no journal in %s, and %s of its register is there; put the journal back, "
			"or " RESTORE_ALL,
			directory->journal, found);
	else
		mtr_log(log, MTR_LOG_ERROR, "there is no register in %s; run \"matriculad init\" first",
			directory->path);
	return MTR_EXIT_MISSING;
}

enum mtr_exit_status mtr_data_open(struct mtr_data *ret_data, const struct mtr_directory *directory,
				   const struct mtr_config *config, bool create, const struct mtr_log *log)
{
	struct mtr_data data = {0};
	struct mtr_log copy = *log;
	enum mtr_exit_status status = create ? MTR_EXIT_OK : find_journal(directory, log);

	if (!status)
		status = open_store(&data, directory, config, create, log);
	if (!status)
		status = open_engine(&data, directory, config, create, log);
	if (!status)
		status = explain_recovery(mtr_recover(data.store, data.engine, replayed, &copy), &data, directory, log);
	if (!status)
		status = clear_redacted(&data, directory, config, log);
	if (!status)
		status = read_incarnation(&data, directory, log);
	if (status) {
		mtr_data_close(&data);
		return status;
	}
	*ret_data = data;
	return MTR_EXIT_OK;
}

/* As explain_recovery, of a new database: another rebuild helps only once there is room. */
static enum mtr_exit_status explain_build(enum mtr_recover_status status, const struct mtr_data *data,
					  const struct mtr_directory *directory, const struct mtr_log *log)
{
	if (status != MTR_RECOVER_STORE_ERROR)
		return explain_recovery(status, data, directory, log);
	mtr_log(log, MTR_LOG_ERROR,
		"the journal can't be applied to %s; make room on its disk, or raise [storage] map_size, and run this "
		"again; the old database stays as it is",
		directory->store);
	return MTR_EXIT_WRITE;
}

enum mtr_exit_status mtr_data_build(const struct mtr_directory *directory, const struct mtr_config *config,
				    mtr_progress_fn progress, void *context, const struct mtr_log *log)
{
	const struct mtr_store_options options = {
		.directory = directory->store, .map_bytes = config->map_size, .create = true, .unsynced = true};
	struct mtr_data data = {0};
	enum mtr_exit_status status = explain_store(mtr_store_open(&data.store, &options), NULL, directory, log);

	if (!status)
		status = open_engine(&data, directory, config, false, log);
	if (!status)
		status = explain_build(mtr_recover(data.store, data.engine, progress, context), &data, directory, log);
	if (!status)
		status = explain_store(mtr_store_sync(data.store), NULL, directory, log);
	mtr_data_close(&data);
	return status;
}

void mtr_data_close(struct mtr_data *data)
{
	if (data->engine)
		data->engine->operations->close(&data->engine);
	mtr_store_close(&data->store);
}
