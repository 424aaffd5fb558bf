/* What organisers and managing bodies settle: late entries, vetting, the freeze, decisions, the academy's answer. */
#include "model_internal.h"

static void change(struct model *m, Mtr__Nomination *n, Mtr__State state, const char *reason, const char *document)
{
	n->state = state;
	n->cause = MTR__CAUSE__CAUSE_COMMAND;
	if (*reason)
		n->reason = keep_text(m, reason);
	if (*document)
		n->document = keep_text(m, document);
}

Mtr__ErrorCode do_settle_late(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__SettleLate *c = turn->command->settle_late;
	Mtr__Nomination *n;

	TRY(shape_text(c->reason, MTR_TEXT_MAX, false));
	TRY(shape_text(c->document, MTR_NUMBER_MAX, false));
	TRY(find_nomination(turn, c->nomination_id, NULL, &n));
	if (n->state != MTR__STATE__STATE_LATE)
		return refuse_number(turn, E(TRANSITION_REFUSED), n->state);
	if (!c->accept && !*c->reason)
		return E(FIELD_MISSING);
	change(m, n, MTR__STATE__STATE_LATE_REFUSED, c->reason, c->document);
	if (c->accept) {
		n->cause = MTR__CAUSE__CAUSE_LATE_ACCEPTED;
		place(turn, n);
	}
	answer_acknowledgement(turn, n);
	return E(NONE);
}

Mtr__ErrorCode do_vet(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__Vet *c = turn->command->vet;
	Mtr__Nomination *n;

	TRY(shape_text(c->reason, MTR_TEXT_MAX, false));
	TRY(find_nomination(turn, c->nomination_id, NULL, &n));
	if (n->state != MTR__STATE__STATE_SEATED && n->state != MTR__STATE__STATE_WAITING)
		return refuse_number(turn, E(TRANSITION_REFUSED), n->state);
	if (!n->letter_id || !*m->letters[n->letter_id]->number)
		return E(LETTER_REQUIRED);
	if (!c->eligible && !*c->reason)
		return E(FIELD_MISSING);
	if (c->eligible) {
		n->vetted = true;
		if (*c->reason)
			n->reason = keep_text(m, c->reason);
	} else {
		change(m, n, MTR__STATE__STATE_INELIGIBLE, c->reason, "");
		n->vetted = false;
		seats_fall_free(turn, n->programme_id, n->unit_id);
	}
	answer_acknowledgement(turn, n);
	return E(NONE);
}

Mtr__ErrorCode do_freeze(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__Freeze *c = turn->command->freeze;
	Mtr__Allocation *allocation;
	uint32_t programme, unit;

	TRY(shape_code(c->programme_code, true));
	TRY(shape_code(c->unit_code, true));
	TRY(shape_text(c->document, MTR_NUMBER_MAX, false));
	TRY(find_programme(turn, c->programme_code, &programme));
	TRY(find_former_unit(turn, c->unit_code, &unit));
	if (!organises(m, turn->who, programme))
		return E(OUT_OF_SCOPE);
	if (model_frozen(m, programme, unit))
		return E(LIST_FROZEN);
	allocation = allocation_of(m, programme, unit);
	allocation->frozen = true;
	allocation->frozen_document = keep_text(m, c->document);
	answer_done(turn, MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION, (uint64_t)programme << 32 | unit, false);
	turn->verdict->allocation = allocation;
	return E(NONE);
}

static Mtr__ErrorCode shape_decide(struct turn *turn, const Mtr__Decide *c)
{
	size_t count = c->n_approved_ids + c->n_refused_ids;

	TRY(shape_code(c->programme_code, true));
	TRY(shape_text(c->number, MTR_NUMBER_MAX, true));
	TRY(shape_date(c->date, false, true));
	TRY(shape_text(c->signer, MTR_NAME_MAX, true));
	if (c->n_approved_ids > MTR_ITEMS_MAX || c->n_refused_ids > MTR_ITEMS_MAX)
		return E(TOO_MANY_ITEMS);
	TRY(shape_text(c->reason, MTR_TEXT_MAX, false));
	if (c->date > turn->m->today)
		return E(DATE_FUTURE);
	if (count == 0)
		return E(FIELD_VALUE);
	if (count > MTR_ITEMS_MAX)
		return E(TOO_MANY_ITEMS);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if ((i < c->n_approved_ids ? c->approved_ids[i] : c->refused_ids[i - c->n_approved_ids]) ==
			    (j < c->n_approved_ids ? c->approved_ids[j] : c->refused_ids[j - c->n_approved_ids]))
				return E(FIELD_VALUE);
	return E(NONE);
}

