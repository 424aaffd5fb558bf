#include "contract/citizen_number.h"
#include "contract/date.h"
#include "register/grammar/fields.h"

typedef struct mtr_decision decision;
typedef const struct mtr_place *place;

static bool refuse(decision *d, place at, const char *field, Mtr__ErrorCode code)
{
	return mtr_refuse_at(d, at, field, code, (struct mtr_fault){0});
}

static bool missing(decision *d, place at, const char *field)
{
	return refuse(d, at, field, MTR__ERROR_CODE__ERROR_CODE_FIELD_MISSING);
}

static bool out_of_range(decision *d, place at, const char *field, uint64_t found, uint64_t minimum)
{
	return mtr_refuse_at(d, at, field, MTR__ERROR_CODE__ERROR_CODE_FIELD_RANGE,
			     (struct mtr_fault){
				     .found = mtr_format(d->view.arena, "%" PRIu64, found),
				     .wanted = mtr_format(d->view.arena, "%" PRIu64 "..", minimum),
			     });
}

static bool over_range(decision *d, place at, const char *field, uint64_t found, uint64_t maximum)
{
	return mtr_refuse_at(d, at, field, MTR__ERROR_CODE__ERROR_CODE_FIELD_RANGE,
			     (struct mtr_fault){
				     .found = mtr_format(d->view.arena, "%" PRIu64, found),
				     .wanted = mtr_format(d->view.arena, "..%" PRIu64, maximum),
			     });
}

static const char *item(decision *d, const char *list, size_t index, const char *field)
{
	return mtr_format(d->view.arena, "%s.%zu%s", list, index, field);
}

static bool not_future(decision *d, place at, const char *field, uint32_t date)
{
	return !mtr_date_is_after(date, d->today) || refuse(d, at, field, MTR__ERROR_CODE__ERROR_CODE_DATE_FUTURE);
}

static bool ratings_differ(decision *d, const Mtr__Person *person, place at)
{
	for (size_t i = 1; i < person->n_ratings; i++)
		for (size_t j = 0; j < i; j++)
			if (person->ratings[i]->year == person->ratings[j]->year)
				return refuse(d, at, item(d, "ratings", i, ".year"),
					      MTR__ERROR_CODE__ERROR_CODE_FIELD_VALUE);
	return true;
}

static bool citizen_agrees(decision *d, const char *number, Mtr__Sex sex, uint32_t birth, place at)
{
	Mtr__ErrorCode code = MTR__ERROR_CODE__ERROR_CODE_NONE;

	if (number[0])
		code = mtr_citizen_number_check(number, sex, birth);
	return code == MTR__ERROR_CODE__ERROR_CODE_NONE || refuse(d, at, "citizen_number", code);
}

bool mtr_check_person(decision *d, const void *message, place at)
{
	const Mtr__Person *person = message;

	return not_future(d, at, "birth", person->birth) &&
	       citizen_agrees(d, person->citizen_number, person->sex, person->birth, at) &&
	       not_future(d, at, "party_since", person->party_since) &&
	       not_future(d, at, "service_since", person->service_since) && ratings_differ(d, person, at);
}

bool mtr_check_planned_title(decision *d, const void *message, place at)
{
	const Mtr__PutPerson__PutPlannedTitle *title = message;

	return title->term_to >= title->term_from || out_of_range(d, at, "term_to", title->term_to, title->term_from);
}

bool mtr_check_quota(decision *d, const void *message, place at)
{
	const Mtr__Quota *quota = message;
	bool over_target = quota->target && quota->in_force > quota->target;

	if (quota->maximum && quota->maximum < quota->minimum)
		return out_of_range(d, at, "maximum", quota->maximum, quota->minimum);
	if (quota->rule == MTR__QUOTA_RULE__QUOTA_RULE_RANGE && !quota->maximum)
		return missing(d, at, "maximum");
	if (quota->rule == MTR__QUOTA_RULE__QUOTA_RULE_RANGE && quota->in_force > quota->maximum)
		return over_range(d, at, "in_force", quota->in_force, quota->maximum);
	if ((quota->rule == MTR__QUOTA_RULE__QUOTA_RULE_FIXED || quota->rule == MTR__QUOTA_RULE__QUOTA_RULE_ABOUT) &&
	    over_target && !quota->document[0])
		return refuse(d, at, "document", MTR__ERROR_CODE__ERROR_CODE_DOCUMENT_REQUIRED);
	return true;
}

bool mtr_check_window(decision *d, const void *message, place at)
{
	const Mtr__Window *window = message;

	return !window->closes || window->closes >= window->opens ||
	       out_of_range(d, at, "closes", window->closes, window->opens);
}

