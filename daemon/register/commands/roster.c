#include "register/commands/roster.h"

#include "contract/date.h"
#include "register/feed_rows.h"
#include "register/rules/candidate.h"

struct reading {
	struct mtr_view *view;
	struct mtr_roster roster;
};

static bool attends(Mtr__State state)
{
	return state == MTR__STATE__STATE_SUMMONED || state == MTR__STATE__STATE_ENROLLED;
}

static bool takes_a_place(Mtr__State state)
{
	return state != MTR__STATE__STATE_EXCUSED && state != MTR__STATE__STATE_DEFIED &&
	       state != MTR__STATE__STATE_DEFERRED;
}

static bool count_row(void *context, const struct mtr_row *row)
{
	struct reading *reading = context;

	if (row->type != MTR__ENTITY_TYPE__ENTITY_TYPE_ENROLMENT)
		return true;

	const Mtr__Enrolment *enrolment = mtr_unpack_row(reading->view, row, &mtr__enrolment__descriptor);

	if (!enrolment)
		return false;
	reading->roster.places_taken += takes_a_place(enrolment->state) ? 1 : 0;
	reading->roster.unsettled += attends(enrolment->state) ? 1 : 0;
	return true;
}

bool mtr_roster_read(struct mtr_view *view, uint32_t class_id, struct mtr_roster *ret_roster)
{
	struct reading reading = {.view = view};

	mtr_each_row(view->txn, mtr_home_class(class_id), count_row, &reading);
	if (!mtr_view_good(view))
		return false;
	*ret_roster = reading.roster;
	return true;
}

Mtr__Enrolment *mtr_enrolment_new(struct mtr_view *view, const Mtr__Nomination *nomination, const Mtr__Class *class,
				  const Mtr__Summon *summons)
{
	const Mtr__Person *person = nomination->particulars;
	const Mtr__Unit *unit = mtr_view_unit(view, nomination->unit_id);
	Mtr__Enrolment *out = mtr_message_new(view->arena, &mtr__enrolment__descriptor);
	struct mtr_candidate candidate;

	if (!unit || !out || !mtr_candidate_load(view, person, summons->date, &candidate))
		return NULL;

	const Mtr__Title *title = mtr_candidate_highest(&candidate);

	out->nomination_id = nomination->id;
	out->class_id = class->id;
	out->person_id = nomination->person_id;
	out->full_name = person->full_name;
	out->birth = person->birth;
	out->sex = person->sex;
	out->unit_id = unit->id;
	out->unit_name = unit->name;
	if (title)
		out->title_name = title->name;
	out->state = MTR__STATE__STATE_SUMMONED;
	out->summons_number = summons->number;
	out->report_on = summons->report_on;
	out->redacted = person->redacted;
	return out;
}

Mtr__Enrolment *mtr_enrolment_copy(struct mtr_view *view, uint64_t nomination_id)
{
	const Mtr__Enrolment *row = mtr_read_enrolment(view->txn, view->arena, nomination_id);

	if (!row && mtr_view_good(view))
		view->txn->error = MTR_STORE_CORRUPT;
	return row ? mtr_arena_copy(view->arena, row, sizeof *row) : NULL;
}

struct search {
	struct mtr_view *view;
	const Mtr__Class *class;
	bool conflict;
};

/* Days that aren't known can't collide. */
static bool days_collide(const Mtr__Class *x, const Mtr__Class *y)
{
	return mtr_date_overlap(x->opens_on, x->closes_on, y->opens_on, y->closes_on);
}

/* By its enrolment, which only those have who were ever summoned: a person's nominations may be many. */
static bool look_at(void *context, uint64_t nomination_id)
{
	struct search *search = context;
	struct mtr_view *view = search->view;
	const Mtr__Enrolment *other = mtr_read_enrolment(view->txn, view->arena, nomination_id);
	const Mtr__Class *class;

	if (!other || !attends(other->state) || other->class_id == search->class->id)
		return mtr_view_good(view);
	class = mtr_read_class(view->txn, view->arena, other->class_id);
	search->conflict = class && days_collide(class, search->class);
	return class && !search->conflict;
}

bool mtr_roster_conflict(struct mtr_view *view, uint32_t person_id, const Mtr__Class *class)
{
	struct search search = {.view = view, .class = class};

	mtr_each_nomination_of(view->txn, person_id, look_at, &search);
	return search.conflict;
}
