/* Answers of the register, shown. */
#ifndef MTR_CLI_REPORT_H
#define MTR_CLI_REPORT_H

#include "matricula/v1/commands.pb-c.h"
#include "matricula/v1/wire.pb-c.h"
#include "program/call.h"

/* An error: a sentence on the error stream, and the data on the output of CSV and JSON. MTR_EXIT_REFUSED, or
 * MTR_EXIT_NO_LINK when nothing was consumed and it may be tried again. */
int mtr_report_error(struct mtr_call *call, const Mtr__Error *error);

/* The answer to one change: a receipt, a sentence, or an error. `command` may be NULL when it isn't at hand any more.
 * Returns enum mtr_exit. */
int mtr_report_answer(struct mtr_call *call, const Mtr__Command *command, const Mtr__Answer *answer);

/* The answer to an entry that an earlier call left in the outbox: as above when `full`, else a remark in a line. */
void mtr_report_earlier(struct mtr_call *call, uint64_t sequence, const Mtr__Answer *answer, bool full);

/* Phiếu tiếp nhận: an acknowledgement as a receipt. `name` is the person's, "" when it isn't known. */
void mtr_report_receipt(struct mtr_call *call, const Mtr__Acknowledgement *acknowledgement, uint64_t revision,
			const char *name);

/* Seats of a part as its ledger adds up. */
uint32_t mtr_seats_of(const Mtr__Allocation *allocation);

/* Where the acknowledged nomination stands, in a few words. */
const char *mtr_acknowledged_standing(struct mtr_arena *arena, const Mtr__Acknowledgement *acknowledgement);

#endif
