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

/* Removes lists beyond the newest `keep` copies of the register (those that share one count once, the newest of them
 * stays), then every file that no list names any more, and what an interrupted backup left. `newest` is the list
 * written since the set was opened. The set is locked. While one of the lists can't be read nothing is removed. */
enum mtr_exit_status mtr_set_prune(const struct mtr_backup_set *set, uint64_t newest, uint64_t keep,
				   struct mtr_problem *problem);

#endif
