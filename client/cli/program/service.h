/* A command that goes on as a service: what its manager (systemd) hears, and how it is stopped. Without a manager
 * nobody is told anything. */
#ifndef MTR_CLI_SERVICE_H
#define MTR_CLI_SERVICE_H

#include <stdbool.h>

/* True when a service manager listens. */
bool mtr_service_managed(void);

/* SIGTERM, SIGINT and SIGHUP no longer end the process but make this descriptor readable, which is the caller's; -1
 * when there is none to be had. Before any thread is started. */
int mtr_service_signals(void);

/* Waits so long; false at once when a signal has come. With -1 it only waits. */
bool mtr_service_rest(int signals, int milliseconds);

void mtr_service_ready(void);
void mtr_service_status(const char *status);
/* There is progress: feeds the watchdog. */
void mtr_service_alive(void);
void mtr_service_stopping(void);

#endif
