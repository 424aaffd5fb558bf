#include "scratch.h"

#include "backup/restoring.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHANCE "XXXXXX"
#define TRIES 16u

static const struct {
	const char *beginning, *left_by;
} kinds[] = {
	[MTR_SCRATCH_DRILL] = {"matricula-drill-", "a drill"},
	[MTR_SCRATCH_VERIFY] = {"matricula-verify-", "a check"},
};

/* A descriptor with the lock of a directory that is this user's alone; -1: there is none, or somebody holds it. */
static int hold(const char *path)
{
	struct stat about;
	int lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

	if (lock < 0)
		return -1;
	if (fstat(lock, &about) == 0 && about.st_uid == geteuid() && (about.st_mode & 07777) == 0700 &&
	    flock(lock, LOCK_EX | LOCK_NB) == 0)
		return lock;
	close(lock);
	return -1;
}

/* Whoever swept between open and flock has removed it by now. */
static bool still_there(int lock)
{
	struct stat about;

	return fstat(lock, &about) == 0 && about.st_nlink > 0;
}

bool mtr_scratch_make(struct mtr_scratch *ret_scratch, enum mtr_scratch_kind kind, const char *above)
{
	struct mtr_scratch scratch;

	for (unsigned i = 0; i < TRIES; i++) {
		const int size =
			snprintf(scratch.path, sizeof scratch.path, "%s/%s" CHANCE, above, kinds[kind].beginning);

		if (size < 0 || (size_t)size >= sizeof scratch.path) {
			errno = ENAMETOOLONG;
			return false;
		}
		if (!mkdtemp(scratch.path))
			return false;
		scratch.lock = hold(scratch.path);
		if (scratch.lock >= 0 && still_there(scratch.lock)) {
			*ret_scratch = scratch;
			return true;
		}
		if (scratch.lock >= 0)
			close(scratch.lock);
		(void)rmdir(scratch.path);
	}
	errno = ENOLCK;
	return false;
}

void mtr_scratch_remove(struct mtr_scratch *scratch, const struct mtr_log *log)
{
	if (!mtr_restoring_remove(scratch->path))
		mtr_log(log, MTR_LOG_WARNING, "%s can't be removed whole; remove it: it may hold keys in the clear",
			scratch->path);
	close(scratch->lock);
	scratch->lock = -1;
}

static bool is_of(enum mtr_scratch_kind kind, const char *name)
{
	const size_t size = strlen(kinds[kind].beginning);

	return strncmp(name, kinds[kind].beginning, size) == 0 && strlen(name) == size + strlen(CHANCE);
}

static void sweep_one(enum mtr_scratch_kind kind, const char *above, const char *name, const struct mtr_log *log)
{
	struct mtr_scratch left;
	const int size = snprintf(left.path, sizeof left.path, "%s/%s", above, name);

	if (size < 0 || (size_t)size >= sizeof left.path)
		return;
	left.lock = hold(left.path);
	if (left.lock < 0)
		return;
	if (still_there(left.lock))
		mtr_log(log, MTR_LOG_NOTICE, "%s was left by %s that was cut short; it is removed", left.path,
			kinds[kind].left_by);
	mtr_scratch_remove(&left, log);
}

void mtr_scratch_sweep(enum mtr_scratch_kind kind, const char *above, const struct mtr_log *log)
{
	DIR *listing = opendir(above);
	const struct dirent *entry;

	if (!listing)
		return;
	while ((entry = readdir(listing)))
		if (is_of(kind, entry->d_name))
			sweep_one(kind, above, entry->d_name, log);
	closedir(listing);
}
