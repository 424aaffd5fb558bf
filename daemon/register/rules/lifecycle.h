/* The states of a nomination and the steps between them, as data (docs/nomination.md). */
#ifndef MTR_REGISTER_LIFECYCLE_H
#define MTR_REGISTER_LIFECYCLE_H

#include "register/decision.h"

enum mtr_step {
	MTR_STEP_DISPLACE,
	MTR_STEP_PROMOTE,
	MTR_STEP_WITHDRAW,
	MTR_STEP_SUBSTITUTE,
	MTR_STEP_LATE_SEAT,
	MTR_STEP_LATE_WAIT,
	MTR_STEP_LATE_REFUSE,
	MTR_STEP_VET_ELIGIBLE,
	MTR_STEP_VET_NOT_ELIGIBLE,
	MTR_STEP_DECIDE_APPROVE,
	MTR_STEP_DECIDE_REFUSE,
	MTR_STEP_FORWARD_SENT,
	MTR_STEP_FORWARD_ACCEPTED,
	MTR_STEP_FORWARD_REJECTED,
	MTR_STEP_SUMMON,          /* of the decided */
	MTR_STEP_SUMMON_ACCEPTED, /* where the academy has to accept first */
	MTR_STEP_ENROL_PRESENT,
	MTR_STEP_ENROL_EXCUSED,
	MTR_STEP_ENROL_ABSENT,
	MTR_STEP_COMPLETE,
	MTR_STEP_FAIL,
	MTR_STEP_LEAVE,
	MTR_STEP_DEFER,
	MTR_STEPS,
};

struct mtr_transition {
	Mtr__State from;
	enum mtr_step step;
	Mtr__State to;
};

/* All transitions. */
const struct mtr_transition *mtr_transitions(size_t *ret_count);

/* What a command calls the step: "withdraw", "settle_late accept". */
const char *mtr_step_name(enum mtr_step step);

/* The state a step leads to; UNSPECIFIED when the table has no such step. */
Mtr__State mtr_state_after(Mtr__State from, enum mtr_step step);

/* True if no step leads out of the state. */
bool mtr_state_final(Mtr__State state);

/* The same for a nomination; TRANSITION_REFUSED with state and step, and UNSPECIFIED, when there is no such step. */
Mtr__State mtr_require_step(struct mtr_decision *decision, const Mtr__Nomination *nomination, enum mtr_step step,
			    const char *field);

#endif
