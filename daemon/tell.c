/* What the running daemon tells of itself. */
#include "daemon_state.h"

#include <inttypes.h>
#include <string.h>

#define DAMAGE_REMEDY                                                                                                  \
	"see what with \"matriculad verify\", then build it anew from the journal with \"matriculad rebuild\""

const char *mtr_daemon_status(const struct mtr_daemon *daemon)
{
	struct mtr_writer_figures writer;

	mtr_writer_figures(daemon->writer, &writer);
	return writer.accepts_changes ? "serving" : "no room for changes: make room on the disk";
}

void mtr_daemon_tell_damage(const struct mtr_daemon *daemon, uint64_t queries)
{
	mtr_log(&daemon->log, MTR_LOG_ERROR,
		"the database is damaged, queries that can't be answered: %" PRIu64 "; stop the daemon, " DAMAGE_REMEDY,
		queries);
}

enum mtr_exit_status mtr_daemon_explain_fatal(const struct mtr_daemon *daemon)
{
	if (strcmp(daemon->fatal, mtr_store_error_name(MTR_STORE_CORRUPT)) == 0) {
		mtr_log(&daemon->log, MTR_LOG_ERROR, "ending, because the database is damaged; " DAMAGE_REMEDY);
		return MTR_EXIT_DAMAGED;
	}
	mtr_log(&daemon->log, MTR_LOG_ERROR,
		"ending, because it is unclear what was written: %s; starting again clears it up from the journal",
		daemon->fatal);
	return MTR_EXIT_UNCLEAR;
}
