/* Opening day and results. */
#include "model_internal.h"

static void come_to(struct model *m, Mtr__Nomination *n, Mtr__State state, const char *reason)
{
	n->state = m->enrolments[n->id]->state = state;
	n->cause = MTR__CAUSE__CAUSE_COMMAND;
	if (*reason) {
		n->reason = keep_text(m, reason);
		m->enrolments[n->id]->note = n->reason;
	}
}

static Mtr__State state_of_attendance(Mtr__AttendanceKind kind)
{
	if (kind == MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_PRESENT)
		return MTR__STATE__STATE_ENROLLED;
	return kind == MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_EXCUSED ? MTR__STATE__STATE_EXCUSED
								     : MTR__STATE__STATE_DEFIED;
}

static Mtr__ErrorCode shape_enrol(const Mtr__Enrol *c)
{
	TRY(shape_code(c->class_code, true));
	if (c->n_attendances == 0)
		return E(FIELD_MISSING);
	for (size_t i = 0; i < c->n_attendances; i++) {
		if (c->attendances[i]->kind == MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_UNSPECIFIED)
			return E(FIELD_MISSING);
		TRY(shape_text(c->attendances[i]->reason, MTR_TEXT_MAX, false));
	}
	for (size_t i = 0; i < c->n_attendances; i++)
		for (size_t j = 0; j < i; j++)
			if (c->attendances[i]->nomination_id == c->attendances[j]->nomination_id)
				return E(FIELD_VALUE);
	return E(NONE);
}

Mtr__ErrorCode do_enrol(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__Enrol *c = turn->command->enrol;
	const Mtr__Class *class;
	Mtr__Nomination *n;
	uint32_t id;

	TRY(shape_enrol(c));
	TRY(find_class(turn, c->class_code, &id));
	class = m->classes[id];
	if (!is_or_became(m, class->provider_unit_id, turn->who->unit_id) &&
	    !is_or_became(m, class->student_manager_unit_id, turn->who->unit_id))
		return E(OUT_OF_SCOPE);
	for (size_t i = 0; i < c->n_attendances; i++)
		TRY(find_nomination(turn, c->attendances[i]->nomination_id, class, &n));
	if (class->state != MTR__CLASS_STATE__CLASS_STATE_OPEN)
		return E(CLASS_CLOSED);
	for (size_t i = 0; i < c->n_attendances; i++) {
		n = m->nominations[c->attendances[i]->nomination_id];
		if (n->state != MTR__STATE__STATE_SUMMONED || n->class_id != id)
			return refuse_number(turn, E(TRANSITION_REFUSED), n->state);
		if (c->attendances[i]->kind == MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_EXCUSED &&
		    !*c->attendances[i]->reason)
			return E(FIELD_MISSING);
	}
	for (size_t i = 0; i < c->n_attendances; i++)
		come_to(m, m->nominations[c->attendances[i]->nomination_id],
			state_of_attendance(c->attendances[i]->kind), c->attendances[i]->reason);
	for (size_t i = 0; i < c->n_attendances; i++) {
		n = m->nominations[c->attendances[i]->nomination_id];
		seats_fall_free(turn, n->programme_id, n->unit_id);
	}
	answer_done(turn, MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS, id, false);
	/* Who waited is none of a school's business. */
	turn->verdict->promoted_count = 0;
	turn->verdict->changed = (uint32_t)c->n_attendances;
	return E(NONE);
}

static bool is_cumulative(Mtr__Scheme scheme)
{
	return scheme == MTR__SCHEME__SCHEME_THEORY || scheme == MTR__SCHEME__SCHEME_STATE_MANAGEMENT ||
	       scheme == MTR__SCHEME__SCHEME_ENGLISH || scheme == MTR__SCHEME__SCHEME_IT;
}

/* Where on a cumulative scale the person has a lower number already; else at the end. */
static size_t place_of_standard(const Mtr__Person *person, Mtr__Scheme scheme)
{
	for (size_t i = 0; i < person->n_attained && is_cumulative(scheme); i++)
		if (person->attained[i]->scheme == scheme)
			return i;
	return person->n_attained;
}

