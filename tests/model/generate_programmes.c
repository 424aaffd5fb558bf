/* Programmes with their quotas, windows and conditions. */
#include "generate_internal.h"

#define DAY (24u * 3600u * 1000u)

static Mtr__Standard *some_standard(struct generator *g)
{
	static const struct {
		Mtr__Scheme scheme;
		uint32_t least, most;
	} pool[] = {
		{MTR__SCHEME__SCHEME_THEORY, 1, 3},       {MTR__SCHEME__SCHEME_STATE_MANAGEMENT, 2, 4},
		{MTR__SCHEME__SCHEME_ENGLISH, 1, 3},      {MTR__SCHEME__SCHEME_REFRESHER_TIER, 3, 4},
		{MTR__SCHEME__SCHEME_TITLE_COURSE, 7, 7},
	};
	size_t i = below(g, sizeof pool / sizeof *pool);
	Mtr__Standard *standard = NEW(g, standard);

	standard->scheme = pool[i].scheme;
	standard->number = between(g, pool[i].least, pool[i].most);
	return standard;
}

Mtr__Standard **some_standards(struct generator *g, size_t count)
{
	Mtr__Standard **standards = mtr_arena_array(g->arena, count, sizeof *standards);

	for (size_t i = 0; i < count; i++)
		standards[i] = some_standard(g);
	return standards;
}

static Mtr__Window *some_window(struct generator *g)
{
	Mtr__Window *window = NEW(g, window);

	if (chance(g, 25))
		window->opens = g->now - 5 * DAY + (uint64_t)below(g, 15) * DAY;
	if (chance(g, 60))
		window->closes = g->now + (uint64_t)between(g, 0, 20) * DAY;
	if (window->closes && window->closes < window->opens)
		window->closes = window->opens + DAY;
	return window;
}

static void set_bounds(struct generator *g, Mtr__Condition *condition)
{
	switch (condition->kind) {
	case MTR__CONDITION_KIND__CONDITION_KIND_AGE:
		condition->minimum = chance(g, 50) ? between(g, 25, 35) : 0;
		condition->maximum = condition->minimum && chance(g, 30) ? 0 : between(g, 45, 60);
		condition->minimum_offset = chance(g, 30) ? -5 : 0;
		condition->maximum_offset = chance(g, 30) ? (int32_t)below(g, 11) - 5 : 0;
		condition->age_at_date = chance(g, 40);
		condition->age_date = condition->age_at_date && chance(g, 50) ? 20250901 : 0;
		return;
	case MTR__CONDITION_KIND__CONDITION_KIND_STANDARD:
		condition->standard = some_standard(g);
		condition->standard->number = condition->standard->scheme == MTR__SCHEME__SCHEME_THEORY ? 1 : 2;
		return;
	case MTR__CONDITION_KIND__CONDITION_KIND_CATEGORY:
		condition->n_values = 4;
		condition->values = mtr_arena_array(g->arena, 4, sizeof *condition->values);
		for (uint32_t i = 0; i < 4; i++)
			condition->values[i] = i + 1 + below(g, 3);
		return;
	case MTR__CONDITION_KIND__CONDITION_KIND_PARTY_MEMBERSHIP:
	case MTR__CONDITION_KIND__CONDITION_KIND_DEGREE:
	case MTR__CONDITION_KIND__CONDITION_KIND_RATING:
		condition->minimum = between(g, 1, 2);
		return;
	case MTR__CONDITION_KIND__CONDITION_KIND_SERVICE_YEARS:
		condition->minimum = between(g, 1, 5);
		return;
	case MTR__CONDITION_KIND__CONDITION_KIND_UNSPECIFIED:
	case MTR__CONDITION_KIND__CONDITION_KIND_THEORY_EQUIVALENCE:
	case MTR__CONDITION_KIND__CONDITION_KIND_NO_DISCIPLINE:
	case MTR__CONDITION_KIND__CONDITION_KIND_DOCUMENTS:
	case MTR__CONDITION_KIND__CONDITION_KIND_AUDIENCE:
	case MTR__CONDITION_KIND__CONDITION_KIND_NOT_TITLE:
	case _MTR__CONDITION_KIND_IS_INT_SIZE:
	default:
		return;
	}
}

static Mtr__Condition *some_condition(struct generator *g)
{
	Mtr__Condition *condition = NEW(g, condition);

	condition->kind = (Mtr__ConditionKind)between(g, 1, 12);
	condition->instrument = document(g, 50);
	if (chance(g, 15))
		condition->valid_from = 20250310;
	if (chance(g, 15))
		condition->valid_until = 20250320;
	if (chance(g, 20))
		condition->sex = (Mtr__Sex)between(g, 1, 2);
	set_bounds(g, condition);
	return condition;
}

static char **title_codes(struct generator *g, size_t count)
{
	char **codes = mtr_arena_array(g->arena, count, sizeof *codes);

	for (size_t i = 0; i < count; i++)
		codes[i] = spoil(g, 2) ? text(g, "KHONG-CO")
				       : text(g, g->m->titles[1 + below(g, g->m->title_count)]->code);
	return codes;
}

