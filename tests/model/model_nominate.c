/* Letters, nominations, withdrawals, substitutions. */
#include "model_person.h"

Mtr__ErrorCode do_put_letter(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__PutLetter *c = turn->command->put_letter;
	uint32_t programme, unit;
	const Mtr__Letter *old;

	TRY(shape_code(c->programme_code, true));
	TRY(shape_code(c->unit_code, true));
	TRY(shape_text(c->number, MTR_NUMBER_MAX, false));
	TRY(shape_date(c->date, false, false));
	TRY(shape_text(c->signer, MTR_NAME_MAX, false));
	TRY(find_programme(turn, c->programme_code, &programme));
	TRY(find_former_unit(turn, c->unit_code, &unit));
	if (!model_within(m, unit, turn->who->unit_id))
		return E(OUT_OF_SCOPE);
	old = c->id && c->id <= m->letter_count ? m->letters[c->id] : NULL;
	if (c->id && (!old || old->unit_id != unit || old->programme_id != programme))
		return E(UNKNOWN_LETTER);
	if (old && *old->number && strcmp(old->number, c->number) != 0 && model_frozen(m, programme, unit))
		return E(LIST_FROZEN);

	Mtr__Letter *letter = new_row(m, &mtr__letter__descriptor);

	letter->id = old ? old->id : ++m->letter_count;
	letter->unit_id = unit;
	letter->programme_id = programme;
	letter->number = keep_text(m, c->number);
	letter->date = c->date;
	letter->signer = keep_text(m, c->signer);
	m->letters[letter->id] = letter;
	answer_done(turn, MTR__ENTITY_TYPE__ENTITY_TYPE_LETTER, letter->id, !old);
	return E(NONE);
}

/* What stands between a person and a nomination, from step 5 of docs/rules.md on. */
static Mtr__ErrorCode check_person(struct turn *turn, const Mtr__Person *person, uint32_t programme_id)
{
	struct model *m = turn->m;
	const Mtr__Programme *programme = m->programmes[programme_id];
	struct verdict *verdict = turn->verdict;
	uint64_t other = model_in_the_way(m, person->id, programme_id);
	bool all_held = programme->n_supplies > 0;

	if (other && !model_within(m, m->nominations[other]->unit_id, turn->who->unit_id))
		return refuse_number(turn, E(ALREADY_NOMINATED_ELSEWHERE), 0);
	if (other)
		return refuse_number(turn, E(ALREADY_NOMINATED), other);
	for (size_t i = 0; i < programme->n_supplies; i++)
		if (!person_has(person, programme->supplies[i]))
			all_held = false;
	if (all_held && programme->kind == MTR__PROGRAMME_KIND__PROGRAMME_KIND_TRAINING)
		return E(STANDARD_ALREADY_HELD);
	verdict->finding_count = failed_conditions(m, person, programme, verdict->findings);
	return verdict->finding_count ? E(NOT_ELIGIBLE) : E(NONE);
}

static Mtr__Nomination *nominate(struct turn *turn, uint32_t programme, uint32_t unit, const Mtr__Person *person,
				 uint32_t unit_order)
{
	struct model *m = turn->m;
	Mtr__Nomination *n = new_row(m, &mtr__nomination__descriptor);

	n->id = ++m->nomination_count;
	n->programme_id = programme;
	n->unit_id = unit;
	n->person_id = person->id;
	n->particulars = m->people[person->id];
	n->unit_order = unit_order;
	n->cause = MTR__CAUSE__CAUSE_ARRIVAL;
	n->arrived_at = m->now;
	n->written_at = turn->command->written_at;
	n->managing_unit_id = managing_body(m, person);
	work_out_priority(m, person, m->programmes[programme], n);
	m->nominations[n->id] = n;
	m->ranks[n->id] = rank_of(m, n);
	return n;
}

