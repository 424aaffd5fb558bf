#include "register/resolve.h"

#include "contract/text.h"
#include "register/access.h"
#include "register/tree.h"

#include <string.h>

static uint32_t find(struct mtr_decision *decision, Mtr__EntityType type, const char *code, Mtr__ErrorCode unknown,
		     const char *field)
{
	uint64_t id = mtr_find_code(decision->view.txn, type, code);

	if (id == 0 && mtr_decision_good(decision))
		mtr_refuse(decision, unknown, (struct mtr_fault){.field = field, .found = code});
	return (uint32_t)id;
}

const Mtr__Unit *mtr_resolve_unit(struct mtr_decision *decision, const char *code, const char *field)
{
	uint32_t id = find(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, code, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_UNIT,
			   field);

	return id ? mtr_view_unit(&decision->view, id) : NULL;
}

const Mtr__Unit *mtr_resolve_live_unit(struct mtr_decision *decision, const char *code, const char *field)
{
	const Mtr__Unit *unit = mtr_resolve_unit(decision, code, field);

	if (unit && unit->dissolved) {
		mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_UNIT_DISSOLVED,
			   (struct mtr_fault){.field = field, .found = code});
		return NULL;
	}
	return unit;
}

const Mtr__Title *mtr_resolve_title(struct mtr_decision *decision, const char *code, const char *field)
{
	uint32_t id = find(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_TITLE, code,
			   MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_TITLE, field);

	return id ? mtr_view_title(&decision->view, id) : NULL;
}

const Mtr__Plan *mtr_resolve_plan(struct mtr_decision *decision, const char *code, const char *field)
{
	uint32_t id = find(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_PLAN, code, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_PLAN,
			   field);

	return id ? mtr_read_plan(decision->view.txn, decision->view.arena, id) : NULL;
}

const Mtr__Programme *mtr_resolve_programme(struct mtr_decision *decision, const char *code, const char *field)
{
	uint32_t id = find(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME, code,
			   MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_PROGRAMME, field);

	return id ? mtr_view_programme(&decision->view, id) : NULL;
}

const Mtr__Class *mtr_resolve_class(struct mtr_decision *decision, const char *code, const char *field)
{
	uint32_t id = find(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS, code,
			   MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_CLASS, field);

	return id ? mtr_read_class(decision->view.txn, decision->view.arena, id) : NULL;
}

const Mtr__Principal *mtr_resolve_principal(struct mtr_decision *decision, const ProtobufCBinaryData *key,
					    const char *field)
{
	uint32_t id = mtr_find_principal(decision->view.txn, key->data);

	if (id == 0 && mtr_decision_good(decision))
		mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_PRINCIPAL, field);
	return id ? mtr_read_principal(decision->view.txn, decision->view.arena, id) : NULL;
}

bool mtr_resolve_optional_unit(struct mtr_decision *decision, const char *code, const char *field, uint32_t *ret_id)
{
	const Mtr__Unit *unit = NULL;

	if (code[0] && !(unit = mtr_resolve_live_unit(decision, code, field)))
		return false;
	*ret_id = unit ? unit->id : 0;
	return true;
}

const Mtr__Letter *mtr_resolve_letter(struct mtr_decision *decision, uint64_t id, uint32_t programme_id,
				      uint32_t unit_id, const char *field)
{
	const Mtr__Letter *letter = mtr_read_letter(decision->view.txn, decision->view.arena, id);

	if (letter && letter->programme_id == programme_id && letter->unit_id == unit_id)
		return letter;
	if (mtr_decision_good(decision))
		mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_LETTER, field);
	return NULL;
}

/* By unit or by a title held there. */
static bool belongs(struct mtr_decision *decision, const Mtr__Person *person, uint32_t unit_id)
{
	if (mtr_tree_within(&decision->view, person->unit_id, unit_id))
		return true;
	for (size_t i = 0; i < person->n_held; i++)
		if (mtr_tree_within(&decision->view, person->held[i]->unit_id, unit_id))
			return true;
	return false;
}

/* As far as both are known. */
static bool birth_agrees(uint32_t given, uint32_t recorded)
{
	uint32_t month = given / 100 % 100, day = given % 100;
	uint32_t recorded_month = recorded / 100 % 100, recorded_day = recorded % 100;

	return given / 10000 == recorded / 10000 && (!month || !recorded_month || month == recorded_month) &&
	       (!day || !recorded_day || day == recorded_day);
}

