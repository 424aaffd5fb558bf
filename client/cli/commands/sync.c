#include "commands/syncing.h"
#include "commands/watch.h"
#include "commands/watch_status.h"
#include "matricula/outbox.h"
#include "program/handlers.h"
#include "program/i18n.h"
#include "program/session.h"

#include <inttypes.h>

/* A sync only reads: who writes at this desk says when its outbox goes out. */
static int tell_what_was_lost(struct mtr_call *call)
{
	struct mtr_client_outbox_summary summary;
	int error = mtr_client_outbox_summary(call->client, &summary);

	if (error)
		return mtr_session_failed(call, error);
	if (summary.again > 0)
		mtr_remark(call,
			   _("Entries of this desk that the register lost in a restore: %" PRIu64 ". Send them again "
			     "with “matricula outbox send”; the register waits for them."),
			   summary.again);
	return MTR_EXIT_OK;
}

static int sync_and_tell(struct mtr_call *call)
{
	struct mtr_syncing syncing = {.call = call};
	int result = mtr_session_open(call);

	if (result)
		return result;
	syncing.changes = mtr_changes_new();
	mtr_changes_begin(call);
	int error = mtr_sync_once(&syncing, 0);
	mtr_sync_show_changes(&syncing);
	result = error ? mtr_sync_failed(call, error) : mtr_sync_tell_state(call);
	if (!result)
		result = tell_what_was_lost(call);
	mtr_changes_end(call);
	mtr_changes_free(&syncing.changes);
	return result;
}

int mtr_do_sync(struct mtr_call *call)
{
	if (mtr_given(&call->arguments, "--status"))
		return mtr_sync_status(call);
	return mtr_given(&call->arguments, "--watch") ? mtr_sync_watch(call) : sync_and_tell(call);
}
