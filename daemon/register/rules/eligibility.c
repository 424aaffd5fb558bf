#include "register/rules/eligibility.h"

#include "contract/date.h"
#include "register/rules/standards.h"

static bool lists(const uint32_t *values, size_t count, uint32_t value)
{
	for (size_t i = 0; i < count; i++)
		if (values[i] == value)
			return true;
	return false;
}

static bool holds_one_of(const struct mtr_candidate *candidate, const uint32_t *titles, size_t count)
{
	for (size_t i = 0; i < candidate->person->n_held; i++)
		if (lists(titles, count, candidate->person->held[i]->title_id))
			return true;
	return false;
}

static bool planned_for_one_of(const struct mtr_candidate *candidate, const uint32_t *titles, size_t count)
{
	for (size_t i = 0; i < candidate->person->n_planned; i++)
		if (mtr_candidate_plan_counts(candidate, i) &&
		    lists(titles, count, candidate->person->planned[i]->title_id))
			return true;
	return false;
}

bool mtr_condition_applies(const Mtr__Condition *condition, const struct mtr_candidate *candidate)
{
	return condition->valid_from <= candidate->day &&
	       (!condition->valid_until || candidate->day <= condition->valid_until) &&
	       (!condition->sex || condition->sex == candidate->person->sex);
}

uint32_t mtr_condition_age(const Mtr__Condition *condition, const struct mtr_candidate *candidate)
{
	uint32_t day = condition->age_date ? condition->age_date : candidate->day;

	return condition->age_at_date ? mtr_age_at(candidate->person->birth, day)
				      : mtr_age_by_year(candidate->person->birth, day);
}

static int64_t bound(uint32_t years, int32_t offset)
{
	int64_t moved = (int64_t)years + offset;

	if (years == 0)
		return 0;
	return moved < 1 ? -1 : moved;
}

struct mtr_age_bounds mtr_condition_age_bounds(const Mtr__Condition *condition, const struct mtr_candidate *candidate)
{
	bool offset = holds_one_of(candidate, condition->offset_title_ids, condition->n_offset_title_ids);

	return (struct mtr_age_bounds){
		bound(condition->minimum, offset ? condition->minimum_offset : 0),
		bound(condition->maximum, offset ? condition->maximum_offset : 0),
	};
}

static bool age_holds(const Mtr__Condition *condition, const struct mtr_candidate *candidate)
{
	struct mtr_age_bounds bounds = mtr_condition_age_bounds(condition, candidate);
	int64_t age = mtr_condition_age(condition, candidate);

	return age >= bounds.minimum && (!bounds.maximum || age <= bounds.maximum);
}

bool mtr_candidate_service_years(const struct mtr_candidate *candidate, uint32_t *ret_years)
{
	if (!candidate->person->service_since)
		return false;
	*ret_years = mtr_age_at(candidate->person->service_since, candidate->day);
	return true;
}

Mtr__Grade mtr_candidate_grade(const struct mtr_candidate *candidate, uint32_t year)
{
	for (size_t i = 0; i < candidate->person->n_ratings; i++)
		if (candidate->person->ratings[i]->year == year)
			return candidate->person->ratings[i]->grade;
	return MTR__GRADE__GRADE_UNSPECIFIED;
}

static bool ratings_hold(const Mtr__Condition *condition, const struct mtr_candidate *candidate)
{
	uint32_t year = mtr_date_year(candidate->day);

	return (uint32_t)mtr_candidate_grade(candidate, year - 1) >= condition->minimum &&
	       (uint32_t)mtr_candidate_grade(candidate, year - 2) >= condition->minimum;
}

bool mtr_condition_holds(const Mtr__Condition *condition, const struct mtr_candidate *candidate)
{
	const Mtr__Person *person = candidate->person;
	uint32_t years = 0;

	switch (condition->kind) {
	case MTR__CONDITION_KIND__CONDITION_KIND_AGE:
		return age_holds(condition, candidate);
	case MTR__CONDITION_KIND__CONDITION_KIND_PARTY_MEMBERSHIP:
		return (uint32_t)person->party >= condition->minimum;
	case MTR__CONDITION_KIND__CONDITION_KIND_DEGREE:
		return (uint32_t)person->degree >= condition->minimum;
	case MTR__CONDITION_KIND__CONDITION_KIND_STANDARD:
		return mtr_standard_covered(person->attained, person->n_attained, condition->standard);
	case MTR__CONDITION_KIND__CONDITION_KIND_THEORY_EQUIVALENCE:
		return person->theory_equivalence;
	case MTR__CONDITION_KIND__CONDITION_KIND_CATEGORY:
		return lists(condition->values, condition->n_values, (uint32_t)person->category);
	case MTR__CONDITION_KIND__CONDITION_KIND_SERVICE_YEARS:
		return mtr_candidate_service_years(candidate, &years) && years >= condition->minimum;
	case MTR__CONDITION_KIND__CONDITION_KIND_NO_DISCIPLINE:
		return person->discipline_until < candidate->day;
	case MTR__CONDITION_KIND__CONDITION_KIND_RATING:
		return ratings_hold(condition, candidate);
	case MTR__CONDITION_KIND__CONDITION_KIND_DOCUMENTS:
		return person->documents_complete;
	case MTR__CONDITION_KIND__CONDITION_KIND_AUDIENCE:
		return holds_one_of(candidate, condition->values, condition->n_values) ||
		       planned_for_one_of(candidate, condition->values, condition->n_values);
	case MTR__CONDITION_KIND__CONDITION_KIND_NOT_TITLE:
		return !holds_one_of(candidate, condition->values, condition->n_values);
	case MTR__CONDITION_KIND__CONDITION_KIND_UNSPECIFIED:
	case _MTR__CONDITION_KIND_IS_INT_SIZE:
		break;
	}
	return false;
}
