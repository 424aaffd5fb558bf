#include "register/acknowledge.h"
#include "register/commands/handlers.h"
#include "register/commands/nominee.h"
#include "register/commands/release.h"
#include "register/commands/window.h"
#include "register/resolve.h"

bool mtr_handle_withdraw(struct mtr_decision *decision)
{
	const Mtr__Withdraw *body = decision->command->withdraw;
	Mtr__Nomination *nomination = mtr_resolve_nomination(decision, body->nomination_id, NULL, "nomination_id");
	Mtr__State to = nomination ? mtr_require_step(decision, nomination, MTR_STEP_WITHDRAW, "nomination_id") : 0;
	struct mtr_part *part = to ? mtr_part_of_nomination(decision, nomination) : NULL;

	if (!part)
		return false;
	if (part->allocation->frozen && !body->reason[0])
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_FIELD_MISSING, "reason");
	if (body->reason[0])
		nomination->reason = body->reason;
	return mtr_release(decision, part, nomination, to);
}

static Mtr__Nomination *substitute(struct mtr_decision *decision, const Mtr__Nomination *replaced,
				   const struct mtr_nominee *nominee, bool frozen)
{
	Mtr__Nomination *nomination = mtr_nominee_nomination(decision, nominee, replaced->unit_order);

	if (!nomination)
		return NULL;
	nomination->letter_id = replaced->letter_id;
	nomination->substitutes_id = replaced->id;
	nomination->reason = decision->command->substitute->reason;
	nomination->supplementary = frozen;
	return nomination;
}

bool mtr_handle_substitute(struct mtr_decision *decision)
{
	const Mtr__Substitute *body = decision->command->substitute;
	Mtr__Nomination *replaced = mtr_resolve_nomination(decision, body->nomination_id, NULL, "nomination_id");
	Mtr__State to = replaced ? mtr_require_step(decision, replaced, MTR_STEP_SUBSTITUTE, "nomination_id") : 0;
	const Mtr__Programme *programme = to ? mtr_view_programme(&decision->view, replaced->programme_id) : NULL;

	if (!programme || !mtr_require_open(decision, programme->nomination_window))
		return false;

	struct mtr_nominee nominee = {.programme = programme, .unit_id = replaced->unit_id};

	if (!mtr_nominee_find(decision, &nominee, body->person) || !mtr_nominee_check(decision, &nominee))
		return false;

	struct mtr_part *part = mtr_part_of_nomination(decision, replaced);
	Mtr__Nomination *nomination = part ? substitute(decision, replaced, &nominee, part->allocation->frozen) : NULL;

	if (!nomination)
		return false;
	replaced->reason = body->reason;
	return mtr_part_move(decision, part, replaced, to, MTR__CAUSE__CAUSE_COMMAND) &&
	       mtr_part_add(decision, part, nomination, MTR__STATE__STATE_SEATED, MTR__CAUSE__CAUSE_SUBSTITUTED) &&
	       mtr_answer_acknowledgement(decision, nomination, 0, 0);
}