/* A lower bound that is an enumerator. */
static bool check_minimum(decision *d, const Mtr__Condition *condition, const ProtobufCEnumDescriptor *values, place at)
{
	if (condition->minimum == 0)
		return missing(d, at, "minimum");
	return protobuf_c_enum_descriptor_get_value(values, (int)condition->minimum) ||
	       refuse(d, at, "minimum", MTR__ERROR_CODE__ERROR_CODE_FIELD_VALUE);
}

static bool check_age(decision *d, const Mtr__Condition *condition, place at)
{
	if (!condition->minimum && !condition->maximum)
		return missing(d, at, "minimum");
	return !condition->maximum || condition->maximum >= condition->minimum ||
	       out_of_range(d, at, "maximum", condition->maximum, condition->minimum);
}

static bool check_categories(decision *d, const Mtr__Condition *condition, place at)
{
	if (condition->n_values == 0)
		return missing(d, at, "values");
	for (size_t i = 0; i < condition->n_values; i++)
		if (condition->values[i] == 0 || condition->values[i] > MTR__CATEGORY__CATEGORY_ENTERPRISE)
			return refuse(d, at, item(d, "values", i, ""), MTR__ERROR_CODE__ERROR_CODE_FIELD_VALUE);
	return true;
}

bool mtr_check_condition(decision *d, const void *message, place at)
{
	const Mtr__Condition *condition = message;

	if (condition->valid_until && condition->valid_until < condition->valid_from)
		return out_of_range(d, at, "valid_until", condition->valid_until, condition->valid_from);
	switch (condition->kind) {
	case MTR__CONDITION_KIND__CONDITION_KIND_AGE:
		return check_age(d, condition, at);
	case MTR__CONDITION_KIND__CONDITION_KIND_PARTY_MEMBERSHIP:
		return check_minimum(d, condition, &mtr__party_membership__descriptor, at);
	case MTR__CONDITION_KIND__CONDITION_KIND_DEGREE:
		return check_minimum(d, condition, &mtr__degree__descriptor, at);
	case MTR__CONDITION_KIND__CONDITION_KIND_RATING:
		return check_minimum(d, condition, &mtr__grade__descriptor, at);
	case MTR__CONDITION_KIND__CONDITION_KIND_SERVICE_YEARS:
		return condition->minimum || missing(d, at, "minimum");
	case MTR__CONDITION_KIND__CONDITION_KIND_STANDARD:
		return condition->standard || missing(d, at, "standard");
	case MTR__CONDITION_KIND__CONDITION_KIND_CATEGORY:
		return check_categories(d, condition, at);
	case MTR__CONDITION_KIND__CONDITION_KIND_UNSPECIFIED:
	case MTR__CONDITION_KIND__CONDITION_KIND_THEORY_EQUIVALENCE:
	case MTR__CONDITION_KIND__CONDITION_KIND_NO_DISCIPLINE:
	case MTR__CONDITION_KIND__CONDITION_KIND_DOCUMENTS:
	case MTR__CONDITION_KIND__CONDITION_KIND_AUDIENCE:
	case MTR__CONDITION_KIND__CONDITION_KIND_NOT_TITLE:
	case _MTR__CONDITION_KIND_IS_INT_SIZE:
		break;
	}
	return true;
}

static bool has_title_values(const Mtr__PutProgramme *body, size_t condition)
{
	for (size_t i = 0; i < body->n_title_values; i++)
		if (body->title_values[i]->condition == condition && body->title_values[i]->n_value_codes)
			return true;
	return false;
}

bool mtr_check_put_programme(decision *d, const void *message, place at)
{
	const Mtr__PutProgramme *body = message;
	const Mtr__Programme *programme = body->programme;

	for (size_t i = 0; i < body->n_title_values; i++) {
		uint32_t condition = body->title_values[i]->condition;

		if (condition >= programme->n_conditions)
			return refuse(d, at, item(d, "title_values", i, ".condition"),
				      MTR__ERROR_CODE__ERROR_CODE_FIELD_RANGE);
		for (size_t j = 0; j < i; j++)
			if (body->title_values[j]->condition == condition)
				return refuse(d, at, item(d, "title_values", i, ".condition"),
					      MTR__ERROR_CODE__ERROR_CODE_FIELD_VALUE);
	}
	for (size_t i = 0; i < programme->n_conditions; i++) {
		Mtr__ConditionKind kind = programme->conditions[i]->kind;

		if ((kind == MTR__CONDITION_KIND__CONDITION_KIND_AUDIENCE ||
		     kind == MTR__CONDITION_KIND__CONDITION_KIND_NOT_TITLE) &&
		    !has_title_values(body, i))
			return missing(d, at, item(d, "programme.conditions", i, ".values"));
	}
	return true;
}

