/* `matriculad adopt` and `matriculad recovery-key`: who answers for a restore. */
#include "backup_actions.h"
#include "contract/durable.h"
#include "contract/incarnation.h"
#include "contract/incarnation_file.h"
#include "data.h"
#include "store/incarnation.h"
#include "writer/alone.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ARENA_BYTES (64u * 1024u)

static enum mtr_exit_status read_statement(const char *path, struct mtr_arena *arena, Mtr__Incarnation **ret_statement,
					   const struct mtr_log *log)
{
	char text[MTR_INCARNATION_FILE_MAX];
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const ssize_t size = file < 0 ? -1 : read(file, text, sizeof text);
	const int error = errno;

	if (file >= 0)
		close(file);
	if (size < 0) {
		mtr_log(log, MTR_LOG_ERROR, "%s can't be read: %s", path, strerror(error));
		return MTR_EXIT_MISSING;
	}
	*ret_statement = mtr_incarnation_parse(arena, text, (size_t)size);
	if (*ret_statement)
		return MTR_EXIT_OK;
	mtr_log(log, MTR_LOG_ERROR, "%s isn't the statement of a restore; give what \"matricula recovery sign\" wrote",
		path);
	return MTR_EXIT_USAGE;
}

static enum mtr_exit_status check_signature(const struct mtr_directory *directory, const Mtr__Incarnation *statement,
					    const struct mtr_log *log)
{
	uint8_t key[MTR_KEY_BYTES];
	enum mtr_key_file_status read = mtr_public_file_read(directory->recovery_key, key);

	if (read == MTR_KEY_FILE_MISSING) {
		mtr_log(log, MTR_LOG_ERROR,
			"the register in %s has no recovery key to check the statement with; set it with \"matriculad "
			"recovery-key -- KEY\", or [storage] data_directory if the restore lies elsewhere",
			directory->path);
		return MTR_EXIT_SECURITY;
	}
	if (read) {
		mtr_log(log, MTR_LOG_ERROR, "%s can't be used (%s); restore it", directory->recovery_key,
			mtr_key_file_status_name(read));
		return MTR_EXIT_DAMAGED;
	}
	if (!statement->signature.len) {
		mtr_log(log, MTR_LOG_ERROR, "the statement isn't signed; sign it with \"matricula recovery sign\"");
		return MTR_EXIT_SECURITY;
	}
	if (mtr_incarnation_signed(statement, key))
		return MTR_EXIT_OK;
	mtr_log(log, MTR_LOG_ERROR,
		"the statement isn't signed by this register's recovery key, or was changed since; sign %s with that "
		"key",
		directory->request);
	return MTR_EXIT_SECURITY;
}

/* 1 when the register says this already, 0 when it may, -1 when it is about something else. */
static int compare(const struct mtr_data *data, const Mtr__Incarnation *statement)
{
	const struct mtr_chain_point head = data->engine->operations->head(data->engine);

	if (data->incarnation == statement->incarnation)
		return 1;
	return head.revision == statement->fork_revision &&
			       memcmp(head.chain, statement->fork_chain.data, MTR_HASH_BYTES) == 0
		       ? 0
		       : -1;
}

static enum mtr_exit_status write_record(const struct mtr_data *data, const Mtr__Incarnation *statement,
					 const struct mtr_log *log)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	int error = mtr_adopt(data->store, data->engine, statement,
			      (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u);

	if (!error)
		return MTR_EXIT_OK;
	mtr_log(log, MTR_LOG_ERROR, "the statement can't be written: %s; make room, then run this again",
		strerror(-error));
	return error == -EIO ? MTR_EXIT_UNCLEAR : MTR_EXIT_WRITE;
}

/* The register may be served from now on; its record is durable. */
static enum mtr_exit_status remove_marker(const struct mtr_directory *directory, const struct mtr_log *log)
{
	const char *const files[] = {directory->request, directory->restored};

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		if ((unlink(files[i]) == 0 || errno == ENOENT) && mtr_flush_entry(files[i]) == 0)
			continue;
		mtr_log(log, MTR_LOG_ERROR, "%s can't be removed: %s; see that it can be, then run this again",
			files[i], strerror(errno));
		return MTR_EXIT_WRITE;
	}
	return MTR_EXIT_OK;
}

static enum mtr_exit_status adopt(const struct mtr_directory *directory, const struct mtr_data *data,
				  const Mtr__Incarnation *statement, const struct mtr_log *log)
{
	enum mtr_exit_status status = check_signature(directory, statement, log);

	if (status)
		return status;
	switch (compare(data, statement)) {
	case 1:
		mtr_log(log, MTR_LOG_NOTICE, "the statement has been taken up before");
		break;
	case 0:
		status = write_record(data, statement, log);
		break;
	default:
		mtr_log(log, MTR_LOG_ERROR,
			"the statement isn't about the restore in %s, the configured data directory, but about another "
			"restore, or the register has gone on since; sign %s, or set [storage] data_directory",
			directory->path, directory->request);
		return MTR_EXIT_DAMAGED;
	}
	return status ? status : remove_marker(directory, log);
}

enum mtr_exit_status mtr_run_adopt(const struct mtr_config *config, const struct mtr_options *options,
				   const struct mtr_log *log)
{
	struct mtr_arena *arena = mtr_arena_new(ARENA_BYTES);
	struct mtr_directory directory = {.lock = -1};
	struct mtr_data data = {.store = NULL};
	Mtr__Incarnation *statement = NULL;
	enum mtr_exit_status status = MTR_EXIT_SYSTEM;

	if (!options->operand) {
		mtr_log(log, MTR_LOG_ERROR, "give the file that \"matricula recovery sign\" wrote");
		status = MTR_EXIT_USAGE;
	} else if (arena) {
		status = read_statement(options->operand, arena, &statement, log);
	}
	if (!status)
		status = mtr_directory_open(&directory, config->data_directory, false, log);
	if (!status)
		status = mtr_data_open(&data, &directory, config, false, log);
	if (!status)
		status = adopt(&directory, &data, statement, log);
	if (!status)
		printf("The restore in %s is on record. Start matriculad; desks send again what the register lost.\n",
		       directory.path);
	mtr_data_close(&data);
	mtr_directory_close(&directory);
	mtr_arena_free(&arena);
	return status;
}

enum mtr_exit_status mtr_run_recovery_key(const struct mtr_config *config, const struct mtr_options *options,
					  const struct mtr_log *log)
{
	struct mtr_directory directory;
	uint8_t key[MTR_KEY_BYTES];

	mtr_directory_name(&directory, config->data_directory);
	if (!options->operand || !mtr_key_parse(options->operand, key)) {
		mtr_log(log, MTR_LOG_ERROR,
			"give the public key that \"matricula recovery keygen\" showed: 40 characters of Z85, quoted "
			"for the shell");
		return MTR_EXIT_USAGE;
	}
	enum mtr_exit_status status = mtr_directory_check_whole(&directory, log);

	if (!status)
		status = mtr_directory_write_recovery_key(&directory, key, log);
	if (!status)
		printf("The recovery key is set, in %s. A running matriculad takes it up by itself; desks learn it "
		       "with\n"
		       "their next connection and keep to it from then on.\n\n"
		       "Next: keep its secret half, the file \"matricula recovery keygen\" wrote, in a safe place "
		       "away\n"
		       "from this machine. It signs the statement of a restore (\"matricula recovery sign\").\n"
		       "Then make a backup now (\"matriculad backup\"), so that it holds the key.\n",
		       directory.recovery_key);
	return status;
}
