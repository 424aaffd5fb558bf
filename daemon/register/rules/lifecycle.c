#include "register/rules/lifecycle.h"

#define ROW(from, step, to)                                                                                            \
	{                                                                                                              \
		MTR__STATE__STATE_##from, MTR_STEP_##step, MTR__STATE__STATE_##to                                      \
	}

static const struct mtr_transition transitions[] = {
	ROW(LATE, LATE_SEAT, SEATED),
	ROW(LATE, LATE_WAIT, WAITING),
	ROW(LATE, LATE_REFUSE, LATE_REFUSED),
	ROW(LATE, WITHDRAW, WITHDRAWN),
	ROW(SEATED, DISPLACE, WAITING),
	ROW(WAITING, PROMOTE, SEATED),
	ROW(SEATED, WITHDRAW, WITHDRAWN),
	ROW(WAITING, WITHDRAW, WITHDRAWN),
	ROW(SEATED, SUBSTITUTE, REPLACED),
	ROW(SEATED, VET_ELIGIBLE, SEATED),
	ROW(WAITING, VET_ELIGIBLE, WAITING),
	ROW(SEATED, VET_NOT_ELIGIBLE, INELIGIBLE),
	ROW(WAITING, VET_NOT_ELIGIBLE, INELIGIBLE),
	ROW(SEATED, DECIDE_APPROVE, DECIDED),
	ROW(SEATED, DECIDE_REFUSE, NOT_APPROVED),
	ROW(DECIDED, FORWARD_SENT, FORWARDED),
	ROW(FORWARDED, FORWARD_ACCEPTED, ACCEPTED),
	ROW(FORWARDED, FORWARD_REJECTED, REJECTED),
	ROW(DECIDED, SUMMON, SUMMONED),
	ROW(ACCEPTED, SUMMON_ACCEPTED, SUMMONED),
	ROW(SUMMONED, ENROL_PRESENT, ENROLLED),
	ROW(SUMMONED, ENROL_EXCUSED, EXCUSED),
	ROW(SUMMONED, ENROL_ABSENT, DEFIED),
	ROW(ENROLLED, COMPLETE, COMPLETED),
	ROW(ENROLLED, FAIL, FAILED),
	ROW(ENROLLED, LEAVE, LEFT),
	ROW(ENROLLED, DEFER, DEFERRED),
};

#define TRANSITIONS (sizeof transitions / sizeof *transitions)

static const char *const names[MTR_STEPS] = {
	[MTR_STEP_DISPLACE] = "displace",
	[MTR_STEP_PROMOTE] = "promote",
	[MTR_STEP_WITHDRAW] = "withdraw",
	[MTR_STEP_SUBSTITUTE] = "substitute",
	[MTR_STEP_LATE_SEAT] = "settle_late accept",
	[MTR_STEP_LATE_WAIT] = "settle_late accept",
	[MTR_STEP_LATE_REFUSE] = "settle_late refuse",
	[MTR_STEP_VET_ELIGIBLE] = "vet eligible",
	[MTR_STEP_VET_NOT_ELIGIBLE] = "vet not eligible",
	[MTR_STEP_DECIDE_APPROVE] = "decide approve",
	[MTR_STEP_DECIDE_REFUSE] = "decide refuse",
	[MTR_STEP_FORWARD_SENT] = "forward sent",
	[MTR_STEP_FORWARD_ACCEPTED] = "forward accepted",
	[MTR_STEP_FORWARD_REJECTED] = "forward rejected",
	[MTR_STEP_SUMMON] = "summon",
	[MTR_STEP_SUMMON_ACCEPTED] = "summon",
	[MTR_STEP_ENROL_PRESENT] = "enrol present",
	[MTR_STEP_ENROL_EXCUSED] = "enrol excused",
	[MTR_STEP_ENROL_ABSENT] = "enrol absent",
	[MTR_STEP_COMPLETE] = "close_class completed",
	[MTR_STEP_FAIL] = "close_class failed",
	[MTR_STEP_LEAVE] = "close_class left",
	[MTR_STEP_DEFER] = "close_class deferred",
};

const struct mtr_transition *mtr_transitions(size_t *ret_count)
{
	*ret_count = TRANSITIONS;
	return transitions;
}

const char *mtr_step_name(enum mtr_step step)
{
	return names[step];
}

Mtr__State mtr_state_after(Mtr__State from, enum mtr_step step)
{
	for (size_t i = 0; i < TRANSITIONS; i++)
		if (transitions[i].from == from && transitions[i].step == step)
			return transitions[i].to;
	return MTR__STATE__STATE_UNSPECIFIED;
}

bool mtr_state_final(Mtr__State state)
{
	for (size_t i = 0; i < TRANSITIONS; i++)
		if (transitions[i].from == state)
			return false;
	return true;
}

Mtr__State mtr_require_step(struct mtr_decision *decision, const Mtr__Nomination *nomination, enum mtr_step step,
			    const char *field)
{
	Mtr__State to = mtr_state_after(nomination->state, step);

	if (to == MTR__STATE__STATE_UNSPECIFIED)
		mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_TRANSITION_REFUSED,
			   (struct mtr_fault){
				   .field = field,
				   .found = mtr_enum_name(&mtr__state__descriptor, (int)nomination->state),
				   .wanted = mtr_step_name(step),
				   .number = nomination->state,
			   });
	return to;
}