/* What the programme supplies and the person doesn't have yet. */
static void attain(struct model *m, const Mtr__Nomination *n)
{
	const Mtr__Programme *programme = m->programmes[n->programme_id];
	Mtr__Person *person = keep(m, &m->people[n->person_id]->base);
	Mtr__Standard **attained =
		mtr_arena_array(m->arena, person->n_attained + programme->n_supplies, sizeof *attained);

	if (person->n_attained)
		memcpy(attained, person->attained, person->n_attained * sizeof *attained);
	person->attained = attained;
	for (size_t i = 0; i < programme->n_supplies; i++) {
		size_t place = place_of_standard(person, programme->supplies[i]->scheme);

		if (person_has(person, programme->supplies[i]))
			continue;
		attained[place] = programme->supplies[i];
		if (place == person->n_attained)
			person->n_attained++;
	}
	m->people[n->person_id] = person;
}

static Mtr__ErrorCode shape_close_class(const Mtr__CloseClass *c)
{
	TRY(shape_code(c->class_code, true));
	for (size_t i = 0; i < c->n_results; i++) {
		if (c->results[i]->state == MTR__STATE__STATE_UNSPECIFIED)
			return E(FIELD_MISSING);
		TRY(shape_text(c->results[i]->reason, MTR_TEXT_MAX, false));
	}
	if (c->n_results == 0 && !c->close)
		return E(FIELD_MISSING);
	for (size_t i = 0; i < c->n_results; i++)
		if (c->results[i]->state < MTR__STATE__STATE_COMPLETED ||
		    c->results[i]->state > MTR__STATE__STATE_DEFERRED)
			return E(FIELD_VALUE);
	for (size_t i = 0; i < c->n_results; i++)
		for (size_t j = 0; j < i; j++)
			if (c->results[i]->nomination_id == c->results[j]->nomination_id)
				return E(FIELD_VALUE);
	return E(NONE);
}

static bool has_result(const Mtr__CloseClass *c, uint64_t nomination_id)
{
	for (size_t i = 0; i < c->n_results; i++)
		if (c->results[i]->nomination_id == nomination_id)
			return true;
	return false;
}

/* Summoned or enrolled, and without a result. */
static uint32_t left_over(const struct model *m, const Mtr__CloseClass *c, uint32_t class_id)
{
	uint32_t count = 0;

	for (uint64_t id = 1; id <= m->nomination_count; id++) {
		const Mtr__Nomination *n = m->nominations[id];

		count += n->class_id == class_id && !has_result(c, id) &&
			 (n->state == MTR__STATE__STATE_SUMMONED || n->state == MTR__STATE__STATE_ENROLLED);
	}
	return count;
}

Mtr__ErrorCode do_close_class(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__CloseClass *c = turn->command->close_class;
	Mtr__Nomination *n;
	uint32_t id;

	TRY(shape_close_class(c));
	TRY(find_class(turn, c->class_code, &id));
	if (!is_or_became(m, m->classes[id]->provider_unit_id, turn->who->unit_id))
		return E(OUT_OF_SCOPE);
	for (size_t i = 0; i < c->n_results; i++)
		TRY(find_nomination(turn, c->results[i]->nomination_id, m->classes[id], &n));
	if (m->classes[id]->state != MTR__CLASS_STATE__CLASS_STATE_OPEN)
		return E(CLASS_CLOSED);
	for (size_t i = 0; i < c->n_results; i++) {
		n = m->nominations[c->results[i]->nomination_id];
		if (n->state != MTR__STATE__STATE_ENROLLED || n->class_id != id)
			return refuse_number(turn, E(TRANSITION_REFUSED), n->state);
	}
	if (c->close && left_over(m, c, id))
		return refuse_number(turn, E(TRANSITION_REFUSED), left_over(m, c, id));
	for (size_t i = 0; i < c->n_results; i++) {
		n = m->nominations[c->results[i]->nomination_id];
		come_to(m, n, c->results[i]->state, c->results[i]->reason);
		m->enrolments[n->id]->result = keep_text(m, c->results[i]->result);
		if (n->state == MTR__STATE__STATE_COMPLETED && !m->people[n->person_id]->redacted)
			attain(m, n);
	}
	if (c->close) {
		m->classes[id] = keep(m, &m->classes[id]->base);
		m->classes[id]->state = MTR__CLASS_STATE__CLASS_STATE_CLOSED;
	}
	answer_done(turn, MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS, id, false);
	turn->verdict->changed = (uint32_t)c->n_results;
	return E(NONE);
}
