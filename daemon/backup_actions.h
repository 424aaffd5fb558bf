/* What matriculad does about backups. Each explains on the log what went wrong and what to do. */
#ifndef MTR_BACKUP_ACTIONS_H
#define MTR_BACKUP_ACTIONS_H

#include "config/config.h"
#include "exit_status.h"
#include "log.h"
#include "options.h"

/* backup: also while the daemon runs. */
enum mtr_exit_status mtr_run_backup(const struct mtr_config *config, const struct mtr_options *options,
				    const struct mtr_log *log);
/* restore: into a directory of its own, which then waits for a signed statement. */
enum mtr_exit_status mtr_run_restore(const struct mtr_config *config, const struct mtr_options *options,
				     const struct mtr_log *log);
/* drill: restores into a directory that is removed again. */
enum mtr_exit_status mtr_run_drill(const struct mtr_config *config, const struct mtr_options *options,
				   const struct mtr_log *log);
/* adopt: takes up the signed statement of a restore. */
enum mtr_exit_status mtr_run_adopt(const struct mtr_config *config, const struct mtr_options *options,
				   const struct mtr_log *log);
/* recovery-key: stores the public key that signs such statements, once. */
enum mtr_exit_status mtr_run_recovery_key(const struct mtr_config *config, const struct mtr_options *options,
					  const struct mtr_log *log);

#endif
