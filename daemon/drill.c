/* `matriculad drill`. A child process restores; this one stays behind to remove what it made, whatever ends it. */
#include "backup_actions.h"
#include "progress.h"
#include "proven_restore.h"
#include "scratch.h"
#include "work/monotime.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct drill {
	const struct mtr_config *config;
	const struct mtr_options *options;
	const struct mtr_log *log;
	struct mtr_scratch scratch;
	sigset_t awaited, former; /* signals: what this process waits for, and what was blocked before */
};

static const char *scratch_place(const struct mtr_options *options)
{
	const char *given = options->values[MTR_OPTION_SCRATCH], *usual = getenv("TMPDIR");

	if (given)
		return given;
	return usual ? usual : "/var/tmp";
}

/* The end of the child, and what stops a drill unless whoever started it had that ignored (nohup). */
static void block_signals(struct drill *drill)
{
	static const int stops[] = {SIGINT, SIGTERM, SIGHUP};

	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&drill->awaited);
	sigaddset(&drill->awaited, SIGCHLD);
	for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
		struct sigaction action;

		if (sigaction(stops[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
			sigaddset(&drill->awaited, stops[i]);
	}
	sigprocmask(SIG_BLOCK, &drill->awaited, &drill->former);
}

static enum mtr_exit_status restore(const struct drill *drill)
{
	const struct mtr_monotime begun = mtr_monotime_now();
	struct mtr_proven_restore proven;
	enum mtr_exit_status status =
		mtr_prove_restore(drill->config, drill->options, drill->scratch.path, true, &proven, drill->log);

	if (!status)
		printf("The backup restores: revision %" PRIu64 ", %" PRIu64 " segments, %" PRIu64 " bytes; %" PRIu64
		       " records applied to a second register, every table the same; in %.1f s.\n",
		       proven.restored.revision, proven.restored.segments, proven.restored.bytes, proven.check.applied,
		       (double)mtr_monotime_since(begun, mtr_monotime_now()) / 1000.0);
	return status;
}

_Noreturn static void be_child(const struct drill *drill, pid_t parent)
{
	/* With nobody left to remove it, nothing more is decrypted. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(MTR_EXIT_SYSTEM);
	sigprocmask(SIG_SETMASK, &drill->former, NULL);
	exit((int)restore(drill));
}

/* The signal that stops the drill, with the child killed; 0 when the child ended by itself. */
static int await_child(const struct drill *drill, pid_t child, int *ret_ended)
{
	for (;;) {
		/* The kernel hands out the lowest number first: a stop comes before the end of the child. */
		const int number = sigwaitinfo(&drill->awaited, NULL);

		if (number == SIGCHLD && waitpid(child, ret_ended, WNOHANG) == child)
			return 0;
		if (number > 0 && number != SIGCHLD) {
			kill(child, SIGKILL);
			(void)waitpid(child, ret_ended, 0);
			return number;
		}
	}
}

/* Ends this process as the signal would have, which tells a shell that it was stopped. */
static enum mtr_exit_status end_by(int number)
{
	sigset_t one;

	sigemptyset(&one);
	sigaddset(&one, number);
	raise(number);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	return (enum mtr_exit_status)(128 + number);
}

static enum mtr_exit_status stop(struct drill *drill, int number)
{
	struct mtr_progress progress = mtr_progress_start();

	mtr_progress_show(&progress, "removing what was restored", 0, 0);
	mtr_scratch_remove(&drill->scratch, drill->log);
	mtr_progress_clear(&progress);
	mtr_log(drill->log, MTR_LOG_NOTICE, "the drill was stopped and says nothing about the backup");
	return end_by(number);
}

static enum mtr_exit_status explain_end(int ended, const struct mtr_log *log)
{
	if (WIFEXITED(ended))
		return (enum mtr_exit_status)WEXITSTATUS(ended);
	mtr_log(log, MTR_LOG_ERROR,
		"the drill was ended from outside (%s); look at the kernel's log, then run it again",
		strsignal(WTERMSIG(ended)));
	return MTR_EXIT_SYSTEM;
}

static enum mtr_exit_status run(struct drill *drill)
{
	const pid_t parent = getpid(), child = fork();
	int ended = 0;

	if (child == 0)
		be_child(drill, parent);
	if (child < 0) {
		mtr_log(drill->log, MTR_LOG_ERROR, "the system gives no process: %s; raise its limits",
			strerror(errno));
		mtr_scratch_remove(&drill->scratch, drill->log);
		return MTR_EXIT_SYSTEM;
	}
	const int number = await_child(drill, child, &ended);

	if (number)
		return stop(drill, number);
	mtr_scratch_remove(&drill->scratch, drill->log);
	return explain_end(ended, drill->log);
}

enum mtr_exit_status mtr_run_drill(const struct mtr_config *config, const struct mtr_options *options,
				   const struct mtr_log *log)
{
	struct drill drill = {.config = config, .options = options, .log = log};
	const char *place = scratch_place(options);

	block_signals(&drill);
	mtr_scratch_sweep(place, log);
	if (!mtr_scratch_make(&drill.scratch, place)) {
		mtr_log(log, MTR_LOG_ERROR,
			"no directory can be made in %s: %s; name a place with room with --scratch DIRECTORY", place,
			strerror(errno));
		return MTR_EXIT_WRITE;
	}
	return run(&drill);
}