Mtr__ErrorCode do_propose(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__Propose *c = turn->command->propose;
	const Mtr__Person *person;
	const Mtr__Window *window;
	uint32_t programme, unit = turn->who->unit_id;

	TRY(shape_code(c->programme_code, true));
	TRY(shape_code(c->unit_code, false));
	TRY(shape_reference(c->person));
	TRY(find_programme(turn, c->programme_code, &programme));
	if (*c->unit_code)
		TRY(find_unit(turn, c->unit_code, &unit));
	else if (m->units[unit]->dissolved)
		return E(UNIT_DISSOLVED);
	if (!model_within(m, unit, turn->who->unit_id))
		return E(OUT_OF_SCOPE);
	window = m->programmes[programme]->nomination_window;
	if (window && window->opens && m->now < window->opens)
		return refuse_number(turn, E(WINDOW_NOT_OPEN), window->opens);
	TRY(find_person(turn, c->person, unit, &person));
	if (c->letter_id && (c->letter_id > m->letter_count || m->letters[c->letter_id]->unit_id != unit ||
			     m->letters[c->letter_id]->programme_id != programme))
		return E(UNKNOWN_LETTER);
	TRY(check_person(turn, person, programme));

	Mtr__Nomination *n = nominate(turn, programme, unit, person, c->unit_order);

	n->letter_id = c->letter_id;
	allocation_of(m, programme, unit);
	if (window && window->closes && m->now > window->closes)
		n->state = MTR__STATE__STATE_LATE;
	else
		place(turn, n);
	answer_acknowledgement(turn, n);
	return E(NONE);
}

Mtr__ErrorCode do_withdraw(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__Withdraw *c = turn->command->withdraw;
	Mtr__Nomination *n;

	TRY(shape_text(c->reason, MTR_TEXT_MAX, false));
	TRY(find_nomination(turn, c->nomination_id, NULL, &n));
	if (n->state != MTR__STATE__STATE_LATE && n->state != MTR__STATE__STATE_SEATED &&
	    n->state != MTR__STATE__STATE_WAITING)
		return refuse_number(turn, E(TRANSITION_REFUSED), n->state);
	if (model_frozen(m, n->programme_id, n->unit_id) && !*c->reason)
		return E(FIELD_MISSING);
	n->state = MTR__STATE__STATE_WITHDRAWN;
	n->cause = MTR__CAUSE__CAUSE_COMMAND;
	if (*c->reason)
		n->reason = keep_text(m, c->reason);
	seats_fall_free(turn, n->programme_id, n->unit_id);
	answer_acknowledgement(turn, n);
	return E(NONE);
}

Mtr__ErrorCode do_substitute(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__Substitute *c = turn->command->substitute;
	Mtr__Nomination *old, *n;
	const Mtr__Person *person;
	const Mtr__Window *window;

	TRY(shape_reference(c->person));
	TRY(shape_text(c->reason, MTR_TEXT_MAX, true));
	TRY(find_nomination(turn, c->nomination_id, NULL, &old));
	if (old->state != MTR__STATE__STATE_SEATED)
		return refuse_number(turn, E(TRANSITION_REFUSED), old->state);
	window = m->programmes[old->programme_id]->nomination_window;
	if (window && window->opens && m->now < window->opens)
		return refuse_number(turn, E(WINDOW_NOT_OPEN), window->opens);
	TRY(find_person(turn, c->person, old->unit_id, &person));
	TRY(check_person(turn, person, old->programme_id));
	n = nominate(turn, old->programme_id, old->unit_id, person, old->unit_order);
	n->state = MTR__STATE__STATE_SEATED;
	n->cause = MTR__CAUSE__CAUSE_SUBSTITUTED;
	n->substitutes_id = old->id;
	n->letter_id = old->letter_id;
	n->reason = keep_text(m, c->reason);
	n->supplementary = model_frozen(m, n->programme_id, n->unit_id);
	old->state = MTR__STATE__STATE_REPLACED;
	old->cause = MTR__CAUSE__CAUSE_COMMAND;
	old->reason = keep_text(m, c->reason);
	answer_acknowledgement(turn, n);
	return E(NONE);
}
