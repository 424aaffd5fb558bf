#include "backup/restoring.h"

#include "contract/durable.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES (PATH_MAX + 256u)
#define DESCRIPTORS 16

/* It stays the same under both names. */
static const char mark_text[] =
	"A restore from a backup. While this file is named \"restoring\" the directory isn't whole: run \"matriculad "
	"restore\" into it again, which begins anew, or remove the directory. Named \"restored\" it says that the "
	"register is served again once the statement in incarnation.request is signed and adopted.\n";

struct entries {
	bool mark, others;
};

/* What there is in the directory. 0 or a negative errno. */
static int look(const char *into, struct entries *ret_entries)
{
	DIR *listing = opendir(into);
	const struct dirent *entry;

	*ret_entries = (struct entries){false, false};
	if (!listing)
		return -errno;
	while ((errno = 0, entry = readdir(listing))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (strcmp(entry->d_name, MTR_RESTORING_NAME) == 0)
			ret_entries->mark = true;
		else
			ret_entries->others = true;
	}
	const int error = -errno;

	closedir(listing);
	return error;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
	(void)about;
	(void)kind;
	if (where->level > 1 || (where->level == 1 && strcmp(path + where->base, MTR_RESTORING_NAME) != 0))
		(void)remove(path);
	return 0;
}

static void mark_path(const char *into, char ret_path[PATH_BYTES])
{
	snprintf(ret_path, PATH_BYTES, "%s/" MTR_RESTORING_NAME, into);
}

