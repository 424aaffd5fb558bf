/* Nominations that a command means by "all". */
#ifndef MTR_CLI_GATHER_H
#define MTR_CLI_GATHER_H

#include "matricula/v1/queries.pb-c.h"
#include "program/call.h"

struct mtr_ids {
	uint64_t *ids; /* in the call's arena */
	size_t count, room;
};

void mtr_ids_add(struct mtr_call *call, struct mtr_ids *ids, uint64_t id);
bool mtr_ids_have(const struct mtr_ids *ids, uint64_t id);

/* True for a nomination that belongs to the command's "all". */
typedef bool (*mtr_wanted_fn)(struct mtr_call *call, const Mtr__Nomination *nomination, void *context);

/* Adds those of the programme (and the unit, unless NULL) in one of `states`, whom `wanted` (unless NULL) wants and
 * who aren't there yet. Enum mtr_exit. */
int mtr_gather(struct mtr_call *call, const char *programme_code, const char *unit_code, const Mtr__State *states,
	       size_t state_count, mtr_wanted_fn wanted, void *context, struct mtr_ids *ids);

/* Adds the ids given for a repeated argument. */
void mtr_ids_given(struct mtr_call *call, const char *name, struct mtr_ids *ids);

#endif
