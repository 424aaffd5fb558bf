/* Units, principals, titles, plans, programmes. */
#include "model_internal.h"

static Mtr__ErrorCode shape_unit(const Mtr__PutUnit *c)
{
	TRY(shape_code(c->code, true));
	TRY(shape_text(c->name, MTR_NAME_MAX, true));
	TRY(shape_code(c->parent_code, false));
	return shape_code(c->party_parent_code, false);
}

/* Levels of the longest way up by any mix of routes, the unit's own included. */
static uint32_t levels_up(const struct model *m, uint32_t unit_id)
{
	const Mtr__Unit *unit = m->units[unit_id];
	uint32_t parent = unit->parent_id ? levels_up(m, unit->parent_id) : 0;
	uint32_t party_parent = unit->party_parent_id ? levels_up(m, unit->party_parent_id) : 0;

	return 1 + (parent > party_parent ? parent : party_parent);
}

static uint32_t levels_down(const struct model *m, uint32_t unit_id)
{
	uint32_t deepest = 0;

	for (uint32_t id = 1; id <= m->unit_count; id++) {
		const Mtr__Unit *unit = m->units[id];
		uint32_t levels;

		if (unit->dissolved || (unit->parent_id != unit_id && unit->party_parent_id != unit_id))
			continue;
		levels = levels_down(m, id);
		deepest = levels > deepest ? levels : deepest;
	}
	return 1 + deepest;
}

static bool too_deep(const struct model *m, uint32_t id, uint32_t parent)
{
	return parent && levels_up(m, parent) + (id ? levels_down(m, id) : 1) > MTR_TREE_DEPTH_MAX;
}

Mtr__ErrorCode do_put_unit(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__PutUnit *c = turn->command->put_unit;
	uint32_t id, parent = 0, party_parent = 0;

	TRY(shape_unit(c));
	id = model_unit(m, c->code);
	if (id && m->units[id]->dissolved)
		return E(UNIT_DISSOLVED);
	if (*c->parent_code)
		TRY(find_unit(turn, c->parent_code, &parent));
	if (*c->party_parent_code)
		TRY(find_unit(turn, c->party_parent_code, &party_parent));
	if (!parent && m->unit_count && id != model_root(m))
		return E(FIELD_MISSING);
	if (id && ((parent && model_within(m, parent, id)) || (party_parent && model_within(m, party_parent, id))))
		return E(UNIT_CYCLE);
	if (too_deep(m, id, parent) || too_deep(m, id, party_parent))
		return E(FIELD_RANGE);

	Mtr__Unit *unit = new_row(m, &mtr__unit__descriptor);

	unit->id = id ? id : ++m->unit_count;
	unit->code = keep_text(m, c->code);
	unit->name = keep_text(m, c->name);
	unit->kind = c->kind;
	unit->level = c->level;
	unit->bloc = c->bloc;
	unit->parent_id = parent;
	unit->party_parent_id = party_parent;
	unit->manages_people = c->manages_people;
	unit->acts_for_parent = c->acts_for_parent;
	m->units[unit->id] = unit;
	answer_done(turn, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, unit->id, !id);
	return E(NONE);
}

Mtr__ErrorCode do_dissolve_unit(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__DissolveUnit *c = turn->command->dissolve_unit;
	uint32_t id, successor;

	TRY(shape_code(c->code, true));
	TRY(shape_code(c->successor_code, true));
	TRY(find_unit(turn, c->code, &id));
	TRY(find_unit(turn, c->successor_code, &successor));
	for (uint32_t other = 1; other <= m->unit_count; other++)
		if (!m->units[other]->dissolved &&
		    (m->units[other]->parent_id == id || m->units[other]->party_parent_id == id))
			return E(UNIT_IN_USE);
	if (model_within(m, successor, id))
		return E(UNIT_CYCLE);
	m->units[id] = keep(m, &m->units[id]->base);
	m->units[id]->dissolved = true;
	m->units[id]->successor_id = successor;
	answer_done(turn, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, id, false);
	return E(NONE);
}

static uint32_t find_key(const struct model *m, const ProtobufCBinaryData *key)
{
	for (uint32_t id = 1; id <= m->principal_count; id++)
		if (memcmp(m->principals[id]->public_key.data, key->data, MTR_KEY_BYTES) == 0)
			return id;
	return 0;
}

