/* Units, principals, titles, plans, programmes, and the world at the start. */
#include "generate_internal.h"

#define DAY (24u * 3600u * 1000u)

static const struct {
	const char *code, *parent, *party_parent;
	bool manages, acts_for_parent;
} first_units[] = {
	{"TU", "", "", true, false},      {"BTC", "TU", "", false, true},      {"UBND", "TU", "", true, false},
	{"SNV", "UBND", "", false, true}, {"TCT", "TU", "", false, false},     {"HV", "TU", "", false, false},
	{"DUK", "TU", "", true, false},   {"H1", "TU", "", true, false},       {"H2", "TU", "", true, false},
	{"H3", "TU", "", false, false},   {"S1", "UBND", "DUK", false, false}, {"S2", "UBND", "DUK", false, false},
	{"X1", "H1", "", false, false},   {"X2", "H1", "", false, false},      {"X3", "H2", "", false, false},
	{"X4", "H3", "", false, false},   {"X5", "H1", "", true, false},
};

static const struct {
	Mtr__Role role;
	const char *unit;
} first_principals[] = {
	{MTR__ROLE__ROLE_OPERATOR, ""},     {MTR__ROLE__ROLE_AUDITOR, ""},     {MTR__ROLE__ROLE_ORGANISER, "BTC"},
	{MTR__ROLE__ROLE_ORGANISER, "SNV"}, {MTR__ROLE__ROLE_ORGANISER, "H1"}, {MTR__ROLE__ROLE_APPROVER, "TU"},
	{MTR__ROLE__ROLE_APPROVER, "UBND"}, {MTR__ROLE__ROLE_APPROVER, "DUK"}, {MTR__ROLE__ROLE_APPROVER, "H1"},
	{MTR__ROLE__ROLE_APPROVER, "H2"},   {MTR__ROLE__ROLE_APPROVER, "X5"},  {MTR__ROLE__ROLE_SCHOOL, "TCT"},
	{MTR__ROLE__ROLE_SCHOOL, "HV"},     {MTR__ROLE__ROLE_NOMINATOR, "TU"}, {MTR__ROLE__ROLE_NOMINATOR, "H1"},
	{MTR__ROLE__ROLE_NOMINATOR, "H2"},  {MTR__ROLE__ROLE_NOMINATOR, "H3"}, {MTR__ROLE__ROLE_NOMINATOR, "UBND"},
	{MTR__ROLE__ROLE_NOMINATOR, "DUK"}, {MTR__ROLE__ROLE_NOMINATOR, "S1"}, {MTR__ROLE__ROLE_NOMINATOR, "S2"},
	{MTR__ROLE__ROLE_NOMINATOR, "X1"},  {MTR__ROLE__ROLE_NOMINATOR, "X3"}, {MTR__ROLE__ROLE_NOMINATOR, "X4"},
};

#define UNITS ((uint32_t)(sizeof first_units / sizeof *first_units))
#define PRINCIPALS ((uint32_t)(sizeof first_principals / sizeof *first_principals))
#define TITLES 8u
#define PROGRAMMES 5u
#define PEOPLE 56u

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

static Mtr__Standard **some_standards(struct generator *g, size_t count)
{
	Mtr__Standard **standards = mtr_arena_array(g->arena, count, sizeof *standards);

	for (size_t i = 0; i < count; i++)
		standards[i] = some_standard(g);
	return standards;
}

static Mtr__PutUnit *unit_body(struct generator *g, const Mtr__Unit *unit)
{
	Mtr__PutUnit *body = NEW(g, put_unit);

	body->kind = MTR__UNIT_KIND__UNIT_KIND_DEPARTMENT;
	body->level = MTR__LEVEL__LEVEL_DISTRICT;
	body->bloc = MTR__BLOC__BLOC_PARTY;
	body->code = unit ? text(g, unit->code) : format(g, "N%u", g->next_number++);
	body->name = format(g, "Đơn vị %s", body->code);
	if (unit) {
		body->manages_people = unit->manages_people;
		body->acts_for_parent = unit->acts_for_parent;
		if (unit->parent_id)
			body->parent_code = text(g, g->m->units[unit->parent_id]->code);
		if (unit->party_parent_id)
			body->party_parent_code = text(g, g->m->units[unit->party_parent_id]->code);
	}
	return body;
}

