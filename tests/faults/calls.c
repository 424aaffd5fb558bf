/* The system's calls that change or flush files, under their own names: the program's definitions go before the
 * system's, for the libraries too. Each is noted in the trace, and may fail on purpose. Nothing is really flushed: what
 * a flush is good for, the images show. */
#include "faults.h"
#include "must.h"
#include "trace.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(name) *)(uintptr_t)dlsym(RTLD_NEXT, #name))

static int error_of(enum fault fault)
{
	return fault == FAULT_FULL ? ENOSPC : EIO;
}

/* Between trace_enter and trace_leave: fails as it is to, or not at all. */
static bool struck(enum call call, const char *path)
{
	enum fault fault = fault_strike(call, path);

	if (fault != FAULT_NONE)
		errno = error_of(fault);
	return fault != FAULT_NONE;
}

static uint8_t *join(const struct iovec *parts, int count, size_t *ret_size)
{
	uint8_t *joined;
	size_t size = 0;

	for (int i = 0; i < count; i++)
		size += parts[i].iov_len;
	joined = must(malloc(size ? size : 1));
	*ret_size = 0;
	for (int i = 0; i < count; i++) {
		memcpy(joined + *ret_size, parts[i].iov_base, parts[i].iov_len);
		*ret_size += parts[i].iov_len;
	}
	return joined;
}

static ssize_t write_noted(int fd, uint32_t file, const uint8_t *bytes, size_t size, off_t offset, enum fault fault)
{
	const bool part = fault == FAULT_TORN || fault == FAULT_SHORT;

	if (fault != FAULT_NONE && !part) {
		errno = error_of(fault);
		return -1;
	}
	ssize_t written = REAL(pwrite)(fd, bytes, part ? size / 2 : size, offset);

	if (written > 0)
		trace_write(file, (uint64_t)offset, bytes, (size_t)written,
			    !part && (fcntl(fd, F_GETFL) & (O_DSYNC | O_SYNC)));
	if (fault == FAULT_TORN) {
		errno = EIO;
		return -1;
	}
	return written;
}

static bool lies_within(int fd, off_t end)
{
	struct stat about;

	return fstat(fd, &about) == 0 && end <= about.st_size;
}

/* False when the file isn't traced. An offset of -1: where the descriptor stands. */
static bool write_parts(int fd, const struct iovec *parts, int count, off_t offset, ssize_t *ret_written)
{
	uint32_t file;
	bool is_directory;

	if (!trace_enter())
		return false;
	const char *path = trace_name(fd, &file, &is_directory);

	if (path) {
		const off_t at = offset < 0 ? lseek(fd, 0, SEEK_CUR) : offset;
		size_t size;
		uint8_t *joined = join(parts, count, &size);

		const enum call call = lies_within(fd, at + (off_t)size) ? CALL_WRITE : CALL_EXTEND;

		*ret_written = write_noted(fd, file, joined, size, at, fault_strike(call, path));
		const int error = errno;

		if (offset < 0 && *ret_written > 0)
			lseek(fd, at + *ret_written, SEEK_SET);
		free(joined);
		errno = error;
	}
	trace_leave();
	return path;
}