static bool name_agrees(const char *given, const char *recorded)
{
	char x[MTR_FOLDED_MAX(MTR_NAME_MAX)], y[MTR_FOLDED_MAX(MTR_NAME_MAX)];

	if (strcmp(given, recorded) == 0)
		return true;
	return mtr_text_fold(given, x, sizeof x) && mtr_text_fold(recorded, y, sizeof y) && strcmp(x, y) == 0;
}

static bool unit_agrees(const Mtr__Person *person, uint32_t unit_id)
{
	for (size_t i = 0; i < person->n_held; i++)
		if (person->held[i]->unit_id == unit_id)
			return true;
	return person->unit_id == unit_id;
}

/* The first field that contradicts the record; NULL when all agree. */
static const char *difference(const Mtr__PersonReference *reference, const Mtr__Person *person, uint32_t unit_id)
{
	if (reference->person_id && reference->person_id != person->id)
		return "person.person_id";
	if (reference->full_name[0] && !name_agrees(reference->full_name, person->full_name))
		return "person.full_name";
	if (reference->birth && !birth_agrees(reference->birth, person->birth))
		return "person.birth";
	if (reference->sex && reference->sex != person->sex)
		return "person.sex";
	if (unit_id && !unit_agrees(person, unit_id))
		return "person.unit_code";
	return NULL;
}

static uint32_t find_person(struct mtr_decision *decision, const Mtr__PersonReference *reference, uint32_t unit_id)
{
	struct mtr_txn *txn = decision->view.txn;
	uint32_t ids[2] = {0};

	if (reference->citizen_number[0])
		return mtr_find_citizen(txn, reference->citizen_number);
	if (reference->person_id)
		return reference->person_id;
	if (mtr_find_name(txn, reference->full_name, reference->birth, unit_id, ids, 2) > 1)
		mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_AMBIGUOUS_PERSON, "person.full_name");
	return ids[0];
}

static const char *identifying_field(const Mtr__PersonReference *reference)
{
	if (reference->citizen_number[0])
		return "person.citizen_number";
	return reference->person_id ? "person.person_id" : "person.full_name";
}

const Mtr__Person *mtr_resolve_person(struct mtr_decision *decision, const Mtr__PersonReference *reference,
				      uint32_t unit_id)
{
	const Mtr__Unit *named = NULL;
	bool by_name = !reference->citizen_number[0] && !reference->person_id;

	if (reference->unit_code[0] && !(named = mtr_resolve_unit(decision, reference->unit_code, "person.unit_code")))
		return NULL;

	/* Names are looked up only in the nominating subtree: elsewhere even their number would tell something. */
	bool hidden = by_name && named && !mtr_tree_within(&decision->view, named->id, unit_id);
	uint32_t id = hidden ? 0 : find_person(decision, reference, named ? named->id : unit_id);
	const Mtr__Person *person = id && mtr_decision_good(decision)
					    ? mtr_read_person(decision->view.txn, decision->view.arena, id)
					    : NULL;

	if (!mtr_decision_good(decision))
		return NULL;
	if (!person || !belongs(decision, person, unit_id)) {
		if (mtr_decision_good(decision))
			mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_PERSON,
					 identifying_field(reference));
		return NULL;
	}

	if (person->redacted) {
		mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_PERSON_REDACTED, identifying_field(reference));
		return NULL;
	}

	const char *differs = difference(reference, person, named ? named->id : 0);

	mtr_subject_person(decision, person->id);
	if (differs) {
		mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_PARTICULARS_DIFFER, differs);
		return NULL;
	}
	return person;
}

Mtr__Nomination *mtr_resolve_nomination(struct mtr_decision *decision, uint64_t id, const Mtr__Class *taught,
					const char *field)
{
	const Mtr__Nomination *row = mtr_read_nomination(decision->view.txn, decision->view.arena, id);

	if (row && mtr_access_nomination(decision, row, taught)) {
		mtr_subject_nomination(decision, row->id);
		mtr_subject_person(decision, row->person_id);
		return mtr_arena_copy(decision->view.arena, row, sizeof *row);
	}
	if (mtr_decision_good(decision))
		mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_NOMINATION, field);
	return NULL;
}
