#include "directory.h"

#include "backup/restoring.h"
#include "backup/state.h"
#include "contract/durable.h"
#include "traces.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

void mtr_directory_name(struct mtr_directory *ret_directory, const char *path)
{
	ret_directory->lock = -1;
	snprintf(ret_directory->path, MTR_PATH_BYTES, "%s", path);
	snprintf(ret_directory->recovery_key, MTR_PATH_BYTES, "%s/recovery.pub", path);
	snprintf(ret_directory->restored, MTR_PATH_BYTES, "%s/" MTR_RESTORED_NAME, path);
	snprintf(ret_directory->backup_state, MTR_PATH_BYTES, "%s/" MTR_BACKUP_STATE_NAME, path);
	snprintf(ret_directory->request, MTR_PATH_BYTES, "%s/incarnation.request", path);
	snprintf(ret_directory->key, MTR_PATH_BYTES, "%s/server.key", path);
	snprintf(ret_directory->redactions, MTR_PATH_BYTES, "%s/redactions", path);
	snprintf(ret_directory->audit_key, MTR_PATH_BYTES, "%s/audit.key", path);
	snprintf(ret_directory->endpoint, MTR_PATH_BYTES, "%s/endpoint", path);
	snprintf(ret_directory->store, MTR_PATH_BYTES, "%s/register", path);
	snprintf(ret_directory->journal, MTR_PATH_BYTES, "%s/journal", path);
}

static enum mtr_exit_status check_private(const char *path, const struct mtr_log *log)
{
	struct stat about;

	if (stat(path, &about) != 0) {
		mtr_log(log, MTR_LOG_ERROR,
			"data directory %s can't be used: %s; run \"matriculad init\" first, or set "
			"[storage] data_directory",
			path, strerror(errno));
		return MTR_EXIT_MISSING;
	}
	if (!S_ISDIR(about.st_mode)) {
		mtr_log(log, MTR_LOG_ERROR, "%s is not a directory; set [storage] data_directory", path);
		return MTR_EXIT_MISSING;
	}
	if (about.st_mode & 077) {
		mtr_log(log, MTR_LOG_ERROR, "data directory %s is open to others (mode %04o); run: chmod 700 %s", path,
			(unsigned)(about.st_mode & 07777), path);
		return MTR_EXIT_SECURITY;
	}
	return MTR_EXIT_OK;
}

static enum mtr_exit_status take_lock(struct mtr_directory *directory, const char *path, const struct mtr_log *log)
{
	char name[MTR_PATH_BYTES];

	snprintf(name, sizeof name, "%s/lock", path);
	directory->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (directory->lock < 0) {
		mtr_log(log, MTR_LOG_ERROR,
			"data directory %s can't be written: %s; mount it read-write, give it to the "
			"daemon's user, or make room",
			path, strerror(errno));
		return MTR_EXIT_WRITE;
	}
	if (flock(directory->lock, LOCK_EX | LOCK_NB) != 0) {
		int error = errno;

		mtr_directory_close(directory);
		if (error == EWOULDBLOCK) {
			mtr_log(log, MTR_LOG_ERROR,
				"data directory %s is in use by another matriculad; stop that one, or set "
				"another [storage] data_directory",
				path);
			return MTR_EXIT_IN_USE;
		}
		mtr_log(log, MTR_LOG_ERROR, "%s can't be locked: %s; use a file system with locks", name,
			strerror(error));
		return MTR_EXIT_SYSTEM;
	}
	return MTR_EXIT_OK;
}

enum mtr_exit_status mtr_directory_check_whole(const struct mtr_directory *directory, const struct mtr_log *log)
{
	struct mtr_problem problem;
	enum mtr_exit_status status = mtr_restoring_check_whole(directory->path, &problem);

	if (status)
		mtr_log(log, MTR_LOG_ERROR, "%s", problem.text);
	return status;
}

