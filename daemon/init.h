/* `matriculad init`: a new register with its first operator. */
#ifndef MTR_INIT_H
#define MTR_INIT_H

#include "config/config.h"
#include "exit_status.h"
#include "log.h"
#include "options.h"

/* Makes directory, server key, journal and register; what an interrupted init left behind is finished. Prints the
 * server's public key and what to do next. Never touches a register that is there. */
enum mtr_exit_status mtr_init(const struct mtr_config *config, const struct mtr_options *options,
			      const struct mtr_log *log);

/* `matriculad public-key`. */
enum mtr_exit_status mtr_print_public_key(const struct mtr_config *config, const struct mtr_options *options,
					  const struct mtr_log *log);

#endif
