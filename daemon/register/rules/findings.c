#include "register/rules/findings.h"

#include "contract/date.h"

#include <string.h>

/* The field of Person a condition looks at. */
static const char *field_of(Mtr__ConditionKind kind)
{
	static const char *const fields[] = {
		[MTR__CONDITION_KIND__CONDITION_KIND_AGE] = "birth",
		[MTR__CONDITION_KIND__CONDITION_KIND_PARTY_MEMBERSHIP] = "party",
		[MTR__CONDITION_KIND__CONDITION_KIND_DEGREE] = "degree",
		[MTR__CONDITION_KIND__CONDITION_KIND_STANDARD] = "attained",
		[MTR__CONDITION_KIND__CONDITION_KIND_THEORY_EQUIVALENCE] = "theory_equivalence",
		[MTR__CONDITION_KIND__CONDITION_KIND_CATEGORY] = "category",
		[MTR__CONDITION_KIND__CONDITION_KIND_SERVICE_YEARS] = "service_since",
		[MTR__CONDITION_KIND__CONDITION_KIND_NO_DISCIPLINE] = "discipline_until",
		[MTR__CONDITION_KIND__CONDITION_KIND_RATING] = "ratings",
		[MTR__CONDITION_KIND__CONDITION_KIND_DOCUMENTS] = "documents_complete",
		[MTR__CONDITION_KIND__CONDITION_KIND_AUDIENCE] = "held",
		[MTR__CONDITION_KIND__CONDITION_KIND_NOT_TITLE] = "held",
	};

	return (size_t)kind < sizeof fields / sizeof *fields && fields[kind] ? fields[kind] : "";
}

/* A comma-separated list under construction; doubles its room, so that long lists stay cheap. */
struct list {
	struct mtr_arena *arena;
	char *text;
	size_t size, room;
};

static void append(struct list *list, const char *item)
{
	size_t length = strlen(item), needed = list->size + length + 2;

	if (needed > list->room) {
		size_t room = needed * 2;
		char *text = mtr_arena_alloc(list->arena, room);

		if (!text)
			return;
		if (list->size)
			memcpy(text, list->text, list->size);
		list->text = text;
		list->room = room;
	}
	if (list->size)
		list->text[list->size++] = ',';
	memcpy(list->text + list->size, item, length + 1);
	list->size += length;
}

static const char *text_of(const struct list *list)
{
	return list->text ? list->text : "";
}

static const char *standard_text(struct mtr_arena *arena, const Mtr__Standard *standard)
{
	return mtr_format(arena, "%s:%" PRIu32, mtr_enum_name(&mtr__scheme__descriptor, (int)standard->scheme),
			  standard->number);
}

/* What is held on the scheme asked for. */
static const char *attained_text(struct mtr_arena *arena, const Mtr__Person *person, Mtr__Scheme scheme)
{
	struct list list = {.arena = arena};

	for (size_t i = 0; i < person->n_attained; i++)
		if (person->attained[i]->scheme == scheme)
			append(&list, standard_text(arena, person->attained[i]));
	return text_of(&list);
}

static const char *categories_text(struct mtr_arena *arena, const Mtr__Condition *condition)
{
	struct list list = {.arena = arena};

	for (size_t i = 0; i < condition->n_values; i++)
		append(&list, mtr_enum_name(&mtr__category__descriptor, (int)condition->values[i]));
	return text_of(&list);
}

static const char *titles_text(struct mtr_view *view, const Mtr__Condition *condition)
{
	struct list list = {.arena = view->arena};

	for (size_t i = 0; i < condition->n_values; i++) {
		const Mtr__Title *title = mtr_view_title(view, condition->values[i]);

		if (title)
			append(&list, title->code);
	}
	return text_of(&list);
}

static const char *own_titles_text(struct mtr_arena *arena, const struct mtr_candidate *candidate)
{
	struct list list = {.arena = arena};

	for (size_t i = 0; i < candidate->person->n_held; i++)
		append(&list, candidate->held[i]->code);
	for (size_t i = 0; i < candidate->person->n_planned; i++)
		if (mtr_candidate_plan_counts(candidate, i))
			append(&list, candidate->planned[i]->code);
	return text_of(&list);
}

static const char *held_of_text(struct mtr_arena *arena, const struct mtr_candidate *candidate,
				const Mtr__Condition *condition)
{
	struct list list = {.arena = arena};

	for (size_t i = 0; i < candidate->person->n_held; i++)
		for (size_t j = 0; j < condition->n_values; j++)
			if (condition->values[j] == candidate->held[i]->id) {
				append(&list, candidate->held[i]->code);
				break;
			}
	return text_of(&list);
}

static const char *rating_text(struct mtr_arena *arena, const struct mtr_candidate *candidate, uint32_t year)
{
	Mtr__Grade grade = mtr_candidate_grade(candidate, year);

	return mtr_format(arena, "%" PRIu32 ":%s", year,
			  grade ? mtr_enum_name(&mtr__grade__descriptor, (int)grade) : "");
}

static const char *range_text(struct mtr_arena *arena, int64_t minimum, int64_t maximum)
{
	return mtr_format(arena, "%s..%s", minimum ? mtr_format(arena, "%" PRId64, minimum) : "",
			  maximum ? mtr_format(arena, "%" PRId64, maximum) : "");
}

static const char *at_least_text(struct mtr_arena *arena, const ProtobufCEnumDescriptor *values, uint32_t minimum)
{
	return mtr_format(arena, "%s..", mtr_enum_name(values, (int)minimum));
}

static const char *boolean_text(bool value)
{
	return value ? "true" : "false";
}