enum mtr_exit_status mtr_directory_open_restoring(struct mtr_directory *ret_directory, const char *path,
						  const struct mtr_log *log)
{
	struct mtr_directory directory;
	enum mtr_exit_status status = check_private(path, log);

	mtr_directory_name(&directory, path);
	if (!status)
		status = take_lock(&directory, path, log);
	if (!status)
		*ret_directory = directory;
	return status;
}

enum mtr_exit_status mtr_directory_open(struct mtr_directory *ret_directory, const char *path, bool create,
					const struct mtr_log *log)
{
	struct mtr_directory directory;

	mtr_directory_name(&directory, path);
	int error = create ? mtr_make_directory(path) : 0;

	if (error) {
		mtr_log(log, MTR_LOG_ERROR,
			"data directory %s can't be made: %s; make its parent directory, or set "
			"[storage] data_directory",
			path, strerror(-error));
		return MTR_EXIT_WRITE;
	}
	enum mtr_exit_status status = mtr_directory_check_whole(&directory, log);

	if (!status)
		status = mtr_directory_open_restoring(&directory, path, log);
	if (status)
		return status;
	/* A restore that began before the lock was taken has its mark there by now; a later one finds the lock. */
	status = mtr_directory_check_whole(&directory, log);
	if (status)
		mtr_directory_close(&directory);
	else
		*ret_directory = directory;
	return status;
}

enum mtr_exit_status mtr_directory_check_adopted(const struct mtr_directory *directory, const struct mtr_log *log)
{
	if (access(directory->restored, F_OK) != 0)
		return MTR_EXIT_OK;
	mtr_log(log, MTR_LOG_ERROR,
		"%s was restored from a backup, and nobody has answered for that yet; sign %s with \"matricula "
		"recovery sign\" and take the outcome up with \"matriculad adopt\"",
		directory->path, directory->request);
	return MTR_EXIT_DAMAGED;
}

void mtr_directory_close(struct mtr_directory *directory)
{
	if (directory->lock >= 0)
		close(directory->lock);
	directory->lock = -1;
}

static enum mtr_exit_status explain_no_key(const struct mtr_directory *directory, const struct mtr_log *log)
{
	struct mtr_traces traces;

	mtr_traces_read(directory, &traces);
	const char *found = mtr_traces_found(&traces);

	if (found)
		mtr_log(log, MTR_LOG_ERROR,
			"%s is missing, and %s of its register is there; restore it from the backup of the keys",
			directory->key, found);
	else
		mtr_log(log, MTR_LOG_ERROR, "%s is missing; run \"matriculad init\" for a new register",
			directory->key);
	return MTR_EXIT_MISSING;
}

enum mtr_exit_status mtr_directory_read_key(const struct mtr_directory *directory, struct mtr_key_pair *ret_pair,
					    const struct mtr_log *log)
{
	switch (mtr_key_file_read(directory->key, ret_pair)) {
	case MTR_KEY_FILE_OK:
		return MTR_EXIT_OK;
	case MTR_KEY_FILE_MISSING:
		return explain_no_key(directory, log);
	case MTR_KEY_FILE_EXPOSED:
		mtr_log(log, MTR_LOG_ERROR,
			"%s is open to others; run: chmod 600 %s, and make a new key pair if somebody "
			"may have read it",
			directory->key, directory->key);
		return MTR_EXIT_SECURITY;
	case MTR_KEY_FILE_DAMAGED:
		mtr_log(log, MTR_LOG_ERROR, "%s is damaged; restore it from the backup of the keys", directory->key);
		return MTR_EXIT_DAMAGED;
	case MTR_KEY_FILE_UNREADABLE:
	case MTR_KEY_FILE_EXISTS:
		break;
	}
	mtr_log(log, MTR_LOG_ERROR, "%s can't be read: %s; give it to the daemon's user", directory->key,
		strerror(errno));
	return MTR_EXIT_MISSING;
}

static const char recovery_comment[] = "Signs the statement of a restore of this register.";

