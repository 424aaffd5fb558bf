#include "proven_restore.h"

#include "data.h"
#include "progress.h"
#include "verify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void show(void *context, const char *what, uint64_t done, uint64_t total)
{
	mtr_progress_show(context, what, done, total);
}

static bool read_revision(const char *text, uint64_t *ret_revision)
{
	char *end;

	errno = 0;
	*ret_revision = strtoull(text, &end, 10);
	return *text >= '1' && *text <= '9' && *end == '\0' && !errno;
}

static enum mtr_exit_status read_key(const char *path, struct mtr_key_pair *ret_pair, const struct mtr_log *log)
{
	enum mtr_key_file_status read = mtr_key_file_read(path, ret_pair);

	switch (read) {
	case MTR_KEY_FILE_OK:
		return MTR_EXIT_OK;
	case MTR_KEY_FILE_EXPOSED:
		mtr_log(log, MTR_LOG_ERROR, "%s is open to others; run: chmod 600 %s", path, path);
		return MTR_EXIT_SECURITY;
	case MTR_KEY_FILE_DAMAGED:
		mtr_log(log, MTR_LOG_ERROR,
			"%s isn't the key file of a backup; give the one that \"matricula keygen --for-backups --file "
			"FILE\" "
			"wrote",
			path);
		return MTR_EXIT_SECURITY;
	case MTR_KEY_FILE_MISSING:
	case MTR_KEY_FILE_UNREADABLE:
	case MTR_KEY_FILE_EXISTS:
		break;
	}
	mtr_log(log, MTR_LOG_ERROR, "%s can't be read: %s", path,
		read == MTR_KEY_FILE_MISSING ? "it isn't there" : strerror(errno));
	return MTR_EXIT_MISSING;
}

static enum mtr_exit_status read_options(const struct mtr_options *options, const char *into,
					 struct mtr_progress *progress, struct mtr_restore_options *ret_options,
					 const struct mtr_log *log)
{
	struct mtr_restore_options read = {
		.from = options->values[MTR_OPTION_FROM], .into = into, .progress = {show, progress}};
	const char *revision = options->values[MTR_OPTION_REVISION];

	if (!read.from || !options->values[MTR_OPTION_KEY]) {
		mtr_log(log, MTR_LOG_ERROR,
			"give --from DIRECTORY, where the backups lie, and --key FILE, the secret "
			"key they are encrypted for");
		return MTR_EXIT_USAGE;
	}
	if (revision && !read_revision(revision, &read.at_most)) {
		mtr_log(log, MTR_LOG_ERROR, "--revision isn't a number");
		return MTR_EXIT_USAGE;
	}
	if (strlen(into) >= MTR_CONFIG_TEXT_MAX) {
		mtr_log(log, MTR_LOG_ERROR, "%s is too long a name; restore into another directory", into);
		return MTR_EXIT_USAGE;
	}
	*ret_options = read;
	return MTR_EXIT_OK;
}

static enum mtr_exit_status not_what_it_was(const char *what, const struct mtr_log *log)
{
	mtr_log(log, MTR_LOG_ERROR, "the backup doesn't restore to what it was made of: %s; use another backup", what);
	return MTR_EXIT_DAMAGED;
}

/* What is wrong with what was restored; the remedies of a register in use don't fit: it is removed again. */
static void found(void *context, const struct mtr_finding *finding)
{
	struct mtr_verify_view *view = context;
	char place[48] = "";

	mtr_progress_clear(&view->progress);
	if (finding->placed)
		snprintf(place, sizeof place, " at byte %" PRIu64, finding->offset);
	mtr_log(view->log, MTR_LOG_ERROR, "%s as restored%s: %s", finding->file, place, finding->what);
}

static enum mtr_exit_status compare(const struct mtr_data *data, const struct mtr_restored *restored,
				    const struct mtr_log *log)
{
	const struct mtr_chain_point head = data->engine->operations->head(data->engine);

	if (head.revision != restored->revision || memcmp(head.chain, restored->chain, MTR_HASH_BYTES) != 0)
		return not_what_it_was("the journal ends elsewhere", log);
	if (data->incarnation != restored->incarnation)
		return not_what_it_was("the register is of another incarnation", log);
	return MTR_EXIT_OK;
}

/* A database of an older version is built anew from the journal, which is restored with it. */
static void drop_older(const struct mtr_directory *directory)
{
	const struct mtr_store_options options = {.directory = directory->store, .read_only = true};
	char path[MTR_PATH_BYTES + 16];
	struct mtr_store *store = NULL;
	const enum mtr_store_error error = mtr_store_open(&store, &options);

	mtr_store_close(&store);
	snprintf(path, sizeof path, "%s/data.mdb", directory->store);
	if (error == MTR_STORE_OLDER)
		(void)unlink(path);
}

