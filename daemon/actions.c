#include "actions.h"

#include "backup_actions.h"
#include "init.h"
#include "rebuild.h"
#include "verify.h"

#include <stdio.h>
#include <string.h>

static const struct mtr_action actions[] = {
	{"init", mtr_init,
	 MTR_TAKES(OPERATOR_KEY) | MTR_TAKES(OPERATOR_KEY_FILE) | MTR_TAKES(OPERATOR_NAME) | MTR_TAKES(RECOVERY_KEY),
	 false},
	{"public-key", mtr_print_public_key, 0, false},
	{"backup", mtr_run_backup, MTR_TAKES(TO) | MTR_TAKES(FOR) | MTR_TAKES(KEEP) | MTR_TAKES(JOURNAL_ONLY), false},
	{"restore", mtr_run_restore,
	 MTR_TAKES(FROM) | MTR_TAKES(KEY) | MTR_TAKES(INTO) | MTR_TAKES(REVISION) | MTR_TAKES(OLD_HEAD) |
		 MTR_TAKES(FORMER) | MTR_TAKES(REASON),
	 false},
	{"drill", mtr_run_drill, MTR_TAKES(FROM) | MTR_TAKES(KEY) | MTR_TAKES(REVISION) | MTR_TAKES(SCRATCH), false},
	{"adopt", mtr_run_adopt, 0, true},
	{"recovery-key", mtr_run_recovery_key, 0, true},
	{"verify", mtr_verify, MTR_TAKES(REPLAY) | MTR_TAKES(SCRATCH), true},
	{"rebuild", mtr_rebuild, 0, false},
};

#define WITHOUT_WORD (MTR_TAKES(CHECK_CONFIG) | MTR_TAKES(VERSION) | MTR_TAKES(HELP))

static enum mtr_exit_status wrong(const char *text, const char *word)
{
	fprintf(stderr, "matriculad: %s%s; try --help\n", word, text);
	return MTR_EXIT_USAGE;
}

static const struct mtr_action *find(const char *name)
{
	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
	return NULL;
}

enum mtr_exit_status mtr_action_find(const struct mtr_options *options, const struct mtr_action **ret_action)
{
	const struct mtr_action *action = options->action ? find(options->action) : NULL;
	const unsigned takes = MTR_TAKES(CONFIG) | (action ? action->options : WITHOUT_WORD);

	if (options->given & MTR_TAKES(HELP)) {
		*ret_action = NULL;
		return MTR_EXIT_OK;
	}
	if (options->action && !action)
		return wrong(" is not an action", options->action);
	if (options->given & ~takes)
		return wrong("an option doesn't go with the action", "");
	if (options->operand && !action->operand)
		return wrong(" takes no operand", action->name);
	*ret_action = action;
	return MTR_EXIT_OK;
}
