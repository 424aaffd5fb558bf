/* Classes: opened and filled. */
#include "model_internal.h"

static bool provides(const Mtr__Programme *programme, uint32_t unit_id)
{
	for (size_t i = 0; i < programme->n_provider_unit_ids; i++)
		if (programme->provider_unit_ids[i] == unit_id)
			return true;
	return false;
}

static Mtr__ErrorCode shape_open_class(const Mtr__OpenClass *c)
{
	TRY(shape_code(c->code, true));
	TRY(shape_code(c->programme_code, true));
	TRY(shape_text(c->name, MTR_NAME_MAX, false));
	TRY(shape_code(c->provider_unit_code, true));
	TRY(shape_code(c->student_manager_unit_code, false));
	TRY(shape_date(c->opens_on, false, true));
	TRY(shape_date(c->closes_on, false, false));
	TRY(shape_range(c->capacity, 1, 10000));
	TRY(shape_text(c->decision_number, MTR_NUMBER_MAX, true));
	TRY(shape_text(c->approval_number, MTR_NUMBER_MAX, false));
	return c->closes_on && c->closes_on < c->opens_on ? E(FIELD_RANGE) : E(NONE);
}

Mtr__ErrorCode do_open_class(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__OpenClass *c = turn->command->open_class;
	uint32_t programme, provider, manager = 0;
	bool school = turn->who->role == MTR__ROLE__ROLE_SCHOOL;

	TRY(shape_open_class(c));
	TRY(find_programme(turn, c->programme_code, &programme));
	TRY(find_unit(turn, c->provider_unit_code, &provider));
	if (*c->student_manager_unit_code)
		TRY(find_unit(turn, c->student_manager_unit_code, &manager));
	if (school ? provider != turn->who->unit_id : !organises(m, turn->who, programme))
		return E(OUT_OF_SCOPE);
	if (!c->out_of_plan && !provides(m->programmes[programme], provider))
		return E(OUT_OF_SCOPE);
	if (m->programmes[programme]->bloc == MTR__BLOC__BLOC_STATE && !*c->approval_number)
		return E(APPROVAL_REQUIRED);
	if (model_class(m, c->code))
		return E(CODE_TAKEN);

	const Mtr__OpenClass *kept = keep(m, &c->base);
	Mtr__Class *class = new_row(m, &mtr__class__descriptor);

	class->id = ++m->class_count;
	class->code = kept->code;
	class->programme_id = programme;
	class->name = kept->name;
	class->provider_unit_id = provider;
	class->student_manager_unit_id = manager;
	class->venue = kept->venue;
	class->opens_on = kept->opens_on;
	class->closes_on = kept->closes_on;
	class->capacity = kept->capacity;
	class->out_of_plan = kept->out_of_plan;
	class->decision_number = kept->decision_number;
	class->approval_number = kept->approval_number;
	class->state = MTR__CLASS_STATE__CLASS_STATE_OPEN;
	m->classes[class->id] = class;
	answer_done(turn, MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS, class->id, true);
	return E(NONE);
}

/* Those of the class who take a place in it. */
static uint32_t places_taken(const struct model *m, uint32_t class_id)
{
	uint32_t count = 0;

	for (uint64_t id = 1; id <= m->nomination_count; id++) {
		Mtr__State state = m->nominations[id]->state;

		count += m->nominations[id]->class_id == class_id && state != MTR__STATE__STATE_EXCUSED &&
			 state != MTR__STATE__STATE_DEFIED && state != MTR__STATE__STATE_DEFERRED;
	}
	return count;
}

/* Days that aren't known can't collide. */
static bool days_overlap(const Mtr__Class *x, const Mtr__Class *y)
{
	return x->closes_on && y->closes_on && x->opens_on <= y->closes_on && y->opens_on <= x->closes_on;
}

/* Another class the person is called to or sits in. */
static bool has_other_class(const struct model *m, uint32_t person_id, const Mtr__Class *class)
{
	for (uint64_t id = 1; id <= m->nomination_count; id++) {
		const Mtr__Nomination *n = m->nominations[id];

		if (n->person_id == person_id && n->class_id && n->class_id != class->id &&
		    (n->state == MTR__STATE__STATE_SUMMONED || n->state == MTR__STATE__STATE_ENROLLED) &&
		    days_overlap(m->classes[n->class_id], class))
			return true;
	}
	return false;
}

