#include "query/query.h"

static const struct kind {
	Mtr__EntityType type;
	Mtr__ErrorCode unknown;
} kinds[] = {
	{MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_UNIT},
	{MTR__ENTITY_TYPE__ENTITY_TYPE_TITLE, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_TITLE},
	{MTR__ENTITY_TYPE__ENTITY_TYPE_PLAN, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_PLAN},
	{MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_PROGRAMME},
	{MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_CLASS},
};

static Mtr__ErrorCode unknown_of(Mtr__EntityType type)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (kinds[i].type == type)
			return kinds[i].unknown;
	}
	return MTR__ERROR_CODE__ERROR_CODE_FIELD_VALUE;
}

bool mtr_filter_code(struct mtr_query *q, Mtr__EntityType type, const char *field, const char *code, uint32_t *ret_id)
{
	uint32_t id;

	*ret_id = 0;
	if (!*code)
		return true;
	id = (uint32_t)mtr_find_code(q->txn, type, code);
	if (q->txn->error)
		return false;
	if (!id)
		mtr_query_refuse(q, unknown_of(type), field, NULL, 0);
	*ret_id = id;
	return id;
}

static bool within(struct mtr_query *q, bool allowed, const char *field)
{
	if (!allowed)
		mtr_query_refuse(q, MTR__ERROR_CODE__ERROR_CODE_OUT_OF_SCOPE, field, NULL, 0);
	return allowed;
}

bool mtr_filter_plan(struct mtr_query *q, const char *field, const char *code, uint32_t *ret_id)
{
	return mtr_filter_code(q, MTR__ENTITY_TYPE__ENTITY_TYPE_PLAN, field, code, ret_id);
}

/* Programmes are known to all; what others' organisers do in them is not. */
bool mtr_filter_programme(struct mtr_query *q, const char *field, const char *code, uint32_t *ret_id)
{
	if (!mtr_filter_code(q, MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME, field, code, ret_id))
		return false;
	return !*ret_id || within(q,
				  q->principal->role != MTR__ROLE__ROLE_ORGANISER ||
					  mtr_scope_has(q->scope, mtr_home_programme(*ret_id)),
				  field);
}

/* A unit is in scope with its people; an organiser meets every unit in its programmes, but not every unit's people. */
bool mtr_filter_unit(struct mtr_query *q, const char *field, const char *code, bool people, uint32_t *ret_id)
{
	if (!mtr_filter_code(q, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, field, code, ret_id))
		return false;
	return !*ret_id || within(q,
				  (!people && q->principal->role == MTR__ROLE__ROLE_ORGANISER) ||
					  mtr_scope_has(q->scope, mtr_home_people(*ret_id)),
				  field);
}

bool mtr_filter_class(struct mtr_query *q, const char *field, const char *code, uint32_t *ret_id)
{
	if (!mtr_filter_code(q, MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS, field, code, ret_id))
		return false;
	return !*ret_id || within(q, mtr_scope_has(q->scope, mtr_home_class(*ret_id)), field);
}
