#include "register/effects.h"

#include <string.h>

/* What a record takes around its effects: the command, the answer, salts and header. */
#define RECORD_REST (MTR_REQUEST_MAX + MTR_RECORD_MAX / 4)
/* What a packed Effect and its salt take around the row. */
#define EFFECT_REST 64u

static struct mtr_pending_effect *find(const struct mtr_effects *effects, Mtr__EntityType type, uint64_t id)
{
	for (size_t i = effects->count; i > 0; i--)
		if (effects->pending[i - 1].id == id && effects->pending[i - 1].type == type)
			return &effects->pending[i - 1];
	return NULL;
}

static bool grow(struct mtr_effects *effects, struct mtr_arena *arena)
{
	size_t room = effects->room ? effects->room * 2 : 8;
	struct mtr_pending_effect *pending = mtr_arena_array(arena, room, sizeof *pending);

	if (!pending)
		return false;
	if (effects->count)
		memcpy(pending, effects->pending, effects->count * sizeof *pending);
	effects->pending = pending;
	effects->room = room;
	return true;
}

static bool put(struct mtr_effects *effects, struct mtr_arena *arena, struct mtr_pending_effect effect)
{
	struct mtr_pending_effect *place = find(effects, effect.type, effect.id);

	if (!place) {
		if (effects->count == effects->room && !grow(effects, arena))
			return false;
		place = &effects->pending[effects->count++];
	}
	*place = effect;
	return true;
}

bool mtr_effect_unit(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Unit *row)
{
	return put(effects, arena,
		   (struct mtr_pending_effect){mtr_home_public(), MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, row->id,
					       &row->base});
}

bool mtr_effect_principal(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Principal *row)
{
	return put(effects, arena,
		   (struct mtr_pending_effect){mtr_home_principals(), MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL, row->id,
					       &row->base});
}

bool mtr_effect_title(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Title *row)
{
	return put(effects, arena,
		   (struct mtr_pending_effect){mtr_home_public(), MTR__ENTITY_TYPE__ENTITY_TYPE_TITLE, row->id,
					       &row->base});
}

bool mtr_effect_person(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Person *row)
{
	return put(effects, arena,
		   (struct mtr_pending_effect){mtr_home_people(row->unit_id), MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON,
					       row->id, &row->base});
}

bool mtr_effect_plan(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Plan *row)
{
	return put(effects, arena,
		   (struct mtr_pending_effect){mtr_home_public(), MTR__ENTITY_TYPE__ENTITY_TYPE_PLAN, row->id,
					       &row->base});
}

bool mtr_effect_programme(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Programme *row)
{
	return put(effects, arena,
		   (struct mtr_pending_effect){mtr_home_public(), MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME, row->id,
					       &row->base});
}

bool mtr_effect_allocation(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Allocation *row)
{
	return put(effects, arena,
		   (struct mtr_pending_effect){mtr_home_part(row->programme_id, row->unit_id),
					       MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION,
					       mtr_allocation_id(row->programme_id, row->unit_id), &row->base});
}

bool mtr_effect_ledger_entry(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__LedgerEntry *row)
{
	return put(effects, arena,
		   (struct mtr_pending_effect){mtr_home_part(row->programme_id, row->unit_id),
					       MTR__ENTITY_TYPE__ENTITY_TYPE_LEDGER_ENTRY, row->id, &row->base});
}

bool mtr_effect_letter(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Letter *row)
{
	return put(effects, arena,
		   (struct mtr_pending_effect){mtr_home_part(row->programme_id, row->unit_id),
					       MTR__ENTITY_TYPE__ENTITY_TYPE_LETTER, row->id, &row->base});
}

bool mtr_effect_nomination(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Nomination *row)
{
	return put(effects, arena,
		   (struct mtr_pending_effect){mtr_home_part(row->programme_id, row->unit_id),
					       MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION, row->id, &row->base});
}

bool mtr_effect_decision(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Decision *row)
{
	return put(effects, arena,
		   (struct mtr_pending_effect){mtr_home_programme(row->programme_id),
					       MTR__ENTITY_TYPE__ENTITY_TYPE_DECISION, row->id, &row->base});
}

bool mtr_effect_class(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Class *row)
{
	return put(effects, arena,
		   (struct mtr_pending_effect){mtr_home_class(row->id), MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS, row->id,
					       &row->base});
}

bool mtr_effect_summons(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Summons *row)
{
	return put(effects, arena,
		   (struct mtr_pending_effect){mtr_home_class(row->class_id), MTR__ENTITY_TYPE__ENTITY_TYPE_SUMMONS,
					       row->id, &row->base});
}

bool mtr_effect_enrolment(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Enrolment *row)
{
	return put(effects, arena,
		   (struct mtr_pending_effect){mtr_home_class(row->class_id), MTR__ENTITY_TYPE__ENTITY_TYPE_ENROLMENT,
					       row->nomination_id, &row->base});
}

bool mtr_effect_divergence(struct mtr_effects *effects, struct mtr_arena *arena, struct mtr_home home,
			   const Mtr__Divergence *row)
{
	return put(effects, arena,
		   (struct mtr_pending_effect){home, MTR__ENTITY_TYPE__ENTITY_TYPE_DIVERGENCE, row->id, &row->base});
}

static enum mtr_effects_status pack(const struct mtr_pending_effect *pending, struct mtr_arena *arena,
				    struct mtr_effect *ret_effect)
{
	size_t size = protobuf_c_message_get_packed_size(pending->row);

	if (size > MTR_ROW_MAX)
		return MTR_EFFECTS_ROW_SIZE;

	uint8_t *bytes = mtr_arena_alloc(arena, size);

	if (!bytes)
		return MTR_EFFECTS_MEMORY;
	protobuf_c_message_pack(pending->row, bytes);
	*ret_effect = (struct mtr_effect){
		.home = pending->home,
		.type = pending->type,
		.id = pending->id,
		.row = {bytes, size},
	};
	return MTR_EFFECTS_OK;
}

enum mtr_effects_status mtr_effects_pack(const struct mtr_effects *effects, struct mtr_arena *arena,
					 struct mtr_effect **ret_effects)
{
	size_t bytes = 0;
	struct mtr_effect *packed = mtr_arena_array(arena, effects->count, sizeof *packed);

	if (!packed)
		return MTR_EFFECTS_MEMORY;
	if (effects->count > MTR_EFFECTS_MAX)
		return MTR_EFFECTS_TOO_MANY;
	for (size_t i = 0; i < effects->count; i++) {
		enum mtr_effects_status status = pack(&effects->pending[i], arena, &packed[i]);

		if (status != MTR_EFFECTS_OK)
			return status;
		bytes += packed[i].row.size + EFFECT_REST;
		if (bytes > MTR_RECORD_MAX - RECORD_REST)
			return MTR_EFFECTS_TOO_MANY;
	}
	*ret_effects = packed;
	return MTR_EFFECTS_OK;
}
