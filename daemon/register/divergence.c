#include "register/divergence.h"

static Mtr__ErrorCode error_of(const struct mtr_decision *decision)
{
	return decision->error ? decision->error->code : MTR__ERROR_CODE__ERROR_CODE_NONE;
}

static Mtr__State state_of(const struct mtr_decision *decision)
{
	return decision->acknowledgement && !decision->error ? decision->acknowledgement->state
							     : MTR__STATE__STATE_UNSPECIFIED;
}

static Mtr__Divergence *start(struct mtr_decision *decision)
{
	Mtr__Divergence *out = mtr_message_new(decision->view.arena, &mtr__divergence__descriptor);

	if (!out)
		return NULL;
	out->id = mtr_new_id(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_DIVERGENCE);
	out->principal_id = decision->input->principal_id;
	out->at = decision->input->now;
	return out;
}

/* The part that the present answer, or else the former one, is about. */
static void find_part(struct mtr_decision *decision, Mtr__Divergence *out)
{
	const Mtr__FormerAnswer *former = decision->input->former;
	const bool now = decision->acknowledgement && !decision->error;
	const char *programme = now ? decision->acknowledgement->programme_code : former->programme_code;
	const char *unit = now ? decision->acknowledgement->unit_code : former->unit_code;
	struct mtr_txn *txn = decision->view.txn;

	if (programme[0] && unit[0]) {
		out->programme_id = (uint32_t)mtr_find_code(txn, MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME, programme);
		out->unit_id = (uint32_t)mtr_find_code(txn, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, unit);
	} else if (former->type == MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION) {
		out->programme_id = (uint32_t)(former->id >> 32);
		out->unit_id = (uint32_t)former->id;
	} else if (decision->nomination_count) {
		const Mtr__Nomination *subject =
			mtr_read_nomination(txn, decision->view.arena, decision->nomination_ids[0]);

		out->programme_id = subject ? subject->programme_id : 0;
		out->unit_id = subject ? subject->unit_id : 0;
	}
	if (!out->programme_id || !out->unit_id)
		out->programme_id = out->unit_id = 0;
}

static struct mtr_home home_of(const struct mtr_decision *decision, const Mtr__Divergence *row)
{
	if (row->programme_id)
		return mtr_home_part(row->programme_id, row->unit_id);
	return decision->principal->unit_id ? mtr_home_people(decision->principal->unit_id) : mtr_home_principals();
}

static bool add(struct mtr_decision *decision, const Mtr__Divergence *row)
{
	return mtr_effect_divergence(&decision->effects, decision->view.arena, home_of(decision, row), row);
}

bool mtr_note_divergence(struct mtr_decision *decision)
{
	const Mtr__FormerAnswer *former = decision->input->former;

	if (!former || !decision->principal ||
	    (former->error_code == (uint32_t)error_of(decision) && former->state == state_of(decision)))
		return true;

	Mtr__Divergence *out = start(decision);

	if (!out)
		return false;
	find_part(decision, out);
	out->command_tag = (uint32_t)decision->command->body_case;
	if (former->type == MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION)
		out->nomination_id = former->id;
	else if (state_of(decision) != MTR__STATE__STATE_UNSPECIFIED)
		out->nomination_id = decision->acknowledgement->nomination_id;
	out->person_id = former->person_id;
	if (!out->person_id && state_of(decision) != MTR__STATE__STATE_UNSPECIFIED)
		out->person_id = decision->acknowledgement->person_id;
	out->former_revision = former->revision;
	out->former_state = former->state;
	out->former_error = former->error_code;
	out->state = state_of(decision);
	out->error = (uint32_t)error_of(decision);
	return mtr_view_good(&decision->view) && add(decision, out);
}

bool mtr_note_lost(struct mtr_decision *decision, const Mtr__CloseOutbox *body, uint64_t from)
{
	Mtr__Divergence *out = start(decision);

	if (!out)
		return false;
	out->outbox = body->outbox;
	out->sequence = from;
	out->lost_to = body->lost_to;
	return add(decision, out);
}
