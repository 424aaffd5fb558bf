#include "register/access.h"
#include "register/commands/handlers.h"
#include "register/commands/roster.h"
#include "register/commands/taught.h"
#include "register/resolve.h"

static bool lists(const uint32_t *ids, size_t count, uint32_t id)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

/* An organiser for its programme; a school for itself; in plan only by a provider of the programme. */
static bool check_scope(struct mtr_decision *decision, const Mtr__Programme *programme, const Mtr__Unit *provider)
{
	bool school = decision->principal->role == MTR__ROLE__ROLE_SCHOOL;
	bool listed = lists(programme->provider_unit_ids, programme->n_provider_unit_ids, provider->id);

	return mtr_require(decision, school || mtr_access_organises(decision, programme), "programme_code") &&
	       mtr_require(decision, !school || provider->id == decision->principal->unit_id, "provider_unit_code") &&
	       mtr_require(decision, listed || decision->command->open_class->out_of_plan, "provider_unit_code");
}

static bool check_class(struct mtr_decision *decision, const Mtr__Programme *programme)
{
	const Mtr__OpenClass *body = decision->command->open_class;

	if (programme->bloc == MTR__BLOC__BLOC_STATE && !body->approval_number[0])
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_APPROVAL_REQUIRED, "approval_number");
	if (mtr_find_code(decision->view.txn, MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS, body->code))
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_CODE_TAKEN, "code");
	return mtr_decision_good(decision);
}

bool mtr_handle_open_class(struct mtr_decision *decision)
{
	const Mtr__OpenClass *body = decision->command->open_class;
	const Mtr__Programme *programme = mtr_resolve_programme(decision, body->programme_code, "programme_code");
	const Mtr__Unit *provider =
		programme ? mtr_resolve_live_unit(decision, body->provider_unit_code, "provider_unit_code") : NULL;
	uint32_t manager_id;

	if (!provider ||
	    !mtr_resolve_optional_unit(decision, body->student_manager_unit_code, "student_manager_unit_code",
				       &manager_id) ||
	    !check_scope(decision, programme, provider) || !check_class(decision, programme))
		return false;

	Mtr__Class *class = mtr_message_new(decision->view.arena, &mtr__class__descriptor);

	if (!class)
		return false;
	class->id = (uint32_t)mtr_new_id(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS);
	class->code = body->code;
	class->programme_id = programme->id;
	class->name = body->name;
	class->provider_unit_id = provider->id;
	class->student_manager_unit_id = manager_id;
	class->venue = body->venue;
	class->opens_on = body->opens_on;
	class->closes_on = body->closes_on;
	class->capacity = body->capacity;
	class->out_of_plan = body->out_of_plan;
	class->decision_number = body->decision_number;
	class->approval_number = body->approval_number;
	class->state = MTR__CLASS_STATE__CLASS_STATE_OPEN;
	return mtr_effect_class(&decision->effects, decision->view.arena, class) &&
	       mtr_done(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS, class->id, class->code, true);
}

/* An organiser of the class's programme, or its provider. */
static bool check_summoner(struct mtr_decision *decision, const Mtr__Class *class, const Mtr__Programme *programme)
{
	bool school = decision->principal->role == MTR__ROLE__ROLE_SCHOOL;

	return mtr_require(decision,
			   school ? mtr_access_one_of(decision, &class->provider_unit_id, 1)
				  : mtr_access_organises(decision, programme),
			   "class_code");
}

static bool check_summoned(struct mtr_decision *decision, const Mtr__Class *class, const Mtr__Programme *programme,
			   const struct mtr_taught *taught)
{
	enum mtr_step step = programme->needs_acceptance ? MTR_STEP_SUMMON_ACCEPTED : MTR_STEP_SUMMON;

	for (size_t i = 0; i < taught->count; i++) {
		if (taught->nominations[i]->programme_id != class->programme_id)
			return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_WRONG_PROGRAMME,
						taught->fields[i]);
		if (!mtr_require_step(decision, taught->nominations[i], step, taught->fields[i]))
			return false;
	}
	return true;
}

static bool check_capacity(struct mtr_decision *decision, const Mtr__Class *class, size_t count)
{
	struct mtr_roster roster;

	if (!mtr_roster_read(&decision->view, class->id, &roster))
		return false;

	uint32_t left = class->capacity > roster.places_taken ? class->capacity - roster.places_taken : 0;

	return count <= left || mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_CLASS_FULL,
					   (struct mtr_fault){.field = "nomination_ids", .number = left});
}

static bool check_days(struct mtr_decision *decision, const Mtr__Class *class, const struct mtr_taught *taught)
{
	for (size_t i = 0; i < taught->count; i++)
		if (mtr_roster_conflict(&decision->view, taught->nominations[i]->person_id, class))
			return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_SESSION_CONFLICT,
						taught->fields[i]);
	return mtr_decision_good(decision);
}

static Mtr__Summons *record(struct mtr_decision *decision, const Mtr__Class *class)
{
	const Mtr__Summon *body = decision->command->summon;
	Mtr__Summons *out = mtr_message_new(decision->view.arena, &mtr__summons__descriptor);

	if (!out)
		return NULL;
	out->id = mtr_new_id(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_SUMMONS);
	out->class_id = class->id;
	out->number = body->number;
	out->date = body->date;
	out->report_on = body->report_on;
	out->count = (uint32_t)body->n_nomination_ids;
	return mtr_effect_summons(&decision->effects, decision->view.arena, out) ? out : NULL;
}

static bool summon_one(struct mtr_decision *decision, const Mtr__Class *class, Mtr__Nomination *nomination)
{
	struct mtr_part *part = mtr_part_of_nomination(decision, nomination);
	Mtr__Enrolment *enrolment =
		part ? mtr_enrolment_new(&decision->view, nomination, class, decision->command->summon) : NULL;

	if (!enrolment)
		return false;
	nomination->class_id = class->id;
	return mtr_part_move(decision, part, nomination, MTR__STATE__STATE_SUMMONED, MTR__CAUSE__CAUSE_COMMAND) &&
	       mtr_effect_enrolment(&decision->effects, decision->view.arena, enrolment);
}

bool mtr_handle_summon(struct mtr_decision *decision)
{
	const Mtr__Summon *body = decision->command->summon;
	const Mtr__Class *class = mtr_resolve_class(decision, body->class_code, "class_code");
	const Mtr__Programme *programme = class ? mtr_view_programme(&decision->view, class->programme_id) : NULL;
	struct mtr_taught taught = {0};

	if (!programme || !check_summoner(decision, class, programme) || !mtr_taught_open(decision, &taught))
		return false;
	for (size_t i = 0; i < body->n_nomination_ids; i++)
		if (!mtr_taught_add(decision, &taught, class, body->nomination_ids[i],
				    mtr_format(decision->view.arena, "nomination_ids.%zu", i)))
			return false;
	if (!mtr_require_class_open(decision, class) || !check_summoned(decision, class, programme, &taught) ||
	    !check_capacity(decision, class, taught.count) || !check_days(decision, class, &taught))
		return false;

	const Mtr__Summons *summons = record(decision, class);

	for (size_t i = 0; summons && i < taught.count; i++)
		if (!summon_one(decision, class, taught.nominations[i]))
			return false;

	Mtr__Done *done =
		summons ? mtr_done(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_SUMMONS, summons->id, summons->number, true)
			: NULL;

	if (done)
		done->changed = summons->count;
	return done != NULL;
}
