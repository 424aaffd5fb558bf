/* Parse new, check, swap. The service manager hears READY on every path. */
#include "daemon_state.h"

#include "notify.h"

#include <stdio.h>

struct mtr_net_limits mtr_daemon_limits(const struct mtr_config *config)
{
	return (struct mtr_net_limits){(uint32_t)config->sessions, (uint32_t)config->queue,
				       (uint32_t)config->in_flight};
}

static void take_up(struct mtr_daemon *daemon, const struct mtr_config *fresh)
{
	struct mtr_net_limits limits;
	struct mtr_config_key key;

	for (size_t i = 0; mtr_config_key(i, &key); i++) {
		if (!mtr_config_same(&daemon->config, fresh, i))
			mtr_log(&daemon->log, key.at_run_time ? MTR_LOG_NOTICE : MTR_LOG_WARNING, "[%s] %s changed: %s",
				key.section, key.name, key.at_run_time ? "in force" : "needs a restart");
	}
	mtr_config_reload(&daemon->config, fresh);
	daemon->log.level = (enum mtr_log_level)daemon->config.log_level;
	limits = mtr_daemon_limits(&daemon->config);
	mtr_net_set_limits(daemon->net, &limits);
}

void mtr_daemon_reload(struct mtr_daemon *daemon)
{
	struct mtr_config_problem problem;
	struct mtr_config fresh;

	mtr_notify_reloading();
	if (!daemon->config_path) {
		mtr_log(&daemon->log, MTR_LOG_NOTICE, "there is no configuration file to read again");
	} else if (mtr_config_read(daemon->config_path, &fresh, &problem)) {
		take_up(daemon, &fresh);
		mtr_log(&daemon->log, MTR_LOG_NOTICE, "configuration read again");
	} else {
		mtr_log(&daemon->log, MTR_LOG_ERROR, "%s, line %u: %s; the former configuration stays in force",
			daemon->config_path, problem.line, problem.text);
		char status[128];

		snprintf(status, sizeof status, "%s; the last reload failed, see the log", mtr_daemon_status(daemon));
		mtr_notify_ready(status);
		return;
	}
	mtr_notify_ready(mtr_daemon_status(daemon));
}
