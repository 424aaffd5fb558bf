/* sync --watch: at a terminal for a person, under a service manager for weeks. */
#include "commands/watch.h"
#include "commands/syncing.h"
#include "commands/watch_status.h"
#include "matricula/outbox.h"
#include "output/report.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/service.h"
#include "program/session.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/* How long the register is asked to wait for news: also how late a lost link, and an entry that was only queued, is
 * noticed. */
#define WAIT_MS 10000u
/* An attempt lasts this long at most, so that the watchdog hears of it. */
#define ATTEMPT_MS 60000u
/* Between attempts without a link: doubling, less up to a half of it, so that desks don't come back together. */
#define REST_MS 500
#define REST_MAX_MS 30000
/* Until what somebody must mend is tried again. */
#define TROUBLE_REST_MS 300000
/* What one round shows. */
#define ROUND_ARENA (512u << 20)

struct watch {
	struct mtr_syncing syncing;
	struct mtr_call *call;
	struct mtr_arena *round; /* what a round needs: the call's own arena would grow for weeks */
	int signals, file;
	bool managed, ready;
	struct mtr_watch_note note;
	struct mtr_watch_figures figures;
	char *told; /* the status line the manager knows; NULL: none */
	int rest_ms;
	uint64_t answered, refused; /* of the entries sent in this round */
};

static uint64_t now_ms(void)
{
	struct timeval now;

	gettimeofday(&now, NULL);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_usec / 1000;
}

static void on_answer(void *context, uint64_t sequence, const uint8_t *bytes, size_t size)
{
	struct watch *watch = context;
	const Mtr__Answer *answer = mtr__answer__unpack(mtr_arena_allocator(watch->round), size, bytes);

	mtr_service_alive();
	watch->answered++;
	if (answer && answer->body_case == MTR__ANSWER__BODY_ERROR)
		watch->refused++;
	/* A refusal names what was given: not for a log. */
	if (answer && watch->call->streams.out_is_terminal)
		mtr_report_earlier(watch->call, sequence, answer, false);
}

/* Sends what is queued. Errors of the link; what is wrong with the outbox alone stands in the note. */
static int send_queue(struct watch *watch)
{
	struct mtr_client *client = watch->call->client;
	const uint8_t *bytes;
	uint64_t count = 0;
	size_t size;
	int error = mtr_client_queued(client, &count);

	if (error || count == 0 || watch->note.send_error == MTR_CLIENT_HALTED)
		return error;
	/* First the link: while it is waited for, others may use the outbox. */
	error = mtr_client_hello(client, &bytes, &size);
	if (error)
		return error;
	watch->answered = watch->refused = 0;
	error = mtr_client_flush(client, on_answer, watch);
	if (watch->answered > 0 && !watch->call->streams.out_is_terminal)
		mtr_remark(watch->call, _("Entries answered: %" PRIu64 "; of these refused: %" PRIu64 "."),
			   watch->answered, watch->refused);
	if (error == MTR_CLIENT_STATE_BUSY)
		return MTR_CLIENT_OK; /* another matricula sends them */
	watch->note.send_error = 0;
	if (error != MTR_CLIENT_HALTED && error != MTR_CLIENT_SERVER_BEHIND && error != MTR_CLIENT_TOO_LARGE)
		return error;
	watch->note.send_error = error;
	return MTR_CLIENT_OK;
}

static bool is_no_link(int error)
{
	return error == MTR_CLIENT_NO_LINK || error == MTR_CLIENT_BUSY;
}

/* Whether it may pass while a service waits. At a terminal somebody can act at once. */
static bool may_pass(const struct watch *watch, int error)
{
	switch (error) {
	case MTR_CLIENT_NO_LINK:
	case MTR_CLIENT_BUSY:
	case MTR_CLIENT_STATE_BUSY:
		return true;
	case MTR_CLIENT_KEY_REFUSED:
	case MTR_CLIENT_SERVER_KEY:
	case MTR_CLIENT_VERSION:
	case MTR_CLIENT_PROTOCOL:
	case MTR_CLIENT_STATE_FULL:
	case MTR_CLIENT_MIRROR_DIFFERS:
		return watch->managed;
	default:
		return false;
	}
}

static void tell_manager(struct watch *watch)
{
	const char *line;

	if (mtr_watch_figures_read(watch->call, &watch->figures))
		return;
	/* At the head, or, without a link, with a mirror that answers meanwhile. */
	if (!watch->ready && watch->note.state != MTR_WATCH_STARTING && watch->figures.revision > 0) {
		watch->ready = true;
		mtr_service_ready();
	}
	line = mtr_watch_line(watch->round, &watch->note, &watch->figures);
	if (watch->told && strcmp(watch->told, line) == 0)
		return;
	free(watch->told);
	watch->told = mtr_must(strdup(line));
	mtr_service_status(line);
}

