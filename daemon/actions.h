/* What matriculad can do besides serving: one row an action. */
#ifndef MTR_ACTIONS_H
#define MTR_ACTIONS_H

#include "config/config.h"
#include "exit_status.h"
#include "log.h"
#include "options.h"

#include <stdbool.h>

struct mtr_action {
	const char *name; /* the word on the command line */
	enum mtr_exit_status (*run)(const struct mtr_config *config, const struct mtr_options *options,
				    const struct mtr_log *log);
	unsigned options; /* set of those it takes beside --config */
	bool operand;     /* it takes one */
};

/* The action of the command line in *ret_action; NULL: serve, or what one of the three options without a word asks for,
 * of which --help is heeded with any action.
 * USAGE, with what is wrong on standard error, when there is no such action or something doesn't go with it. */
enum mtr_exit_status mtr_action_find(const struct mtr_options *options, const struct mtr_action **ret_action);

#endif
