/* What goes from a directory of backups. The set is locked.
 *
 * A list that is damaged may name any file that is as old as it or older: those stay as long as it does. */
#ifndef MTR_BACKUP_PRUNE_H
#define MTR_BACKUP_PRUNE_H

#include "backup/set.h"

/* Removes lists beyond the newest `keep` copies of the register, then every file that no list names any more. Of the
 * lists that share a copy two stay: the one it was made for, and the newest. A damaged list goes when it is older than
 * what is kept; while one stays this is DAMAGED, and names it. */
enum mtr_exit_status mtr_set_prune(struct mtr_backup_set *set, uint64_t keep, struct mtr_problem *problem);

/* Removes what no list names: a backup that was interrupted, or failed, left it. */
enum mtr_exit_status mtr_set_clear(struct mtr_backup_set *set, struct mtr_problem *problem);

#endif