static Mtr__ErrorCode may_decide(struct turn *turn, const Mtr__Decide *c, uint32_t programme, const Mtr__Nomination *n,
				 bool approve)
{
	if (n->programme_id != programme)
		return E(WRONG_PROGRAMME);
	if (!is_or_became(turn->m, n->managing_unit_id, turn->who->unit_id))
		return E(NOT_MANAGING_BODY);
	if (!model_frozen(turn->m, programme, n->unit_id))
		return E(LIST_NOT_FROZEN);
	if (n->state != MTR__STATE__STATE_SEATED)
		return refuse_number(turn, E(TRANSITION_REFUSED), n->state);
	if (approve && !n->vetted)
		return E(NOT_VETTED);
	return n->supplementary && !c->supplementary ? E(SUPPLEMENTARY_REQUIRED) : E(NONE);
}

static void carry_out(struct turn *turn, const Mtr__Decide *c, const Mtr__Decision *decision)
{
	struct model *m = turn->m;

	for (size_t i = 0; i < c->n_approved_ids; i++) {
		Mtr__Nomination *n = m->nominations[c->approved_ids[i]];

		change(m, n, MTR__STATE__STATE_DECIDED, "", "");
		n->decision_id = decision->id;
		n->decision_number = decision->number;
		n->decision_date = decision->date;
	}
	for (size_t i = 0; i < c->n_refused_ids; i++)
		change(m, m->nominations[c->refused_ids[i]], MTR__STATE__STATE_NOT_APPROVED, c->reason,
		       decision->number);
	for (size_t i = 0; i < c->n_refused_ids; i++)
		seats_fall_free(turn, decision->programme_id, m->nominations[c->refused_ids[i]]->unit_id);
}

Mtr__ErrorCode do_decide(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__Decide *c = turn->command->decide;
	uint32_t programme;
	Mtr__Nomination *n;
	Mtr__Decision *decision;

	TRY(shape_decide(turn, c));
	TRY(find_programme(turn, c->programme_code, &programme));
	for (size_t i = 0; i < c->n_approved_ids; i++)
		TRY(find_nomination(turn, c->approved_ids[i], NULL, &n));
	for (size_t i = 0; i < c->n_refused_ids; i++)
		TRY(find_nomination(turn, c->refused_ids[i], NULL, &n));
	for (size_t i = 0; i < c->n_approved_ids; i++)
		TRY(may_decide(turn, c, programme, m->nominations[c->approved_ids[i]], true));
	for (size_t i = 0; i < c->n_refused_ids; i++)
		TRY(may_decide(turn, c, programme, m->nominations[c->refused_ids[i]], false));
	if (c->n_refused_ids && !*c->reason)
		return E(FIELD_MISSING);

	const Mtr__Decide *kept = keep(m, &c->base);

	decision = new_row(m, &mtr__decision__descriptor);
	decision->id = ++m->decision_count;
	decision->programme_id = programme;
	decision->managing_unit_id = turn->who->unit_id;
	decision->number = kept->number;
	decision->date = kept->date;
	decision->signer = kept->signer;
	decision->supplementary = kept->supplementary;
	decision->n_approved_ids = kept->n_approved_ids;
	decision->approved_ids = kept->approved_ids;
	decision->n_refused_ids = kept->n_refused_ids;
	decision->refused_ids = kept->refused_ids;
	m->decisions[decision->id] = decision;
	carry_out(turn, c, decision);
	answer_done(turn, MTR__ENTITY_TYPE__ENTITY_TYPE_DECISION, decision->id, true);
	turn->verdict->changed = (uint32_t)(c->n_approved_ids + c->n_refused_ids + turn->verdict->promoted_count);
	return E(NONE);
}

Mtr__ErrorCode do_forward(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__Forward *c = turn->command->forward;
	bool sent = c->step == MTR__FORWARD_STEP__FORWARD_STEP_SENT;
	Mtr__Nomination *n;

	if (c->step == MTR__FORWARD_STEP__FORWARD_STEP_UNSPECIFIED)
		return E(FIELD_MISSING);
	TRY(shape_text(c->reason, MTR_TEXT_MAX, false));
	TRY(shape_text(c->document, MTR_NUMBER_MAX, false));
	TRY(find_nomination(turn, c->nomination_id, NULL, &n));
	if (!m->programmes[n->programme_id]->needs_acceptance ||
	    n->state != (sent ? MTR__STATE__STATE_DECIDED : MTR__STATE__STATE_FORWARDED))
		return refuse_number(turn, E(TRANSITION_REFUSED), n->state);
	if (c->step == MTR__FORWARD_STEP__FORWARD_STEP_REJECTED && !*c->reason)
		return E(FIELD_MISSING);
	if (sent)
		change(m, n, MTR__STATE__STATE_FORWARDED, c->reason, c->document);
	else if (c->step == MTR__FORWARD_STEP__FORWARD_STEP_ACCEPTED)
		change(m, n, MTR__STATE__STATE_ACCEPTED, c->reason, c->document);
	else
		change(m, n, MTR__STATE__STATE_REJECTED, c->reason, c->document);
	seats_fall_free(turn, n->programme_id, n->unit_id);
	answer_acknowledgement(turn, n);
	return E(NONE);
}
