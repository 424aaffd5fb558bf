#include "changes.h"
#include "directory.h"
#include "handlers.h"
#include "i18n.h"
#include "matricula/matricula.h"
#include "session.h"
#include "show.h"
#include "words.h"

#include <inttypes.h>

/* How long the register is asked to wait for news: also how late a lost link is noticed. */
#define WAIT_MS 10000u
/* Of a long reading a sign of life after so many rows. */
#define ROWS_TOLD 10000u

struct syncing {
	struct mtr_call *call;
	struct mtr_changes *changes;
	uint64_t rows_told;
	bool link_lost; /* and said so */
};

static void on_notice(void *context, enum mtr_client_mirror_notice notice)
{
	static const char *const words[] = {
		[MTR_CLIENT_MIRROR_STARTED] = N_("There is no mirror yet; it is read from the start."),
		[MTR_CLIENT_MIRROR_REPLACED] = N_("The mirror was of another server; it is read anew."),
		[MTR_CLIENT_MIRROR_SET_BACK] = N_("The register was restored from a backup; the mirror is read anew."),
		[MTR_CLIENT_MIRROR_RESCOPED] =
			N_("What this desk may read has changed at large; the mirror is read anew."),
		[MTR_CLIENT_MIRROR_BROKEN] = N_("The mirror was damaged on this machine; it is read anew."),
		[MTR_CLIENT_MIRROR_DISAGREED] = N_("The mirror differed from the register. In which part can't be "
						   "known, so all of it is read anew."),
	};
	const struct syncing *syncing = context;

	if ((size_t)notice < sizeof words / sizeof *words && words[notice])
		mtr_remark(syncing->call, "%s", _(words[notice]));
}

static void on_progress(void *context, uint64_t rows, uint64_t revision)
{
	struct syncing *syncing = context;

	(void)revision;
	if (rows < syncing->rows_told + ROWS_TOLD)
		return;
	syncing->rows_told = rows;
	mtr_remark(syncing->call, _("Rows received: %" PRIu64 "."), rows);
}

static void on_change(void *context, const struct mtr_client_change *change)
{
	const struct syncing *syncing = context;

	mtr_changes_note(syncing->changes, change);
}

static int sync_once(struct syncing *syncing, uint32_t wait_ms)
{
	const struct mtr_client_sync_options options = {
		.wait_ms = wait_ms,
		.progress = on_progress,
		.change = on_change,
		.notice = on_notice,
		.context = syncing,
	};

	syncing->rows_told = 0;
	return mtr_client_sync(syncing->call->client, &options);
}

/* Names are looked up in the mirror, as it is now. */
static void show_changes(struct syncing *syncing)
{
	struct mtr_call *call = syncing->call;

	call->settings.offline = true;
	call->told_age = true;
	mtr_changes_show(call, syncing->changes);
	mtr_directory_free(&call->directory);
}

static int failed(struct syncing *syncing, int error)
{
	if (error == MTR_CLIENT_STATE_BUSY)
		return mtr_fail(syncing->call, MTR_EXIT_LOCAL, "%s",
				_("Another matricula is writing this mirror. Wait until it has finished."));
	return mtr_session_failed(syncing->call, error);
}

static int tell_state(struct mtr_call *call)
{
	struct mtr_client_mirror_state state;
	int error = mtr_client_mirror_state(call->client, &state);

	if (error)
		return mtr_session_failed(call, error);
	mtr_remark(call, _("This desk's mirror (as of %s)"), mtr_show_time(call->arena, state.server_time));
	mtr_remark(call, _("Rows: %" PRIu64 ", the same as the register's, by count and digest."), state.rows);
	return MTR_EXIT_OK;
}

/* Until it is stopped, or something happens that waiting doesn't mend. */
static int watch(struct syncing *syncing)
{
	for (;;) {
		int error = sync_once(syncing, syncing->link_lost ? 0 : WAIT_MS);
		const bool lost = error == MTR_CLIENT_NO_LINK || error == MTR_CLIENT_BUSY;
		show_changes(syncing);
		if (error && !lost)
			return failed(syncing, error);
		if (lost && !syncing->link_lost)
			mtr_remark(syncing->call, "%s", _("The link is lost; waiting for it."));
		if (!lost && syncing->link_lost)
			mtr_remark(syncing->call, "%s", _("The link is back."));
		syncing->link_lost = lost;
	}
}

int mtr_do_sync(struct mtr_call *call)
{
	struct syncing syncing = {.call = call};
	int result = mtr_session_open(call);

	if (result)
		return result;
	syncing.changes = mtr_changes_new();
	mtr_changes_begin(call);
	int error = sync_once(&syncing, 0);
	show_changes(&syncing);
	result = error ? failed(&syncing, error) : tell_state(call);
	if (!result && mtr_given(&call->arguments, "--watch"))
		result = watch(&syncing);
	mtr_changes_end(call);
	mtr_changes_free(&syncing.changes);
	return result;
}
