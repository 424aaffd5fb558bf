#include "daemon.h"

#include "daemon_state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

sigset_t mtr_daemon_signals(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	return signals;
}

static bool open_descriptors(struct mtr_daemon *daemon)
{
	sigset_t signals = mtr_daemon_signals();

	daemon->signals = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	daemon->alarm = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (daemon->signals >= 0 && daemon->alarm >= 0)
		return true;
	mtr_log(&daemon->log, MTR_LOG_ERROR, "the system gives no file descriptors: %s", strerror(errno));
	return false;
}

enum mtr_exit_status mtr_daemon_run(const char *config_path, const struct mtr_config *config, const struct mtr_log *log)
{
	struct mtr_daemon daemon = {
		.log = *log,
		.config_path = config_path,
		.config = *config,
		.directory = {.lock = -1},
	};
	enum mtr_exit_status status = MTR_EXIT_SYSTEM;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	daemon.started_at = (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
	snprintf(daemon.software, sizeof daemon.software, "matriculad %s", MTR_VERSION);
	pthread_mutex_init(&daemon.mutex, NULL);
	if (open_descriptors(&daemon))
		status = mtr_daemon_start(&daemon);
	if (!status)
		status = mtr_daemon_watch(&daemon);
	mtr_daemon_stop(&daemon);
	/* What a thread met while it was stopping. */
	if (!status && daemon.fatal[0])
		status = mtr_daemon_explain_fatal(&daemon);
	if (daemon.signals >= 0)
		close(daemon.signals);
	if (daemon.alarm >= 0)
		close(daemon.alarm);
	pthread_mutex_destroy(&daemon.mutex);
	return status;
}
