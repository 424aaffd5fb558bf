#include "register/commands/handlers.h"
#include "register/resolve.h"
#include "register/tree.h"

static bool cycle(struct mtr_decision *decision, const char *field)
{
	return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_UNIT_CYCLE, field);
}

/* A parent of an existing unit isn't the unit itself or below it. */
static bool check_parent(struct mtr_decision *decision, uint32_t unit_id, uint32_t parent_id, const char *field)
{
	if (unit_id == 0 || parent_id == 0)
		return true;
	return !mtr_tree_within(&decision->view, parent_id, unit_id) || cycle(decision, field);
}

/* What lies above and below the unit after the change is no deeper than the tree may be. */
static bool check_depth(struct mtr_decision *decision, uint32_t unit_id, uint32_t parent_id, const char *field)
{
	uint32_t above = parent_id ? mtr_tree_levels_up(&decision->view, parent_id) : 0;
	uint32_t own = unit_id ? mtr_tree_levels_down(&decision->view, unit_id) : 1;

	if (above + own <= MTR_TREE_DEPTH_MAX)
		return true;
	return mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_FIELD_RANGE,
			  (struct mtr_fault){.field = field, .number = MTR_TREE_DEPTH_MAX});
}

static bool check_place(struct mtr_decision *decision, uint32_t unit_id, uint32_t parent_id, uint32_t party_parent_id)
{
	bool first = mtr_next_id(decision->view.txn, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT) == MTR_ROOT_UNIT_ID;

	if (parent_id == 0 && !first && unit_id != MTR_ROOT_UNIT_ID)
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_FIELD_MISSING, "parent_code");
	return check_parent(decision, unit_id, parent_id, "parent_code") &&
	       check_parent(decision, unit_id, party_parent_id, "party_parent_code") &&
	       check_depth(decision, unit_id, parent_id, "parent_code") &&
	       check_depth(decision, unit_id, party_parent_id, "party_parent_code");
}

/* The unit with this code, which isn't dissolved; *ret_id is 0 for a new one. */
static bool find_present(struct mtr_decision *decision, const char *code, uint32_t *ret_id)
{
	uint32_t id = (uint32_t)mtr_find_code(decision->view.txn, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, code);

	*ret_id = id;
	return id == 0 ? mtr_decision_good(decision) : mtr_resolve_live_unit(decision, code, "code") != NULL;
}

bool mtr_handle_put_unit(struct mtr_decision *decision)
{
	const Mtr__PutUnit *body = decision->command->put_unit;
	uint32_t id, parent_id, party_parent_id;

	if (!find_present(decision, body->code, &id) ||
	    !mtr_resolve_optional_unit(decision, body->parent_code, "parent_code", &parent_id) ||
	    !mtr_resolve_optional_unit(decision, body->party_parent_code, "party_parent_code", &party_parent_id) ||
	    !check_place(decision, id, parent_id, party_parent_id))
		return false;

	Mtr__Unit *unit = mtr_message_new(decision->view.arena, &mtr__unit__descriptor);

	if (!unit)
		return false;
	unit->id = id ? id : (uint32_t)mtr_new_id(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT);
	unit->code = body->code;
	unit->name = body->name;
	unit->kind = body->kind;
	unit->level = body->level;
	unit->bloc = body->bloc;
	unit->parent_id = parent_id;
	unit->party_parent_id = party_parent_id;
	unit->manages_people = body->manages_people;
	unit->acts_for_parent = body->acts_for_parent;
	return mtr_effect_unit(&decision->effects, decision->view.arena, unit) &&
	       mtr_done(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, unit->id, unit->code, id == 0);
}

bool mtr_handle_dissolve_unit(struct mtr_decision *decision)
{
	const Mtr__DissolveUnit *body = decision->command->dissolve_unit;
	const Mtr__Unit *present = mtr_resolve_live_unit(decision, body->code, "code");
	const Mtr__Unit *successor =
		present ? mtr_resolve_live_unit(decision, body->successor_code, "successor_code") : NULL;

	if (!successor)
		return false;
	if (mtr_tree_has_live_children(&decision->view, present->id))
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_UNIT_IN_USE, "code");
	if (mtr_tree_within(&decision->view, successor->id, present->id))
		return cycle(decision, "successor_code");

	Mtr__Unit *unit = mtr_arena_copy(decision->view.arena, present, sizeof *present);

	if (!unit)
		return false;
	unit->dissolved = true;
	unit->successor_id = successor->id;
	return mtr_effect_unit(&decision->effects, decision->view.arena, unit) &&
	       mtr_done(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, unit->id, unit->code, false);
}
