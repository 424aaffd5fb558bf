#include "scratch_run.h"

#include "progress.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct run {
	const struct mtr_scratch_work *work;
	const struct mtr_log *log;
	struct mtr_scratch scratch;
	sigset_t awaited, former; /* signals: what this process waits for, and what was blocked before */
};

const char *mtr_scratch_place(const struct mtr_options *options)
{
	const char *given = options->values[MTR_OPTION_SCRATCH], *usual = getenv("TMPDIR");

	if (given)
		return given;
	return usual ? usual : "/var/tmp";
}

/* The end of the child, and what stops the work unless whoever started it had that ignored (nohup). */
static void block_signals(struct run *run)
{
	static const int stops[] = {SIGINT, SIGTERM, SIGHUP};

	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&run->awaited);
	sigaddset(&run->awaited, SIGCHLD);
	for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
		struct sigaction action;

		if (sigaction(stops[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
			sigaddset(&run->awaited, stops[i]);
	}
	sigprocmask(SIG_BLOCK, &run->awaited, &run->former);
}

_Noreturn static void be_child(const struct run *run, pid_t parent)
{
	/* With nobody left to remove it, nothing more is put there. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(MTR_EXIT_SYSTEM);
	sigprocmask(SIG_SETMASK, &run->former, NULL);
	exit((int)run->work->work(run->work->context, run->scratch.path));
}

/* The signal that stops the work, with the child killed; 0 when the child ended by itself. */
static int await_child(const struct run *run, pid_t child, int *ret_ended)
{
	for (;;) {
		/* The kernel hands out the lowest number first: a stop comes before the end of the child. */
		const int number = sigwaitinfo(&run->awaited, NULL);

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

static enum mtr_exit_status stop(struct run *run, int number)
{
	struct mtr_progress progress = mtr_progress_start();

	mtr_progress_show(&progress, "removing what it made", 0, 0);
	mtr_scratch_remove(&run->scratch, run->log);
	mtr_progress_clear(&progress);
	mtr_log(run->log, MTR_LOG_NOTICE, "%s was stopped %s", run->work->name, run->work->worthless);
	return end_by(number);
}

static enum mtr_exit_status explain_end(const struct run *run, int ended)
{
	if (WIFEXITED(ended))
		return (enum mtr_exit_status)WEXITSTATUS(ended);
	mtr_log(run->log, MTR_LOG_ERROR, "%s was ended from outside (%s); look at the kernel's log, then run it again",
		run->work->name, strsignal(WTERMSIG(ended)));
	return MTR_EXIT_SYSTEM;
}

static enum mtr_exit_status fork_and_wait(struct run *run)
{
	const pid_t parent = getpid(), child = fork();
	int ended = 0;

	if (child == 0)
		be_child(run, parent);
	if (child < 0) {
		mtr_log(run->log, MTR_LOG_ERROR, "the system gives no process: %s; raise its limits", strerror(errno));
		mtr_scratch_remove(&run->scratch, run->log);
		return MTR_EXIT_SYSTEM;
	}
	const int number = await_child(run, child, &ended);

	if (number)
		return stop(run, number);
	mtr_scratch_remove(&run->scratch, run->log);
	return explain_end(run, ended);
}

enum mtr_exit_status mtr_scratch_run(const struct mtr_scratch_work *work, const struct mtr_log *log)
{
	struct run run = {.work = work, .log = log};

	block_signals(&run);
	mtr_scratch_sweep(work->kind, work->place, log);
	if (!mtr_scratch_make(&run.scratch, work->kind, work->place)) {
		mtr_log(log, MTR_LOG_ERROR,
			"no directory can be made in %s: %s; name a place with room with --scratch DIRECTORY",
			work->place, strerror(errno));
		return MTR_EXIT_WRITE;
	}
	return fork_and_wait(&run);
}
