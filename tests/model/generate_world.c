/* The world at the start: who there is, and what is planned. */
#include "generate_internal.h"

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

_Static_assert(UNITS == WORLD_UNITS, "units");
_Static_assert(PRINCIPALS + 1 == WORLD_PRINCIPALS, "principals, with the first operator");

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

	body->public_key = key_of(g, g->next_number++);
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
