#include "reader/log_scope.h"

#include "register/scope.h"

void mtr_log_scope_init(struct mtr_log_scope *scope, struct mtr_query *q)
{
	const Mtr__Principal *principal = q->principal;

	*scope = (struct mtr_log_scope){.q = q, .root_id = principal->unit_id};
	scope->all = principal->role == MTR__ROLE__ROLE_AUDITOR || principal->role == MTR__ROLE__ROLE_OPERATOR;
	if (principal->role == MTR__ROLE__ROLE_ORGANISER) {
		scope->nominations = true;
		scope->root_id = mtr_acting_root(q->txn, q->arena, principal->unit_id);
	}
}

static struct mtr_log_principal look_up(struct mtr_log_scope *scope, uint32_t principal_id)
{
	struct mtr_query *q = scope->q;
	const Mtr__Principal *principal = mtr_read_principal(q->txn, q->arena, principal_id);
	struct mtr_log_principal found = {.id = principal_id, .name = "", .visible = scope->all};

	if (!principal)
		return found;
	found.name = principal->name;
	if (!found.visible && principal->unit_id && scope->root_id)
		found.visible = mtr_unit_within(q->txn, q->arena, principal->unit_id, scope->root_id);
	return found;
}

struct mtr_log_principal mtr_log_scope_principal(struct mtr_log_scope *scope, uint32_t principal_id)
{
	struct mtr_log_principal *place = &scope->met[principal_id % MTR_LOG_PRINCIPALS];

	if (!place->name || place->id != principal_id)
		*place = look_up(scope, principal_id);
	return *place;
}

static bool knows(struct mtr_log_scope *scope, Mtr__EntityType type, uint64_t id)
{
	struct mtr_row row;

	return mtr_read_row(scope->q->txn, type, id, &row) && mtr_scope_has(scope->q->scope, row.home);
}

bool mtr_log_scope_nomination(struct mtr_log_scope *scope, uint64_t nomination_id)
{
	return scope->all || knows(scope, MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION, nomination_id);
}

bool mtr_log_scope_person(struct mtr_log_scope *scope, uint32_t person_id)
{
	return scope->all || knows(scope, MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON, person_id);
}

bool mtr_log_scope_takes(struct mtr_log_scope *scope, const Mtr__RecordHeader *header)
{
	if (mtr_log_scope_principal(scope, header->principal_id).visible)
		return true;
	for (size_t i = 0; scope->nominations && i < header->n_nomination_ids; i++) {
		if (mtr_log_scope_nomination(scope, header->nomination_ids[i]))
			return true;
	}
	return false;
}
