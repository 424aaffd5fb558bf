#include "computer.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* What a disk writes all or nothing of. */
#define SECTOR_BYTES 512u
#define META_BYTES 8192u /* LMDB's two meta pages */
#define SIM_END_OF_TIME (100000 * SIM_DAY)

/* A write that isn't flushed: what was there before. */
struct overwritten {
	struct overwritten *older;
	uint64_t offset;
	size_t size;
	uint8_t bytes[];
};

struct file {
	struct file *next;
	ino_t number;
	int fd;
	struct overwritten *newest;
};

/* A name that the directory has not flushed. */
struct renaming {
	struct renaming *older;
	int directory;
	char from[64], to[64];
};

struct rollback {
	int fd;
	uint8_t meta[META_BYTES];
};

static struct computer *running;

void computer_run(struct computer *computer)
{
	running = computer;
}

/* The one that runs in this thread. */
static struct computer *current(void)
{
	return sim_installed() ? running : NULL;
}

static void fail(struct computer *computer, enum crash_point point)
{
	struct tally *tally = computer->sim->tally;

	computer->down = true;
	computer->point = point;
	computer->fuse = 0;
	(computer->is_server ? tally->server_crashes : tally->desk_crashes)[point]++;
	tally->events[computer->is_server ? EVENT_SERVER_CRASHES : EVENT_DESK_CRASHES]++;
	sim_note(computer->sim, "%s: power fails, %s", computer->name, crash_point_name(point));
}

bool computer_fails(struct computer *computer, enum crash_point point)
{
	const bool counts = computer->aim == CRASH_POINTS || computer->aim == point;

	if (!computer->down && computer->fuse && counts && --computer->fuse == 0)
		fail(computer, point);
	return computer->down;
}

bool computer_running_fails(enum crash_point point)
{
	struct computer *computer = current();

	return computer && computer_fails(computer, point);
}

void computer_fail_now(struct computer *computer)
{
	if (!computer->down)
		fail(computer, CRASH_IDLE);
}

uint64_t computer_time_of_day(const struct sim *sim)
{
	return (uint64_t)((int64_t)(SIM_START_MS + sim->now) + (running ? running->clock_ms : 0));
}

uint64_t computer_uptime(const struct sim *sim)
{
	return sim->now + (running && running->down ? SIM_END_OF_TIME : 1);
}

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

static void forget_writes(struct file **file)
{
	struct file *gone = *file;

	*file = gone->next;
	while (gone->newest) {
		struct overwritten *older = gone->newest->older;

		free(gone->newest);
		gone->newest = older;
	}
	if (gone->fd >= 0)
		close(gone->fd);
	free(gone);
}

static void forget_renamings(struct computer *computer)
{
	while (computer->renamings) {
		struct renaming *older = computer->renamings->older;

		close(computer->renamings->directory);
		free(computer->renamings);
		computer->renamings = older;
	}
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

ssize_t __real_pwrite(int fd, const void *bytes, size_t size, off_t offset);
ssize_t __wrap_pwrite(int fd, const void *bytes, size_t size, off_t offset);
ssize_t __real_pwritev(int fd, const struct iovec *parts, int count, off_t offset);
ssize_t __wrap_pwritev(int fd, const struct iovec *parts, int count, off_t offset);
int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __real_renameat(int from_directory, const char *from, int to_directory, const char *to);
int __wrap_renameat(int from_directory, const char *from, int to_directory, const char *to);
int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int __wrap_fallocate(int fd, int mode, off_t offset, off_t size);
int __wrap_posix_fallocate(int fd, off_t offset, off_t size);
int __real_mdb_txn_commit(MDB_txn *txn);
int __wrap_mdb_txn_commit(MDB_txn *txn);

ssize_t __wrap_pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
	struct computer *computer = current();

	if (!computer)
		return __real_pwrite(fd, bytes, size, offset);
	if (computer_fails(computer, CRASH_BEFORE_WRITE))
		return refuse();
	remember(computer, fd, (uint64_t)offset, size);
	return __real_pwrite(fd, bytes, size, offset);
}

ssize_t __wrap_pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
	struct computer *computer = current();
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
	struct computer *computer = current();
	struct stat status;

	if (!computer)
		return 0;
	if (computer_fails(computer, CRASH_BEFORE_FLUSH))
		return refuse();
	if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode))
		forget_renamings(computer);
	else
		forget_writes(find_file(computer, fd));
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
	struct computer *computer = current();

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
	if (pread(fd, rollback->meta, META_BYTES, 0) != META_BYTES)
		abort();
	computer->rollback = rollback;
}

static void free_rollback(struct computer *computer)
{
	if (!computer->rollback)
		return;
	close(computer->rollback->fd);
	free(computer->rollback);
	computer->rollback = NULL;
}

/* A commit is durable when it returns. The power may fail before it, after it, and in between: then the pages are
 * written, but the meta page that makes them count is not. */
int __wrap_mdb_txn_commit(MDB_txn *txn)
{
	struct computer *computer = current();
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
	free_rollback(computer);
	return computer_fails(computer, CRASH_AFTER_COMMIT) ? EIO : code;
}

static void put_back(const struct file *file, const uint8_t *bytes, size_t size, uint64_t offset)
{
	if (__real_pwrite(file->fd, bytes, size, (off_t)offset) != (ssize_t)size)
		abort();
}

/* Decides for each sector of a write whether it got to the disk. */
static void tear(struct computer *computer, const struct file *file, const struct overwritten *before)
{
	uint64_t end = before->offset + before->size;
	size_t kept = 0, lost = 0;

	for (uint64_t at = before->offset; at < end;) {
		uint64_t next = (at / SECTOR_BYTES + 1) * SECTOR_BYTES;
		size_t size = (size_t)((next < end ? next : end) - at);

		if (random_percent(&computer->sim->random, 50)) {
			put_back(file, before->bytes + (at - before->offset), size, at);
			lost++;
		} else {
			kept++;
		}
		at += size;
	}
	computer->sim->tally->events[!lost ? EVENT_WRITES_KEPT : !kept ? EVENT_WRITES_DROPPED : EVENT_WRITES_TORN]++;
}

static void restore_file(struct computer *computer, struct file *file)
{
	const uint32_t fate = random_below(&computer->sim->random, 6);

	for (struct overwritten *before = file->newest; before; before = before->older) {
		switch (fate) {
		case 0:
			put_back(file, before->bytes, before->size, before->offset);
			computer->sim->tally->events[EVENT_WRITES_DROPPED]++;
			break;
		case 1:
			computer->sim->tally->events[EVENT_WRITES_KEPT]++;
			break;
		default:
			tear(computer, file, before);
			break;
		}
	}
}

void computer_restore(struct computer *computer)
{
	running = NULL;
	while (computer->files) {
		restore_file(computer, computer->files);
		forget_writes(&computer->files);
	}
	for (struct renaming *at = computer->renamings; at; at = at->older) {
		if (random_percent(&computer->sim->random, 50))
			continue;
		if (__real_renameat(at->directory, at->to, at->directory, at->from) < 0)
			abort();
		computer->sim->tally->events[EVENT_RENAMES_UNDONE]++;
	}
	forget_renamings(computer);
	if (computer->rollback && computer->point == CRASH_IN_COMMIT &&
	    __real_pwrite(computer->rollback->fd, computer->rollback->meta, META_BYTES, 0) != META_BYTES)
		abort();
	free_rollback(computer);
	computer->down = false;
	computer->fuse = 0;
}
