/* A programme's record as a command. */
#ifndef MTR_CLI_PROGRAMME_FILL_H
#define MTR_CLI_PROGRAMME_FILL_H

#include "matricula/v1/commands.pb-c.h"
#include "program/call.h"

/* Fills `put` and its programme from a record, ids into codes. */
void mtr_programme_start_from(struct mtr_call *call, Mtr__PutProgramme *put, const Mtr__Programme *programme);

/* Puts the options given on the command line into `put`; for a file they are what its rows start from. Enum mtr_exit.
 */
int mtr_programme_fill(struct mtr_call *call, Mtr__PutProgramme *put);

#endif
