#include "model_internal.h"

#include <stdlib.h>

static uint32_t year_of(uint32_t date)
{
	return date / 10000;
}

bool covers(const Mtr__Standard *held, const Mtr__Standard *asked)
{
	bool cumulative = asked->scheme == MTR__SCHEME__SCHEME_THEORY ||
			  asked->scheme == MTR__SCHEME__SCHEME_STATE_MANAGEMENT ||
			  asked->scheme == MTR__SCHEME__SCHEME_ENGLISH || asked->scheme == MTR__SCHEME__SCHEME_IT;

	return held->scheme == asked->scheme &&
	       (held->number == asked->number || (cumulative && held->number > asked->number));
}

static bool any_covers(Mtr__Standard **held, size_t count, const Mtr__Standard *asked)
{
	for (size_t i = 0; i < count; i++)
		if (covers(held[i], asked))
			return true;
	return false;
}

bool person_has(const Mtr__Person *person, const Mtr__Standard *asked)
{
	return any_covers(person->attained, person->n_attained, asked);
}

static uint32_t highest_rank(const struct model *m, const Mtr__Person *person)
{
	uint32_t highest = 0;

	for (size_t i = 0; i < person->n_held; i++)
		if (m->titles[person->held[i]->title_id]->rank > highest)
			highest = m->titles[person->held[i]->title_id]->rank;
	return highest;
}

static void add_basis(struct model *m, Mtr__Nomination *nomination, const Mtr__Basis *basis)
{
	Mtr__Title *title = m->titles[basis->title_id];
	Mtr__Basis *copy = keep(m, &basis->base);

	copy->title_code = title->code;
	copy->title_name = title->name;
	nomination->bases[nomination->n_bases++] = copy;
	if (copy->group < nomination->group)
		nomination->group = copy->group;
}

static void incumbent_bases(struct model *m, const Mtr__Person *person, const Mtr__Programme *programme,
			    Mtr__Nomination *nomination)
{
	for (size_t i = 0; i < person->n_held; i++) {
		const Mtr__Title *title = m->titles[person->held[i]->title_id];

		for (size_t j = 0; j < title->n_standards; j++) {
			Mtr__Basis basis = MTR__BASIS__INIT;

			if (!any_covers(programme->supplies, programme->n_supplies, title->standards[j]) ||
			    person_has(person, title->standards[j]))
				continue;
			basis.group = MTR__PRIORITY_GROUP__PRIORITY_GROUP_INCUMBENT;
			basis.title_id = title->id;
			basis.lacking = title->standards[j];
			add_basis(m, nomination, &basis);
			break; /* one basis a title */
		}
	}
}

static void planned_bases(struct model *m, const Mtr__Person *person, Mtr__Nomination *nomination)
{
	uint32_t highest = highest_rank(m, person);

	for (size_t i = 0; i < person->n_planned; i++) {
		const Mtr__PlannedTitle *planned = person->planned[i];
		const Mtr__Title *title = m->titles[planned->title_id];
		Mtr__Basis basis = MTR__BASIS__INIT;

		if (planned->term_to < year_of(m->today) || title->rank <= highest)
			continue;
		basis.ranks_below = title->rank - highest;
		basis.group = basis.ranks_below == 1 ? MTR__PRIORITY_GROUP__PRIORITY_GROUP_SUCCESSOR
						     : MTR__PRIORITY_GROUP__PRIORITY_GROUP_RESERVE;
		basis.title_id = title->id;
		basis.term_from = planned->term_from;
		basis.term_to = planned->term_to;
		add_basis(m, nomination, &basis);
	}
}

void work_out_priority(struct model *m, const Mtr__Person *person, const Mtr__Programme *programme,
		       Mtr__Nomination *nomination)
{
	nomination->group = MTR__PRIORITY_GROUP__PRIORITY_GROUP_AUDIENCE;
	nomination->bases = mtr_arena_array(m->arena, 256, sizeof *nomination->bases);
	incumbent_bases(m, person, programme, nomination);
	planned_bases(m, person, nomination);
}

