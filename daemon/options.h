/* The command line. */
#ifndef MTR_OPTIONS_H
#define MTR_OPTIONS_H

#include "exit_status.h"

#include <stdbool.h>

enum mtr_action {
	MTR_ACTION_SERVE,
	MTR_ACTION_CHECK_CONFIG,
	MTR_ACTION_INIT,
	MTR_ACTION_PUBLIC_KEY,
	MTR_ACTION_VERSION,
	MTR_ACTION_HELP,
};

struct mtr_options {
	enum mtr_action action;
	const char *config;            /* NULL: the usual place, if there is a file */
	const char *operator_key;      /* Z85 */
	const char *operator_key_file; /* where to write a new pair */
	const char *operator_name;
};

/* USAGE, with what is wrong on standard error, or OK. Texts point into `arguments`. */
enum mtr_exit_status mtr_options_read(int count, char **arguments, struct mtr_options *ret_options);

extern const char mtr_options_help[];

#endif
