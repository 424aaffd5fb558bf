/* The directory of a drill, `matricula-drill-XXXXXX`, or of a second register, `matricula-verify-XXXXXX`: locked as
 * long as it is in use, so that what was left is told from it. */
#ifndef MTR_SCRATCH_H
#define MTR_SCRATCH_H

#include "config/config.h"
#include "log.h"

#include <stdbool.h>

enum mtr_scratch_kind { MTR_SCRATCH_DRILL, MTR_SCRATCH_VERIFY };

struct mtr_scratch {
	char path[MTR_CONFIG_TEXT_MAX];
	int lock; /* descriptor; a child process holds the lock too */
};

/* Makes one that nobody else can have, in `above`. On failure errno says why. */
bool mtr_scratch_make(struct mtr_scratch *ret_scratch, enum mtr_scratch_kind kind, const char *above);

/* Removes it with all that is in it; a warning if something stays. */
void mtr_scratch_remove(struct mtr_scratch *scratch, const struct mtr_log *log);

/* Removes those of a kind in `above` that are this user's and that nobody holds, with a notice for each. */
void mtr_scratch_sweep(enum mtr_scratch_kind kind, const char *above, const struct mtr_log *log);

#endif
