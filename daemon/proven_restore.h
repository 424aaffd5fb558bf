/* A restore that has been opened and looked through: register and journal belong together, and hold what the backup's
 * list says. */
#ifndef MTR_PROVEN_RESTORE_H
#define MTR_PROVEN_RESTORE_H

#include "backup/restore.h"
#include "backup/restoring.h"
#include "check/check.h"
#include "config/config.h"
#include "log.h"
#include "options.h"

struct mtr_proven_restore {
	struct mtr_restoring restoring;
	struct mtr_restored restored;
	struct mtr_check_result check;
};

/* Restores by the options --from, --key, --revision into `into`, opens what came of it, and checks every file as
 * `verify` does, with `replay` the second register too. On failure the log says why, and what is left of `into`, if
 * anything. Otherwise it is still marked as not whole, and locked: the caller ends that. */
enum mtr_exit_status mtr_prove_restore(const struct mtr_config *config, const struct mtr_options *options,
				       const char *into, bool replay, struct mtr_proven_restore *ret_proven,
				       const struct mtr_log *log);

/* Removes what was restored and gives the lock back; what can't be removed is told. */
void mtr_proven_restore_abandon(struct mtr_restoring *restoring, const struct mtr_log *log);

#endif
