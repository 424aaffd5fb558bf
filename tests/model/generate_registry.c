/* Units, principals, titles, plans. */
#include "generate_internal.h"

Mtr__PutUnit *unit_body(struct generator *g, const Mtr__Unit *unit)
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
	return !g->m->units[id]->dissolved && (id > WORLD_UNITS || g->m->units[id]->code[0] == 'X');
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

ProtobufCBinaryData key_of(struct generator *g, uint32_t number)
{
	ProtobufCBinaryData key = {MTR_KEY_BYTES, mtr_arena_alloc(g->arena, MTR_KEY_BYTES)};

	generator_key(number, key.data);
	return key;
}

/* A principal's. */
static ProtobufCBinaryData some_key(struct generator *g)
{
	ProtobufCBinaryData found = key_of(g, 0);

	memcpy(found.data, g->m->principals[1 + below(g, g->m->principal_count)]->public_key.data, MTR_KEY_BYTES);
	if (chance(g, 3))
		found.len = 31;
	return found;
}

bool make_put_principal(struct generator *g, struct operation *op)
{
	Mtr__PutPrincipal *body = NEW(g, put_principal);
	bool fresh = chance(g, 60) && g->m->principal_count < 100;

	body->public_key = fresh ? key_of(g, g->next_number++) : some_key(g);
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
	return id > WORLD_PRINCIPALS && !g->m->principals[id]->revoked;
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
