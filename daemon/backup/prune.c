#include "backup/prune.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIST "list-"
#define LIST_SIZE (sizeof LIST - 1)

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
	struct mtr_backup_set *set;
	struct mtr_problem *problem;
	struct names kept, gone;
	uint64_t unknown; /* files of that time and before may belong to a damaged list */
	uint64_t keep, copies;
	char copy[MTR_SEALED_NAME_MAX]; /* of the database, of the last list that stays */
};

/* What is ours by its name: nothing else in the directory is touched. */
static bool is_ours(const char *name)
{
	static const char *const beginnings[] = {"journal-", "register-", "settings-", LIST};
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

/* When the backup that wrote a file of ours was begun: the last part of its name. */
static uint64_t time_of(const char *name)
{
	const char *last = strrchr(name, '-');

	return last ? strtoull(last + 1, NULL, 16) : 0;
}

static bool is_part(const char *name)
{
	const char *end = strrchr(name, '.');

	return end && strcmp(end, ".part") == 0;
}

/* Lists of their own time are known by name. */
static bool may_be_named(const struct sweep *sweep, const char *name)
{
	if (sweep->kept.count &&
	    bsearch(name, sweep->kept.names, sweep->kept.count, sizeof *sweep->kept.names, compare_names))
		return true;
	return !is_part(name) && strncmp(name, LIST, LIST_SIZE) != 0 && time_of(name) <= sweep->unknown;
}

static bool look_at(void *context, const char *name)
{
	struct sweep *sweep = context;

	return !is_ours(name) || may_be_named(sweep, name) || add_name(&sweep->gone, name);
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

static bool stays(struct sweep *sweep, const struct mtr_backup_list *list)
{
	const struct mtr_backup_file *file = mtr_list_find(list, MTR_SEALED_REGISTER);

	if (!file)
		return false;
	if (strcmp(sweep->copy, file->file.name) == 0)
		return list->at == time_of(sweep->copy);
	if (sweep->copies == sweep->keep)
		return false;
	snprintf(sweep->copy, sizeof sweep->copy, "%s", file->file.name);
	sweep->copies++;
	return true;
}

/* It goes when as many copies stay as are to be kept, and all of them are newer. */
static bool keep_damaged(struct sweep *sweep, uint64_t at)
{
	char name[MTR_LIST_NAME_BYTES];

	if (sweep->copies == sweep->keep && at < time_of(sweep->copy))
		return true;
	mtr_list_name(at, name);
	if (sweep->unknown < at)
		sweep->unknown = at;
	return add_name(&sweep->kept, name);
}

typedef bool (*stays_fn)(struct sweep *sweep, const struct mtr_backup_list *list);

static bool stays_always(struct sweep *sweep, const struct mtr_backup_list *list)
{
	(void)sweep;
	(void)list;
	return true;
}

static enum mtr_exit_status choose_one(struct sweep *sweep, uint64_t at, stays_fn chosen)
{
	const struct mtr_backup_set *set = sweep->set;
	struct mtr_backup_list list;
	uint8_t mac[MTR_HASH_BYTES];
	enum mtr_exit_status status = mtr_list_read(set->fd, set->path, at, &list, mac, sweep->problem);
	bool good = true;

	if (status == MTR_EXIT_DAMAGED) {
		good = keep_damaged(sweep, at);
	} else if (status) {
		return status;
	} else {
		good = !chosen(sweep, &list) || keep_list(sweep, &list);
		mtr_list_free(&list);
	}
	return good ? MTR_EXIT_OK : mtr_problem_reading(sweep->problem, ENOMEM, set->path);
}

/* From the newest list back. */
static enum mtr_exit_status choose(struct sweep *sweep, stays_fn chosen)
{
	enum mtr_exit_status status = mtr_set_find_lists(sweep->set, sweep->problem);

	for (size_t i = sweep->set->count; i > 0 && !status; i--)
		status = choose_one(sweep, sweep->set->ats[i - 1], chosen);
	return status;
}

/* Lists first: what a power cut leaves is never a list without its files. */
static enum mtr_exit_status remove_all(const struct mtr_backup_set *set, const struct names *gone,
				       struct mtr_problem *problem)
{
	for (int lists = 1; lists >= 0; lists--) {
		for (size_t i = 0; i < gone->count; i++)
			if ((strncmp(gone->names[i], LIST, LIST_SIZE) == 0) == lists &&
			    unlinkat(set->fd, gone->names[i], 0) < 0 && errno != ENOENT)
				return mtr_problem_writing(problem, errno, set->path);
		if (fsync(set->fd) < 0)
			return mtr_problem_writing(problem, errno, set->path);
	}
	return MTR_EXIT_OK;
}

static enum mtr_exit_status run_sweep(struct sweep *sweep, stays_fn chosen)
{
	enum mtr_exit_status status = choose(sweep, chosen);
	int error = 0;

	if (sweep->kept.count)
		qsort(sweep->kept.names, sweep->kept.count, sizeof *sweep->kept.names, compare_names);
	if (!status)
		error = mtr_set_each_name(sweep->set->fd, look_at, sweep);
	if (error)
		status = mtr_problem_reading(sweep->problem, error, sweep->set->path);
	if (!status && sweep->gone.count)
		status = remove_all(sweep->set, &sweep->gone, sweep->problem);
	free(sweep->kept.names);
	free(sweep->gone.names);
	return status;
}

enum mtr_exit_status mtr_set_prune(struct mtr_backup_set *set, uint64_t keep, struct mtr_problem *problem)
{
	struct sweep sweep = {.set = set, .problem = problem, .keep = keep};
	char name[MTR_LIST_NAME_BYTES];
	enum mtr_exit_status status = run_sweep(&sweep, stays);

	if (status || !sweep.unknown)
		return status;
	mtr_list_name(sweep.unknown, name);
	return mtr_problem(problem, MTR_EXIT_DAMAGED,
			   "%s/%s is damaged, and what it may name stays with it until newer backups take its place; "
			   "put a good copy of it there, or remove it",
			   set->path, name);
}

enum mtr_exit_status mtr_set_clear(struct mtr_backup_set *set, struct mtr_problem *problem)
{
	struct sweep sweep = {.set = set, .problem = problem, .keep = UINT64_MAX};

	return run_sweep(&sweep, stays_always);
}
