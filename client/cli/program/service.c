#include "program/service.h"

#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>

bool mtr_service_managed(void)
{
	return getenv("NOTIFY_SOCKET") != NULL;
}

int mtr_service_signals(void)
{
	static const int ends[] = {SIGTERM, SIGINT, SIGHUP};
	sigset_t signals, before;
	int descriptor;

	sigemptyset(&signals);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		sigaddset(&signals, ends[i]);
	if (sigprocmask(SIG_BLOCK, &signals, &before))
		return -1;
	descriptor = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (descriptor < 0)
		(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return descriptor;
}

bool mtr_service_rest(int signals, int milliseconds)
{
	struct pollfd item = {.fd = signals, .events = POLLIN};

	(void)poll(&item, 1, milliseconds);
	return !item.revents;
}

void mtr_service_ready(void)
{
	(void)sd_notify(0, "READY=1");
}

void mtr_service_status(const char *status)
{
	(void)sd_notifyf(0, "STATUS=%s", status);
}

void mtr_service_alive(void)
{
	if (sd_watchdog_enabled(0, NULL) > 0)
		(void)sd_notify(0, "WATCHDOG=1");
}

void mtr_service_stopping(void)
{
	(void)sd_notify(0, "STOPPING=1");
}