static bool last_operator(const struct model *m, uint32_t id)
{
	for (uint32_t other = 1; other <= m->principal_count; other++)
		if (other != id && m->principals[other]->role == MTR__ROLE__ROLE_OPERATOR &&
		    !m->principals[other]->revoked)
			return false;
	return m->principals[id]->role == MTR__ROLE__ROLE_OPERATOR && !m->principals[id]->revoked;
}

static bool role_has_no_unit(Mtr__Role role)
{
	return role == MTR__ROLE__ROLE_OPERATOR || role == MTR__ROLE__ROLE_AUDITOR;
}

Mtr__ErrorCode do_put_principal(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__PutPrincipal *c = turn->command->put_principal;
	uint32_t id, unit = 0;

	if (c->public_key.len != MTR_KEY_BYTES)
		return c->public_key.len ? E(FIELD_FORMAT) : E(FIELD_MISSING);
	TRY(shape_text(c->name, MTR_NAME_MAX, true));
	if (c->role == MTR__ROLE__ROLE_UNSPECIFIED)
		return E(FIELD_MISSING);
	TRY(shape_code(c->unit_code, false));
	if (*c->unit_code)
		TRY(find_unit(turn, c->unit_code, &unit));
	if (!unit && !role_has_no_unit(c->role))
		return E(FIELD_MISSING);
	id = find_key(m, &c->public_key);
	if (id && m->principals[id]->revoked)
		return E(KEY_TAKEN);
	if (id && c->role != MTR__ROLE__ROLE_OPERATOR && last_operator(m, id))
		return E(LAST_OPERATOR);

	Mtr__Principal *principal = new_row(m, &mtr__principal__descriptor);

	principal->id = id ? id : ++m->principal_count;
	principal->public_key.data = mtr_arena_copy(m->arena, c->public_key.data, MTR_KEY_BYTES);
	principal->public_key.len = MTR_KEY_BYTES;
	principal->name = keep_text(m, c->name);
	principal->role = c->role;
	principal->unit_id = unit;
	m->principals[principal->id] = principal;
	answer_done(turn, MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL, principal->id, !id);
	return E(NONE);
}

Mtr__ErrorCode do_revoke_principal(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__RevokePrincipal *c = turn->command->revoke_principal;
	uint32_t id;

	if (c->public_key.len != MTR_KEY_BYTES)
		return c->public_key.len ? E(FIELD_FORMAT) : E(FIELD_MISSING);
	TRY(shape_text(c->reason, MTR_TEXT_MAX, true));
	id = find_key(m, &c->public_key);
	if (!id)
		return E(UNKNOWN_PRINCIPAL);
	if (last_operator(m, id))
		return E(LAST_OPERATOR);
	m->principals[id] = keep(m, &m->principals[id]->base);
	m->principals[id]->revoked = true;
	m->principals[id]->revoked_reason = keep_text(m, c->reason);
	answer_done(turn, MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL, id, false);
	return E(NONE);
}

static bool acts_for_root(struct turn *turn)
{
	return turn->who->unit_id && model_acting_root(turn->m, turn->who->unit_id) == model_root(turn->m);
}

Mtr__ErrorCode do_put_title(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__PutTitle *c = turn->command->put_title;
	uint32_t id, managing = 0;

	TRY(shape_code(c->code, true));
	TRY(shape_text(c->name, MTR_NAME_MAX, true));
	TRY(shape_range(c->rank, 1, 99));
	TRY(shape_code(c->managing_unit_code, false));
	if (*c->managing_unit_code)
		TRY(find_unit(turn, c->managing_unit_code, &managing));
	if (!acts_for_root(turn))
		return E(OUT_OF_SCOPE);
	id = model_title(m, c->code);

	Mtr__Title *title = new_row(m, &mtr__title__descriptor);
	const Mtr__PutTitle *kept = keep(m, &c->base);

	title->id = id ? id : ++m->title_count;
	title->code = kept->code;
	title->name = kept->name;
	title->level = kept->level;
	title->rank = kept->rank;
	title->n_standards = kept->n_standards;
	title->standards = kept->standards;
	title->managing_unit_id = managing;
	m->titles[title->id] = title;
	answer_done(turn, MTR__ENTITY_TYPE__ENTITY_TYPE_TITLE, title->id, !id);
	return E(NONE);
}

Mtr__ErrorCode do_put_plan(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__Plan *c = turn->command->put_plan->plan;
	uint32_t id;

	TRY(shape_code(c->code, true));
	TRY(shape_text(c->name, MTR_NAME_MAX, true));
	TRY(shape_range(c->year, 1900, 2199));
	TRY(shape_text(c->number, MTR_NUMBER_MAX, false));
	id = model_plan(m, c->code);

	Mtr__Plan *plan = keep(m, &c->base);

	plan->id = id ? id : ++m->plan_count;
	m->plans[plan->id] = plan;
	answer_done(turn, MTR__ENTITY_TYPE__ENTITY_TYPE_PLAN, plan->id, !id);
	return E(NONE);
}

