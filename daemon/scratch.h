/* The directory of a drill, `matricula-drill-XXXXXX`: locked as long as the drill goes on, so that what another one
 * left is told from one that is in use. */
#ifndef MTR_SCRATCH_H
#define MTR_SCRATCH_H

#include "config/config.h"
#include "log.h"

#include <stdbool.h>

struct mtr_scratch {
	char path[MTR_CONFIG_TEXT_MAX];
	int lock; /* descriptor; a child process holds the lock too */
};

/* Makes one that nobody else can have, in `above`. On failure errno says why. */
bool mtr_scratch_make(struct mtr_scratch *ret_scratch, const char *above);

/* Removes it with all that is in it; a warning if something stays. */
void mtr_scratch_remove(struct mtr_scratch *scratch, const struct mtr_log *log);

/* Removes those in `above` that are this user's and that nobody holds, with a notice for each. */
void mtr_scratch_sweep(const char *above, const struct mtr_log *log);

#endif
