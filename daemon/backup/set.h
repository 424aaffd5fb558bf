/* The directory that backups of one register lie in. */
#ifndef MTR_BACKUP_SET_H
#define MTR_BACKUP_SET_H

#include "backup/list.h"

struct mtr_backup_set {
	const char *path;
	int fd;        /* of the directory; with `locked` nobody else backs up to it meanwhile */
	int lock;      /* -1: not locked */
	uint64_t *ats; /* of the lists in it, oldest first */
	size_t count;
};

/* Opens a directory that is there. IN_USE when another backup to it is under way and `lock` is asked for. */
enum mtr_exit_status mtr_set_open(struct mtr_backup_set *ret_set, const char *path, bool lock,
				  struct mtr_problem *problem);
void mtr_set_close(struct mtr_backup_set *set);

/* Looks for the lists again. */
enum mtr_exit_status mtr_set_find_lists(struct mtr_backup_set *set, struct mtr_problem *problem);

/* Called with each name in the directory; false, for want of memory, stops. 0 or an errno. */
typedef bool (*mtr_set_name_fn)(void *context, const char *name);
int mtr_set_each_name(int fd, mtr_set_name_fn each, void *context);

#endif
