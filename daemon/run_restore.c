/* `matriculad restore`. */
#include "backup_actions.h"
#include "contract/incarnation.h"
#include "contract/incarnation_file.h"
#include "contract/text.h"
#include "directory.h"
#include "proven_restore.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *reason_of(const struct mtr_options *options)
{
	return options->values[MTR_OPTION_REASON] ? options->values[MTR_OPTION_REASON] : "restored from a backup";
}

static bool read_number(const char *text, uint64_t *ret_number)
{
	char *end;

	if (!text)
		return true;
	errno = 0;
	*ret_number = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && *end == '\0' && !errno;
}

static enum mtr_exit_status check_options(const struct mtr_options *options, const struct mtr_log *log)
{
	uint64_t former = 1, old_head;

	if (!options->values[MTR_OPTION_INTO]) {
		mtr_log(log, MTR_LOG_ERROR, "give --into DIRECTORY, where the register shall lie");
		return MTR_EXIT_USAGE;
	}
	if (mtr_text_check(reason_of(options), MTR_TEXT_MAX, MTR_TEXT_REQUIRED) != MTR__ERROR_CODE__ERROR_CODE_NONE) {
		mtr_log(log, MTR_LOG_ERROR, "--reason has to be one line of UTF-8 in normal form C, up to %u bytes",
			MTR_TEXT_MAX);
		return MTR_EXIT_USAGE;
	}
	if (!read_number(options->values[MTR_OPTION_OLD_HEAD], &old_head) ||
	    !read_number(options->values[MTR_OPTION_FORMER], &former) || !former) {
		mtr_log(log, MTR_LOG_ERROR,
			"--old-head and --former are numbers, as \"matricula status\" shows them, the latter from 1 "
			"on");
		return MTR_EXIT_USAGE;
	}
	return MTR_EXIT_OK;
}

/* What is to be signed: that the register goes on from here under another number. */
static void state(const struct mtr_proven_restore *proven, const struct mtr_options *options,
		  Mtr__Incarnation *ret_statement)
{
	const struct mtr_restored *restored = &proven->restored;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	mtr__incarnation__init(ret_statement);
	ret_statement->former = restored->incarnation;
	(void)read_number(options->values[MTR_OPTION_FORMER], &ret_statement->former);
	(void)read_number(options->values[MTR_OPTION_OLD_HEAD], &ret_statement->old_head);
	do
		randombytes_buf(&ret_statement->incarnation, sizeof ret_statement->incarnation);
	while (!ret_statement->incarnation || ret_statement->incarnation == ret_statement->former);
	ret_statement->fork_revision = restored->revision;
	/* protobuf-c has no const; nothing is written there. */
	ret_statement->fork_chain = (ProtobufCBinaryData){MTR_HASH_BYTES, (uint8_t *)(uintptr_t)restored->chain};
	ret_statement->reason = (char *)(uintptr_t)reason_of(options);
	ret_statement->at = (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

static enum mtr_exit_status write_request(const char *path, const Mtr__Incarnation *statement,
					  const struct mtr_log *log)
{
	char text[MTR_INCARNATION_FILE_MAX];
	const size_t size = mtr_incarnation_print(statement, text);
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool written = file >= 0 && write(file, text, size) == (ssize_t)size && fsync(file) == 0;
	int error = errno;

	if (file >= 0)
		close(file);
	if (written)
		return MTR_EXIT_OK;
	mtr_log(log, MTR_LOG_ERROR, "%s can't be written: %s", path, strerror(error));
	return MTR_EXIT_WRITE;
}

static enum mtr_exit_status request(const struct mtr_proven_restore *proven, const struct mtr_directory *directory,
				    const struct mtr_options *options, const struct mtr_log *log)
{
	Mtr__Incarnation statement;

	state(proven, options, &statement);
	if (mtr_incarnation_complete(&statement))
		return write_request(directory->request, &statement, log);
	mtr_log(log, MTR_LOG_ERROR, "the backup is of a register without a record; run \"matriculad init\"");
	return MTR_EXIT_DAMAGED;
}

static enum mtr_exit_status finish(struct mtr_restoring *restoring, const struct mtr_log *log)
{
	struct mtr_problem problem;
	enum mtr_exit_status status = mtr_restoring_finish(restoring, &problem);

	if (status)
		mtr_log(log, MTR_LOG_ERROR, "%s", problem.text);
	return status;
}

/* The same place, however it is written. */
static bool same_directory(const char *x, const char *y)
{
	struct stat first, second;

	return stat(x, &first) == 0 && stat(y, &second) == 0 && first.st_dev == second.st_dev &&
	       first.st_ino == second.st_ino;
}

/* The commands that follow use the configured directory, not the one that was restored into. */
static void print_elsewhere(const char *into, const struct mtr_config *config, const char *config_path)
{
	char *whole = realpath(into, NULL);

	if (!same_directory(into, config->data_directory))
		printf("- this isn't the configured data directory, %s: set in %s\n"
		       "  [storage]\n"
		       "  data_directory = %s\n",
		       config->data_directory, config_path ? config_path : MTR_CONFIG_FILE, whole ? whole : into);
	free(whole);
}

static void print_next(const struct mtr_proven_restore *proven, const struct mtr_directory *directory,
		       const struct mtr_config *config, const char *config_path)
{
	const struct mtr_restored *restored = &proven->restored;
	const char *option = config_path ? " --config " : "", *file = config_path ? config_path : "";
	char server[MTR_KEY_TEXT];

	mtr_key_text(restored->server, server);
	printf("Restored into %s: revision %" PRIu64 ", every file checked.\n\n"
	       "Server's public key: %s\n"
	       "It must be the one that desks know.\n\n"
	       "Next:\n",
	       directory->path, restored->revision, server);
	print_elsewhere(directory->path, config, config_path);
	printf("- take %s to the machine with the recovery key, and sign it there:\n"
	       "  matricula recovery sign incarnation.request --key FILE > incarnation.signed\n"
	       "- bring incarnation.signed back, and take it up:\n"
	       "  matriculad adopt%s%s incarnation.signed\n"
	       "- start matriculad%s%s\n",
	       directory->request, option, file, option, file);
	if (access(directory->recovery_key, F_OK) != 0)
		printf("\nThe backup holds no recovery key: desks can't accept this restore by themselves. Set one "
		       "with\n"
		       "\"matriculad recovery-key%s%s -- KEY\" before the statement is taken up.\n",
		       option, file);
}

enum mtr_exit_status mtr_run_restore(const struct mtr_config *config, const struct mtr_options *options,
				     const struct mtr_log *log)
{
	const char *into = options->values[MTR_OPTION_INTO];
	struct mtr_proven_restore proven;
	struct mtr_directory directory;
	enum mtr_exit_status status = check_options(options, log);

	if (!status)
		status = mtr_prove_restore(config, options, into, false, &proven, log);
	if (status)
		return status;
	mtr_directory_name(&directory, into);
	status = mtr_directory_renew_recovery_key(&directory, log);
	if (!status)
		status = request(&proven, &directory, options, log);
	if (!status)
		status = finish(&proven.restoring, log);
	if (status) {
		mtr_proven_restore_abandon(&proven.restoring, log);
		return status;
	}
	mtr_restoring_close(&proven.restoring);
	print_next(&proven, &directory, config, options->values[MTR_OPTION_CONFIG]);
	return MTR_EXIT_OK;
}
