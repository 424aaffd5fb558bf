/* The disk of whatever computer runs: what daemon and client library ask of the system passes through here. */
#include "computer_state.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static void *must(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

/* The journal's files, whose writes are kept back until they are flushed. */

static struct file **find_file(struct computer *computer, int fd)
{
	struct file **at = &computer->files;
	struct stat status;

	if (fstat(fd, &status) < 0)
		abort();
	while (*at && (*at)->number != status.st_ino)
		at = &(*at)->next;
	if (!*at) {
		*at = must(calloc(1, sizeof **at));
		(*at)->number = status.st_ino;
		(*at)->fd = -1;
	}
	return at;
}

static void remember(struct computer *computer, int fd, uint64_t offset, size_t size)
{
	struct file *file = *find_file(computer, fd);
	struct overwritten *before = must(calloc(1, sizeof *before + size));

	if (file->fd < 0)
		file->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	before->offset = offset;
	before->size = size;
	if (pread(fd, before->bytes, size, (off_t)offset) < 0)
		abort();
	before->older = file->newest;
	file->newest = before;
}

static int refuse(void)
{
	errno = EIO;
	return -1;
}

ssize_t __wrap_pwrite(int fd, const void *bytes, size_t size, off_t offset);
ssize_t __real_pwritev(int fd, const struct iovec *parts, int count, off_t offset);
ssize_t __wrap_pwritev(int fd, const struct iovec *parts, int count, off_t offset);
int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_renameat(int from_directory, const char *from, int to_directory, const char *to);
int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int __wrap_fallocate(int fd, int mode, off_t offset, off_t size);
int __wrap_posix_fallocate(int fd, off_t offset, off_t size);
int __real_mdb_txn_commit(MDB_txn *txn);
int __wrap_mdb_txn_commit(MDB_txn *txn);
int __real_mdb_env_open(MDB_env *env, const char *path, unsigned flags, mdb_mode_t mode);
int __wrap_mdb_env_open(MDB_env *env, const char *path, unsigned flags, mdb_mode_t mode);

ssize_t __wrap_pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
	struct computer *computer = computer_running();

	if (!computer)
		return __real_pwrite(fd, bytes, size, offset);
	if (computer_fails(computer, CRASH_BEFORE_WRITE))
		return refuse();
	remember(computer, fd, (uint64_t)offset, size);
	return __real_pwrite(fd, bytes, size, offset);
}

ssize_t __wrap_pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
	struct computer *computer = computer_running();
	size_t size = 0;

	if (!computer)
		return __real_pwritev(fd, parts, count, offset);
	if (computer_fails(computer, CRASH_BEFORE_WRITE))
		return refuse();
	for (int i = 0; i < count; i++)
		size += parts[i].iov_len;
	remember(computer, fd, (uint64_t)offset, size);
	return __real_pwritev(fd, parts, count, offset);
}

static int flush(int fd)
{
	struct computer *computer = computer_running();
	struct stat status;

	if (!computer)
		return 0;
	if (computer_fails(computer, CRASH_BEFORE_FLUSH))
		return refuse();
	if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode))
		computer_forget_renamings(computer);
	else
		computer_forget_writes(find_file(computer, fd));
	return computer_fails(computer, CRASH_AFTER_FLUSH) ? refuse() : 0;
}

/* In memory there is nothing else to flush. */
int __wrap_fdatasync(int fd)
{
	return flush(fd);
}

int __wrap_fsync(int fd)
{
	return flush(fd);
}

int __wrap_renameat(int from_directory, const char *from, int to_directory, const char *to)
{
	struct computer *computer = computer_running();

	if (!computer)
		return __real_renameat(from_directory, from, to_directory, to);
	if (computer_fails(computer, CRASH_BEFORE_WRITE))
		return refuse();
	struct renaming *renaming = must(calloc(1, sizeof *renaming));

	renaming->directory = fcntl(to_directory, F_DUPFD_CLOEXEC, 0);
	(void)snprintf(renaming->from, sizeof renaming->from, "%s", from);
	(void)snprintf(renaming->to, sizeof renaming->to, "%s", to);
	renaming->older = computer->renamings;
	computer->renamings = renaming;
	return __real_renameat(from_directory, from, to_directory, to);
}

int __wrap_unlink(const char *path)
{
	return computer_running_fails(CRASH_BEFORE_WRITE) ? refuse() : __real_unlink(path);
}

/* Room is never short here, and blocks that aren't used cost time: files only get their length. */
int __wrap_posix_fallocate(int fd, off_t offset, off_t size)
{
	struct stat status;

	if (fstat(fd, &status) == 0 && status.st_size >= offset + size)
		return 0;
	return ftruncate(fd, offset + size) < 0 ? errno : 0;
}

int __wrap_fallocate(int fd, int mode, off_t offset, off_t size)
{
	if (mode & FALLOC_FL_KEEP_SIZE)
		return 0;
	errno = __wrap_posix_fallocate(fd, offset, size);
	return errno ? -1 : 0;
}

static void keep_meta(struct computer *computer, MDB_env *env)
{
	struct rollback *rollback = must(calloc(1, sizeof *rollback));
	int fd;

	mdb_env_get_fd(env, &fd);
	rollback->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (pread(fd, rollback->meta, LMDB_META_BYTES, 0) != LMDB_META_BYTES)
		abort();
	computer->rollback = rollback;
}

/* A commit is durable when it returns. The power may fail before it, after it, and in between: then the pages are
 * written, but the meta page that makes them count is not. */
int __wrap_mdb_txn_commit(MDB_txn *txn)
{
	struct computer *computer = computer_running();
	int code;

	if (!computer)
		return __real_mdb_txn_commit(txn);
	if (computer_fails(computer, CRASH_BEFORE_COMMIT)) {
		mdb_txn_abort(txn);
		return EIO;
	}
	keep_meta(computer, mdb_txn_env(txn));
	code = __real_mdb_txn_commit(txn);
	if (computer_fails(computer, CRASH_IN_COMMIT))
		return EIO;
	computer_forget_rollback(computer);
	return computer_fails(computer, CRASH_AFTER_COMMIT) ? EIO : code;
}

/* Whatever LMDB has committed stays, here. That is so only where it flushes what it commits. */
int __wrap_mdb_env_open(MDB_env *env, const char *path, unsigned flags, mdb_mode_t mode)
{
	if (computer_running() && flags & (MDB_NOSYNC | MDB_NOMETASYNC | MDB_MAPASYNC | MDB_WRITEMAP))
		return EINVAL;
	return __real_mdb_env_open(env, path, flags, mode);
}