/* Brings the database up to the journal, as a start does, which proves that they belong together. */
static enum mtr_exit_status open_once(const struct mtr_config *config, const char *into,
				      const struct mtr_restored *restored, const struct mtr_log *log)
{
	struct mtr_directory directory = {.lock = -1};
	struct mtr_data data = {.store = NULL};
	enum mtr_exit_status status = mtr_directory_open_restoring(&directory, into, log);

	if (!status) {
		drop_older(&directory);
		status = mtr_data_open(&data, &directory, config, false, log);
		if (status == MTR_EXIT_DAMAGED)
			mtr_log(log, MTR_LOG_ERROR,
				"this is about the restored copy, which is removed, and the remedy doesn't apply: the "
				"backup doesn't restore; use another backup");
	}
	if (!status)
		status = compare(&data, restored, log);
	mtr_data_close(&data);
	mtr_directory_close(&directory);
	return status;
}

static enum mtr_exit_status check(const char *into, bool replay, struct mtr_check_result *ret_result,
				  const struct mtr_log *log)
{
	struct mtr_verify_view view = {.log = log, .directory = into, .progress = mtr_progress_start()};
	const struct mtr_check_options options = {.directory = into,
						  .scratch = replay ? into : NULL,
						  .found = found,
						  .progress = mtr_verify_progress,
						  .context = &view};
	struct mtr_check_result result = {.served = false};
	enum mtr_check_status checked = mtr_check(&options, &result);

	mtr_progress_clear(&view.progress);
	if (checked)
		return mtr_verify_explain(checked, &options, log);
	*ret_result = result;
	return result.findings ? not_what_it_was("see above", log) : MTR_EXIT_OK;
}

/* What the options say, and the secret key, which the caller wipes. */
static enum mtr_exit_status read_all(const struct mtr_options *options, const char *into, struct mtr_progress *progress,
				     struct mtr_restore_options *ret_wanted, struct mtr_key_pair *ret_pair,
				     const struct mtr_log *log)
{
	enum mtr_exit_status status = read_options(options, into, progress, ret_wanted, log);

	if (!status)
		status = read_key(options->values[MTR_OPTION_KEY], ret_pair, log);
	ret_wanted->key = ret_pair;
	return status;
}

static enum mtr_exit_status lay_down(const struct mtr_restore_options *wanted, struct mtr_progress *progress,
				     struct mtr_restored *ret_restored, const struct mtr_log *log)
{
	struct mtr_problem problem;
	enum mtr_exit_status status = mtr_restore(wanted, ret_restored, &problem);

	mtr_progress_clear(progress);
	if (status)
		mtr_log(log, MTR_LOG_ERROR, "%s", problem.text);
	else if (*ret_restored->passed_over)
		mtr_log(log, MTR_LOG_WARNING, "%s/%s is damaged and was passed over; an older backup is used",
			wanted->from, ret_restored->passed_over);
	return status;
}

static enum mtr_exit_status begin(struct mtr_restoring *ret_restoring, const char *into, const struct mtr_log *log)
{
	struct mtr_problem problem;
	enum mtr_exit_status status = mtr_restoring_begin(ret_restoring, into, &problem);

	if (status)
		mtr_log(log, MTR_LOG_ERROR, "%s", problem.text);
	else if (ret_restoring->cleared)
		mtr_log(log, MTR_LOG_NOTICE, "%s holds what a restore left that was cut short; it is removed", into);
	return status;
}

void mtr_proven_restore_abandon(struct mtr_restoring *restoring, const struct mtr_log *log)
{
	if (!mtr_restoring_abandon(restoring))
		mtr_log(log, MTR_LOG_WARNING, "%s can't be removed whole; remove it: it may hold keys in the clear",
			restoring->into);
}

enum mtr_exit_status mtr_prove_restore(const struct mtr_config *config, const struct mtr_options *options,
				       const char *into, bool replay, struct mtr_proven_restore *ret_proven,
				       const struct mtr_log *log)
{
	struct mtr_progress progress = mtr_progress_start();
	struct mtr_proven_restore proven;
	struct mtr_restore_options wanted;
	struct mtr_key_pair pair;
	enum mtr_exit_status status = read_all(options, into, &progress, &wanted, &pair, log);

	if (status)
		return status;
	status = begin(&proven.restoring, into, log);
	if (!status) {
		status = lay_down(&wanted, &progress, &proven.restored, log);
		if (!status)
			status = open_once(config, into, &proven.restored, log);
		if (!status)
			status = check(into, replay, &proven.check, log);
		if (status)
			mtr_proven_restore_abandon(&proven.restoring, log);
	}
	mtr_key_pair_wipe(&pair);
	if (!status)
		*ret_proven = proven;
	return status;
}
