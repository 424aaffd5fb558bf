#include "register/access.h"
#include "register/acknowledge.h"
#include "register/commands/handlers.h"
#include "register/commands/release.h"
#include "register/resolve.h"

static bool check_letter(struct mtr_decision *decision, const Mtr__Nomination *nomination)
{
	const Mtr__Letter *letter = NULL;

	if (nomination->letter_id)
		letter = mtr_read_letter(decision->view.txn, decision->view.arena, nomination->letter_id);
	if (!mtr_decision_good(decision))
		return false;
	return (letter && letter->number[0]) ||
	       mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_LETTER_REQUIRED,
			  (struct mtr_fault){.field = "nomination_id", .number = nomination->letter_id});
}

bool mtr_handle_vet(struct mtr_decision *decision)
{
	const Mtr__Vet *body = decision->command->vet;
	Mtr__Nomination *nomination = mtr_resolve_nomination(decision, body->nomination_id, NULL, "nomination_id");
	enum mtr_step step = body->eligible ? MTR_STEP_VET_ELIGIBLE : MTR_STEP_VET_NOT_ELIGIBLE;
	Mtr__State to = nomination ? mtr_require_step(decision, nomination, step, "nomination_id") : 0;

	if (!to || !check_letter(decision, nomination))
		return false;
	if (!body->eligible && !body->reason[0])
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_FIELD_MISSING, "reason");

	struct mtr_part *part = mtr_part_of_nomination(decision, nomination);

	if (!part)
		return false;
	nomination->vetted = body->eligible;
	if (body->reason[0])
		nomination->reason = body->reason;
	if (!body->eligible)
		return mtr_release(decision, part, nomination, to);
	return mtr_effect_nomination(&decision->effects, decision->view.arena, nomination) &&
	       mtr_answer_acknowledgement(decision, nomination, 0, 0);
}

bool mtr_handle_freeze(struct mtr_decision *decision)
{
	const Mtr__Freeze *body = decision->command->freeze;
	const Mtr__Programme *programme = mtr_resolve_programme(decision, body->programme_code, "programme_code");
	const Mtr__Unit *unit = programme ? mtr_resolve_unit(decision, body->unit_code, "unit_code") : NULL;

	if (!unit || !mtr_require(decision, mtr_access_organises(decision, programme), "programme_code"))
		return false;

	struct mtr_part *part = mtr_part_of(decision, programme->id, unit->id);

	if (!part)
		return false;
	if (part->allocation->frozen)
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_LIST_FROZEN, "unit_code");
	part->allocation->frozen = true;
	part->allocation->frozen_document = mtr_arena_text(decision->view.arena, body->document);

	Mtr__Done *done = mtr_done(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION,
				   mtr_allocation_id(programme->id, unit->id), NULL, false);

	if (!done || !part->allocation->frozen_document ||
	    !mtr_effect_allocation(&decision->effects, decision->view.arena, part->allocation))
		return false;
	done->allocation = part->allocation;
	done->held = part->held;
	done->left = mtr_part_left(part);
	return true;
}
