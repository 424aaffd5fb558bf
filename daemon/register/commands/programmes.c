#include "register/access.h"
#include "register/commands/handlers.h"
#include "register/commands/quota_sum.h"
#include "register/resolve.h"

static bool resolve_units(struct mtr_decision *decision, char *const *codes, size_t count, const char *list,
			  uint32_t **ret_ids)
{
	struct mtr_arena *arena = decision->view.arena;
	uint32_t *ids = mtr_arena_array(arena, count, sizeof *ids);

	for (size_t i = 0; ids && i < count; i++) {
		const Mtr__Unit *unit = mtr_resolve_live_unit(decision, codes[i], mtr_format(arena, "%s.%zu", list, i));

		if (!unit)
			return false;
		ids[i] = unit->id;
	}
	*ret_ids = ids;
	return ids != NULL;
}

static bool resolve_titles(struct mtr_decision *decision, char *const *codes, size_t count, size_t item,
			   const char *list, uint32_t **ret_ids)
{
	struct mtr_arena *arena = decision->view.arena;
	uint32_t *ids = mtr_arena_array(arena, count, sizeof *ids);

	for (size_t i = 0; ids && i < count; i++) {
		const Mtr__Title *title = mtr_resolve_title(
			decision, codes[i], mtr_format(arena, "title_values.%zu.%s.%zu", item, list, i));

		if (!title)
			return false;
		ids[i] = title->id;
	}
	*ret_ids = ids;
	return ids != NULL;
}

static bool titles_are_values(const Mtr__Condition *condition)
{
	return condition->kind == MTR__CONDITION_KIND__CONDITION_KIND_AUDIENCE ||
	       condition->kind == MTR__CONDITION_KIND__CONDITION_KIND_NOT_TITLE;
}

/* Copies without the titles' ids, which come from codes. */
static bool copy_conditions(struct mtr_arena *arena, Mtr__Programme *programme)
{
	Mtr__Condition **copies = mtr_arena_array(arena, programme->n_conditions, sizeof *copies);

	for (size_t i = 0; copies && i < programme->n_conditions; i++) {
		copies[i] = mtr_arena_copy(arena, programme->conditions[i], sizeof **copies);
		if (!copies[i])
			return false;
		copies[i]->n_offset_title_ids = 0;
		if (titles_are_values(copies[i]))
			copies[i]->n_values = 0;
	}
	programme->conditions = copies;
	return copies != NULL;
}

static bool resolve_conditions(struct mtr_decision *decision, const Mtr__PutProgramme *body, Mtr__Programme *programme)
{
	if (!copy_conditions(decision->view.arena, programme))
		return false;
	for (size_t i = 0; i < body->n_title_values; i++) {
		const Mtr__PutProgramme__PutCondition *given = body->title_values[i];
		Mtr__Condition *condition = programme->conditions[given->condition];
		uint32_t *values;

		if (!resolve_titles(decision, given->value_codes, given->n_value_codes, i, "value_codes", &values) ||
		    !resolve_titles(decision, given->offset_codes, given->n_offset_codes, i, "offset_codes",
				    &condition->offset_title_ids))
			return false;
		condition->n_offset_title_ids = given->n_offset_codes;
		if (titles_are_values(condition)) {
			condition->values = values;
			condition->n_values = given->n_value_codes;
		}
	}
	return true;
}

static bool resolve(struct mtr_decision *decision, const Mtr__PutProgramme *body, Mtr__Programme *programme)
{
	const Mtr__Plan *plan = mtr_resolve_plan(decision, body->plan_code, "plan_code");

	if (!plan ||
	    !resolve_units(decision, body->organising_unit_codes, body->n_organising_unit_codes,
			   "organising_unit_codes", &programme->organising_unit_ids) ||
	    !resolve_units(decision, body->provider_unit_codes, body->n_provider_unit_codes, "provider_unit_codes",
			   &programme->provider_unit_ids) ||
	    !mtr_resolve_optional_unit(decision, body->student_manager_unit_code, "student_manager_unit_code",
				       &programme->student_manager_unit_id))
		return false;
	programme->plan_id = plan->id;
	programme->n_organising_unit_ids = body->n_organising_unit_codes;
	programme->n_provider_unit_ids = body->n_provider_unit_codes;
	return resolve_conditions(decision, body, programme);
}

/* The figure covers what has been shared out; one that is only about may have been exceeded, and isn't lowered then. */
static bool check_figure(struct mtr_decision *decision, const Mtr__Programme *present, const Mtr__Programme *programme)
{
	uint32_t in_force = programme->quota->in_force;

	if (programme->quota->rule == MTR__QUOTA_RULE__QUOTA_RULE_ABOUT && in_force >= present->quota->in_force)
		return true;

	uint64_t sum = mtr_quota_sum(&decision->view, present->id);

	if (!mtr_decision_good(decision))
		return false;
	if (in_force >= sum)
		return true;
	return mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_SEATS_OVER_PROGRAMME,
			  (struct mtr_fault){
				  .field = "programme.quota.in_force",
				  .found = mtr_format(decision->view.arena, "%" PRIu32, in_force),
				  .wanted = mtr_format(decision->view.arena, "%" PRIu64 "..", sum),
				  .number = sum,
			  });
}

bool mtr_handle_put_programme(struct mtr_decision *decision)
{
	const Mtr__PutProgramme *body = decision->command->put_programme;
	struct mtr_view *view = &decision->view;
	uint32_t id =
		(uint32_t)mtr_find_code(view->txn, MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME, body->programme->code);
	const Mtr__Programme *present = id ? mtr_view_programme(view, id) : NULL;
	Mtr__Programme *programme = mtr_arena_copy(view->arena, body->programme, sizeof *body->programme);

	if (!programme || !mtr_decision_good(decision) || !resolve(decision, body, programme) ||
	    !mtr_require(decision, !present || mtr_access_organises(decision, present), NULL) ||
	    !mtr_require(decision, mtr_access_organises(decision, programme), "organising_unit_codes") ||
	    (present && !check_figure(decision, present, programme)))
		return false;
	programme->id = id ? id : (uint32_t)mtr_new_id(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME);
	return mtr_effect_programme(&decision->effects, view->arena, programme) &&
	       mtr_done(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME, programme->id, programme->code, id == 0);
}
