/* The conditions of a programme, judged for one candidate. No I/O. */
#ifndef MTR_REGISTER_ELIGIBILITY_H
#define MTR_REGISTER_ELIGIBILITY_H

#include "register/rules/candidate.h"

/* In force on the candidate's day and meant for the candidate's sex. */
bool mtr_condition_applies(const Mtr__Condition *condition, const struct mtr_candidate *candidate);

/* The candidate meets it. */
bool mtr_condition_holds(const Mtr__Condition *condition, const struct mtr_candidate *candidate);

/* The candidate's age as the condition counts it. */
uint32_t mtr_condition_age(const Mtr__Condition *condition, const struct mtr_candidate *candidate);

/* The bounds of an age, offsets applied; 0 for none. A bound that an offset takes below 1 is -1: nothing is below
 * it, and everything is above. */
struct mtr_age_bounds {
	int64_t minimum, maximum;
};
struct mtr_age_bounds mtr_condition_age_bounds(const Mtr__Condition *condition, const struct mtr_candidate *candidate);

/* Completed years of service; false when the start isn't known. */
bool mtr_candidate_service_years(const struct mtr_candidate *candidate, uint32_t *ret_years);

/* The rating of a year; UNSPECIFIED when there is none. */
Mtr__Grade mtr_candidate_grade(const struct mtr_candidate *candidate, uint32_t year);

#endif