/* Removes all but the mark, so that it lasts; true when nothing else is left. */
static bool clear(const char *into)
{
	char mark[PATH_BYTES];
	struct entries entries;

	(void)nftw(into, remove_one, DESCRIPTORS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	mark_path(into, mark);
	return mtr_flush_entry(mark) == 0 && look(into, &entries) == 0 && !entries.others;
}

static enum mtr_exit_status make_directory(struct mtr_restoring *restoring, const char *into,
					   struct mtr_problem *problem)
{
	restoring->made = mkdir(into, 0700) == 0;
	if ((restoring->made || errno == EEXIST) && realpath(into, restoring->into)) {
		const int error = mtr_make_directory(into);

		return error ? mtr_problem_writing(problem, -error, into) : MTR_EXIT_OK;
	}
	return mtr_problem_writing(problem, errno, into);
}

static enum mtr_exit_status is_others(const struct mtr_restoring *restoring, struct mtr_problem *problem)
{
	return mtr_problem(problem, MTR_EXIT_USAGE,
			   "%s isn't empty, and nothing is restored over what is there; move it away, or name another "
			   "directory",
			   restoring->into);
}

static enum mtr_exit_status is_under_way(const struct mtr_restoring *restoring, struct mtr_problem *problem)
{
	return mtr_problem(problem, MTR_EXIT_IN_USE,
			   "another restore into %s is under way; let it end first, or name another directory",
			   restoring->into);
}

/* Makes the mark, or opens the one that is there. */
static enum mtr_exit_status open_mark(struct mtr_restoring *restoring, const char *path, struct mtr_problem *problem)
{
	restoring->mark = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	restoring->fresh = restoring->mark >= 0;
	if (!restoring->fresh && errno == EEXIST)
		restoring->mark = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (restoring->mark >= 0)
		return MTR_EXIT_OK;
	return errno == ENOENT ? is_under_way(restoring, problem) : mtr_problem_writing(problem, errno, path);
}

/* Whoever had it locked may have renamed or removed it before this one got the lock. */
static enum mtr_exit_status lock_mark(struct mtr_restoring *restoring, const char *path, struct mtr_problem *problem)
{
	struct stat locked, named;
	const bool taken = flock(restoring->mark, LOCK_EX | LOCK_NB) == 0;

	if (!taken && errno != EWOULDBLOCK)
		return mtr_problem(problem, MTR_EXIT_SYSTEM, "%s can't be locked: %s; use a file system with locks",
				   path, strerror(errno));
	if (!taken || fstat(restoring->mark, &locked) < 0 || lstat(path, &named) < 0 || locked.st_dev != named.st_dev ||
	    locked.st_ino != named.st_ino) {
		restoring->made = restoring->fresh = false;
		return is_under_way(restoring, problem);
	}
	return MTR_EXIT_OK;
}

/* The mark is there, whole, before anything else is: a file of that name beside others that says something else is
 * somebody's, and so are those. */
static bool is_ours(const struct mtr_restoring *restoring, bool others)
{
	char text[sizeof mark_text];
	struct stat about;

	if (restoring->fresh)
		return !others;
	if (fstat(restoring->mark, &about) < 0 || !S_ISREG(about.st_mode) || about.st_nlink != 1)
		return false;
	const ssize_t size = pread(restoring->mark, text, sizeof text, 0);

	return size >= 0 && (size_t)size < sizeof text && memcmp(text, mark_text, (size_t)size) == 0 &&
	       (!others || (size_t)size == sizeof mark_text - 1);
}

static int write_mark(const struct mtr_restoring *restoring, const char *path)
{
	if (pwrite(restoring->mark, mark_text, sizeof mark_text - 1, 0) < 0 || fsync(restoring->mark) < 0)
		return -errno;
	return mtr_flush_entry(path);
}

/* What is in the directory but the mark is an earlier restore's. */
static enum mtr_exit_status clear_rest(struct mtr_restoring *restoring, bool others, struct mtr_problem *problem)
{
	restoring->cleared = others;
	if (!others || clear(restoring->into))
		return MTR_EXIT_OK;
	return mtr_problem(problem, MTR_EXIT_WRITE,
			   "%s holds what a restore left that was cut short, keys among it, and it can't be removed; "
			   "remove the directory with all that is in it, then run this again",
			   restoring->into);
}

static enum mtr_exit_status take_mark(struct mtr_restoring *restoring, struct mtr_problem *problem)
{
	struct entries entries = {false, false};
	char path[PATH_BYTES];

	mark_path(restoring->into, path);
	enum mtr_exit_status status = open_mark(restoring, path, problem);

	if (!status)
		status = lock_mark(restoring, path, problem);
	if (status)
		return status;
	int error = look(restoring->into, &entries);

	if (error)
		return mtr_problem_reading(problem, -error, restoring->into);
	if (!is_ours(restoring, entries.others))
		return is_others(restoring, problem);
	error = chmod(restoring->into, 0700) < 0 ? -errno : write_mark(restoring, path);
	return error ? mtr_problem_writing(problem, -error, path) : clear_rest(restoring, entries.others, problem);
}

/* What this one has made; where something else is, nothing but the mark. */
static void take_back(struct mtr_restoring *restoring)
{
	char path[PATH_BYTES];

	mark_path(restoring->into, path);
	if (restoring->fresh)
		(void)unlink(path);
	if (restoring->made)
		(void)rmdir(restoring->into);
	mtr_restoring_close(restoring);
}

enum mtr_exit_status mtr_restoring_begin(struct mtr_restoring *ret_restoring, const char *into,
					 struct mtr_problem *problem)
{
	struct mtr_restoring restoring = {.mark = -1};
	enum mtr_exit_status status = make_directory(&restoring, into, problem);

	if (!status)
		status = take_mark(&restoring, problem);
	if (status)
		take_back(&restoring);
	else
		*ret_restoring = restoring;
	return status;
}

/* What the mark vouches for lasts before its name changes: opening the register may have made files in each. */
static int flush_all(const char *into)
{
	static const char *const entries[] = {"register/data.mdb", "journal/journal-next", MTR_RESTORING_NAME};
	char path[PATH_BYTES];
	int error = 0;

	for (size_t i = 0; i < sizeof entries / sizeof *entries && !error; i++) {
		snprintf(path, sizeof path, "%s/%s", into, entries[i]);
		error = mtr_flush_entry(path);
	}
	return error;
}

enum mtr_exit_status mtr_restoring_finish(struct mtr_restoring *restoring, struct mtr_problem *problem)
{
	char from[PATH_BYTES], to[PATH_BYTES];

	mark_path(restoring->into, from);
	snprintf(to, sizeof to, "%s/" MTR_RESTORED_NAME, restoring->into);
	int error = flush_all(restoring->into);

	if (!error && rename(from, to) < 0)
		error = -errno;
	if (!error && (error = mtr_flush_entry(to)))
		(void)rename(to, from);
	return error ? mtr_problem_writing(problem, -error, to) : MTR_EXIT_OK;
}

void mtr_restoring_close(struct mtr_restoring *restoring)
{
	if (restoring->mark >= 0)
		close(restoring->mark);
	restoring->mark = -1;
}

static bool clear_with_mark(const char *into)
{
	char path[PATH_BYTES];

	mark_path(into, path);
	return clear(into) && (unlink(path) == 0 || errno == ENOENT);
}

bool mtr_restoring_remove(const char *into)
{
	return clear_with_mark(into) && rmdir(into) == 0;
}

bool mtr_restoring_abandon(struct mtr_restoring *restoring)
{
	const bool removed = restoring->made ? mtr_restoring_remove(restoring->into) : clear_with_mark(restoring->into);

	mtr_restoring_close(restoring);
	return removed;
}

int mtr_restored_check_mark(const char *data)
{
	char path[PATH_BYTES], text[sizeof mark_text];

	snprintf(path, sizeof path, "%s/" MTR_RESTORED_NAME, data);
	const int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (file < 0)
		return errno == ENOENT ? 0 : -errno;
	const ssize_t got = read(file, text, sizeof text);
	const int error = got < 0 ? -errno : 0;

	close(file);
	if (error)
		return error;
	return got == sizeof mark_text - 1 && memcmp(text, mark_text, sizeof mark_text - 1) == 0 ? 0 : -EBADMSG;
}

enum mtr_exit_status mtr_restoring_check_whole(const char *data, struct mtr_problem *problem)
{
	char path[PATH_BYTES];

	mark_path(data, path);
	if (access(path, F_OK) != 0)
		return MTR_EXIT_OK;
	return mtr_problem(
		problem, MTR_EXIT_DAMAGED,
		"a restore into %s hasn't come to its end; when none is under way run \"matriculad restore\" "
		"with --into %s again, which begins anew, or remove the directory: there are keys in it",
		data, data);
}
