/* A change that got nowhere: not into the outbox either. */
#ifndef MTR_CLI_UNRECORDED_H
#define MTR_CLI_UNRECORDED_H

#include "program/call.h"

/* After a command that ended with `result`: says that nothing was recorded when it had to read from the register first
 * and couldn't, and what helps. */
void mtr_unrecorded_tell(struct mtr_call *call, int result);

#endif