static Mtr__ErrorCode find_titles(struct turn *turn, char **codes, size_t count, uint32_t **ret_ids)
{
	uint32_t *ids = mtr_arena_array(turn->m->arena, count, sizeof *ids);

	for (size_t i = 0; i < count; i++) {
		ids[i] = model_title(turn->m, codes[i]);
		if (!ids[i])
			return E(UNKNOWN_TITLE);
	}
	*ret_ids = ids;
	return E(NONE);
}

static Mtr__ErrorCode find_units(struct turn *turn, char **codes, size_t count, uint32_t **ret_ids)
{
	uint32_t *ids = mtr_arena_array(turn->m->arena, count, sizeof *ids);

	for (size_t i = 0; i < count; i++)
		TRY(find_unit(turn, codes[i], &ids[i]));
	*ret_ids = ids;
	return E(NONE);
}

static Mtr__ErrorCode shape_programme(const Mtr__PutProgramme *c)
{
	const Mtr__Programme *p = c->programme;

	TRY(shape_code(p->code, true));
	TRY(shape_text(p->name, MTR_NAME_MAX, true));
	TRY(shape_range(p->quota->in_force, 0, MTR_SEATS_MAX));
	if (p->nomination_window && p->nomination_window->closes &&
	    p->nomination_window->closes < p->nomination_window->opens)
		return E(FIELD_RANGE);
	for (size_t i = 0; i < p->n_conditions; i++)
		TRY(shape_text(p->conditions[i]->instrument, MTR_NUMBER_MAX, false));
	TRY(shape_code(c->plan_code, true));
	return c->n_organising_unit_codes ? E(NONE) : E(FIELD_MISSING);
}

/* Units and titles of the command, into the programme's own fields. */
static Mtr__ErrorCode resolve_programme(struct turn *turn, const Mtr__PutProgramme *c, Mtr__Programme *p)
{
	p->plan_id = model_plan(turn->m, c->plan_code);
	if (!p->plan_id)
		return E(UNKNOWN_PLAN);
	TRY(find_units(turn, c->organising_unit_codes, c->n_organising_unit_codes, &p->organising_unit_ids));
	p->n_organising_unit_ids = c->n_organising_unit_codes;
	TRY(find_units(turn, c->provider_unit_codes, c->n_provider_unit_codes, &p->provider_unit_ids));
	p->n_provider_unit_ids = c->n_provider_unit_codes;
	p->student_manager_unit_id = 0;
	if (*c->student_manager_unit_code)
		TRY(find_unit(turn, c->student_manager_unit_code, &p->student_manager_unit_id));
	for (size_t i = 0; i < c->n_title_values; i++) {
		const Mtr__PutProgramme__PutCondition *titles = c->title_values[i];
		Mtr__Condition *condition = p->conditions[titles->condition];

		if (titles->n_value_codes) {
			TRY(find_titles(turn, titles->value_codes, titles->n_value_codes, &condition->values));
			condition->n_values = titles->n_value_codes;
		}
		TRY(find_titles(turn, titles->offset_codes, titles->n_offset_codes, &condition->offset_title_ids));
		condition->n_offset_title_ids = titles->n_offset_codes;
	}
	return E(NONE);
}

Mtr__ErrorCode do_put_programme(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__PutProgramme *c = turn->command->put_programme;
	Mtr__Programme *p;
	uint32_t id;

	TRY(shape_programme(c));
	p = keep(m, &c->programme->base);
	TRY(resolve_programme(turn, c, p));
	id = model_programme(m, p->code);
	if (!organised_by(m, p, turn->who->unit_id) || (id && !organises(m, turn->who, id)))
		return E(OUT_OF_SCOPE);
	if (id && p->quota->in_force < model_programme_sum(m, id) &&
	    (p->quota->rule != MTR__QUOTA_RULE__QUOTA_RULE_ABOUT ||
	     p->quota->in_force < m->programmes[id]->quota->in_force))
		return refuse_number(turn, E(SEATS_OVER_PROGRAMME), model_programme_sum(m, id));
	p->id = id ? id : ++m->programme_count;
	m->programmes[p->id] = p;
	answer_done(turn, MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME, p->id, !id);
	return E(NONE);
}
