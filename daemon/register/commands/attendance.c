#include "register/access.h"
#include "register/commands/handlers.h"
#include "register/commands/roster.h"
#include "register/commands/taught.h"
#include "register/resolve.h"

static enum mtr_step step_of(Mtr__AttendanceKind kind)
{
	switch (kind) {
	case MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_EXCUSED:
		return MTR_STEP_ENROL_EXCUSED;
	case MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_ABSENT:
		return MTR_STEP_ENROL_ABSENT;
	case MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_PRESENT:
	case MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_UNSPECIFIED:
	case _MTR__ATTENDANCE_KIND_IS_INT_SIZE:
		break;
	}
	return MTR_STEP_ENROL_PRESENT;
}

static bool check(struct mtr_decision *decision, const Mtr__Attendance *attendance, const Mtr__Nomination *nomination,
		  size_t index, const char *field)
{
	bool excused = attendance->kind == MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_EXCUSED;

	if (!mtr_require_step(decision, nomination, step_of(attendance->kind), field))
		return false;
	if (excused && !attendance->reason[0])
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_FIELD_MISSING,
					mtr_format(decision->view.arena, "attendances.%zu.reason", index));
	return true;
}

static bool enrol_one(struct mtr_decision *decision, const Mtr__Attendance *attendance, Mtr__Nomination *nomination)
{
	struct mtr_part *part = mtr_part_of_nomination(decision, nomination);
	Mtr__Enrolment *enrolment = part ? mtr_enrolment_copy(&decision->view, nomination->id) : NULL;
	Mtr__State to = mtr_state_after(nomination->state, step_of(attendance->kind));

	if (!enrolment)
		return false;
	enrolment->state = to;
	enrolment->note = attendance->reason;
	if (attendance->reason[0])
		nomination->reason = attendance->reason;
	return mtr_part_move(decision, part, nomination, to, MTR__CAUSE__CAUSE_COMMAND) &&
	       mtr_effect_enrolment(&decision->effects, decision->view.arena, enrolment);
}

static bool resolve(struct mtr_decision *decision, const Mtr__Enrol *body, const Mtr__Class *class,
		    struct mtr_taught *taught)
{
	if (!mtr_taught_open(decision, taught))
		return false;
	for (size_t i = 0; i < body->n_attendances; i++)
		if (!mtr_taught_add(decision, taught, class, body->attendances[i]->nomination_id,
				    mtr_format(decision->view.arena, "attendances.%zu.nomination_id", i)))
			return false;
	return true;
}

/* Who waited, and now has a seat, is none of a school's business. */
static bool answer(struct mtr_decision *decision, const Mtr__Class *class, size_t count)
{
	Mtr__Done *done = mtr_done(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS, class->id, class->code, false);

	if (done)
		done->changed = (uint32_t)count;
	return done != NULL;
}

bool mtr_handle_enrol(struct mtr_decision *decision)
{
	const Mtr__Enrol *body = decision->command->enrol;
	const Mtr__Class *class = mtr_resolve_class(decision, body->class_code, "class_code");
	struct mtr_taught taught = {0};
	struct mtr_promoted promoted = {0};

	if (!class)
		return false;

	const uint32_t schools[] = {class->provider_unit_id, class->student_manager_unit_id};
	size_t school_count = class->student_manager_unit_id ? 2 : 1;

	if (!mtr_require(decision, mtr_access_one_of(decision, schools, school_count), "class_code") ||
	    !resolve(decision, body, class, &taught) || !mtr_require_class_open(decision, class))
		return false;
	for (size_t i = 0; i < taught.count; i++)
		if (!check(decision, body->attendances[i], taught.nominations[i], i, taught.fields[i]))
			return false;
	for (size_t i = 0; i < taught.count; i++)
		if (!enrol_one(decision, body->attendances[i], taught.nominations[i]))
			return false;
	return mtr_parts_fill(decision, &promoted) && answer(decision, class, taught.count);
}
