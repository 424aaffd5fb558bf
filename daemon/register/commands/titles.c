#include "register/access.h"
#include "register/commands/handlers.h"
#include "register/resolve.h"

bool mtr_handle_put_title(struct mtr_decision *decision)
{
	const Mtr__PutTitle *body = decision->command->put_title;
	uint32_t id = (uint32_t)mtr_find_code(decision->view.txn, MTR__ENTITY_TYPE__ENTITY_TYPE_TITLE, body->code);
	uint32_t managing_id;

	if (!mtr_resolve_optional_unit(decision, body->managing_unit_code, "managing_unit_code", &managing_id) ||
	    !mtr_require(decision, mtr_access_root(decision), NULL))
		return false;

	Mtr__Title *title = mtr_message_new(decision->view.arena, &mtr__title__descriptor);

	if (!title)
		return false;
	title->id = id ? id : (uint32_t)mtr_new_id(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_TITLE);
	title->code = body->code;
	title->name = body->name;
	title->level = body->level;
	title->rank = body->rank;
	title->standards = body->standards;
	title->n_standards = body->n_standards;
	title->managing_unit_id = managing_id;
	return mtr_effect_title(&decision->effects, decision->view.arena, title) &&
	       mtr_done(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_TITLE, title->id, title->code, id == 0);
}
