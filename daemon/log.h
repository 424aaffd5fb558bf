/* Lines for the service manager on standard error, with a priority in front unless a person reads along. Library code
 * never logs, and no line holds personal data, keys or the contents of a message. */
#ifndef MTR_LOG_H
#define MTR_LOG_H

#include "config/config.h"

#include <stdbool.h>

struct mtr_log {
	enum mtr_log_level level; /* what is less important is left out */
	bool prefixed;
};

/* The log of this process; prefixed when standard error is the journal or no terminal. */
struct mtr_log mtr_log_open(enum mtr_log_level level);

__attribute__((format(printf, 3, 4))) void mtr_log(const struct mtr_log *log, enum mtr_log_level level,
						   const char *format, ...);

#endif