static void enter(struct watch *watch, enum mtr_watch_state state, int error)
{
	struct mtr_watch_note *note = &watch->note;

	if (note->state != state || note->error != error) {
		note->state = state;
		note->error = error;
		note->since = now_ms();
	}
	/* Who can't be told is as one without a service: nothing depends on it. */
	(void)mtr_watch_note_write(watch->file, note);
	tell_manager(watch);
}

/* What came of a round, told when it is another than of the one before. */
static void take_result(struct watch *watch, int error)
{
	const struct mtr_watch_note before = watch->note;

	if (!error) {
		enter(watch, MTR_WATCH_AT_HEAD, 0);
		if (before.state == MTR_WATCH_STARTING)
			(void)mtr_sync_tell_state(watch->call);
		else if (before.state != MTR_WATCH_AT_HEAD)
			mtr_remark(watch->call, "%s", _("The link is back."));
		return;
	}
	enter(watch, is_no_link(error) ? MTR_WATCH_NO_LINK : MTR_WATCH_TROUBLE, is_no_link(error) ? 0 : error);
	if (before.state == watch->note.state && before.error == watch->note.error)
		return;
	if (is_no_link(error))
		mtr_remark(watch->call, "%s", _("The link is lost; waiting for it."));
	else
		(void)mtr_sync_failed(watch->call, error);
}

/* How long to rest after this. */
static int rest_after(struct watch *watch, int error)
{
	if (!error) {
		watch->rest_ms = REST_MS;
		return 0;
	}
	if (!is_no_link(error) && error != MTR_CLIENT_STATE_BUSY)
		return TROUBLE_REST_MS;
	const int rest = watch->rest_ms / 2 + (int)(random() % (watch->rest_ms / 2 + 1));
	watch->rest_ms = 2 * watch->rest_ms < REST_MAX_MS ? 2 * watch->rest_ms : REST_MAX_MS;
	return rest;
}

static int one_round(struct watch *watch)
{
	const uint32_t wait_ms = watch->note.state == MTR_WATCH_AT_HEAD ? WAIT_MS : 0;
	int error = send_queue(watch);

	if (!error)
		error = mtr_sync_once(&watch->syncing, wait_ms);
	if (error == MTR_CLIENT_INTERRUPTED)
		return error;
	mtr_sync_show_changes(&watch->syncing);
	mtr_service_alive();
	return error;
}

/* Enum mtr_exit. */
static int follow(struct watch *watch)
{
	struct mtr_call *call = watch->call;
	struct mtr_arena *whole = call->arena;
	int error;

	do {
		mtr_arena_reset(watch->round);
		call->arena = watch->round;
		error = one_round(watch);
		if (!error || may_pass(watch, error)) {
			take_result(watch, error);
			if (!mtr_service_rest(watch->signals, rest_after(watch, error)))
				error = MTR_CLIENT_INTERRUPTED;
			else
				error = 0;
		}
		call->arena = whole;
	} while (!error);
	if (error != MTR_CLIENT_INTERRUPTED)
		return mtr_sync_failed(call, error);
	mtr_service_stopping();
	return MTR_EXIT_OK;
}

static void begin(struct watch *watch, struct mtr_call *call)
{
	*watch = (struct watch){
		.call = call,
		.syncing = {.call = call, .alive = mtr_service_alive},
		.round = mtr_must(mtr_arena_new(ROUND_ARENA)),
		.managed = mtr_service_managed(),
		.file = mtr_watch_note_open(call->settings.state_directory),
		.rest_ms = REST_MS,
	};
	if (!watch->managed) {
		watch->syncing.changes = mtr_changes_new();
		mtr_changes_begin(call);
	}
	if (watch->syncing.changes && !call->streams.out_is_terminal)
		mtr_changes_leave_names_out(watch->syncing.changes);
	srandom((unsigned)getpid());
}

static void end(struct watch *watch)
{
	if (watch->syncing.changes)
		mtr_changes_end(watch->call);
	mtr_changes_free(&watch->syncing.changes);
	mtr_arena_free(&watch->round);
	free(watch->told);
	if (watch->file >= 0)
		close(watch->file);
}

int mtr_sync_watch(struct mtr_call *call)
{
	const int signals = mtr_service_signals();
	struct watch watch;

	if (call->settings.timeout_ms > ATTEMPT_MS)
		call->settings.timeout_ms = ATTEMPT_MS;
	int result = mtr_session_open(call);

	if (!result) {
		begin(&watch, call);
		watch.signals = signals;
		mtr_client_stop_at(call->client, signals);
		enter(&watch, MTR_WATCH_STARTING, 0);
		result = follow(&watch);
		end(&watch);
	}
	if (signals >= 0)
		close(signals);
	return result;
}
