/* The main thread while all is well: signals, the watchdog, and what an operator should read in the log. */
#include "daemon_state.h"

#include "notify.h"
#include "work/monotime.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define LOOK_MS 1000
#define REPORT_MS 60000u

struct watch {
	struct mtr_daemon *daemon;
	uint64_t watchdog_ms; /* 0: nobody wants to know */
	uint64_t net_progress, writer_progress;
	struct mtr_monotime reported, damage_told;
	uint64_t turned_away, unsent, damaged;
	bool accepts_changes;
};

/* The watchdog is fed when both threads have moved since it was fed last. */
static void feed(struct watch *watch, const struct mtr_net_figures *net, const struct mtr_writer_figures *writer)
{
	if (!watch->watchdog_ms || net->progress == watch->net_progress || writer->progress == watch->writer_progress)
		return;
	watch->net_progress = net->progress;
	watch->writer_progress = writer->progress;
	mtr_notify_alive();
}

static void look_at_room(struct watch *watch, const struct mtr_writer_figures *writer)
{
	const struct mtr_log *log = &watch->daemon->log;

	if (writer->accepts_changes == watch->accepts_changes)
		return;
	watch->accepts_changes = writer->accepts_changes;
	if (watch->accepts_changes) {
		mtr_log(log, MTR_LOG_NOTICE, "there is room again: changes are accepted");
		mtr_notify_status(mtr_daemon_status(watch->daemon));
		return;
	}
	mtr_log(log, MTR_LOG_ERROR,
		"no room for changes: reads are served, changes answered STORAGE_FULL; make room on the disk of %s",
		watch->daemon->config.data_directory);
	mtr_notify_status(mtr_daemon_status(watch->daemon));
}

static void report(struct watch *watch, const struct mtr_net_figures *net, const struct mtr_writer_figures *writer)
{
	const struct mtr_log *log = &watch->daemon->log;
	const struct mtr_monotime now = mtr_monotime_now();

	if (mtr_monotime_since(watch->reported, now) < REPORT_MS)
		return;
	watch->reported = now;
	if (net->turned_away != watch->turned_away)
		mtr_log(log, MTR_LOG_NOTICE, "connections turned away, key not registered or revoked: %" PRIu64,
			net->turned_away - watch->turned_away);
	if (net->unsent != watch->unsent)
		mtr_log(log, MTR_LOG_INFO, "answers not sent, the peer was gone: %" PRIu64,
			net->unsent - watch->unsent);
	mtr_log(log, MTR_LOG_DEBUG,
		"sessions %" PRIu32 ", requests %" PRIu64 ", revision %" PRIu64 ", commits %" PRIu64, net->sessions,
		net->requests, writer->durable_revision, writer->commits);
	watch->turned_away = net->turned_away;
	watch->unsent = net->unsent;
	mtr_store_check_readers(watch->daemon->data.store);
}

static void look_at_damage(struct watch *watch)
{
	const uint64_t damaged = mtr_readers_damaged(watch->daemon->readers);
	const struct mtr_monotime now = mtr_monotime_now();

	if (damaged == watch->damaged || (watch->damaged && mtr_monotime_since(watch->damage_told, now) < REPORT_MS))
		return;
	mtr_daemon_tell_damage(watch->daemon, damaged);
	watch->damaged = damaged;
	watch->damage_told = now;
}

static void look(struct watch *watch)
{
	struct mtr_writer_figures writer;
	struct mtr_net_figures net;

	mtr_net_figures(watch->daemon->net, &net);
	mtr_writer_figures(watch->daemon->writer, &writer);
	feed(watch, &net, &writer);
	look_at_room(watch, &writer);
	look_at_damage(watch);
	mtr_daemon_look_for_facts(watch->daemon);
	report(watch, &net, &writer);
}

/* True when the daemon shall stop. */
static bool take_signals(struct mtr_daemon *daemon)
{
	struct signalfd_siginfo signal;

	while (read(daemon->signals, &signal, sizeof signal) == (ssize_t)sizeof signal) {
		if (signal.ssi_signo != SIGHUP) {
			mtr_log(&daemon->log, MTR_LOG_NOTICE, "stopping on %s",
				signal.ssi_signo == SIGTERM ? "SIGTERM" : "SIGINT");
			return true;
		}
		mtr_daemon_reload(daemon);
	}
	return false;
}

/* A thread couldn't tell what it wrote: no teardown, which might write more. */
__attribute__((noreturn)) static void give_up(struct mtr_daemon *daemon)
{
	pthread_mutex_lock(&daemon->mutex);
	_exit((int)mtr_daemon_explain_fatal(daemon));
}

enum mtr_exit_status mtr_daemon_watch(struct mtr_daemon *daemon)
{
	struct watch watch = {
		.daemon = daemon,
		.watchdog_ms = mtr_notify_watchdog_ms(),
		.reported = mtr_monotime_now(),
		.accepts_changes = true,
	};
	struct pollfd items[] = {{daemon->signals, POLLIN, 0}, {daemon->alarm, POLLIN, 0}};
	int wait = LOOK_MS;
	bool stop = false;

	if (watch.watchdog_ms && watch.watchdog_ms / 3 < LOOK_MS)
		wait = watch.watchdog_ms < 3 ? 1 : (int)(watch.watchdog_ms / 3);
	mtr_log(&daemon->log, MTR_LOG_NOTICE, "%s serves on %s", daemon->software, mtr_net_endpoint(daemon->net));
	mtr_notify_ready("serving");
	while (!stop) {
		look(&watch);
		(void)poll(items, 2, wait);
		if (items[1].revents & POLLIN)
			give_up(daemon);
		stop = take_signals(daemon);
	}
	mtr_notify_stopping();
	return MTR_EXIT_OK;
}
