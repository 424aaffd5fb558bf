/* The register's file as a backup takes it, while the daemon may be writing on. */
#ifndef MTR_BACKUP_REGISTER_H
#define MTR_BACKUP_REGISTER_H

#include "backup/list.h"

struct mtr_backup_progress {
	/* May be NULL. `what` says what is counted. */
	void (*tell)(void *context, const char *what, uint64_t done, uint64_t total);
	void *context;
};

/* Writes the register in the directory `source` as a sealed file `file->file.name` into the directory `fd`; fills in
 * the rest of *file. The copy is of revision file->first or later, and of none later than the journal has when this
 * returns. `list` says for whom. */
enum mtr_exit_status mtr_backup_register(int fd, const char *path, const char *source, uint64_t map_bytes,
					 const struct mtr_backup_list *list, struct mtr_backup_file *file,
					 const struct mtr_backup_progress *progress, struct mtr_problem *problem);

/* The register's incarnation; `journal` is its journal's own number. */
enum mtr_exit_status mtr_backup_incarnation(const char *source, uint64_t map_bytes, uint64_t journal,
					    uint64_t *ret_incarnation, struct mtr_problem *problem);

#endif
