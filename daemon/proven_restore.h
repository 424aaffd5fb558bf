/* A restore that has been opened and looked through: register and journal belong together, and hold what the backup's
 * list says. */
#ifndef MTR_PROVEN_RESTORE_H
#define MTR_PROVEN_RESTORE_H

#include "backup/restore.h"
#include "data.h"
#include "options.h"

struct mtr_proven_restore {
	struct mtr_restored restored;
	struct mtr_directory directory; /* locked */
	struct mtr_data data;           /* open */
	uint64_t records;               /* whose place in the chain was checked: all of them */
};

/* Restores by the options --from, --key, --revision into `into`, opens what came of it and checks the whole chain and
 * every derived row. On failure the log says why, and nothing is left of `into` unless it held something before. */
enum mtr_exit_status mtr_prove_restore(const struct mtr_config *config, const struct mtr_options *options,
				       const char *into, struct mtr_proven_restore *ret_proven,
				       const struct mtr_log *log);
void mtr_proven_restore_close(struct mtr_proven_restore *proven);

#endif
