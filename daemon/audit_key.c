#include "audit_key.h"

#include "store/read.h"

#include <errno.h>
#include <string.h>

static enum mtr_exit_status write_key(const char *path, const struct mtr_key_pair *pair, const struct mtr_log *log)
{
	if (mtr_key_file_write(path, pair, "The pair that signs this register's checkpoints. Keep it secret.") ==
	    MTR_KEY_FILE_OK)
		return MTR_EXIT_OK;
	mtr_log(log, MTR_LOG_ERROR,
		"%s can't be written: %s; make room, or give the data directory to the daemon's user", path,
		strerror(errno));
	return MTR_EXIT_WRITE;
}

static enum mtr_exit_status make_key(const char *path, struct mtr_key_pair *ret_pair, const struct mtr_log *log)
{
	char text[MTR_KEY_TEXT];
	struct mtr_key_pair pair;

	if (!mtr_signing_pair_make(&pair)) {
		mtr_log(log, MTR_LOG_ERROR, "the system gives no random numbers");
		return MTR_EXIT_SYSTEM;
	}
	enum mtr_exit_status status = write_key(path, &pair, log);

	if (!status) {
		*ret_pair = pair;
		mtr_key_text(pair.public_key, text);
		mtr_log(log, MTR_LOG_NOTICE, "made %s; its public key, for auditors: %s", path, text);
	}
	mtr_key_pair_wipe(&pair);
	return status;
}

static enum mtr_exit_status find_checkpoint(const struct mtr_data *data, uint64_t *ret_revision,
					    const struct mtr_log *log)
{
	struct mtr_checkpoint_place place = {0};
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, data->store);
	mtr_read_checkpoint(&txn, &place);
	enum mtr_store_error error = txn.error;

	mtr_txn_abort(&txn);
	*ret_revision = place.revision;
	if (!error)
		return MTR_EXIT_OK;
	mtr_log(log, MTR_LOG_ERROR, "the register can't be read: %s", mtr_store_error_name(error));
	return MTR_EXIT_DAMAGED;
}

static enum mtr_exit_status missing(const char *path, const struct mtr_data *data, struct mtr_key_pair *ret_pair,
				    const struct mtr_log *log)
{
	uint64_t revision;
	enum mtr_exit_status status = find_checkpoint(data, &revision, log);

	if (status || !revision)
		return status ? status : make_key(path, ret_pair, log);
	mtr_log(log, MTR_LOG_ERROR,
		"%s is missing, and desks have checkpoints signed with it; restore it from the backup of the keys",
		path);
	return MTR_EXIT_MISSING;
}

enum mtr_exit_status mtr_audit_key(const struct mtr_directory *directory, const struct mtr_data *data,
				   struct mtr_key_pair *ret_pair, const struct mtr_log *log)
{
	const char *path = directory->audit_key;

	switch (mtr_signing_file_read(path, ret_pair)) {
	case MTR_KEY_FILE_OK:
		return MTR_EXIT_OK;
	case MTR_KEY_FILE_MISSING:
		return missing(path, data, ret_pair, log);
	case MTR_KEY_FILE_EXPOSED:
		mtr_log(log, MTR_LOG_ERROR,
			"%s is open to others; run: chmod 600 %s. If somebody may have read it, tell the auditors",
			path, path);
		return MTR_EXIT_SECURITY;
	case MTR_KEY_FILE_DAMAGED:
		mtr_log(log, MTR_LOG_ERROR, "%s is damaged; restore it from the backup of the keys", path);
		return MTR_EXIT_DAMAGED;
	case MTR_KEY_FILE_UNREADABLE:
	case MTR_KEY_FILE_EXISTS:
		break;
	}
	mtr_log(log, MTR_LOG_ERROR, "%s can't be read: %s; give it to the daemon's user", path, strerror(errno));
	return MTR_EXIT_MISSING;
}
