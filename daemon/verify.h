/* `matriculad verify` and what it shares with `matriculad rebuild`. */
#ifndef MTR_VERIFY_H
#define MTR_VERIFY_H

#include "check/check.h"
#include "config/config.h"
#include "exit_status.h"
#include "log.h"
#include "options.h"
#include "progress.h"

/* Checks every file of a data directory and changes nothing; the daemon may run. What is wrong is told on the log, each
 * with file, place and remedy, and makes the status DAMAGED. What was looked at is printed. */
enum mtr_exit_status mtr_verify(const struct mtr_config *config, const struct mtr_options *options,
				const struct mtr_log *log);

/* Where findings and progress of a check go. */
struct mtr_verify_view {
	const struct mtr_log *log;
	const char *directory;
	struct mtr_progress progress;
};
void mtr_verify_found(void *context, const struct mtr_finding *finding);
void mtr_verify_progress(void *context, const char *step, uint64_t done, uint64_t total);

/* Says why a check couldn't be done. */
enum mtr_exit_status mtr_verify_explain(enum mtr_check_status status, const struct mtr_check_options *options,
					const struct mtr_log *log);

#endif
