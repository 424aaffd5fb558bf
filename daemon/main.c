#include "actions.h"
#include "config/config.h"
#include "daemon.h"
#include "options.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file named, or the usual one if it is there; *ret_path is NULL when there is none. */
static enum mtr_exit_status read_config(const char *named, struct mtr_config *ret_config, const char **ret_path)
{
	const char *path = named ? named : MTR_CONFIG_FILE;
	struct mtr_config_problem problem;

	if (!named && access(path, F_OK) != 0) {
		mtr_config_defaults(ret_config);
		*ret_path = NULL;
		return MTR_EXIT_OK;
	}
	*ret_path = path;
	if (mtr_config_read(path, ret_config, &problem))
		return MTR_EXIT_OK;
	struct mtr_log log = mtr_log_open(MTR_LOG_ERROR);

	if (problem.line)
		mtr_log(&log, MTR_LOG_ERROR, "%s, line %u: %s", path, problem.line, problem.text);
	else
		mtr_log(&log, MTR_LOG_ERROR, "%s: %s", path, problem.text);
	return MTR_EXIT_CONFIG;
}

static void block_signals(void)
{
	sigset_t signals = mtr_daemon_signals();

	sigprocmask(SIG_BLOCK, &signals, NULL);
}

static bool asked(const struct mtr_options *options, enum mtr_option option)
{
	return options->values[option] != NULL;
}

/* `action` is NULL for serving and for --check-config. */
static enum mtr_exit_status act(const struct mtr_action *action, const struct mtr_options *options)
{
	const char *path = NULL;
	struct mtr_config config;
	enum mtr_exit_status status = read_config(options->values[MTR_OPTION_CONFIG], &config, &path);

	if (status)
		return status;
	struct mtr_log log = mtr_log_open((enum mtr_log_level)config.log_level);

	if (action)
		return action->run(&config, options, &log);
	if (asked(options, MTR_OPTION_CHECK_CONFIG)) {
		printf("%s: correct\n", path ? path : "built-in defaults");
		return MTR_EXIT_OK;
	}
	block_signals();
	return mtr_daemon_run(path, &config, &log);
}

/* Answers of some hundred KiB are made and sent all the time: memory that was freed stays where it is, rather than be
 * given back and taken from the system again, which clears it, for the next. As much for each thread, at the most. */
static void keep_freed_memory(void)
{
	enum { KEPT = 2 * 1024 * 1024 };

	mallopt(M_MMAP_THRESHOLD, KEPT);
	mallopt(M_TRIM_THRESHOLD, KEPT);
}

int main(int count, char **arguments)
{
	const struct mtr_action *action;
	struct mtr_options options;
	enum mtr_exit_status status = mtr_options_read(count, arguments, &options);

	if (!status)
		status = mtr_action_find(&options, &action);
	if (status)
		return (int)status;
	umask(077);
	keep_freed_memory();
	signal(SIGPIPE, SIG_IGN);
	/* A file that may not grow is an error like any other of a disk. */
	signal(SIGXFSZ, SIG_IGN);
	if (asked(&options, MTR_OPTION_HELP))
		fputs(mtr_options_help, stdout);
	else if (asked(&options, MTR_OPTION_VERSION))
		puts("matriculad " MTR_VERSION);
	else
		return (int)act(action, &options);
	return MTR_EXIT_OK;
}
