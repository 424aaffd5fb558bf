/* Work that needs a directory of its own, done in a child process: this one stays behind to remove the directory,
 * whatever ends the child. */
#ifndef MTR_SCRATCH_RUN_H
#define MTR_SCRATCH_RUN_H

#include "exit_status.h"
#include "options.h"
#include "scratch.h"

struct mtr_scratch_work {
	enum mtr_scratch_kind kind;
	const char *place; /* where the directory is made */
	/* Called in the child. */
	enum mtr_exit_status (*work)(const void *context, const char *directory);
	const void *context;
	const char *name;      /* in log lines: "the drill" */
	const char *worthless; /* what follows of one that was stopped */
};

/* What --scratch says, or $TMPDIR, or /var/tmp. */
const char *mtr_scratch_place(const struct mtr_options *options);

/* Removes first what work of that kind left there when it was killed. The status of the work; WRITE when no directory
 * can be made, SYSTEM when the work was ended from outside. A signal that stops it ends this process too. */
enum mtr_exit_status mtr_scratch_run(const struct mtr_scratch_work *work, const struct mtr_log *log);

#endif
