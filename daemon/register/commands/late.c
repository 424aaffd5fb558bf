#include "register/acknowledge.h"
#include "register/commands/handlers.h"
#include "register/part.h"
#include "register/resolve.h"

static bool refuse_entry(struct mtr_decision *decision, struct mtr_part *part, Mtr__Nomination *nomination)
{
	if (!nomination->reason[0])
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_FIELD_MISSING, "reason");
	return mtr_part_move(decision, part, nomination, mtr_state_after(nomination->state, MTR_STEP_LATE_REFUSE),
			     MTR__CAUSE__CAUSE_COMMAND) &&
	       mtr_answer_acknowledgement(decision, nomination, 0, 0);
}

static bool accept_entry(struct mtr_decision *decision, struct mtr_part *part, Mtr__Nomination *nomination)
{
	Mtr__State state;
	uint64_t displaced_id;

	return mtr_part_place(decision, part, nomination, &state, &displaced_id) &&
	       mtr_part_move(decision, part, nomination, state, MTR__CAUSE__CAUSE_LATE_ACCEPTED) &&
	       mtr_answer_acknowledgement(decision, nomination, displaced_id, 0);
}

bool mtr_handle_settle_late(struct mtr_decision *decision)
{
	const Mtr__SettleLate *body = decision->command->settle_late;
	Mtr__Nomination *nomination = mtr_resolve_nomination(decision, body->nomination_id, NULL, "nomination_id");
	enum mtr_step step = body->accept ? MTR_STEP_LATE_SEAT : MTR_STEP_LATE_REFUSE;

	if (!nomination || !mtr_require_step(decision, nomination, step, "nomination_id"))
		return false;

	struct mtr_part *part = mtr_part_of_nomination(decision, nomination);

	if (!part)
		return false;
	if (!body->accept || body->reason[0])
		nomination->reason = body->reason;
	if (body->document[0])
		nomination->document = body->document;
	return body->accept ? accept_entry(decision, part, nomination) : refuse_entry(decision, part, nomination);
}
