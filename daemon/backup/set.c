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

/* Called with each name in the directory; false stops. */
typedef bool (*name_fn)(void *context, const char *name);

static int each_name(int fd, name_fn each, void *context)
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
	if (!status) {
		int error = each_name(set.fd, collect, &set);

		if (error)
			status = mtr_problem_reading(problem, error, path);
	}
	if (set.count)
		qsort(set.ats, set.count, sizeof *set.ats, compare);
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

/* Names that a list still has, or that nobody has any more. */
struct names {
	char (*names)[MTR_SEALED_NAME_MAX];
	size_t count, room;
};

static bool add_name(struct names *names, const char *name)
{
	if (names->count == names->room) {
		size_t room = names->room ? 2 * names->room : 256;
		void *more = reallocarray(names->names, room, sizeof *names->names);

		if (!more)
			return false;
		names->names = more;
		names->room = room;
	}
	snprintf(names->names[names->count++], MTR_SEALED_NAME_MAX, "%s", name);
	return true;
}

static int compare_names(const void *x, const void *y)
{
	return strcmp(x, y);
}

struct sweep {
	struct names kept, gone;
};

/* What is ours by its name: nothing else in the directory is touched. */
static bool is_ours(const char *name)
{
	static const char *const beginnings[] = {"journal-", "register-", "settings-", "list-"};
	const size_t size = strlen(name);

	if (size >= MTR_SEALED_NAME_MAX)
		return false;
	for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
		const size_t start = strlen(beginnings[i]);

		if (strncmp(name, beginnings[i], start) != 0)
			continue;
		const size_t digits = start + strspn(name + start, "0123456789abcdef-");

		return digits > start + 15 && (digits == size || strcmp(name + digits, ".part") == 0);
	}
	return false;
}

static bool look_at(void *context, const char *name)
{
	struct sweep *sweep = context;

	if (!is_ours(name) || (sweep->kept.count && bsearch(name, sweep->kept.names, sweep->kept.count,
							    sizeof *sweep->kept.names, compare_names)))
		return true;
	return add_name(&sweep->gone, name);
}

static bool keep_list(struct sweep *sweep, const struct mtr_backup_list *list)
{
	char name[MTR_LIST_NAME_BYTES];
	bool good = true;

	mtr_list_name(list->at, name);
	good = add_name(&sweep->kept, name);
	for (size_t i = 0; i < list->count && good; i++)
		good = add_name(&sweep->kept, list->files[i].file.name);
	return good;
}

struct choice {
	const struct mtr_backup_set *set;
	struct sweep *sweep;
	struct mtr_problem *problem;
	uint64_t keep, copies;
	char copy[MTR_SEALED_NAME_MAX]; /* of the database, of the last list that stays */
};

static enum mtr_exit_status choose_one(struct choice *choice, uint64_t at)
{
	const struct mtr_backup_set *set = choice->set;
	struct mtr_backup_list list;
	uint8_t mac[MTR_HASH_BYTES];
	enum mtr_exit_status status = mtr_list_read(set->fd, set->path, at, &list, mac, choice->problem);

	if (status)
		return status;
	const struct mtr_backup_file *file = mtr_list_find(&list, MTR_SEALED_REGISTER);

	if (file && strcmp(choice->copy, file->file.name) != 0 && choice->copies < choice->keep) {
		snprintf(choice->copy, sizeof choice->copy, "%s", file->file.name);
		choice->copies++;
		if (!keep_list(choice->sweep, &list))
			status = mtr_problem_reading(choice->problem, ENOMEM, set->path);
	}
	mtr_list_free(&list);
	return status;
}

/* From the newest list back. */
static enum mtr_exit_status choose(struct choice *choice, uint64_t newest)
{
	enum mtr_exit_status status = choose_one(choice, newest);

	for (size_t i = choice->set->count; i > 0 && !status; i--)
		status = choose_one(choice, choice->set->ats[i - 1]);
	return status;
}

/* Lists first: what a power cut leaves is never a list without its files. */
static enum mtr_exit_status remove_all(const struct mtr_backup_set *set, const struct names *gone,
				       struct mtr_problem *problem)
{
	for (int lists = 1; lists >= 0; lists--) {
		for (size_t i = 0; i < gone->count; i++)
			if ((strncmp(gone->names[i], "list-", 5) == 0) == lists &&
			    unlinkat(set->fd, gone->names[i], 0) < 0 && errno != ENOENT)
				return mtr_problem_writing(problem, errno, set->path);
		if (fsync(set->fd) < 0)
			return mtr_problem_writing(problem, errno, set->path);
	}
	return MTR_EXIT_OK;
}

enum mtr_exit_status mtr_set_prune(const struct mtr_backup_set *set, uint64_t newest, uint64_t keep,
				   struct mtr_problem *problem)
{
	struct sweep sweep = {{NULL, 0, 0}, {NULL, 0, 0}};
	struct choice choice = {.set = set, .sweep = &sweep, .problem = problem, .keep = keep};
	enum mtr_exit_status status = choose(&choice, newest);

	if (!status) {
		if (sweep.kept.count)
			qsort(sweep.kept.names, sweep.kept.count, sizeof *sweep.kept.names, compare_names);
		int error = each_name(set->fd, look_at, &sweep);

		status = error ? mtr_problem_reading(problem, error, set->path) : remove_all(set, &sweep.gone, problem);
	}
	free(sweep.kept.names);
	free(sweep.gone.names);
	return status;
}
