#include "register/rules/priority.h"

#include "register/rules/standards.h"

/* What the title demands, the candidate lacks and the programme supplies; NULL for nothing. */
static const Mtr__Standard *lacking(const Mtr__Programme *programme, const Mtr__Person *person, const Mtr__Title *title)
{
	for (size_t i = 0; i < title->n_standards; i++) {
		const Mtr__Standard *standard = title->standards[i];

		if (mtr_standard_covered(programme->supplies, programme->n_supplies, standard) &&
		    !mtr_standard_covered(person->attained, person->n_attained, standard))
			return standard;
	}
	return NULL;
}

static Mtr__Basis *add(struct mtr_arena *arena, struct mtr_priority *priority, Mtr__PriorityGroup group,
		       const Mtr__Title *title)
{
	Mtr__Basis *basis = mtr_arena_alloc(arena, sizeof *basis);

	if (!basis)
		return NULL;
	mtr__basis__init(basis);
	basis->group = group;
	basis->title_id = title->id;
	basis->title_code = title->code;
	basis->title_name = title->name;
	if (group < priority->group)
		priority->group = group;
	priority->bases[priority->basis_count++] = basis;
	return basis;
}

static bool add_incumbent(struct mtr_arena *arena, struct mtr_priority *priority, const Mtr__Title *title,
			  const Mtr__Standard *standard)
{
	Mtr__Basis *basis = add(arena, priority, MTR__PRIORITY_GROUP__PRIORITY_GROUP_INCUMBENT, title);

	if (!basis)
		return false;
	basis->lacking = mtr_arena_copy(arena, standard, sizeof *standard);
	return basis->lacking != NULL;
}

static bool add_planned(struct mtr_arena *arena, struct mtr_priority *priority, const Mtr__Title *title,
			uint32_t ranks_below, const Mtr__PlannedTitle *planned)
{
	Mtr__Basis *basis = add(arena, priority,
				ranks_below == 1 ? MTR__PRIORITY_GROUP__PRIORITY_GROUP_SUCCESSOR
						 : MTR__PRIORITY_GROUP__PRIORITY_GROUP_RESERVE,
				title);

	if (!basis)
		return false;
	basis->ranks_below = ranks_below;
	basis->term_from = planned->term_from;
	basis->term_to = planned->term_to;
	return true;
}

bool mtr_priority_of(struct mtr_arena *arena, const Mtr__Programme *programme, const struct mtr_candidate *candidate,
		     struct mtr_priority *ret_priority)
{
	const Mtr__Person *person = candidate->person;
	uint32_t rank = mtr_candidate_rank(candidate);
	struct mtr_priority priority = {.group = MTR__PRIORITY_GROUP__PRIORITY_GROUP_AUDIENCE};

	priority.bases = mtr_arena_array(arena, person->n_held + person->n_planned, sizeof(Mtr__Basis *));
	if (!priority.bases)
		return false;
	for (size_t i = 0; i < person->n_held; i++) {
		const Mtr__Standard *standard = lacking(programme, person, candidate->held[i]);

		if (standard && !add_incumbent(arena, &priority, candidate->held[i], standard))
			return false;
	}
	for (size_t i = 0; i < person->n_planned; i++) {
		const Mtr__Title *title = candidate->planned[i];

		if (mtr_candidate_plan_counts(candidate, i) && title->rank > rank &&
		    !add_planned(arena, &priority, title, title->rank - rank, person->planned[i]))
			return false;
	}
	*ret_priority = priority;
	return true;
}

static uint32_t or_last(uint32_t date)
{
	return date ? date : UINT32_MAX;
}

static uint32_t latest_grade(const Mtr__Person *person)
{
	const Mtr__Rating *latest = NULL;

	for (size_t i = 0; i < person->n_ratings; i++)
		if (!latest || person->ratings[i]->year > latest->year)
			latest = person->ratings[i];
	return latest ? (uint32_t)latest->grade : 0;
}

static uint32_t tie_break(Mtr__TieBreak kind, const struct mtr_candidate *candidate)
{
	const Mtr__Person *person = candidate->person;

	switch (kind) {
	case MTR__TIE_BREAK__TIE_BREAK_OLDER:
		return or_last(person->birth);
	case MTR__TIE_BREAK__TIE_BREAK_LONGER_SERVICE:
		return or_last(person->service_since);
	case MTR__TIE_BREAK__TIE_BREAK_PARTY_SENIORITY:
		return or_last(person->party_since);
	case MTR__TIE_BREAK__TIE_BREAK_BETTER_RATING:
		return UINT32_MAX - latest_grade(person);
	case MTR__TIE_BREAK__TIE_BREAK_HIGHER_TITLE:
		return UINT32_MAX - mtr_candidate_rank(candidate);
	case MTR__TIE_BREAK__TIE_BREAK_WOMEN:
		return person->sex == MTR__SEX__SEX_FEMALE ? 0 : 1;
	case MTR__TIE_BREAK__TIE_BREAK_UNSPECIFIED:
	case _MTR__TIE_BREAK_IS_INT_SIZE:
		break;
	}
	return 0;
}

static uint8_t *put_u32(uint8_t *at, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		*at++ = (uint8_t)(value >> shift);
	return at;
}

void mtr_rank_key(const Mtr__Programme *programme, const struct mtr_candidate *candidate, Mtr__PriorityGroup group,
		  uint32_t unit_order, uint64_t nomination_id, uint8_t ret_key[MTR_RANK_KEY_BYTES])
{
	uint8_t *at = ret_key;

	*at++ = (uint8_t)group;
	for (size_t i = 0; i < MTR_TIE_BREAKS_MAX; i++)
		at = put_u32(at, i < programme->n_tie_breaks ? tie_break(programme->tie_breaks[i], candidate) : 0);
	at = put_u32(at, or_last(unit_order));
	at = put_u32(at, (uint32_t)(nomination_id >> 32));
	put_u32(at, (uint32_t)nomination_id);
}
