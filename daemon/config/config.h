/* The daemon's configuration: an INI file, every key of which has a default but none a second spelling.
 * systemd/matriculad.conf.example documents each key. */
#ifndef MTR_CONFIG_CONFIG_H
#define MTR_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MTR_CONFIG_TEXT_MAX 256u

enum mtr_log_level {
	MTR_LOG_ERROR,
	MTR_LOG_WARNING,
	MTR_LOG_NOTICE,
	MTR_LOG_INFO,
	MTR_LOG_DEBUG,
};

struct mtr_config {
	char listen[MTR_CONFIG_TEXT_MAX];         /* tcp://address:port; port * for one the system chooses */
	char data_directory[MTR_CONFIG_TEXT_MAX]; /* absolute */
	uint64_t map_size;                        /* bytes, at least; a fuller register gets more */
	uint64_t journal_segment_size;            /* bytes */
	uint64_t commit_idle_ms, commit_longest_ms, commit_puts;
	uint64_t sessions, queue, readers, in_flight;
	char backup_directory[MTR_CONFIG_TEXT_MAX];  /* absolute; empty: none */
	char backup_public_key[MTR_CONFIG_TEXT_MAX]; /* Z85; empty: none */
	uint64_t backup_keep;
	uint64_t log_level; /* enum mtr_log_level */
};

/* What is wrong with a file, for a person. */
struct mtr_config_problem {
	unsigned line;  /* from 1; 0: about the file as a whole */
	char text[512]; /* names the key and the remedy */
};

/* Every key's default. */
void mtr_config_defaults(struct mtr_config *ret_config);

/* Reads and checks a file over the defaults. False with *ret_problem filled, and *ret_config untouched: the file can't
 * be read, a section or key isn't known or stands twice, a value is malformed or out of its range. */
bool mtr_config_read(const char *path, struct mtr_config *ret_config, struct mtr_config_problem *ret_problem);

/* One key, for whoever goes through all of them. */
struct mtr_config_key {
	const char *section, *name;
	bool at_run_time; /* a changed value takes effect on reload; others need a restart */
};

/* The key at `index` from 0; false beyond the last. */
bool mtr_config_key(size_t index, struct mtr_config_key *ret_key);

/* True if the key at `index` has the same value in both. */
bool mtr_config_same(const struct mtr_config *left, const struct mtr_config *right, size_t index);

/* Takes over from `fresh` what can change at run time. */
void mtr_config_reload(struct mtr_config *config, const struct mtr_config *fresh);

#endif