static uint32_t depth(const struct model *m, uint32_t unit_id)
{
	uint32_t steps = 0;

	for (; m->units[unit_id]->parent_id; unit_id = m->units[unit_id]->parent_id)
		steps++;
	return steps;
}

static uint32_t nearest_managing(const struct model *m, uint32_t unit_id)
{
	for (unit_id = living(m, unit_id); m->units[unit_id]->parent_id; unit_id = m->units[unit_id]->parent_id)
		if (m->units[unit_id]->manages_people)
			return unit_id;
	return unit_id;
}

uint32_t managing_body(struct model *m, const Mtr__Person *person)
{
	uint32_t best = person->n_held ? 0 : nearest_managing(m, person->unit_id);

	for (size_t i = 0; i < person->n_held; i++) {
		uint32_t named = m->titles[person->held[i]->title_id]->managing_unit_id;
		uint32_t body = named ? living(m, named) : nearest_managing(m, person->held[i]->unit_id);

		if (!best || depth(m, body) < depth(m, best) || (depth(m, body) == depth(m, best) && body < best))
			best = body;
	}
	return best;
}

static bool holds(const Mtr__Person *person, uint32_t title_id)
{
	for (size_t i = 0; i < person->n_held; i++)
		if (person->held[i]->title_id == title_id)
			return true;
	return false;
}

static bool is_planned(const struct model *m, const Mtr__Person *person, uint32_t title_id)
{
	for (size_t i = 0; i < person->n_planned; i++)
		if (person->planned[i]->title_id == title_id && person->planned[i]->term_to >= year_of(m->today))
			return true;
	return false;
}

static uint32_t whole_years(uint32_t from, uint32_t to)
{
	uint32_t years = year_of(to) > year_of(from) ? year_of(to) - year_of(from) : 0;

	return years && from % 10000 > to % 10000 ? years - 1 : years;
}

static bool age_holds(const struct model *m, const Mtr__Person *person, const Mtr__Condition *c)
{
	int64_t least = c->minimum, most = c->maximum, age;

	for (size_t i = 0; i < c->n_offset_title_ids; i++) {
		if (holds(person, c->offset_title_ids[i])) {
			least += c->minimum_offset;
			most += c->maximum_offset;
			break;
		}
	}
	if (person->birth == 0)
		return false;
	if (c->age_at_date)
		age = whole_years(person->birth, c->age_date ? c->age_date : m->today);
	else
		age = (int64_t)year_of(m->today) - year_of(person->birth);
	return (c->minimum == 0 || age >= least) && (c->maximum == 0 || age <= most);
}

static bool ratings_hold(const struct model *m, const Mtr__Person *person, const Mtr__Condition *c)
{
	for (uint32_t back = 1; back <= 2; back++) {
		bool good = false;

		for (size_t i = 0; i < person->n_ratings; i++)
			if (person->ratings[i]->year == year_of(m->today) - back &&
			    person->ratings[i]->grade >= c->minimum)
				good = true;
		if (!good)
			return false;
	}
	return true;
}

static bool any_title(const struct model *m, const Mtr__Person *person, const Mtr__Condition *c, bool planned_too)
{
	for (size_t i = 0; i < c->n_values; i++)
		if (holds(person, c->values[i]) || (planned_too && is_planned(m, person, c->values[i])))
			return true;
	return false;
}

static bool category_holds(const Mtr__Person *person, const Mtr__Condition *c)
{
	for (size_t i = 0; i < c->n_values; i++)
		if (c->values[i] == person->category)
			return true;
	return false;
}

