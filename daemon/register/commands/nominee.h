/* The checks that propose and substitute share, and the nomination they make. */
#ifndef MTR_REGISTER_NOMINEE_H
#define MTR_REGISTER_NOMINEE_H

#include "register/decision.h"
#include "register/rules/candidate.h"

struct mtr_nominee {
	const Mtr__Programme *programme;
	uint32_t unit_id; /* that nominates */
	struct mtr_candidate candidate;
};

/* Resolves the person for the nominee's unit; UNKNOWN_PERSON and the like. */
bool mtr_nominee_find(struct mtr_decision *decision, struct mtr_nominee *nominee,
		      const Mtr__PersonReference *reference);

/* Once only, standard not held already, every condition holds. */
bool mtr_nominee_check(struct mtr_decision *decision, const struct mtr_nominee *nominee);

/* A new nomination, in no state yet: particulars, priority, rank key, managing body. NULL on an error. */
Mtr__Nomination *mtr_nominee_nomination(struct mtr_decision *decision, const struct mtr_nominee *nominee,
					uint32_t unit_order);

#endif
