/* `matriculad rebuild`: the database built anew from the journal. */
#ifndef MTR_REBUILD_H
#define MTR_REBUILD_H

#include "config/config.h"
#include "exit_status.h"
#include "log.h"
#include "options.h"

/* Checks the journal, builds a database from it alone beside the one there is, compares the two where the old one can
 * be read, and puts it in its place; the old one is kept. Refused while the daemon runs, and on a damaged journal. */
enum mtr_exit_status mtr_rebuild(const struct mtr_config *config, const struct mtr_options *options,
				 const struct mtr_log *log);

#endif
