/* The command line: an action, the options that go with it, and what it is about. */
#ifndef MTR_OPTIONS_H
#define MTR_OPTIONS_H

#include "exit_status.h"

#include <stddef.h>

/* Each has a row in options.c. */
enum mtr_option {
	MTR_OPTION_CONFIG, /* the configuration file */
	MTR_OPTION_OPERATOR_KEY,
	MTR_OPTION_OPERATOR_KEY_FILE,
	MTR_OPTION_OPERATOR_NAME,
	MTR_OPTION_RECOVERY_KEY,
	MTR_OPTION_TO, /* backups */
	MTR_OPTION_FOR,
	MTR_OPTION_KEEP,
	MTR_OPTION_JOURNAL_ONLY,
	MTR_OPTION_FROM, /* and restores */
	MTR_OPTION_KEY,
	MTR_OPTION_INTO,
	MTR_OPTION_REVISION,
	MTR_OPTION_OLD_HEAD,
	MTR_OPTION_FORMER,
	MTR_OPTION_REASON,
	MTR_OPTION_SCRATCH,
	MTR_OPTION_REPLAY,
	/* These three are actions without a word of their own. */
	MTR_OPTION_CHECK_CONFIG,
	MTR_OPTION_VERSION,
	MTR_OPTION_HELP,
	MTR_OPTIONS,
};

/* A set of options. */
#define MTR_TAKES(option) (1u << MTR_OPTION_##option)

struct mtr_options {
	const char *action;              /* the word; NULL: none */
	const char *values[MTR_OPTIONS]; /* NULL: not given; "" when it has no value */
	const char *operand;             /* what the action is about; NULL: not given */
	unsigned given;                  /* set of the options that were given */
};

/* USAGE, with what is wrong on standard error, or OK. Texts point into `arguments`. */
enum mtr_exit_status mtr_options_read(int count, char **arguments, struct mtr_options *ret_options);

extern const char mtr_options_help[];

#endif
