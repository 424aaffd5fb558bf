/* Changes, sent and reported. */
#ifndef MTR_CLI_CHANGE_H
#define MTR_CLI_CHANGE_H

#include "matricula/v1/commands.pb-c.h"
#include "program/call.h"

/* Sends one command and reports its answer, or that it waits in the outbox. Returns enum mtr_exit. */
int mtr_change(struct mtr_call *call, const Mtr__Command *command);

/* The same for several: a row each when there are more than one. MTR_EXIT_SOME when some were refused. */
int mtr_change_many(struct mtr_call *call, const Mtr__Command *commands, size_t count);

#endif
