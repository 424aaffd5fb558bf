#include "register/rules/candidate.h"

#include "contract/date.h"
#include "register/view.h"

bool mtr_candidate_load(struct mtr_view *view, const Mtr__Person *person, uint32_t day,
			struct mtr_candidate *ret_candidate)
{
	struct mtr_candidate candidate = {.person = person, .day = day};

	if (person->n_held > MTR_TITLES_MAX || person->n_planned > MTR_TITLES_MAX) {
		view->txn->error = MTR_STORE_CORRUPT;
		return false;
	}
	for (size_t i = 0; i < person->n_held; i++)
		if (!(candidate.held[i] = mtr_view_title(view, person->held[i]->title_id)))
			return false;
	for (size_t i = 0; i < person->n_planned; i++)
		if (!(candidate.planned[i] = mtr_view_title(view, person->planned[i]->title_id)))
			return false;
	*ret_candidate = candidate;
	return true;
}

const Mtr__Title *mtr_candidate_highest(const struct mtr_candidate *candidate)
{
	const Mtr__Title *highest = NULL;

	for (size_t i = 0; i < candidate->person->n_held; i++)
		if (!highest || candidate->held[i]->rank > highest->rank)
			highest = candidate->held[i];
	return highest;
}

uint32_t mtr_candidate_rank(const struct mtr_candidate *candidate)
{
	const Mtr__Title *highest = mtr_candidate_highest(candidate);

	return highest ? highest->rank : 0;
}

bool mtr_candidate_plan_counts(const struct mtr_candidate *candidate, size_t planned)
{
	return candidate->person->planned[planned]->term_to >= mtr_date_year(candidate->day);
}
