/* What the running daemon tells of itself. */
#include "daemon_state.h"

const char *mtr_daemon_status(const struct mtr_daemon *daemon)
{
	struct mtr_writer_figures writer;

	mtr_writer_figures(daemon->writer, &writer);
	return writer.accepts_changes ? "serving" : "no room for changes: make room on the disk";
}

void mtr_daemon_explain_fatal(const struct mtr_daemon *daemon)
{
	mtr_log(&daemon->log, MTR_LOG_ERROR,
		"ending, because it is unclear what was written: %s; starting again clears it up from the journal",
		daemon->fatal);
}
