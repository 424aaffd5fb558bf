/* The running daemon: start order, the loop that watches over the threads, one teardown. */
#ifndef MTR_DAEMON_H
#define MTR_DAEMON_H

#include "config/config.h"
#include "exit_status.h"
#include "log.h"

#include <signal.h>

/* The signals the loop reads; to be blocked before any thread starts. */
sigset_t mtr_daemon_signals(void);

/* Serves until a signal says stop. `config_path` is read again on SIGHUP; NULL: there is no file. */
enum mtr_exit_status mtr_daemon_run(const char *config_path, const struct mtr_config *config,
				    const struct mtr_log *log);

#endif
