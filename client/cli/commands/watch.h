/* Bringing the mirror forward for as long as nobody stops it. */
#ifndef MTR_CLI_WATCH_H
#define MTR_CLI_WATCH_H

#include "program/call.h"

/* Follows the register, sends what is queued, and waits for links that break, until it is stopped by a signal or
 * something happens that waiting doesn't mend. Enum mtr_exit. */
int mtr_sync_watch(struct mtr_call *call);

#endif