bool mtr_check_person_reference(decision *d, const void *message, place at)
{
	const Mtr__PersonReference *reference = message;

	if (!reference->citizen_number[0] && !reference->person_id) {
		if (!reference->full_name[0])
			return missing(d, at, "full_name");
		if (!reference->birth)
			return missing(d, at, "birth");
	}
	return citizen_agrees(d, reference->citizen_number, reference->sex, reference->birth, at);
}

/* None twice; `id_at` finds the i-th id in whatever kind of list. */
static bool none_twice(decision *d, place at, const void *list, size_t count,
		       uint64_t (*id_at)(const void *list, size_t index), const char *name, const char *field)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (id_at(list, i) == id_at(list, j))
				return refuse(d, at, item(d, name, i, field), MTR__ERROR_CODE__ERROR_CODE_FIELD_VALUE);
	return true;
}

static uint64_t plain_id(const void *list, size_t index)
{
	return ((const uint64_t *)list)[index];
}

static uint64_t attendance_id(const void *list, size_t index)
{
	return ((const Mtr__Enrol *)list)->attendances[index]->nomination_id;
}

static uint64_t result_id(const void *list, size_t index)
{
	return ((const Mtr__CloseClass *)list)->results[index]->nomination_id;
}

static bool in_neither(decision *d, const Mtr__Decide *body, place at)
{
	for (size_t i = 0; i < body->n_refused_ids; i++)
		for (size_t j = 0; j < body->n_approved_ids; j++)
			if (body->refused_ids[i] == body->approved_ids[j])
				return refuse(d, at, item(d, "refused_ids", i, ""),
					      MTR__ERROR_CODE__ERROR_CODE_FIELD_VALUE);
	return true;
}

bool mtr_check_decide(decision *d, const void *message, place at)
{
	const Mtr__Decide *body = message;
	size_t count = body->n_approved_ids + body->n_refused_ids;

	if (!not_future(d, at, "date", body->date))
		return false;
	if (count == 0)
		return refuse(d, at, "approved_ids", MTR__ERROR_CODE__ERROR_CODE_FIELD_VALUE);
	if (count > MTR_ITEMS_MAX)
		return mtr_refuse_at(d, at, "approved_ids", MTR__ERROR_CODE__ERROR_CODE_TOO_MANY_ITEMS,
				     (struct mtr_fault){.number = MTR_ITEMS_MAX});
	return none_twice(d, at, body->approved_ids, body->n_approved_ids, plain_id, "approved_ids", "") &&
	       none_twice(d, at, body->refused_ids, body->n_refused_ids, plain_id, "refused_ids", "") &&
	       in_neither(d, body, at);
}

bool mtr_check_open_class(decision *d, const void *message, place at)
{
	const Mtr__OpenClass *body = message;

	return !body->closes_on || body->closes_on >= body->opens_on ||
	       out_of_range(d, at, "closes_on", body->closes_on, body->opens_on);
}

bool mtr_check_summon(decision *d, const void *message, place at)
{
	const Mtr__Summon *body = message;

	return none_twice(d, at, body->nomination_ids, body->n_nomination_ids, plain_id, "nomination_ids", "");
}

bool mtr_check_enrol(decision *d, const void *message, place at)
{
	const Mtr__Enrol *body = message;

	return none_twice(d, at, body, body->n_attendances, attendance_id, "attendances", ".nomination_id");
}

static bool is_result(Mtr__State state)
{
	return state == MTR__STATE__STATE_COMPLETED || state == MTR__STATE__STATE_FAILED ||
	       state == MTR__STATE__STATE_LEFT || state == MTR__STATE__STATE_DEFERRED;
}

bool mtr_check_close_class(decision *d, const void *message, place at)
{
	const Mtr__CloseClass *body = message;

	if (body->n_results == 0 && !body->close)
		return missing(d, at, "results");
	for (size_t i = 0; i < body->n_results; i++)
		if (!is_result(body->results[i]->state))
			return refuse(d, at, item(d, "results", i, ".state"), MTR__ERROR_CODE__ERROR_CODE_FIELD_VALUE);
	return none_twice(d, at, body, body->n_results, result_id, "results", ".nomination_id");
}

bool mtr_check_close_outbox(decision *d, const void *message, place at)
{
	const Mtr__CloseOutbox *body = message;

	return body->lost_to >= body->lost_from || out_of_range(d, at, "lost_to", body->lost_to, body->lost_from);
}
