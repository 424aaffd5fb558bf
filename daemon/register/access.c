#include "register/access.h"

#include "register/tree.h"

bool mtr_access_unit(struct mtr_decision *decision, uint32_t unit_id)
{
	return mtr_tree_within(&decision->view, unit_id, decision->principal->unit_id);
}

bool mtr_access_acting(struct mtr_decision *decision, uint32_t unit_id)
{
	uint32_t root_id = decision->principal->unit_id;

	if (decision->principal->role == MTR__ROLE__ROLE_ORGANISER)
		root_id = mtr_tree_acting_root(&decision->view, root_id);
	return mtr_tree_within(&decision->view, unit_id, root_id);
}

/* The unit itself, or one its affairs went to on the way to the living one. */
static bool became(struct mtr_view *view, uint32_t unit_id, uint32_t other_id)
{
	const Mtr__Unit *unit;

	while (unit_id != other_id) {
		unit = mtr_view_unit(view, unit_id);
		if (!unit || !unit->dissolved)
			return false;
		unit_id = unit->successor_id;
	}
	return true;
}

bool mtr_access_one_of(struct mtr_decision *decision, const uint32_t *unit_ids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (became(&decision->view, unit_ids[i], decision->principal->unit_id))
			return true;
	return false;
}

bool mtr_access_organises(struct mtr_decision *decision, const Mtr__Programme *programme)
{
	return mtr_access_one_of(decision, programme->organising_unit_ids, programme->n_organising_unit_ids);
}

bool mtr_access_root(struct mtr_decision *decision)
{
	return mtr_tree_acting_root(&decision->view, decision->principal->unit_id) == MTR_ROOT_UNIT_ID;
}

bool mtr_require(struct mtr_decision *decision, bool allowed, const char *field)
{
	if (allowed)
		return true;
	return mtr_decision_good(decision) ? mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_OUT_OF_SCOPE, field)
					   : false;
}

static bool organised(struct mtr_decision *decision, const Mtr__Nomination *nomination)
{
	const Mtr__Programme *programme = mtr_view_programme(&decision->view, nomination->programme_id);

	return programme && mtr_access_organises(decision, programme);
}

static bool taught_by(const Mtr__Class *taught, const Mtr__Nomination *nomination)
{
	if (!taught)
		return false;
	return nomination->class_id ? nomination->class_id == taught->id
				    : nomination->programme_id == taught->programme_id;
}

bool mtr_access_nomination(struct mtr_decision *decision, const Mtr__Nomination *nomination, const Mtr__Class *taught)
{
	switch (decision->principal->role) {
	case MTR__ROLE__ROLE_NOMINATOR:
		return mtr_access_unit(decision, nomination->unit_id);
	case MTR__ROLE__ROLE_APPROVER:
		return mtr_access_one_of(decision, &nomination->managing_unit_id, 1) ||
		       mtr_access_unit(decision, nomination->unit_id);
	case MTR__ROLE__ROLE_ORGANISER:
		return organised(decision, nomination);
	case MTR__ROLE__ROLE_SCHOOL:
		return taught_by(taught, nomination);
	case MTR__ROLE__ROLE_AUDITOR:
	case MTR__ROLE__ROLE_OPERATOR:
	case MTR__ROLE__ROLE_UNSPECIFIED:
	case _MTR__ROLE_IS_INT_SIZE:
		break;
	}
	return false;
}
