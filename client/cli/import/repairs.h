/* What was mended in a text, in words. */
#ifndef MTR_CLI_REPAIRS_H
#define MTR_CLI_REPAIRS_H

#include "program/call.h"

/* A list of the repairs in a mask of enum mtr_text_repair. */
struct mtr_cell mtr_repairs_cell(struct mtr_arena *arena, unsigned repairs);

/* A remark for each value of the command line that was mended. */
void mtr_repairs_remark(const struct mtr_call *call);

#endif
