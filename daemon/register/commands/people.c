#include "register/access.h"
#include "register/commands/handlers.h"
#include "register/resolve.h"

static bool resolve_held(struct mtr_decision *decision, const Mtr__PutPerson *body, uint32_t unit_id,
			 Mtr__Person *person)
{
	struct mtr_arena *arena = decision->view.arena;

	person->n_held = body->n_held;
	person->held = mtr_arena_array(arena, body->n_held, sizeof *person->held);
	for (size_t i = 0; person->held && i < body->n_held; i++) {
		const Mtr__PutPerson__PutHeldTitle *given = body->held[i];
		const Mtr__Title *title =
			mtr_resolve_title(decision, given->title_code, mtr_format(arena, "held.%zu.title_code", i));
		uint32_t held_in = 0;

		if (!title || !mtr_resolve_optional_unit(decision, given->unit_code,
							 mtr_format(arena, "held.%zu.unit_code", i), &held_in))
			return false;
		if (!(person->held[i] = mtr_message_new(arena, &mtr__held_title__descriptor)))
			return false;
		person->held[i]->title_id = title->id;
		person->held[i]->unit_id = held_in ? held_in : unit_id;
		person->held[i]->since = given->since;
	}
	return person->held != NULL;
}

static bool resolve_planned(struct mtr_decision *decision, const Mtr__PutPerson *body, Mtr__Person *person)
{
	struct mtr_arena *arena = decision->view.arena;

	person->n_planned = body->n_planned;
	person->planned = mtr_arena_array(arena, body->n_planned, sizeof *person->planned);
	for (size_t i = 0; person->planned && i < body->n_planned; i++) {
		const Mtr__PutPerson__PutPlannedTitle *given = body->planned[i];
		const Mtr__Title *title =
			mtr_resolve_title(decision, given->title_code, mtr_format(arena, "planned.%zu.title_code", i));

		if (!title || !(person->planned[i] = mtr_message_new(arena, &mtr__planned_title__descriptor)))
			return false;
		person->planned[i]->title_id = title->id;
		person->planned[i]->term_from = given->term_from;
		person->planned[i]->term_to = given->term_to;
	}
	return person->planned != NULL;
}

/* A record outside the scope may not even be hinted at beyond its number being in use. */
static bool check_number(struct mtr_decision *decision, const Mtr__Person *given, uint32_t holder_id)
{
	struct mtr_view *view = &decision->view;
	const Mtr__Person *holder = mtr_read_person(view->txn, view->arena, holder_id);

	if (!mtr_view_good(view))
		return false;
	if (holder && (given->id == 0 || given->id == holder_id) && mtr_access_acting(decision, holder->unit_id))
		return true;
	return mtr_decision_good(decision)
		       ? mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_CITIZEN_NUMBER_TAKEN,
					  "person.citizen_number")
		       : false;
}

static bool check_id(struct mtr_decision *decision, uint32_t id)
{
	const Mtr__Person *present = mtr_read_person(decision->view.txn, decision->view.arena, id);

	if (present && mtr_access_acting(decision, present->unit_id))
		return !present->redacted ||
		       mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_PERSON_REDACTED, "person.id");
	return mtr_decision_good(decision)
		       ? mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_PERSON, "person.id")
		       : false;
}

/* Which record is meant: *ret_id is 0 for a new one. */
static bool find_present(struct mtr_decision *decision, const Mtr__Person *given, uint32_t *ret_id)
{
	uint32_t holder_id = given->citizen_number[0] ? mtr_find_citizen(decision->view.txn, given->citizen_number) : 0;

	*ret_id = holder_id ? holder_id : given->id;
	if (given->id && !check_id(decision, given->id))
		return false;
	return holder_id == 0 || check_number(decision, given, holder_id);
}

bool mtr_handle_put_person(struct mtr_decision *decision)
{
	const Mtr__PutPerson *body = decision->command->put_person;
	const Mtr__Unit *unit = mtr_resolve_live_unit(decision, body->unit_code, "unit_code");
	Mtr__Person *person = mtr_arena_copy(decision->view.arena, body->person, sizeof *body->person);
	uint32_t present_id;

	if (!unit || !person || !resolve_held(decision, body, unit->id, person) ||
	    !resolve_planned(decision, body, person) ||
	    !mtr_require(decision, mtr_access_acting(decision, unit->id), "unit_code") ||
	    !find_present(decision, body->person, &present_id))
		return false;
	person->id = present_id ? present_id : (uint32_t)mtr_new_id(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON);
	person->unit_id = unit->id;
	person->redacted = false;
	return mtr_effect_person(&decision->effects, decision->view.arena, person) &&
	       mtr_subject_person(decision, person->id) &&
	       mtr_done(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON, person->id, NULL, present_id == 0);
}
