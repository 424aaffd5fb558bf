#include "proven_restore.h"

#include "store/verify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void show(void *context, const char *what, uint64_t done, uint64_t total)
{
	(void)context;
	fprintf(stderr, "\r%s %" PRIu64 " of %" PRIu64, what, done, total);
	if (done == total)
		fputs("\r                              \r", stderr);
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
			"%s isn't the key file of a backup; give the one that \"matricula keygen\" wrote", path);
		return MTR_EXIT_USAGE;
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
					 struct mtr_restore_options *ret_options, const struct mtr_log *log)
{
	struct mtr_restore_options read = {.from = options->values[MTR_OPTION_FROM],
					   .into = into,
					   .progress = {isatty(STDERR_FILENO) ? show : NULL, NULL}};
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

static int count_record(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES],
			const uint8_t *record, size_t size)
{
	struct mtr_proven_restore *proven = context;

	(void)revision;
	(void)chain_after;
	(void)record;
	(void)size;
	proven->records++;
	return 0;
}

static enum mtr_exit_status not_what_it_was(const char *what, const struct mtr_log *log)
{
	mtr_log(log, MTR_LOG_ERROR, "the backup doesn't restore to what it was made of: %s; use another backup", what);
	return MTR_EXIT_DAMAGED;
}

static enum mtr_exit_status check_register(struct mtr_store *store, const struct mtr_log *log)
{
	char difference[MTR_DIFFERENCE_MAX] = "";
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, store);
	bool good = mtr_store_check(&txn, difference);

	mtr_txn_abort(&txn);
	return good ? MTR_EXIT_OK : not_what_it_was(difference, log);
}

static enum mtr_exit_status check_all(struct mtr_proven_restore *proven, const struct mtr_log *log)
{
	struct mtr_engine *engine = proven->data.engine;
	const struct mtr_restored *restored = &proven->restored;
	const struct mtr_chain_point head = engine->operations->head(engine);

	if (head.revision != restored->revision || memcmp(head.chain, restored->chain, MTR_HASH_BYTES) != 0)
		return not_what_it_was("the journal ends elsewhere", log);
	if (proven->data.incarnation != restored->incarnation)
		return not_what_it_was("the register is of another incarnation", log);
	if (engine->operations->fetch(engine, 1, count_record, proven) != 0)
		return not_what_it_was("the journal's chain doesn't hold", log);
	return check_register(proven->data.store, log);
}

static enum mtr_exit_status open_all(struct mtr_proven_restore *proven, const struct mtr_config *config,
				     const char *into, const struct mtr_log *log)
{
	enum mtr_exit_status status = mtr_directory_open(&proven->directory, into, false, log);

	return status ? status : mtr_data_open(&proven->data, &proven->directory, config, false, log);
}

enum mtr_exit_status mtr_prove_restore(const struct mtr_config *config, const struct mtr_options *options,
				       const char *into, struct mtr_proven_restore *ret_proven,
				       const struct mtr_log *log)
{
	struct mtr_proven_restore proven = {.directory = {.lock = -1}};
	struct mtr_restore_options wanted;
	struct mtr_problem problem;
	struct mtr_key_pair pair;
	enum mtr_exit_status status = read_options(options, into, &wanted, log);

	if (!status)
		status = read_key(options->values[MTR_OPTION_KEY], &pair, log);
	if (status)
		return status;
	wanted.key = &pair;
	status = mtr_restore_check_empty(into, &problem);
	if (status) {
		mtr_key_pair_wipe(&pair);
		mtr_log(log, MTR_LOG_ERROR, "%s", problem.text);
		return status;
	}
	status = mtr_restore(&wanted, &proven.restored, &problem);
	mtr_key_pair_wipe(&pair);
	if (status)
		mtr_log(log, MTR_LOG_ERROR, "%s", problem.text);
	if (!status)
		status = open_all(&proven, config, into, log);
	if (!status)
		status = check_all(&proven, log);
	if (status) {
		mtr_proven_restore_close(&proven);
		mtr_restore_remove(into);
		return status;
	}
	*ret_proven = proven;
	return MTR_EXIT_OK;
}

void mtr_proven_restore_close(struct mtr_proven_restore *proven)
{
	mtr_data_close(&proven->data);
	mtr_directory_close(&proven->directory);
}
