#include "commands/syncing.h"
#include "matricula/matricula.h"
#include "output/directory.h"
#include "output/show.h"
#include "program/i18n.h"
#include "program/session.h"

#include <inttypes.h>

/* Of a long reading a sign of life after so many rows. */
#define ROWS_TOLD 10000u

static void on_notice(void *context, enum mtr_client_mirror_notice notice)
{
	static const char *const words[] = {
		[MTR_CLIENT_MIRROR_STARTED] = N_("There is no mirror yet; it is read from the start."),
		[MTR_CLIENT_MIRROR_REPLACED] = N_("The mirror was of another server; it is read anew."),
		[MTR_CLIENT_MIRROR_SET_BACK] = N_("The register was restored from a backup; the mirror is read anew."),
		[MTR_CLIENT_MIRROR_RESCOPED] =
			N_("What this desk may read has changed at large; the mirror is read anew."),
		[MTR_CLIENT_MIRROR_BROKEN] =
			N_("The mirror was damaged on this machine, or of an older version; it is read anew."),
		[MTR_CLIENT_MIRROR_DISAGREED] = N_("The mirror differed from the register. In which part can't be "
						   "known, so all of it is read anew."),
	};
	const struct mtr_syncing *syncing = context;

	if ((size_t)notice < sizeof words / sizeof *words && words[notice])
		mtr_remark(syncing->call, "%s", _(words[notice]));
}

static void on_progress(void *context, uint64_t rows, uint64_t revision)
{
	struct mtr_syncing *syncing = context;

	(void)revision;
	if (syncing->alive)
		syncing->alive();
	if (rows < syncing->rows_told + ROWS_TOLD)
		return;
	syncing->rows_told = rows;
	mtr_remark(syncing->call, _("Rows received: %" PRIu64 "."), rows);
}

static void on_change(void *context, const struct mtr_client_change *change)
{
	const struct mtr_syncing *syncing = context;

	mtr_changes_note(syncing->changes, change);
}

int mtr_sync_once(struct mtr_syncing *syncing, uint32_t wait_ms)
{
	const struct mtr_client_sync_options options = {
		.wait_ms = wait_ms,
		.progress = on_progress,
		.change = syncing->changes ? on_change : NULL,
		.notice = on_notice,
		.context = syncing,
	};

	syncing->rows_told = 0;
	return mtr_client_sync(syncing->call->client, &options);
}

/* Names are looked up in the mirror, as it is now. */
void mtr_sync_show_changes(struct mtr_syncing *syncing)
{
	struct mtr_call *call = syncing->call;

	if (!syncing->changes)
		return;
	call->settings.offline = true;
	call->told_age = true;
	mtr_changes_show(call, syncing->changes);
	mtr_directory_free(&call->directory);
}

int mtr_sync_failed(struct mtr_call *call, int error)
{
	if (error == MTR_CLIENT_STATE_BUSY)
		return mtr_fail(call, MTR_EXIT_LOCAL, "%s",
				_("Another matricula is writing this mirror. Wait until it has finished."));
	return mtr_session_failed(call, error);
}

int mtr_sync_tell_state(struct mtr_call *call)
{
	struct mtr_client_mirror_state state;
	int error = mtr_client_mirror_state(call->client, &state);

	if (error)
		return mtr_session_failed(call, error);
	mtr_remark(call, _("This desk's mirror (as of %s)"), mtr_show_time(call->arena, state.server_time));
	mtr_remark(call, _("Rows: %" PRIu64 ", the same as the register's, by count and digest."), state.rows);
	return MTR_EXIT_OK;
}