bool make_put_unit(struct generator *g, struct operation *op)
{
	bool fresh = chance(g, 40) && g->m->unit_count < MODEL_UNITS - 1;
	const Mtr__Unit *unit = fresh ? NULL : g->m->units[1 + below(g, g->m->unit_count)];
	Mtr__PutUnit *body = unit_body(g, unit);

	if (fresh || (chance(g, 60) && unit->parent_id))
		body->parent_code = chance(g, 8) ? text(g, "") : unit_code(g, 1 + below(g, g->m->unit_count));
	if (chance(g, 20))
		body->party_parent_code = unit_code(g, 1 + below(g, g->m->unit_count));
	if (chance(g, 10))
		body->manages_people = !body->manages_people;
	if (chance(g, 2))
		body->code = text(g, "-BAD");
	return finish(g, op, pick_principal(g, MTR__ROLE__ROLE_OPERATOR), MTR__COMMAND__BODY_PUT_UNIT, body);
}

static bool is_small_unit(struct generator *g, uint32_t id, const void *context)
{
	(void)context;
	return !g->m->units[id]->dissolved && (id > UNITS || g->m->units[id]->code[0] == 'X');
}

bool make_dissolve_unit(struct generator *g, struct operation *op)
{
	Mtr__DissolveUnit *body = NEW(g, dissolve_unit);
	uint32_t unit = pick(g, g->m->unit_count, is_small_unit, NULL);

	if (!unit || chance(g, 30))
		unit = 1 + below(g, g->m->unit_count);
	body->code = unit_code(g, unit);
	body->successor_code = unit_code(g, chance(g, 90) ? pick_unit(g) : unit);
	return finish(g, op, pick_principal(g, MTR__ROLE__ROLE_OPERATOR), MTR__COMMAND__BODY_DISSOLVE_UNIT, body);
}

static ProtobufCBinaryData key(struct generator *g, uint32_t number)
{
	ProtobufCBinaryData key = {MTR_KEY_BYTES, mtr_arena_alloc(g->arena, MTR_KEY_BYTES)};

	generator_key(number, key.data);
	return key;
}

/* A principal's. */
static ProtobufCBinaryData some_key(struct generator *g)
{
	ProtobufCBinaryData found = key(g, 0);

	memcpy(found.data, g->m->principals[1 + below(g, g->m->principal_count)]->public_key.data, MTR_KEY_BYTES);
	if (chance(g, 3))
		found.len = 31;
	return found;
}

bool make_put_principal(struct generator *g, struct operation *op)
{
	Mtr__PutPrincipal *body = NEW(g, put_principal);
	bool fresh = chance(g, 60) && g->m->principal_count < 100;

	body->public_key = fresh ? key(g, g->next_number++) : some_key(g);
	body->name = text(g, "Văn thư");
	body->role = (Mtr__Role)between(g, 1, 6);
	if (!fresh && chance(g, 40)) /* keeps the desks that the world needs */
		body->role = MTR__ROLE__ROLE_NOMINATOR;
	body->unit_code = chance(g, 92) ? unit_code(g, 1 + below(g, g->m->unit_count)) : text(g, "");
	return finish(g, op, pick_principal(g, MTR__ROLE__ROLE_OPERATOR), MTR__COMMAND__BODY_PUT_PRINCIPAL, body);
}

static bool can_be_spared(struct generator *g, uint32_t id, const void *context)
{
	(void)context;
	return id > PRINCIPALS + 1 && !g->m->principals[id]->revoked;
}

bool make_revoke_principal(struct generator *g, struct operation *op)
{
	Mtr__RevokePrincipal *body = NEW(g, revoke_principal);
	uint32_t id = chance(g, 60) ? pick(g, g->m->principal_count, can_be_spared, NULL) : 0;

	body->public_key = some_key(g);
	if (id)
		memcpy(body->public_key.data, g->m->principals[id]->public_key.data, MTR_KEY_BYTES);
	else if (chance(g, 70))
		memcpy(body->public_key.data,
		       g->m->principals[pick_principal(g, MTR__ROLE__ROLE_OPERATOR)]->public_key.data, MTR_KEY_BYTES);
	else
		generator_key(UINT32_MAX, body->public_key.data); /* nobody's */
	body->reason = reason(g, 90);
	return finish(g, op, pick_principal(g, MTR__ROLE__ROLE_OPERATOR), MTR__COMMAND__BODY_REVOKE_PRINCIPAL, body);
}

