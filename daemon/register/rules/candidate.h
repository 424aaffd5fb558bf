/* One who is put forward, with the titles that count. */
#ifndef MTR_REGISTER_CANDIDATE_H
#define MTR_REGISTER_CANDIDATE_H

#include "contract/limits.h"
#include "matricula/v1/entities.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

struct mtr_view;

struct mtr_candidate {
	const Mtr__Person *person;
	const Mtr__Title *held[MTR_TITLES_MAX];    /* as person->held */
	const Mtr__Title *planned[MTR_TITLES_MAX]; /* as person->planned */
	uint32_t day;                              /* on which everything is judged */
};

/* Reads the titles. False on an error of the view. */
bool mtr_candidate_load(struct mtr_view *view, const Mtr__Person *person, uint32_t day,
			struct mtr_candidate *ret_candidate);

/* The highest rank of a title held; 0 without any. */
uint32_t mtr_candidate_rank(const struct mtr_candidate *candidate);
/* The title that has it, the first of equals; NULL without any. */
const Mtr__Title *mtr_candidate_highest(const struct mtr_candidate *candidate);

/* The term of the planned title hasn't ended by the year of the day. */
bool mtr_candidate_plan_counts(const struct mtr_candidate *candidate, size_t planned);

#endif
