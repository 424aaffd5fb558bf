/* What each desk does in a storm: a list of commands that is known beforehand but for the ids the register gives. */
#ifndef CHAOS_PLAN_H
#define CHAOS_PLAN_H

#include "diary.h"

#define PLAN_COMMAND_MAX 1024u

enum plan_role {
	PLAN_NOMINATOR,
	PLAN_ORGANISER,
	PLAN_OPERATOR,
};

struct plan {
	enum plan_role role;
	unsigned number; /* of the desk, below 100 */
	const char *unit;
	uint64_t seed;
	uint64_t steps;
};

/* False when there is no such role. */
bool plan_role_named(const char *name, enum plan_role *ret_role);

/* True when all answers that the step is made of are in the diary. */
bool plan_ready(const struct plan *plan, const struct diary *diary, uint64_t step);

/* The packed Command of a step from 1 that is ready; always the same bytes. */
size_t plan_command(const struct plan *plan, const struct diary *diary, uint64_t step,
		    uint8_t ret_bytes[PLAN_COMMAND_MAX]);

#endif