bool make_title_of(struct generator *g, struct operation *op, uint32_t title_id)
{
	Mtr__PutTitle *body = NEW(g, put_title);
	uint32_t organiser = holder_of(g, MTR__ROLE__ROLE_ORGANISER, model_unit(g->m, "BTC"));

	body->code = title_id ? text(g, g->m->titles[title_id]->code) : format(g, "CD-%u", g->next_number++);
	body->name = format(g, "Chức danh %u", below(g, 20));
	body->level = MTR__LEVEL__LEVEL_DISTRICT;
	body->rank = spoil(g, 3) ? below(g, 2) * 100 : between(g, 1, 5);
	body->n_standards = below(g, 4);
	body->standards = some_standards(g, body->n_standards);
	if (chance(g, 35)) {
		static const char *const bodies[] = {"TU", "TU", "H1", "DUK", "UBND"};
		uint32_t managing = chance(g, 80) ? model_unit(g->m, bodies[below(g, 5)]) : pick_unit(g);

		body->managing_unit_code = unit_code(g, managing);
	}
	return finish(g, op, organiser, MTR__COMMAND__BODY_PUT_TITLE, body);
}

bool make_put_title(struct generator *g, struct operation *op)
{
	bool fresh = chance(g, 20) && g->m->title_count < MODEL_TITLES - 1;

	return make_title_of(g, op, fresh ? 0 : 1 + below(g, g->m->title_count));
}

bool make_put_plan(struct generator *g, struct operation *op)
{
	Mtr__PutPlan *body = NEW(g, put_plan);
	bool fresh = g->m->plan_count < 3;

	body->plan = NEW(g, plan);
	body->plan->code = fresh ? format(g, "KH-%u", g->next_number++)
				 : text(g, g->m->plans[1 + below(g, g->m->plan_count)]->code);
	body->plan->name = text(g, "Kế hoạch đào tạo, bồi dưỡng");
	body->plan->year = spoil(g, 5) ? below(g, 2) * 3000 : 2025;
	body->plan->number = document(g, 80);
	return finish(g, op, holder_of(g, MTR__ROLE__ROLE_ORGANISER, model_unit(g->m, "BTC")),
		      MTR__COMMAND__BODY_PUT_PLAN, body);
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

static bool make_first_unit(struct generator *g, struct operation *op, uint32_t i)
{
	Mtr__PutUnit *body = unit_body(g, NULL);

	body->code = text(g, first_units[i].code);
	body->parent_code = text(g, first_units[i].parent);
	body->party_parent_code = text(g, first_units[i].party_parent);
	body->manages_people = first_units[i].manages;
	body->acts_for_parent = first_units[i].acts_for_parent;
	return finish(g, op, 1, MTR__COMMAND__BODY_PUT_UNIT, body);
}

static bool make_first_principal(struct generator *g, struct operation *op, uint32_t i)
{
	Mtr__PutPrincipal *body = NEW(g, put_principal);

	body->public_key = key(g, g->next_number++);
	body->name = text(g, "Văn thư");
	body->role = first_principals[i].role;
	body->unit_code = text(g, first_principals[i].unit);
	return finish(g, op, 1, MTR__COMMAND__BODY_PUT_PRINCIPAL, body);
}

static uint32_t nth_organiser(struct generator *g, uint32_t i)
{
	static const char *const units[] = {"BTC", "BTC", "SNV", "H1", "BTC"};

	return holder_of(g, MTR__ROLE__ROLE_ORGANISER, model_unit(g->m, units[i % 5]));
}

bool make_world(struct generator *g, uint32_t step, struct operation *op)
{
	if (step < UNITS)
		return make_first_unit(g, op, step);
	step -= UNITS;
	if (step < PRINCIPALS)
		return make_first_principal(g, op, step);
	step -= PRINCIPALS;
	if (step == 0)
		return make_put_plan(g, op);
	step--;
	if (step < TITLES)
		return make_title_of(g, op, 0);
	step -= TITLES;
	if (step < PROGRAMMES)
		return make_programme_of(g, op, nth_organiser(g, step), 0);
	step -= PROGRAMMES;
	return step < PEOPLE && make_person_of(g, op, 7 + below(g, UNITS - 6));
}