static void add_conditions(struct generator *g, Mtr__PutProgramme *body, size_t count)
{
	Mtr__Programme *p = body->programme;

	p->conditions = mtr_arena_array(g->arena, count, sizeof *p->conditions);
	body->title_values = mtr_arena_array(g->arena, count, sizeof *body->title_values);
	for (size_t i = 0; i < count; i++) {
		Mtr__Condition *condition = some_condition(g);
		bool names_titles = condition->kind == MTR__CONDITION_KIND__CONDITION_KIND_AUDIENCE ||
				    condition->kind == MTR__CONDITION_KIND__CONDITION_KIND_NOT_TITLE;
		Mtr__PutProgramme__PutCondition *titles = NEW(g, put_programme__put_condition);

		titles->condition = (uint32_t)i;
		p->conditions[p->n_conditions++] = condition;
		if (names_titles) {
			titles->n_value_codes = condition->kind == MTR__CONDITION_KIND__CONDITION_KIND_AUDIENCE ? 6 : 1;
			titles->value_codes = title_codes(g, titles->n_value_codes);
		}
		if (condition->minimum_offset || condition->maximum_offset) {
			titles->n_offset_codes = 2;
			titles->offset_codes = title_codes(g, 2);
		}
		if (titles->n_value_codes || titles->n_offset_codes)
			body->title_values[body->n_title_values++] = titles;
	}
}

static void describe_programme(struct generator *g, Mtr__PutProgramme *body)
{
	Mtr__Programme *p = body->programme;

	p->name = format(g, "Chương trình %s", p->code);
	p->kind = (Mtr__ProgrammeKind)between(g, 1, 2);
	p->bloc = (Mtr__Bloc)between(g, 1, 2);
	p->mode = (Mtr__Mode)below(g, 3);
	p->needs_acceptance = chance(g, 35);
	p->n_supplies = between(g, 1, 2);
	p->supplies = some_standards(g, p->n_supplies);
	p->n_tie_breaks = below(g, 5);
	p->tie_breaks = mtr_arena_array(g->arena, 4, sizeof *p->tie_breaks);
	for (size_t i = 0; i < p->n_tie_breaks; i++)
		p->tie_breaks[i] = (Mtr__TieBreak)between(g, 1, 6);
	add_conditions(g, body, chance(g, 30) ? 0 : between(g, 1, 3));
}

static void set_quota(struct generator *g, Mtr__Programme *p, uint32_t programme_id)
{
	static const Mtr__QuotaRule rules[] = {MTR__QUOTA_RULE__QUOTA_RULE_FIXED, MTR__QUOTA_RULE__QUOTA_RULE_EXPECTED,
					       MTR__QUOTA_RULE__QUOTA_RULE_ABOUT, MTR__QUOTA_RULE__QUOTA_RULE_OPEN};
	uint32_t sum = programme_id ? model_programme_sum(g->m, programme_id) : 25;

	p->quota = NEW(g, quota);
	p->quota->rule = rules[below(g, 4)];
	p->quota->in_force = sum + below(g, 30);
	if (chance(g, 12) && sum > 0)
		p->quota->in_force = sum - 1;
}

static char **unit_codes(struct generator *g, const char *first, const char *second, size_t *ret_count)
{
	char **codes = mtr_arena_array(g->arena, 2, sizeof *codes);

	codes[(*ret_count)++] = text(g, first);
	if (second)
		codes[(*ret_count)++] = text(g, second);
	return codes;
}

bool make_programme_of(struct generator *g, struct operation *op, uint32_t organiser_id, uint32_t programme_id)
{
	Mtr__PutProgramme *body = NEW(g, put_programme);
	const char *lead;

	if (!organiser_id)
		return false;
	lead = g->m->units[g->m->principals[organiser_id]->unit_id]->code;
	if (programme_id) {
		body->programme = copy(g, &g->m->programmes[programme_id]->base);
		/* Titles of conditions come by their codes, which this change leaves out with the conditions. */
		body->programme->n_conditions = 0;
		if (chance(g, 60))
			add_conditions(g, body, between(g, 0, 2));
	} else {
		body->programme = NEW(g, programme);
		body->programme->code = format(g, "CT-%u", g->next_number++);
		describe_programme(g, body);
	}
	set_quota(g, body->programme, programme_id);
	body->programme->nomination_window = chance(g, 80) ? some_window(g) : NULL;
	body->programme->demand_window = chance(g, 60) ? some_window(g) : NULL;
	body->plan_code = spoil(g, 2) ? text(g, "KHONG-CO") : text(g, g->m->plans[1]->code);
	body->organising_unit_codes =
		unit_codes(g, spoil(g, 2) ? "HV" : lead, chance(g, 30) ? "BTC" : NULL, &body->n_organising_unit_codes);
	body->provider_unit_codes =
		unit_codes(g, chance(g, 50) ? "TCT" : "HV", chance(g, 40) ? "TCT" : NULL, &body->n_provider_unit_codes);
	return finish(g, op, organiser_id, MTR__COMMAND__BODY_PUT_PROGRAMME, body);
}

bool make_put_programme(struct generator *g, struct operation *op)
{
	bool fresh = chance(g, 25) && g->m->programme_count < 12;
	uint32_t programme = fresh ? 0 : pick_programme(g);
	uint32_t organiser = fresh ? pick_principal(g, MTR__ROLE__ROLE_ORGANISER) : organiser_of(g, programme);

	return make_programme_of(g, op, organiser, programme);
}
