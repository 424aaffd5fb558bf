#include "register/acknowledge.h"
#include "register/commands/handlers.h"
#include "register/commands/release.h"
#include "register/resolve.h"

static enum mtr_step step_of(Mtr__ForwardStep step)
{
	switch (step) {
	case MTR__FORWARD_STEP__FORWARD_STEP_ACCEPTED:
		return MTR_STEP_FORWARD_ACCEPTED;
	case MTR__FORWARD_STEP__FORWARD_STEP_REJECTED:
		return MTR_STEP_FORWARD_REJECTED;
	case MTR__FORWARD_STEP__FORWARD_STEP_SENT:
	case MTR__FORWARD_STEP__FORWARD_STEP_UNSPECIFIED:
	case _MTR__FORWARD_STEP_IS_INT_SIZE:
		break;
	}
	return MTR_STEP_FORWARD_SENT;
}

/* Only where the academy accepts or rejects does the step exist at all. */
static Mtr__State require_step(struct mtr_decision *decision, const Mtr__Nomination *nomination, enum mtr_step step)
{
	const Mtr__Programme *programme = mtr_view_programme(&decision->view, nomination->programme_id);

	if (!programme)
		return MTR__STATE__STATE_UNSPECIFIED;
	if (programme->needs_acceptance)
		return mtr_require_step(decision, nomination, step, "nomination_id");
	mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_TRANSITION_REFUSED,
		   (struct mtr_fault){
			   .field = "nomination_id",
			   .found = mtr_enum_name(&mtr__state__descriptor, (int)nomination->state),
			   .wanted = mtr_step_name(step),
			   .number = nomination->state,
		   });
	return MTR__STATE__STATE_UNSPECIFIED;
}

bool mtr_handle_forward(struct mtr_decision *decision)
{
	const Mtr__Forward *body = decision->command->forward;
	Mtr__Nomination *nomination = mtr_resolve_nomination(decision, body->nomination_id, NULL, "nomination_id");
	Mtr__State to = nomination ? require_step(decision, nomination, step_of(body->step)) : 0;
	struct mtr_part *part = to ? mtr_part_of_nomination(decision, nomination) : NULL;

	if (!part)
		return false;
	if (body->step == MTR__FORWARD_STEP__FORWARD_STEP_REJECTED && !body->reason[0])
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_FIELD_MISSING, "reason");
	if (body->reason[0])
		nomination->reason = body->reason;
	if (body->document[0])
		nomination->document = body->document;
	return mtr_release(decision, part, nomination, to);
}
