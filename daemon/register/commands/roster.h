/* What a class holds: who was summoned to it, and how they stand. */
#ifndef MTR_REGISTER_ROSTER_H
#define MTR_REGISTER_ROSTER_H

#include "register/decision.h"

struct mtr_roster {
	uint32_t places_taken; /* all but those excused, defied or deferred */
	uint32_t unsettled;    /* summoned or enrolled */
};

/* As the store has it. False on an error. */
bool mtr_roster_read(struct mtr_view *view, uint32_t class_id, struct mtr_roster *ret_roster);

/* The row a school sees of a nomination that is summoned. NULL on an error. */
Mtr__Enrolment *mtr_enrolment_new(struct mtr_view *view, const Mtr__Nomination *nomination, const Mtr__Class *class,
				  const Mtr__Summon *summons);

/* A copy, to be changed, of the row of a nomination that was summoned. NULL on an error. */
Mtr__Enrolment *mtr_enrolment_copy(struct mtr_view *view, uint64_t nomination_id);

/* True when the person is summoned to or enrolled in another class with a day in common; false also on an error. */
bool mtr_roster_conflict(struct mtr_view *view, uint32_t person_id, const Mtr__Class *class);

#endif
