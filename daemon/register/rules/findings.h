/* What a clerk is told about a condition that doesn't hold. */
#ifndef MTR_REGISTER_FINDINGS_H
#define MTR_REGISTER_FINDINGS_H

#include "register/decision.h"
#include "register/rules/eligibility.h"

/* Judges every condition in force and meant for the candidate; NOT_ELIGIBLE with a finding for each that fails. */
bool mtr_require_eligible(struct mtr_decision *decision, const Mtr__Programme *programme,
			  const struct mtr_candidate *candidate);

#endif
