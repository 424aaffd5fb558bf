/* Entries of the register, a line each. */
#ifndef MTR_CLI_LOG_H
#define MTR_CLI_LOG_H

#include "program/call.h"

/* The list begins; mtr_output_end ends it. */
void mtr_log_begin(struct mtr_call *call);
void mtr_log_show(struct mtr_call *call, struct mtr_arena *arena, const Mtr__LogEntry *entry);

/* Says, on the table's form, that the list is empty. */
void mtr_log_nothing(const struct mtr_call *call);

/* Asks the register for the newest `wanted` entries that match, and shows them. */
int mtr_log_ask(struct mtr_call *call, Mtr__Log *log, uint64_t wanted);

/* --limit, or what a screen takes. */
uint64_t mtr_log_limit(const struct mtr_call *call);

#endif
