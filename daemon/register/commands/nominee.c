#include "register/commands/nominee.h"

#include "register/access.h"
#include "register/resolve.h"
#include "register/rules/findings.h"
#include "register/rules/managing.h"
#include "register/rules/priority.h"
#include "register/rules/standards.h"

bool mtr_nominee_find(struct mtr_decision *decision, struct mtr_nominee *nominee, const Mtr__PersonReference *reference)
{
	const Mtr__Person *person = mtr_resolve_person(decision, reference, nominee->unit_id);

	return person && mtr_candidate_load(&decision->view, person, decision->today, &nominee->candidate);
}

/* Who another unit has put forward stays hidden, all but the fact. */
static bool check_once(struct mtr_decision *decision, const struct mtr_nominee *nominee)
{
	struct mtr_view *view = &decision->view;
	uint64_t id = mtr_find_once(view->txn, nominee->candidate.person->id, nominee->programme->id);
	const Mtr__Nomination *other = id ? mtr_read_nomination(view->txn, view->arena, id) : NULL;

	if (id == 0 || !mtr_view_good(view))
		return mtr_view_good(view);
	if (other && mtr_access_nomination(decision, other, NULL))
		return mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_ALREADY_NOMINATED,
				  (struct mtr_fault){.field = "person", .number = id});
	return mtr_decision_good(decision)
		       ? mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_ALREADY_NOMINATED_ELSEWHERE, NULL)
		       : false;
}

static bool check_standard(struct mtr_decision *decision, const struct mtr_nominee *nominee)
{
	const Mtr__Programme *programme = nominee->programme;
	const Mtr__Person *person = nominee->candidate.person;

	if (programme->kind != MTR__PROGRAMME_KIND__PROGRAMME_KIND_TRAINING ||
	    !mtr_standards_all_covered(person->attained, person->n_attained, programme->supplies,
				       programme->n_supplies))
		return true;
	return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_STANDARD_ALREADY_HELD, "person");
}

bool mtr_nominee_check(struct mtr_decision *decision, const struct mtr_nominee *nominee)
{
	return check_once(decision, nominee) && check_standard(decision, nominee) &&
	       mtr_require_eligible(decision, nominee->programme, &nominee->candidate);
}

Mtr__Nomination *mtr_nominee_nomination(struct mtr_decision *decision, const struct mtr_nominee *nominee,
					uint32_t unit_order)
{
	const struct mtr_candidate *candidate = &nominee->candidate;
	struct mtr_arena *arena = decision->view.arena;
	Mtr__Nomination *out = mtr_message_new(arena, &mtr__nomination__descriptor);
	uint8_t *rank_key = mtr_arena_alloc(arena, MTR_RANK_KEY_BYTES);
	struct mtr_priority priority;

	if (!out || !rank_key || !mtr_priority_of(arena, nominee->programme, candidate, &priority))
		return NULL;
	out->id = mtr_new_id(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION);
	out->programme_id = nominee->programme->id;
	out->unit_id = nominee->unit_id;
	out->person_id = candidate->person->id;
	out->particulars = mtr_arena_copy(arena, candidate->person, sizeof *candidate->person);
	out->unit_order = unit_order;
	out->group = priority.group;
	out->bases = priority.bases;
	out->n_bases = priority.basis_count;
	mtr_rank_key(nominee->programme, candidate, priority.group, unit_order, out->id, rank_key);
	out->rank_key = (ProtobufCBinaryData){MTR_RANK_KEY_BYTES, rank_key};
	out->arrived_at = decision->arrived;
	out->written_at = decision->command->written_at;
	out->managing_unit_id = mtr_managing_body(&decision->view, candidate);
	return mtr_decision_good(decision) && out->particulars ? out : NULL;
}
