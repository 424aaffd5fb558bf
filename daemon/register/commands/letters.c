#include "register/access.h"
#include "register/commands/handlers.h"
#include "register/resolve.h"

#include <string.h>

/* Once the list is frozen for signature, the number it goes out with stays. */
static bool check_number(struct mtr_decision *decision, const Mtr__Letter *present, const char *number)
{
	const Mtr__Allocation *allocation =
		mtr_read_allocation(decision->view.txn, decision->view.arena, present->programme_id, present->unit_id);

	if (!allocation)
		return false;
	if (allocation->frozen && present->number[0] && strcmp(present->number, number) != 0)
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_LIST_FROZEN, "number");
	return true;
}

static bool check_present(struct mtr_decision *decision, const Mtr__PutLetter *body, uint32_t programme_id,
			  uint32_t unit_id)
{
	const Mtr__Letter *present;

	if (body->id == 0)
		return true;
	present = mtr_resolve_letter(decision, body->id, programme_id, unit_id, "id");
	return present && check_number(decision, present, body->number);
}

bool mtr_handle_put_letter(struct mtr_decision *decision)
{
	const Mtr__PutLetter *body = decision->command->put_letter;
	const Mtr__Programme *programme = mtr_resolve_programme(decision, body->programme_code, "programme_code");
	const Mtr__Unit *unit = programme ? mtr_resolve_unit(decision, body->unit_code, "unit_code") : NULL;

	if (!unit || !mtr_require(decision, mtr_access_unit(decision, unit->id), "unit_code") ||
	    !check_present(decision, body, programme->id, unit->id))
		return false;

	Mtr__Letter *letter = mtr_message_new(decision->view.arena, &mtr__letter__descriptor);

	if (!letter)
		return false;
	letter->id = body->id ? body->id : mtr_new_id(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_LETTER);
	letter->unit_id = unit->id;
	letter->programme_id = programme->id;
	letter->number = body->number;
	letter->date = body->date;
	letter->signer = body->signer;
	return mtr_effect_letter(&decision->effects, decision->view.arena, letter) &&
	       mtr_done(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_LETTER, letter->id, NULL, body->id == 0);
}
