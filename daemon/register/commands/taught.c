#include "register/commands/taught.h"

#include "register/resolve.h"

bool mtr_taught_open(struct mtr_decision *decision, struct mtr_taught *taught)
{
	taught->nominations = mtr_arena_array(decision->view.arena, MTR_ITEMS_MAX, sizeof *taught->nominations);
	taught->fields = mtr_arena_array(decision->view.arena, MTR_ITEMS_MAX, sizeof *taught->fields);
	taught->count = 0;
	return taught->nominations && taught->fields;
}

bool mtr_taught_add(struct mtr_decision *decision, struct mtr_taught *taught, const Mtr__Class *class, uint64_t id,
		    const char *field)
{
	Mtr__Nomination *nomination = mtr_resolve_nomination(decision, id, class, field);

	if (!nomination)
		return false;
	taught->fields[taught->count] = field;
	taught->nominations[taught->count++] = nomination;
	return true;
}

bool mtr_require_class_open(struct mtr_decision *decision, const Mtr__Class *class)
{
	return class->state == MTR__CLASS_STATE__CLASS_STATE_OPEN ||
	       mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_CLASS_CLOSED, "class_code");
}