static enum mtr_exit_status cant_write_recovery_key(const struct mtr_directory *directory, int error,
						    const struct mtr_log *log)
{
	mtr_log(log, MTR_LOG_ERROR, "%s can't be written: %s; run \"matriculad init\" first, as the daemon's user",
		directory->recovery_key, strerror(error));
	return MTR_EXIT_WRITE;
}

static enum mtr_exit_status recovery_key_is_there(const struct mtr_directory *directory,
						  const uint8_t key[MTR_KEY_BYTES], const struct mtr_log *log)
{
	uint8_t there[MTR_KEY_BYTES];
	const enum mtr_key_file_status read = mtr_public_file_read(directory->recovery_key, there);

	if (read == MTR_KEY_FILE_OK && memcmp(there, key, MTR_KEY_BYTES) == 0)
		return mtr_directory_renew_recovery_key(directory, log);
	if (read == MTR_KEY_FILE_DAMAGED) {
		mtr_log(log, MTR_LOG_ERROR,
			"%s is damaged; move it away, and run this again with the key that desks know",
			directory->recovery_key);
		return MTR_EXIT_DAMAGED;
	}
	mtr_log(log, MTR_LOG_ERROR, "%s has a recovery key already, and it stays as it is: desks know it",
		directory->recovery_key);
	return MTR_EXIT_USAGE;
}

enum mtr_exit_status mtr_directory_renew_recovery_key(const struct mtr_directory *directory, const struct mtr_log *log)
{
	switch (mtr_public_file_renew(directory->recovery_key, recovery_comment)) {
	case MTR_KEY_FILE_OK:
	case MTR_KEY_FILE_MISSING:
		return MTR_EXIT_OK;
	case MTR_KEY_FILE_DAMAGED:
	case MTR_KEY_FILE_EXPOSED:
		mtr_log(log, MTR_LOG_ERROR, "%s is damaged; use another backup", directory->recovery_key);
		return MTR_EXIT_DAMAGED;
	case MTR_KEY_FILE_UNREADABLE:
	case MTR_KEY_FILE_EXISTS:
		break;
	}
	return cant_write_recovery_key(directory, errno, log);
}

enum mtr_exit_status mtr_directory_write_recovery_key(const struct mtr_directory *directory,
						      const uint8_t key[MTR_KEY_BYTES], const struct mtr_log *log)
{
	const enum mtr_key_file_status written = mtr_public_file_write(directory->recovery_key, key, recovery_comment);

	if (written == MTR_KEY_FILE_OK)
		return MTR_EXIT_OK;
	return written == MTR_KEY_FILE_EXISTS ? recovery_key_is_there(directory, key, log)
					      : cant_write_recovery_key(directory, errno, log);
}

static bool write_line(const char *path, const char *line)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return false;
	bool written = dprintf(fd, "%s\n", line) == (int)strlen(line) + 1;
	int error = errno;

	close(fd);
	errno = error;
	return written;
}

enum mtr_exit_status mtr_directory_publish(const struct mtr_directory *directory, const char *endpoint,
					   const struct mtr_log *log)
{
	char fresh[MTR_PATH_BYTES + 4];

	snprintf(fresh, sizeof fresh, "%s.new", directory->endpoint);
	if (write_line(fresh, endpoint) && rename(fresh, directory->endpoint) == 0)
		return MTR_EXIT_OK;
	int error = errno;

	unlink(fresh);
	unlink(directory->endpoint);
	if (error == ENOSPC || error == EDQUOT) {
		mtr_log(log, MTR_LOG_WARNING, "%s can't be written: the disk is full; make room", directory->endpoint);
		return MTR_EXIT_OK;
	}
	mtr_log(log, MTR_LOG_ERROR, "%s can't be written: %s; give the data directory to the daemon's user",
		directory->endpoint, strerror(error));
	return MTR_EXIT_WRITE;
}

void mtr_directory_unpublish(const struct mtr_directory *directory)
{
	(void)unlink(directory->endpoint);
}
