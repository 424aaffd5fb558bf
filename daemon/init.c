#include "init.h"

#include "audit_key.h"
#include "contract/limits.h"
#include "contract/text.h"
#include "data.h"
#include "directory.h"
#include "traces.h"
#include "writer/recover.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static enum mtr_exit_status explain_write(const char *path, enum mtr_key_file_status status, const struct mtr_log *log)
{
	if (status == MTR_KEY_FILE_EXISTS) {
		mtr_log(log, MTR_LOG_ERROR,
			"%s is there already and stays as it is; name another file, or give its public "
			"key with --operator-key",
			path);
		return MTR_EXIT_USAGE;
	}
	mtr_log(log, MTR_LOG_ERROR, "%s can't be written: %s; name a place where a file can be made", path,
		strerror(errno));
	return MTR_EXIT_WRITE;
}

static enum mtr_exit_status server_key(const struct mtr_directory *directory, struct mtr_key_pair *ret_pair,
				       const struct mtr_log *log)
{
	struct mtr_key_pair pair;

	if (access(directory->key, F_OK) == 0)
		return mtr_directory_read_key(directory, ret_pair, log);
	if (!mtr_key_pair_make(&pair)) {
		mtr_log(log, MTR_LOG_ERROR, "the system gives no random numbers");
		return MTR_EXIT_SYSTEM;
	}
	enum mtr_key_file_status status =
		mtr_key_file_write(directory->key, &pair, "The key pair of a Matricula server. Keep it secret.");

	if (status == MTR_KEY_FILE_OK)
		*ret_pair = pair;
	mtr_key_pair_wipe(&pair);
	return status ? explain_write(directory->key, status, log) : MTR_EXIT_OK;
}

/* The first operator's public key: given, or of a new pair. */
static enum mtr_exit_status operator_key(const struct mtr_options *options, uint8_t ret_key[MTR_KEY_BYTES],
					 const struct mtr_log *log)
{
	struct mtr_key_pair pair;
	const char *given = options->values[MTR_OPTION_OPERATOR_KEY];
	const char *file = options->values[MTR_OPTION_OPERATOR_KEY_FILE];

	if (given) {
		if (mtr_key_parse(given, ret_key))
			return MTR_EXIT_OK;
		mtr_log(log, MTR_LOG_ERROR, "--operator-key isn't 40 characters of Z85; quote it for the shell");
		return MTR_EXIT_USAGE;
	}
	if (!mtr_key_pair_make(&pair)) {
		mtr_log(log, MTR_LOG_ERROR, "the system gives no random numbers");
		return MTR_EXIT_SYSTEM;
	}
	enum mtr_key_file_status status =
		mtr_key_file_write(file, &pair, "The key pair of a Matricula operator. Keep it secret.");

	memcpy(ret_key, pair.public_key, MTR_KEY_BYTES);
	mtr_key_pair_wipe(&pair);
	return status ? explain_write(file, status, log) : MTR_EXIT_OK;
}

static const char *operator_name(const struct mtr_options *options)
{
	const char *given = options->values[MTR_OPTION_OPERATOR_NAME];

	return given ? given : "operator";
}

static enum mtr_exit_status check_options(const struct mtr_options *options, const struct mtr_log *log)
{
	uint8_t recovery_key[MTR_KEY_BYTES];

	if (!options->values[MTR_OPTION_OPERATOR_KEY] == !options->values[MTR_OPTION_OPERATOR_KEY_FILE]) {
		mtr_log(log, MTR_LOG_ERROR, "init needs one of --operator-key and --operator-key-file; try --help");
		return MTR_EXIT_USAGE;
	}
	if (options->values[MTR_OPTION_RECOVERY_KEY] &&
	    !mtr_key_parse(options->values[MTR_OPTION_RECOVERY_KEY], recovery_key)) {
		mtr_log(log, MTR_LOG_ERROR, "--recovery-key isn't 40 characters of Z85; quote it for the shell");
		return MTR_EXIT_USAGE;
	}
	if (mtr_text_check(operator_name(options), MTR_NAME_MAX, MTR_TEXT_REQUIRED) == MTR__ERROR_CODE__ERROR_CODE_NONE)
		return MTR_EXIT_OK;
	mtr_log(log, MTR_LOG_ERROR,
		"--operator-name can't be a name in the register: give up to %u bytes of UTF-8 in normal form C, "
		"no control characters, U+0110 rather than U+00D0",
		MTR_NAME_MAX);
	return MTR_EXIT_USAGE;
}

static enum mtr_exit_status revision_of(struct mtr_store *store, uint64_t *ret_revision, const struct mtr_log *log)
{
	struct mtr_store_state state;
	const enum mtr_store_error error = mtr_store_state_read(store, &state);

	if (error) {
		mtr_log(log, MTR_LOG_ERROR, "the register can't be read: %s", mtr_store_error_name(error));
		return MTR_EXIT_DAMAGED;
	}
	*ret_revision = state.revision;
	return MTR_EXIT_OK;
}

static enum mtr_exit_status explain_there(const struct mtr_log *log)
{
	mtr_log(log, MTR_LOG_ERROR,
		"there is a register already, and it stays as it is; start matriculad, or set "
		"another [storage] data_directory");
	return MTR_EXIT_USAGE;
}

