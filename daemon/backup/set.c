#include "backup/set.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define LOCK_NAME "lock"

int mtr_set_each_name(int fd, mtr_set_name_fn each, void *context)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *listing = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!listing) {
		int error = errno;

		if (copy >= 0)
			close(copy);
		return error;
	}
	for (errno = 0; (entry = readdir(listing)); errno = 0)
		if (!each(context, entry->d_name))
			break;
	int error = entry ? ENOMEM : errno;

	closedir(listing);
	return error;
}

/* The time in a list's name; 0 if it isn't one. */
static uint64_t list_time(const char *name)
{
	char again[MTR_LIST_NAME_BYTES];
	const uint64_t at = strncmp(name, "list-", 5) == 0 ? strtoull(name + 5, NULL, 16) : 0;

	mtr_list_name(at, again);
	return strcmp(name, again) == 0 ? at : 0;
}

static bool collect(void *context, const char *name)
{
	struct mtr_backup_set *set = context;
	const uint64_t at = list_time(name);

	if (!at)
		return true;
	uint64_t *more = reallocarray(set->ats, set->count + 1, sizeof *more);

	if (!more)
		return false;
	set->ats = more;
	set->ats[set->count++] = at;
	return true;
}

static int compare(const void *x, const void *y)
{
	const uint64_t *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

static enum mtr_exit_status take_lock(struct mtr_backup_set *set, struct mtr_problem *problem)
{
	set->lock = openat(set->fd, LOCK_NAME, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (set->lock < 0)
		return mtr_problem_writing(problem, errno, set->path);
	if (flock(set->lock, LOCK_EX | LOCK_NB) == 0)
		return MTR_EXIT_OK;
	return mtr_problem(problem, MTR_EXIT_IN_USE, "another backup to %s is under way; let it end first", set->path);
}

enum mtr_exit_status mtr_set_find_lists(struct mtr_backup_set *set, struct mtr_problem *problem)
{
	free(set->ats);
	set->ats = NULL;
	set->count = 0;
	int error = mtr_set_each_name(set->fd, collect, set);

	if (set->count)
		qsort(set->ats, set->count, sizeof *set->ats, compare);
	return error ? mtr_problem_reading(problem, error, set->path) : MTR_EXIT_OK;
}

enum mtr_exit_status mtr_set_open(struct mtr_backup_set *ret_set, const char *path, bool lock,
				  struct mtr_problem *problem)
{
	struct mtr_backup_set set = {.path = path, .lock = -1};
	enum mtr_exit_status status = MTR_EXIT_OK;

	set.fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (set.fd < 0)
		return mtr_problem_reading(problem, errno, path);
	if (lock)
		status = take_lock(&set, problem);
	if (!status)
		status = mtr_set_find_lists(&set, problem);
	if (status)
		mtr_set_close(&set);
	else
		*ret_set = set;
	return status;
}

void mtr_set_close(struct mtr_backup_set *set)
{
	if (set->lock >= 0)
		close(set->lock);
	if (set->fd >= 0)
		close(set->fd);
	free(set->ats);
	*set = (struct mtr_backup_set){.fd = -1, .lock = -1};
}