ssize_t write(int fd, const void *bytes, size_t size)
{
	const struct iovec part = {(void *)(uintptr_t)bytes, size};
	ssize_t written;

	return write_parts(fd, &part, 1, -1, &written) ? written : REAL(write)(fd, bytes, size);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
	ssize_t written;

	return write_parts(fd, parts, count, -1, &written) ? written : REAL(writev)(fd, parts, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
	const struct iovec part = {(void *)(uintptr_t)bytes, size};
	ssize_t written;

	return write_parts(fd, &part, 1, offset, &written) ? written : REAL(pwrite)(fd, bytes, size, offset);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
	ssize_t written;

	return write_parts(fd, parts, count, offset, &written) ? written : REAL(pwritev)(fd, parts, count, offset);
}

/* In the middle of the file. */
static void spoil(int fd)
{
	char path[64];
	struct stat about;
	uint8_t byte;

	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	const int again = REAL(open)(path, O_RDWR | O_CLOEXEC);

	if (again < 0 || fstat(again, &about) < 0 || pread(again, &byte, 1, about.st_size / 2) != 1)
		abort();
	byte ^= 0x10;
	if (REAL(pwrite)(again, &byte, 1, about.st_size / 2) != 1)
		abort();
	close(again);
}

static int flush(int fd)
{
	uint32_t file;
	bool is_directory, failed = false;

	if (!trace_enter())
		return 0;
	const char *path = trace_name(fd, &file, &is_directory);

	if (path) {
		const enum fault fault = fault_strike(is_directory ? CALL_ENTRIES : CALL_FLUSH, path);

		if (fault == FAULT_SPOIL)
			spoil(fd);
		else if (fault != FAULT_NONE)
			errno = error_of(fault);
		failed = fault != FAULT_NONE && fault != FAULT_SPOIL;
		if (!is_directory)
			trace_flush(file, !failed);
		else if (!failed)
			trace_flush_entries(path);
	}
	trace_leave();
	return failed ? -1 : 0;
}

int fsync(int fd)
{
	return flush(fd);
}

int fdatasync(int fd)
{
	return flush(fd);
}

/* The file's length is all that is asked for: blocks that aren't used cost time. */
static int set_length(int fd, off_t size, bool shorten)
{
	struct stat about;
	uint32_t file;
	bool is_directory;
	int result = -1;

	if (fstat(fd, &about) < 0)
		return -1;
	const bool change = shorten ? about.st_size != size : about.st_size < size;
	const bool traced = trace_enter();
	const char *path = traced ? trace_name(fd, &file, &is_directory) : NULL;

	if (!path || !struck(CALL_ROOM, path))
		result = change ? REAL(ftruncate)(fd, size) : 0;
	if (path && change && result == 0)
		trace_size(file, (uint64_t)size);
	if (traced)
		trace_leave();
	return result;
}

int ftruncate(int fd, off_t size)
{
	return set_length(fd, size, true);
}

int fallocate(int fd, int mode, off_t offset, off_t size)
{
	return mode & FALLOC_FL_KEEP_SIZE ? 0 : set_length(fd, offset + size, false);
}

int posix_fallocate(int fd, off_t offset, off_t size)
{
	return set_length(fd, offset + size, false) < 0 ? errno : 0;
}

static int open_traced(int directory, const char *name, int flags, mode_t mode)
{
	char path[PATH_MAX];
	struct stat about;
	int fd = -1;

	if (!(flags & (O_CREAT | O_TRUNC)) || !trace_enter())
		return REAL(openat)(directory, name, flags, mode);
	if (!trace_path(directory, name, path)) {
		fd = REAL(openat)(directory, name, flags, mode);
	} else {
		const bool is_there = fstatat(directory, name, &about, AT_SYMLINK_NOFOLLOW) == 0;
		uint32_t file;
		bool is_directory;

		if (is_there || !struck(CALL_ENTRY, path))
			fd = REAL(openat)(directory, name, flags, mode);
		if (fd >= 0 && !is_there)
			trace_make(fd, path);
		else if (fd >= 0 && flags & O_TRUNC && trace_name(fd, &file, &is_directory))
			trace_size(file, 0);
	}
	const int error = errno;

	trace_leave();
	errno = error;
	return fd;
}

static mode_t mode_of(int flags, va_list arguments)
{
	return flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
}

int open(const char *name, int flags, ...)
{
	va_list arguments;

	va_start(arguments, flags);
	const mode_t mode = mode_of(flags, arguments);

	va_end(arguments);
	return open_traced(AT_FDCWD, name, flags, mode);
}

int openat(int directory, const char *name, int flags, ...)
{
	va_list arguments;

	va_start(arguments, flags);
	const mode_t mode = mode_of(flags, arguments);

	va_end(arguments);
	return open_traced(directory, name, flags, mode);
}

int mkdir(const char *name, mode_t mode)
{
	char path[PATH_MAX];
	int result = -1;

	if (!trace_enter())
		return REAL(mkdir)(name, mode);
	const bool traced = trace_path(AT_FDCWD, name, path);

	if (!traced || access(name, F_OK) == 0 || !struck(CALL_ENTRY, path))
		result = REAL(mkdir)(name, mode);
	const int error = errno;

	if (traced && result == 0)
		trace_make_directory(path);
	trace_leave();
	errno = error;
	return result;
}

int renameat2(int from_directory, const char *from, int to_directory, const char *to, unsigned flags)
{
	char path[PATH_MAX], new_path[PATH_MAX];
	int result = -1;

	if (!trace_enter())
		return REAL(renameat2)(from_directory, from, to_directory, to, flags);
	const bool traced = trace_path(from_directory, from, path) && trace_path(to_directory, to, new_path);

	if (!traced || !struck(CALL_ENTRY, path))
		result = REAL(renameat2)(from_directory, from, to_directory, to, flags);
	const int error = errno;

	if (traced && result == 0)
		trace_rename(path, new_path);
	trace_leave();
	errno = error;
	return result;
}

int renameat(int from_directory, const char *from, int to_directory, const char *to)
{
	return renameat2(from_directory, from, to_directory, to, 0);
}

int rename(const char *from, const char *to)
{
	return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int unlinkat(int directory, const char *name, int flags)
{
	char path[PATH_MAX];
	int result = -1;

	if (!trace_enter())
		return REAL(unlinkat)(directory, name, flags);
	const bool traced = trace_path(directory, name, path);

	if (!traced || faccessat(directory, name, F_OK, AT_SYMLINK_NOFOLLOW) < 0 || !struck(CALL_REMOVE, path))
		result = REAL(unlinkat)(directory, name, flags);
	const int error = errno;

	if (traced && result == 0)
		trace_unlink(path);
	trace_leave();
	errno = error;
	return result;
}

int unlink(const char *name)
{
	return unlinkat(AT_FDCWD, name, 0);
}

int rmdir(const char *name)
{
	return unlinkat(AT_FDCWD, name, AT_REMOVEDIR);
}
