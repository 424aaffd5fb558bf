#include "register/commands/handlers.h"
#include "register/resolve.h"

bool mtr_handle_put_plan(struct mtr_decision *decision)
{
	const Mtr__Plan *given = decision->command->put_plan->plan;
	uint64_t id = mtr_find_code(decision->view.txn, MTR__ENTITY_TYPE__ENTITY_TYPE_PLAN, given->code);
	Mtr__Plan *plan = mtr_arena_copy(decision->view.arena, given, sizeof *given);

	if (!plan)
		return false;
	plan->id = (uint32_t)(id ? id : mtr_new_id(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_PLAN));
	return mtr_effect_plan(&decision->effects, decision->view.arena, plan) &&
	       mtr_done(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_PLAN, plan->id, plan->code, id == 0);
}
