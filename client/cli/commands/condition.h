/* A programme's condition as it is typed: KIND:KEY=VALUE,… */
#ifndef MTR_CLI_CONDITION_H
#define MTR_CLI_CONDITION_H

#include "contract/arena.h"
#include "matricula/v1/commands.pb-c.h"

#include <stdbool.h>

/* A condition, and the titles it names. False: *ret_problem says why. */
bool mtr_condition_parse(struct mtr_arena *arena, const char *text, Mtr__Condition **ret_condition,
			 Mtr__PutProgramme__PutCondition **ret_titles, const char **ret_problem);

#endif