static const char *service_text(struct mtr_arena *arena, const struct mtr_candidate *candidate)
{
	uint32_t years;

	return mtr_candidate_service_years(candidate, &years) ? mtr_format(arena, "%" PRIu32, years) : "";
}

static const char *discipline_text(struct mtr_arena *arena, const struct mtr_candidate *candidate)
{
	char text[MTR_DATE_TEXT];

	return mtr_format(arena, "%s", mtr_date_format_iso(candidate->person->discipline_until, text));
}

struct values {
	const char *found, *wanted;
};

static struct values age_values(struct mtr_arena *arena, const Mtr__Condition *condition,
				const struct mtr_candidate *candidate)
{
	struct mtr_age_bounds bounds = mtr_condition_age_bounds(condition, candidate);

	return (struct values){
		mtr_format(arena, "%" PRIu32, mtr_condition_age(condition, candidate)),
		range_text(arena, bounds.minimum, bounds.maximum),
	};
}

static struct values rating_values(struct mtr_arena *arena, const Mtr__Condition *condition,
				   const struct mtr_candidate *candidate)
{
	uint32_t year = mtr_date_year(candidate->day);

	return (struct values){
		mtr_format(arena, "%s,%s", rating_text(arena, candidate, year - 2),
			   rating_text(arena, candidate, year - 1)),
		at_least_text(arena, &mtr__grade__descriptor, condition->minimum),
	};
}

static struct values values_of(struct mtr_view *view, const Mtr__Condition *condition,
			       const struct mtr_candidate *candidate)
{
	const Mtr__Person *person = candidate->person;
	struct mtr_arena *arena = view->arena;

	switch (condition->kind) {
	case MTR__CONDITION_KIND__CONDITION_KIND_AGE:
		return age_values(arena, condition, candidate);
	case MTR__CONDITION_KIND__CONDITION_KIND_PARTY_MEMBERSHIP:
		return (struct values){mtr_enum_name(&mtr__party_membership__descriptor, (int)person->party),
				       at_least_text(arena, &mtr__party_membership__descriptor, condition->minimum)};
	case MTR__CONDITION_KIND__CONDITION_KIND_DEGREE:
		return (struct values){mtr_enum_name(&mtr__degree__descriptor, (int)person->degree),
				       at_least_text(arena, &mtr__degree__descriptor, condition->minimum)};
	case MTR__CONDITION_KIND__CONDITION_KIND_STANDARD:
		return (struct values){attained_text(arena, person, condition->standard->scheme),
				       standard_text(arena, condition->standard)};
	case MTR__CONDITION_KIND__CONDITION_KIND_THEORY_EQUIVALENCE:
		return (struct values){boolean_text(person->theory_equivalence), boolean_text(true)};
	case MTR__CONDITION_KIND__CONDITION_KIND_CATEGORY:
		return (struct values){mtr_enum_name(&mtr__category__descriptor, (int)person->category),
				       categories_text(arena, condition)};
	case MTR__CONDITION_KIND__CONDITION_KIND_SERVICE_YEARS:
		return (struct values){service_text(arena, candidate), range_text(arena, condition->minimum, 0)};
	case MTR__CONDITION_KIND__CONDITION_KIND_NO_DISCIPLINE:
		return (struct values){discipline_text(arena, candidate), ""};
	case MTR__CONDITION_KIND__CONDITION_KIND_RATING:
		return rating_values(arena, condition, candidate);
	case MTR__CONDITION_KIND__CONDITION_KIND_DOCUMENTS:
		return (struct values){boolean_text(person->documents_complete), boolean_text(true)};
	case MTR__CONDITION_KIND__CONDITION_KIND_AUDIENCE:
		return (struct values){own_titles_text(arena, candidate), titles_text(view, condition)};
	case MTR__CONDITION_KIND__CONDITION_KIND_NOT_TITLE:
		return (struct values){held_of_text(arena, candidate, condition), titles_text(view, condition)};
	case MTR__CONDITION_KIND__CONDITION_KIND_UNSPECIFIED:
	case _MTR__CONDITION_KIND_IS_INT_SIZE:
		break;
	}
	return (struct values){"", ""};
}

static Mtr__Finding *finding(struct mtr_view *view, const Mtr__Condition *condition,
			     const struct mtr_candidate *candidate)
{
	struct values values = values_of(view, condition, candidate);
	Mtr__Finding *found = mtr_message_new(view->arena, &mtr__finding__descriptor);

	if (!found)
		return NULL;
	found->condition = condition->kind;
	found->field = mtr_arena_text(view->arena, field_of(condition->kind));
	found->found = mtr_arena_text(view->arena, values.found);
	found->wanted = mtr_arena_text(view->arena, values.wanted);
	found->instrument = condition->instrument;
	return mtr_view_good(view) ? found : NULL;
}

bool mtr_require_eligible(struct mtr_decision *decision, const Mtr__Programme *programme,
			  const struct mtr_candidate *candidate)
{
	Mtr__Finding *findings[MTR_CONDITIONS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < programme->n_conditions && count < MTR_CONDITIONS_MAX; i++) {
		const Mtr__Condition *condition = programme->conditions[i];

		if (!mtr_condition_applies(condition, candidate) || mtr_condition_holds(condition, candidate))
			continue;
		findings[count] = finding(&decision->view, condition, candidate);
		if (!findings[count++])
			return false;
	}
	if (count == 0)
		return true;
	mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_NOT_ELIGIBLE, "person");
	if (decision->error) {
		decision->error->findings = mtr_arena_copy(decision->view.arena, findings, count * sizeof *findings);
		decision->error->n_findings = decision->error->findings ? count : 0;
	}
	return false;
}
