/* The keys of the configuration as data: what each looks like, its bounds and its default. */
#ifndef MTR_CONFIG_TABLE_H
#define MTR_CONFIG_TABLE_H

#include "config/config.h"

enum mtr_config_kind {
	MTR_CONFIG_NUMBER,
	MTR_CONFIG_SIZE,     /* a number with K, M or G */
	MTR_CONFIG_ENDPOINT, /* tcp://address:port */
	MTR_CONFIG_PATH,     /* absolute */
	MTR_CONFIG_KEY,      /* a public key, 40 characters of Z85 */
	MTR_CONFIG_LEVEL,    /* a name of enum mtr_log_level */
};

struct mtr_config_row {
	const char *section, *name;
	enum mtr_config_kind kind;
	size_t offset;        /* into struct mtr_config: uint64_t, or char[MTR_CONFIG_TEXT_MAX] */
	uint64_t least, most; /* of numbers and sizes */
	uint64_t number;      /* default */
	const char *text;     /* default of texts */
	const char *unit;     /* for messages: "milliseconds" */
	bool at_run_time;
};

/* All rows; *ret_count how many. */
const struct mtr_config_row *mtr_config_rows(size_t *ret_count);

/* True for kinds whose value is a text. */
bool mtr_config_is_text(enum mtr_config_kind kind);

/* Puts a value as written into `config`. On false `ret_wanted` holds what would have been right. */
bool mtr_config_put(struct mtr_config *config, const struct mtr_config_row *row, const char *value, char *ret_wanted,
		    size_t wanted_size);

#endif
