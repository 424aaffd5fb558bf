/* `matriculad drill`. */
#include "backup_actions.h"
#include "proven_restore.h"
#include "scratch_run.h"
#include "work/monotime.h"

#include <inttypes.h>
#include <stdio.h>

struct drill {
	const struct mtr_config *config;
	const struct mtr_options *options;
	const struct mtr_log *log;
};

static enum mtr_exit_status restore(const void *context, const char *directory)
{
	const struct drill *drill = context;
	const struct mtr_monotime begun = mtr_monotime_now();
	struct mtr_proven_restore proven;
	enum mtr_exit_status status =
		mtr_prove_restore(drill->config, drill->options, directory, true, &proven, drill->log);

	if (!status)
		printf("The backup restores: revision %" PRIu64 ", segments: %" PRIu64 ", bytes: %" PRIu64
		       "; records applied to a second register: %" PRIu64 ", every table the same; in %.1f s.\n",
		       proven.restored.revision, proven.restored.segments, proven.restored.bytes, proven.check.applied,
		       (double)mtr_monotime_since(begun, mtr_monotime_now()) / 1000.0);
	return status;
}

enum mtr_exit_status mtr_run_drill(const struct mtr_config *config, const struct mtr_options *options,
				   const struct mtr_log *log)
{
	const struct drill drill = {.config = config, .options = options, .log = log};
	const struct mtr_scratch_work work = {.kind = MTR_SCRATCH_DRILL,
					      .place = mtr_scratch_place(options),
					      .work = restore,
					      .context = &drill,
					      .name = "the drill",
					      .worthless = "and says nothing about the backup"};

	return mtr_scratch_run(&work, log);
}
