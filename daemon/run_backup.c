#include "backup/backup.h"
#include "backup_actions.h"
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void show(void *context, const char *what, uint64_t done, uint64_t total)
{
	mtr_progress_show(context, what, done < total ? done : total, total);
}

static const char *given_or(const struct mtr_options *options, enum mtr_option option, const char *configured)
{
	const char *given = options->values[option];

	return given ? given : configured;
}

static bool read_keep(const char *text, uint64_t *ret_keep)
{
	char *end;
	const unsigned long keep = strtoul(text, &end, 10);

	*ret_keep = keep;
	return *text >= '1' && *text <= '9' && *end == '\0' && keep <= MTR_BACKUP_KEEP_MAX;
}

static enum mtr_exit_status read_options(const struct mtr_config *config, const struct mtr_options *options,
					 struct mtr_progress *progress, struct mtr_backup_options *ret_options,
					 const struct mtr_log *log)
{
	const char *key = given_or(options, MTR_OPTION_FOR, config->backup_public_key);
	const char *file = options->values[MTR_OPTION_CONFIG];
	struct mtr_backup_options read = {
		.data = config->data_directory,
		.config = file                                 ? file
			  : access(MTR_CONFIG_FILE, F_OK) == 0 ? MTR_CONFIG_FILE
							       : NULL,
		.to = given_or(options, MTR_OPTION_TO, config->backup_directory),
		.map_bytes = config->map_size,
		.keep = config->backup_keep,
		.journal_only = options->values[MTR_OPTION_JOURNAL_ONLY],
		.progress = {show, progress},
	};

	if (!*read.to) {
		mtr_log(log, MTR_LOG_ERROR, "where to? Give --to DIRECTORY, or set [backup] directory");
		return MTR_EXIT_USAGE;
	}
	if (!mtr_key_parse(key, read.recipient)) {
		mtr_log(log, MTR_LOG_ERROR,
			"for whom? Give --for KEY, 40 characters of Z85 quoted for the shell, or set [backup] "
			"public_key; \"matricula keygen --for-backups --file FILE\" on another machine makes the pair");
		return MTR_EXIT_USAGE;
	}
	if (options->values[MTR_OPTION_KEEP] && !read_keep(options->values[MTR_OPTION_KEEP], &read.keep)) {
		mtr_log(log, MTR_LOG_ERROR, "--keep isn't a number from 1 to %u", MTR_BACKUP_KEEP_MAX);
		return MTR_EXIT_USAGE;
	}
	*ret_options = read;
	return MTR_EXIT_OK;
}

/* Until --keep has removed the older ones, one key alone doesn't open all that lies there. */
static void tell_of_other_key(const struct mtr_backup_options *wanted, const struct mtr_backup_outcome *outcome,
			      const struct mtr_log *log)
{
	char former[MTR_KEY_TEXT], now[MTR_KEY_TEXT];

	mtr_key_text(outcome->former_recipient, former);
	mtr_key_text(wanted->recipient, now);
	mtr_log(log, MTR_LOG_NOTICE,
		"the backup before this one in %s is for another key: older copies need the secret key of %s, this one "
		"needs the secret key of %s; keep both as long as older copies are kept",
		wanted->to, former, now);
}

enum mtr_exit_status mtr_run_backup(const struct mtr_config *config, const struct mtr_options *options,
				    const struct mtr_log *log)
{
	struct mtr_backup_options wanted;
	struct mtr_backup_outcome outcome;
	struct mtr_problem problem;
	struct mtr_progress progress = mtr_progress_start();
	enum mtr_exit_status status = read_options(config, options, &progress, &wanted, log);

	if (status)
		return status;
	status = mtr_backup(&wanted, &outcome, &problem);
	mtr_progress_clear(&progress);
	if (status) {
		mtr_log(log, MTR_LOG_ERROR, "%s", problem.text);
		return status;
	}
	if (outcome.unpruned)
		mtr_log(log, MTR_LOG_WARNING, "the backup is complete, but older ones weren't removed: %s",
			problem.text);
	mtr_log(log, MTR_LOG_NOTICE,
		"backed up to revision %" PRIu64 " in %s: %" PRIu64 " bytes written, segments of the journal: %" PRIu64
		" new, %" PRIu64 " there already%s",
		outcome.revision, wanted.to, outcome.written_bytes, outcome.written, outcome.reused,
		outcome.copied ? ", a copy of the database" : "");
	if (outcome.other_key)
		tell_of_other_key(&wanted, &outcome, log);
	return MTR_EXIT_OK;
}
