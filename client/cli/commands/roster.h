/* The people of a class. */
#ifndef MTR_CLI_ROSTER_H
#define MTR_CLI_ROSTER_H

#include "matricula/v1/entities.pb-c.h"
#include "program/call.h"

struct mtr_roster {
	Mtr__Enrolment **people; /* in the call's arena, in the order of Vietnamese names */
	size_t count, room;
};

/* Reads the roster of a class. Enum mtr_exit. */
int mtr_roster_read(struct mtr_call *call, const char *class_code, struct mtr_roster *ret_roster);

/* Shows it on an output. */
void mtr_roster_show(struct mtr_call *call, struct mtr_output *output, const struct mtr_roster *roster);

#endif
