/* redact: what is held of a person is blanked; numbers, unit, state, seats and documents stay. */
#include "model_internal.h"

static Mtr__Person *blank_person(struct model *m, const Mtr__Person *person)
{
	Mtr__Person *blank = new_row(m, &mtr__person__descriptor);

	blank->id = person->id;
	blank->unit_id = person->unit_id;
	blank->redacted = true;
	return blank;
}

static void blank_enrolment(Mtr__Enrolment *enrolment)
{
	Mtr__Enrolment blank = MTR__ENROLMENT__INIT;

	blank.nomination_id = enrolment->nomination_id;
	blank.class_id = enrolment->class_id;
	blank.person_id = enrolment->person_id;
	blank.unit_id = enrolment->unit_id;
	blank.unit_name = enrolment->unit_name;
	blank.state = enrolment->state;
	blank.summons_number = enrolment->summons_number;
	blank.report_on = enrolment->report_on;
	blank.redacted = true;
	*enrolment = blank;
}

/* What may still move keeps what it is ordered by. */
static bool is_open(const Mtr__Nomination *n)
{
	return n->state == MTR__STATE__STATE_SEATED || n->state == MTR__STATE__STATE_WAITING ||
	       n->state == MTR__STATE__STATE_LATE;
}

Mtr__ErrorCode do_redact(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__Redact *c = turn->command->redact;
	uint32_t id = c->person_id;

	TRY(shape_range(id, 1, UINT32_MAX));
	TRY(shape_text(c->reason, MTR_TEXT_MAX, true));
	TRY(shape_text(c->document, MTR_NUMBER_MAX, true));
	if (id > m->person_count)
		return E(UNKNOWN_PERSON);
	if (m->people[id]->redacted)
		return E(PERSON_REDACTED);
	for (uint64_t i = 1; i <= m->nomination_count; i++)
		if (m->nominations[i]->person_id == id && is_open(m->nominations[i]))
			return refuse_number(turn, E(NOMINATION_OPEN), i);
	m->people[id] = blank_person(m, m->people[id]);
	for (uint64_t i = 1; i <= m->nomination_count; i++) {
		Mtr__Nomination *n = m->nominations[i];

		if (n->person_id != id)
			continue;
		n->particulars = m->people[id];
		n->n_bases = 0;
		n->reason = keep_text(m, "");
		if (m->enrolments[i])
			blank_enrolment(m->enrolments[i]);
		turn->verdict->changed++;
	}
	answer_done(turn, MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON, id, false);
	return E(NONE);
}