static bool condition_holds(const struct model *m, const Mtr__Person *person, const Mtr__Condition *c)
{
	switch (c->kind) {
	case MTR__CONDITION_KIND__CONDITION_KIND_AGE:
		return age_holds(m, person, c);
	case MTR__CONDITION_KIND__CONDITION_KIND_PARTY_MEMBERSHIP:
		return person->party >= c->minimum;
	case MTR__CONDITION_KIND__CONDITION_KIND_DEGREE:
		return person->degree >= c->minimum;
	case MTR__CONDITION_KIND__CONDITION_KIND_STANDARD:
		return person_has(person, c->standard);
	case MTR__CONDITION_KIND__CONDITION_KIND_THEORY_EQUIVALENCE:
		return person->theory_equivalence;
	case MTR__CONDITION_KIND__CONDITION_KIND_CATEGORY:
		return category_holds(person, c);
	case MTR__CONDITION_KIND__CONDITION_KIND_SERVICE_YEARS:
		return person->service_since && whole_years(person->service_since, m->today) >= c->minimum;
	case MTR__CONDITION_KIND__CONDITION_KIND_NO_DISCIPLINE:
		return person->discipline_until < m->today;
	case MTR__CONDITION_KIND__CONDITION_KIND_RATING:
		return ratings_hold(m, person, c);
	case MTR__CONDITION_KIND__CONDITION_KIND_DOCUMENTS:
		return person->documents_complete;
	case MTR__CONDITION_KIND__CONDITION_KIND_AUDIENCE:
		return any_title(m, person, c, true);
	case MTR__CONDITION_KIND__CONDITION_KIND_NOT_TITLE:
		return !any_title(m, person, c, false);
	case MTR__CONDITION_KIND__CONDITION_KIND_UNSPECIFIED:
	case _MTR__CONDITION_KIND_IS_INT_SIZE:
	default:
		return false;
	}
}

size_t failed_conditions(struct model *m, const Mtr__Person *person, const Mtr__Programme *programme,
			 Mtr__ConditionKind *ret_kinds)
{
	size_t count = 0;

	for (size_t i = 0; i < programme->n_conditions; i++) {
		const Mtr__Condition *c = programme->conditions[i];

		if ((c->valid_from && m->today < c->valid_from) || (c->valid_until && m->today > c->valid_until) ||
		    (c->sex != MTR__SEX__SEX_UNSPECIFIED && c->sex != person->sex))
			continue;
		if (!condition_holds(m, person, c))
			ret_kinds[count++] = c->kind;
	}
	return count;
}

static uint64_t tie_value(const struct model *m, const Mtr__Person *person, Mtr__TieBreak tie)
{
	uint32_t latest = 0, grade = 0;

	switch (tie) {
	case MTR__TIE_BREAK__TIE_BREAK_OLDER:
		return person->birth ? person->birth : UINT32_MAX;
	case MTR__TIE_BREAK__TIE_BREAK_LONGER_SERVICE:
		return person->service_since ? person->service_since : UINT32_MAX;
	case MTR__TIE_BREAK__TIE_BREAK_PARTY_SENIORITY:
		return person->party_since ? person->party_since : UINT32_MAX;
	case MTR__TIE_BREAK__TIE_BREAK_BETTER_RATING:
		for (size_t i = 0; i < person->n_ratings; i++) {
			if (person->ratings[i]->year > latest) {
				latest = person->ratings[i]->year;
				grade = person->ratings[i]->grade;
			}
		}
		return UINT32_MAX - grade;
	case MTR__TIE_BREAK__TIE_BREAK_HIGHER_TITLE:
		return UINT32_MAX - highest_rank(m, person);
	case MTR__TIE_BREAK__TIE_BREAK_WOMEN:
		return person->sex == MTR__SEX__SEX_FEMALE ? 0 : 1;
	case MTR__TIE_BREAK__TIE_BREAK_UNSPECIFIED:
	case _MTR__TIE_BREAK_IS_INT_SIZE:
	default:
		return 0;
	}
}

struct rank rank_of(struct model *m, const Mtr__Nomination *nomination)
{
	const Mtr__Programme *programme = m->programmes[nomination->programme_id];
	struct rank rank = {{nomination->group}};

	for (size_t i = 0; i < programme->n_tie_breaks; i++)
		rank.parts[1 + i] = tie_value(m, nomination->particulars, programme->tie_breaks[i]);
	rank.parts[5] = nomination->unit_order ? nomination->unit_order : UINT32_MAX;
	rank.parts[6] = nomination->id;
	return rank;
}
