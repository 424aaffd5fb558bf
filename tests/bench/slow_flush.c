/* Preloaded, it makes each flush cost what it does on a disk without a protected write cache: fsync, fdatasync, msync
 * and writes to files opened with O_SYNC or O_DSYNC do the real thing, then sleep BENCH_FLUSH_US microseconds (2,000).
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* The next function of that name; a function pointer can't be had from dlsym in plain C otherwise. */
#define NEXT(type, name) __extension__((type)dlsym(RTLD_NEXT, name))

static void pause_for_disk(void)
{
	const char *given = getenv("BENCH_FLUSH_US");
	const long us = given ? strtol(given, NULL, 10) : 2000;
	const struct timespec pause = {us / 1000000, us % 1000000 * 1000};

	nanosleep(&pause, NULL);
}

int fsync(int fd)
{
	int rc = NEXT(int (*)(int), "fsync")(fd);

	pause_for_disk();
	return rc;
}

int fdatasync(int fd)
{
	int rc = NEXT(int (*)(int), "fdatasync")(fd);

	pause_for_disk();
	return rc;
}

int msync(void *address, size_t size, int flags)
{
	int rc = NEXT(int (*)(void *, size_t, int), "msync")(address, size, flags);

	if (flags & MS_SYNC)
		pause_for_disk();
	return rc;
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
	ssize_t written = NEXT(ssize_t(*)(int, const void *, size_t, off64_t), "pwrite64")(fd, bytes, size, at);
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0 && flags & (O_SYNC | O_DSYNC))
		pause_for_disk();
	return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
	return pwrite64(fd, bytes, size, at);
}
