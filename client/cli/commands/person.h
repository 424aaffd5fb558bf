/* A person's record as a command: from options, from the columns of a file, from the record there is. */
#ifndef MTR_CLI_PERSON_H
#define MTR_CLI_PERSON_H

#include "matricula/v1/commands.pb-c.h"
#include "program/call.h"

/* Fills `put` from a record, ids into codes; the copies are in the arena. */
void mtr_person_start_from(struct mtr_call *call, struct mtr_arena *arena, Mtr__PutPerson *put,
			   const Mtr__Person *person);

/* Reads "TITLE[@UNIT][,DATE]" and "TITLE,FROM-TO" and "YEAR:GRADE". False: *ret_problem says why. */
bool mtr_person_held(struct mtr_arena *arena, const char *text, Mtr__PutPerson__PutHeldTitle **ret_held,
		     const char **ret_problem);
bool mtr_person_planned(struct mtr_arena *arena, const char *text, Mtr__PutPerson__PutPlannedTitle **ret_planned,
			const char **ret_problem);
bool mtr_person_rating(struct mtr_arena *arena, const char *text, Mtr__Rating **ret_rating, const char **ret_problem);

/* A sex that isn't given, from the citizen number. */
void mtr_person_complete_sex(Mtr__Person *person);

/* --citizen-number, --person, --name, --birth, --sex, --person-unit as a reference. */
void mtr_person_reference(struct mtr_call *call, Mtr__PersonReference *ret_reference);

#endif