static enum mtr_exit_status first_record(const struct mtr_data *data, const struct mtr_options *options,
					 uint8_t ret_key[MTR_KEY_BYTES], const struct mtr_log *log)
{
	struct timespec now;
	uint64_t revision;
	enum mtr_exit_status status = revision_of(data->store, &revision, log);

	if (!status && revision)
		return explain_there(log);
	if (!status)
		status = operator_key(options, ret_key, log);
	if (status)
		return status;
	clock_gettime(CLOCK_REALTIME, &now);
	int error = mtr_bootstrap(data->store, data->engine, ret_key, operator_name(options),
				  (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u);

	if (!error)
		return MTR_EXIT_OK;
	mtr_log(log, MTR_LOG_ERROR, "the first record can't be written: %s", strerror(-error));
	if (options->values[MTR_OPTION_OPERATOR_KEY_FILE])
		(void)unlink(options->values[MTR_OPTION_OPERATOR_KEY_FILE]);
	return MTR_EXIT_WRITE;
}

#define OR_EMPTY "or, for a new register, set [storage] data_directory to an empty directory"

static enum mtr_exit_status explain_part(const struct mtr_directory *directory, const struct mtr_traces *traces,
					 const struct mtr_log *log)
{
	const char *found = mtr_traces_found(traces);

	if (!traces->key)
		mtr_log(log, MTR_LOG_ERROR,
			"%s is missing, and %s of its register is there; restore it from the backup of the "
			"keys, " OR_EMPTY,
			directory->key, found);
	else
		mtr_log(log, MTR_LOG_ERROR,
			"there is no journal in %s, and %s of its register is there; put the journal back, or restore "
			"the newest backup (\"matriculad restore\"), " OR_EMPTY,
			directory->journal, found);
	return MTR_EXIT_DAMAGED;
}

/* Before anything is written. What an init that was cut off left is gone on with: it makes the key first, and the
 * journal has at most one record before there is anything else. */
static enum mtr_exit_status check_traces(const struct mtr_directory *directory, const struct mtr_log *log)
{
	struct mtr_traces traces;

	mtr_traces_read(directory, &traces);
	if (mtr_traces_found(&traces) && (!traces.key || !traces.journal))
		return explain_part(directory, &traces, log);
	return mtr_traces_journal_grown(directory) ? explain_there(log) : MTR_EXIT_OK;
}

static void print_next(const struct mtr_config *config, const struct mtr_options *options,
		       const struct mtr_key_pair *server, const struct mtr_key_pair *audit,
		       const uint8_t operator_public[MTR_KEY_BYTES])
{
	char server_text[MTR_KEY_TEXT], operator_text[MTR_KEY_TEXT], audit_text[MTR_KEY_TEXT];

	mtr_key_text(server->public_key, server_text);
	mtr_key_text(operator_public, operator_text);
	mtr_key_text(audit->public_key, audit_text);
	printf("The register is ready in %s.\n\n"
	       "Server's public key:   %s\n"
	       "Operator's public key: %s\n"
	       "Audit's public key:    %s\n\n"
	       "Next:\n",
	       config->data_directory, server_text, operator_text, audit_text);
	if (options->values[MTR_OPTION_OPERATOR_KEY_FILE])
		printf("- move %s to the operator's machine; the register has no copy of its secret\n",
		       options->values[MTR_OPTION_OPERATOR_KEY_FILE]);
	printf("- keep a copy of %s/server.key and audit.key in a safe place\n"
	       "- start matriculad (it listens on %s)\n"
	       "- give every desk the server's public key and the address\n"
	       "- give auditors the audit's public key\n",
	       config->data_directory, config->listen);
	if (!options->values[MTR_OPTION_RECOVERY_KEY])
		printf("- make a recovery key (\"matricula recovery keygen\") and set it with \"matriculad "
		       "recovery-key\":\n"
		       "  without it desks can't accept that the register is restored from a backup\n");
}

static enum mtr_exit_status recovery_key(const struct mtr_directory *directory, const struct mtr_options *options,
					 const struct mtr_log *log)
{
	const char *given = options->values[MTR_OPTION_RECOVERY_KEY];
	uint8_t key[MTR_KEY_BYTES];

	if (!given || !mtr_key_parse(given, key))
		return MTR_EXIT_OK;
	return mtr_directory_write_recovery_key(directory, key, log);
}

enum mtr_exit_status mtr_init(const struct mtr_config *config, const struct mtr_options *options,
			      const struct mtr_log *log)
{
	uint8_t operator_public[MTR_KEY_BYTES];
	struct mtr_directory directory;
	struct mtr_data data = {0};
	struct mtr_key_pair server = {0}, audit = {0};
	enum mtr_exit_status status = check_options(options, log);

	if (!status)
		status = mtr_directory_open(&directory, config->data_directory, true, log);
	if (status)
		return status;
	status = mtr_directory_check_adopted(&directory, log);
	if (!status)
		status = check_traces(&directory, log);
	if (!status)
		status = server_key(&directory, &server, log);
	if (!status)
		status = mtr_data_open(&data, &directory, config, true, log);
	if (!status)
		status = first_record(&data, options, operator_public, log);
	if (!status)
		status = mtr_audit_key(&directory, &data, &audit, log);
	if (!status)
		status = recovery_key(&directory, options, log);
	if (!status)
		print_next(config, options, &server, &audit, operator_public);
	mtr_data_close(&data);
	mtr_key_pair_wipe(&server);
	mtr_key_pair_wipe(&audit);
	mtr_directory_close(&directory);
	return status;
}

enum mtr_exit_status mtr_print_public_key(const struct mtr_config *config, const struct mtr_options *options,
					  const struct mtr_log *log)
{
	(void)options;
	char text[MTR_KEY_TEXT];
	struct mtr_directory directory;
	struct mtr_key_pair pair;

	mtr_directory_name(&directory, config->data_directory);
	enum mtr_exit_status status = mtr_directory_read_key(&directory, &pair, log);

	if (status)
		return status;
	mtr_key_text(pair.public_key, text);
	puts(text);
	mtr_key_pair_wipe(&pair);
	return MTR_EXIT_OK;
}