static Mtr__ErrorCode may_summon(struct turn *turn, const Mtr__Class *class, const Mtr__Nomination *n)
{
	const struct model *m = turn->m;
	bool accepted = m->programmes[class->programme_id]->needs_acceptance;

	if (n->programme_id != class->programme_id)
		return E(WRONG_PROGRAMME);
	if (n->state == (accepted ? MTR__STATE__STATE_ACCEPTED : MTR__STATE__STATE_DECIDED))
		return E(NONE);
	return refuse_number(turn, E(TRANSITION_REFUSED), n->state);
}

static const char *highest_title(const struct model *m, const Mtr__Person *person)
{
	const Mtr__Title *highest = NULL;

	for (size_t i = 0; i < person->n_held; i++) {
		const Mtr__Title *title = m->titles[person->held[i]->title_id];

		if (!highest || title->rank > highest->rank)
			highest = title;
	}
	return highest ? highest->name : "";
}

static void call(struct turn *turn, const Mtr__Summon *c, const Mtr__Class *class, Mtr__Nomination *n)
{
	struct model *m = turn->m;
	Mtr__Enrolment *enrolment = new_row(m, &mtr__enrolment__descriptor);
	const Mtr__Person *person = n->particulars;

	n->state = MTR__STATE__STATE_SUMMONED;
	n->cause = MTR__CAUSE__CAUSE_COMMAND;
	n->class_id = class->id;
	enrolment->nomination_id = n->id;
	enrolment->class_id = class->id;
	enrolment->person_id = n->person_id;
	enrolment->full_name = person->full_name;
	enrolment->birth = person->birth;
	enrolment->sex = person->sex;
	enrolment->unit_id = n->unit_id;
	enrolment->unit_name = m->units[n->unit_id]->name;
	enrolment->title_name = keep_text(m, highest_title(m, person));
	enrolment->state = n->state;
	enrolment->summons_number = keep_text(m, c->number);
	enrolment->report_on = c->report_on;
	enrolment->redacted = person->redacted;
	m->enrolments[n->id] = enrolment;
}

static bool provider_or_organiser(struct turn *turn, const Mtr__Class *class)
{
	if (turn->who->role == MTR__ROLE__ROLE_SCHOOL)
		return is_or_became(turn->m, class->provider_unit_id, turn->who->unit_id);
	return organises(turn->m, turn->who, class->programme_id);
}

Mtr__ErrorCode do_summon(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__Summon *c = turn->command->summon;
	const Mtr__Class *class;
	Mtr__Nomination *n;
	uint32_t id;

	TRY(shape_code(c->class_code, true));
	TRY(shape_text(c->number, MTR_NUMBER_MAX, false));
	TRY(shape_date(c->report_on, false, false));
	if (c->n_nomination_ids == 0)
		return E(FIELD_MISSING);
	for (size_t i = 0; i < c->n_nomination_ids; i++)
		for (size_t j = 0; j < i; j++)
			if (c->nomination_ids[i] == c->nomination_ids[j])
				return E(FIELD_VALUE);
	TRY(find_class(turn, c->class_code, &id));
	class = m->classes[id];
	if (!provider_or_organiser(turn, class))
		return E(OUT_OF_SCOPE);
	for (size_t i = 0; i < c->n_nomination_ids; i++)
		TRY(find_nomination(turn, c->nomination_ids[i], class, &n));
	if (class->state != MTR__CLASS_STATE__CLASS_STATE_OPEN)
		return E(CLASS_CLOSED);
	for (size_t i = 0; i < c->n_nomination_ids; i++)
		TRY(may_summon(turn, class, m->nominations[c->nomination_ids[i]]));
	if (places_taken(m, id) + c->n_nomination_ids > class->capacity)
		return refuse_number(turn, E(CLASS_FULL), class->capacity - places_taken(m, id));
	for (size_t i = 0; i < c->n_nomination_ids; i++)
		if (has_other_class(m, m->nominations[c->nomination_ids[i]]->person_id, class))
			return E(SESSION_CONFLICT);
	for (size_t i = 0; i < c->n_nomination_ids; i++)
		call(turn, c, class, m->nominations[c->nomination_ids[i]]);

	Mtr__Summons *summons = new_row(m, &mtr__summons__descriptor);

	summons->id = ++m->summons_count;
	summons->class_id = id;
	summons->number = keep_text(m, c->number);
	summons->date = c->date;
	summons->report_on = c->report_on;
	summons->count = (uint32_t)c->n_nomination_ids;
	m->summonses[summons->id] = summons;
	answer_done(turn, MTR__ENTITY_TYPE__ENTITY_TYPE_SUMMONS, summons->id, true);
	turn->verdict->changed = summons->count;
	return E(NONE);
}
