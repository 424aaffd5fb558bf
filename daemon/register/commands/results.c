#include "register/access.h"
#include "register/commands/handlers.h"
#include "register/commands/roster.h"
#include "register/commands/taught.h"
#include "register/resolve.h"
#include "register/rules/standards.h"

#include <string.h>

static enum mtr_step step_of(Mtr__State state)
{
	if (state == MTR__STATE__STATE_COMPLETED)
		return MTR_STEP_COMPLETE;
	if (state == MTR__STATE__STATE_FAILED)
		return MTR_STEP_FAIL;
	return state == MTR__STATE__STATE_LEFT ? MTR_STEP_LEAVE : MTR_STEP_DEFER;
}

/* Replaces what it supersedes on a cumulative scale, else goes to the end. */
static void attain(Mtr__Person *person, Mtr__Standard *standard)
{
	if (mtr_standard_covered(person->attained, person->n_attained, standard))
		return;
	for (size_t i = 0; i < person->n_attained && mtr_scheme_cumulative(standard->scheme); i++)
		if (person->attained[i]->scheme == standard->scheme) {
			person->attained[i] = standard;
			return;
		}
	person->attained[person->n_attained++] = standard;
}

static bool complete(struct mtr_decision *decision, const Mtr__Programme *programme, uint32_t person_id,
		     const char *field)
{
	struct mtr_arena *arena = decision->view.arena;
	const Mtr__Person *present = mtr_read_person(decision->view.txn, arena, person_id);
	Mtr__Person *person = present ? mtr_arena_copy(arena, present, sizeof *present) : NULL;

	if (!person)
		return false;
	if (person->redacted)
		return true;
	person->attained =
		mtr_arena_array(arena, present->n_attained + programme->n_supplies, sizeof *person->attained);
	if (!person->attained)
		return false;
	if (present->n_attained)
		memcpy(person->attained, present->attained, present->n_attained * sizeof *person->attained);
	for (size_t i = 0; i < programme->n_supplies; i++)
		attain(person, programme->supplies[i]);
	if (person->n_attained > MTR_STANDARDS_MAX)
		return mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_TOO_MANY_ITEMS,
				  (struct mtr_fault){.field = field, .number = MTR_STANDARDS_MAX});
	return mtr_effect_person(&decision->effects, arena, person);
}

static bool settle_one(struct mtr_decision *decision, const Mtr__Programme *programme, const Mtr__Result *result,
		       Mtr__Nomination *nomination, const char *field)
{
	struct mtr_part *part = mtr_part_of_nomination(decision, nomination);
	Mtr__Enrolment *enrolment = part ? mtr_enrolment_copy(&decision->view, nomination->id) : NULL;

	if (!enrolment)
		return false;
	enrolment->state = result->state;
	enrolment->result = result->result;
	if (result->reason[0]) {
		enrolment->note = result->reason;
		nomination->reason = result->reason;
	}
	return mtr_part_move(decision, part, nomination, result->state, MTR__CAUSE__CAUSE_COMMAND) &&
	       mtr_effect_enrolment(&decision->effects, decision->view.arena, enrolment) &&
	       (result->state != MTR__STATE__STATE_COMPLETED ||
		complete(decision, programme, nomination->person_id, field));
}

static bool resolve(struct mtr_decision *decision, const Mtr__CloseClass *body, const Mtr__Class *class,
		    struct mtr_taught *taught)
{
	if (!mtr_taught_open(decision, taught))
		return false;
	for (size_t i = 0; i < body->n_results; i++)
		if (!mtr_taught_add(decision, taught, class, body->results[i]->nomination_id,
				    mtr_format(decision->view.arena, "results.%zu.nomination_id", i)))
			return false;
	return true;
}

/* Every result of this command settles one of those who were enrolled. */
static bool close(struct mtr_decision *decision, const Mtr__Class *present, size_t settled)
{
	struct mtr_roster roster;
	Mtr__Class *class = mtr_arena_copy(decision->view.arena, present, sizeof *present);

	if (!class || !mtr_roster_read(&decision->view, present->id, &roster))
		return false;
	if (roster.unsettled > settled)
		return mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_TRANSITION_REFUSED,
				  (struct mtr_fault){
					  .field = "close",
					  .found = mtr_format(decision->view.arena, "%zu", roster.unsettled - settled),
					  .wanted = "0",
					  .number = roster.unsettled - settled,
				  });
	class->state = MTR__CLASS_STATE__CLASS_STATE_CLOSED;
	return mtr_effect_class(&decision->effects, decision->view.arena, class);
}

bool mtr_handle_close_class(struct mtr_decision *decision)
{
	const Mtr__CloseClass *body = decision->command->close_class;
	const Mtr__Class *class = mtr_resolve_class(decision, body->class_code, "class_code");
	const Mtr__Programme *programme = class ? mtr_view_programme(&decision->view, class->programme_id) : NULL;
	struct mtr_taught taught = {0};

	if (!programme ||
	    !mtr_require(decision, mtr_access_one_of(decision, &class->provider_unit_id, 1), "class_code") ||
	    !resolve(decision, body, class, &taught) || !mtr_require_class_open(decision, class))
		return false;
	for (size_t i = 0; i < taught.count; i++)
		if (!mtr_require_step(decision, taught.nominations[i], step_of(body->results[i]->state),
				      taught.fields[i]))
			return false;
	for (size_t i = 0; i < taught.count; i++)
		if (!settle_one(decision, programme, body->results[i], taught.nominations[i], taught.fields[i]))
			return false;
	if (body->close && !close(decision, class, taught.count))
		return false;

	Mtr__Done *done = mtr_done(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS, class->id, class->code, false);

	if (done)
		done->changed = (uint32_t)taught.count;
	return done != NULL;
}
