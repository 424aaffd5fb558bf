#include "register/access.h"
#include "register/commands/handlers.h"
#include "register/part.h"
#include "register/resolve.h"

/* The nominations of both lists, the approved first. */
struct listed {
	Mtr__Nomination *nominations[MTR_ITEMS_MAX];
	const char *fields[MTR_ITEMS_MAX];
	size_t count;
};

static bool resolve_list(struct mtr_decision *decision, const uint64_t *ids, size_t count, const char *list,
			 struct listed *listed)
{
	for (size_t i = 0; i < count; i++) {
		const char *field = mtr_format(decision->view.arena, "%s.%zu", list, i);
		Mtr__Nomination *nomination = mtr_resolve_nomination(decision, ids[i], NULL, field);

		if (!nomination)
			return false;
		listed->fields[listed->count] = field;
		listed->nominations[listed->count++] = nomination;
	}
	return true;
}

static bool refuse(struct mtr_decision *decision, Mtr__ErrorCode code, const char *field)
{
	return mtr_refuse_field(decision, code, field);
}

/* One nomination; the first rule it breaks refuses the whole decision. */
static bool check(struct mtr_decision *decision, const Mtr__Programme *programme, const Mtr__Nomination *nomination,
		  bool approved, const char *field)
{
	const Mtr__Decide *body = decision->command->decide;
	struct mtr_part *part;

	if (nomination->programme_id != programme->id)
		return refuse(decision, MTR__ERROR_CODE__ERROR_CODE_WRONG_PROGRAMME, field);
	if (!mtr_access_one_of(decision, &nomination->managing_unit_id, 1))
		return mtr_decision_good(decision) &&
		       refuse(decision, MTR__ERROR_CODE__ERROR_CODE_NOT_MANAGING_BODY, field);
	part = mtr_part_of_nomination(decision, nomination);
	if (!part)
		return false;
	if (!part->allocation->frozen)
		return refuse(decision, MTR__ERROR_CODE__ERROR_CODE_LIST_NOT_FROZEN, field);
	if (!mtr_require_step(decision, nomination, approved ? MTR_STEP_DECIDE_APPROVE : MTR_STEP_DECIDE_REFUSE, field))
		return false;
	if (approved && !nomination->vetted)
		return refuse(decision, MTR__ERROR_CODE__ERROR_CODE_NOT_VETTED, field);
	if (nomination->supplementary && !body->supplementary)
		return refuse(decision, MTR__ERROR_CODE__ERROR_CODE_SUPPLEMENTARY_REQUIRED, field);
	return true;
}

static Mtr__Decision *record(struct mtr_decision *decision, uint32_t programme_id)
{
	const Mtr__Decide *body = decision->command->decide;
	Mtr__Decision *out = mtr_message_new(decision->view.arena, &mtr__decision__descriptor);

	if (!out)
		return NULL;
	out->id = mtr_new_id(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_DECISION);
	out->programme_id = programme_id;
	out->managing_unit_id = decision->principal->unit_id;
	out->number = body->number;
	out->date = body->date;
	out->signer = body->signer;
	out->supplementary = body->supplementary;
	out->approved_ids = body->approved_ids;
	out->n_approved_ids = body->n_approved_ids;
	out->refused_ids = body->refused_ids;
	out->n_refused_ids = body->n_refused_ids;
	return mtr_effect_decision(&decision->effects, decision->view.arena, out) ? out : NULL;
}

static bool apply(struct mtr_decision *decision, const Mtr__Decision *row, Mtr__Nomination *nomination, bool approved)
{
	struct mtr_part *part = mtr_part_of_nomination(decision, nomination);
	enum mtr_step step = approved ? MTR_STEP_DECIDE_APPROVE : MTR_STEP_DECIDE_REFUSE;

	if (!part)
		return false;
	if (approved) {
		nomination->decision_id = row->id;
		nomination->decision_number = row->number;
		nomination->decision_date = row->date;
	} else {
		nomination->reason = decision->command->decide->reason;
		nomination->document = row->number;
	}
	return mtr_part_move(decision, part, nomination, mtr_state_after(nomination->state, step),
			     MTR__CAUSE__CAUSE_COMMAND);
}

static bool answer(struct mtr_decision *decision, const Mtr__Decision *row, size_t listed,
		   const struct mtr_promoted *promoted)
{
	Mtr__Done *done = mtr_done(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_DECISION, row->id, row->number, true);

	if (!done)
		return false;
	done->changed = (uint32_t)(listed + promoted->count);
	done->promoted_ids = promoted->ids;
	done->n_promoted_ids = promoted->count;
	return true;
}

static bool check_all(struct mtr_decision *decision, const Mtr__Programme *programme, const struct listed *listed)
{
	const Mtr__Decide *body = decision->command->decide;

	for (size_t i = 0; i < listed->count; i++)
		if (!check(decision, programme, listed->nominations[i], i < body->n_approved_ids, listed->fields[i]))
			return false;
	if (body->n_refused_ids && !body->reason[0])
		return refuse(decision, MTR__ERROR_CODE__ERROR_CODE_FIELD_MISSING, "reason");
	return true;
}

bool mtr_handle_decide(struct mtr_decision *decision)
{
	const Mtr__Decide *body = decision->command->decide;
	const Mtr__Programme *programme = mtr_resolve_programme(decision, body->programme_code, "programme_code");
	struct listed *listed = mtr_arena_alloc(decision->view.arena, sizeof *listed);
	struct mtr_promoted promoted = {0};

	if (!programme || !listed ||
	    !resolve_list(decision, body->approved_ids, body->n_approved_ids, "approved_ids", listed) ||
	    !resolve_list(decision, body->refused_ids, body->n_refused_ids, "refused_ids", listed) ||
	    !check_all(decision, programme, listed))
		return false;

	const Mtr__Decision *row = record(decision, programme->id);

	for (size_t i = 0; row && i < listed->count; i++)
		if (!apply(decision, row, listed->nominations[i], i < body->n_approved_ids))
			return false;
	return row && mtr_parts_fill(decision, &promoted) && answer(decision, row, listed->count, &promoted);
}
