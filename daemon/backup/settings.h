/* The small files that a register needs beside journal and database, as one sealed file: for each, in a fixed order, a
 * line "file NAME BYTES" and its bytes. */
#ifndef MTR_BACKUP_SETTINGS_H
#define MTR_BACKUP_SETTINGS_H

#include "backup/list.h"

/* Of one such file. */
#define MTR_SETTING_MAX (64u * 1024u)
#define MTR_SETTINGS 4u

struct mtr_setting {
	const char *name; /* in a data directory */
	uint8_t *bytes;   /* NULL: there is none */
	size_t size;
};

/* server.key, audit.key, recovery.pub, matriculad.conf; bytes from malloc, wiped by mtr_settings_free. */
struct mtr_settings {
	struct mtr_setting rows[MTR_SETTINGS];
};
void mtr_settings_free(struct mtr_settings *settings);

/* Reads them from the data directory; the configuration from `config`, unless that is NULL. */
enum mtr_exit_status mtr_settings_gather(struct mtr_settings *ret_settings, const char *data, const char *config,
					 struct mtr_problem *problem);

/* Writes them as a sealed file file->file.name; fills in the rest of *file. */
enum mtr_exit_status mtr_settings_seal(const struct mtr_settings *settings, int fd, const char *path,
				       const struct mtr_backup_list *list, struct mtr_backup_file *file,
				       struct mtr_problem *problem);

/* The other way round. */
enum mtr_exit_status mtr_settings_unseal(struct mtr_settings *ret_settings, int fd, const char *path,
					 const struct mtr_backup_list *list, const struct mtr_key_pair *pair,
					 struct mtr_problem *problem);

/* Writes those that there are into an empty data directory, mode 0600. */
enum mtr_exit_status mtr_settings_write(const struct mtr_settings *settings, const char *data,
					struct mtr_problem *problem);

#endif
