/* What a command asks, in words: for who looks at it later. */
#ifndef MTR_CLI_ASKED_H
#define MTR_CLI_ASKED_H

#include "matricula/v1/commands.pb-c.h"
#include "program/call.h"

/* "put forward: QN21-CC, Nguyễn Văn A". */
const char *mtr_asked_brief(struct mtr_arena *arena, const Mtr__Command *command);

/* A line for each thing the command says, on the screen only. */
void mtr_asked_show(struct mtr_call *call, const Mtr__Command *command);

#endif
