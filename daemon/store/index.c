#include "store/index.h"

#include <string.h>

struct building {
	struct mtr_derivation *out;
	size_t room;
	bool unfit; /* something is too long for a key */
};

static bool grow(struct mtr_arena *arena, struct building *building, size_t room)
{
	building->out->rows = mtr_arena_array(arena, room, sizeof *building->out->rows);
	building->room = room;
	return building->out->rows;
}

/* A row may name the same unit twice; it accounts for one link. */
static void add(struct building *building, enum mtr_table table, struct mtr_key key, uint64_t id)
{
	struct mtr_derivation *out = building->out;

	if (key.size > sizeof key.data) {
		building->unfit = true;
		return;
	}
	for (size_t i = 0; i < out->count; i++) {
		const struct mtr_derived *row = &out->rows[i];

		if (row->table == table && row->key.size == key.size && !memcmp(row->key.data, key.data, key.size))
			return;
	}
	if (out->count < building->room)
		out->rows[out->count++] = (struct mtr_derived){.table = table, .key = key, .id = id};
}

static void add_code(struct building *building, uint8_t kind, const char *code, uint64_t id)
{
	if (*code)
		add(building, MTR_TABLE_CODE, mtr_code_key(kind, code, strlen(code)), id);
}

static void add_link(struct building *building, enum mtr_link_kind kind, uint64_t a, uint64_t b)
{
	if (a)
		add(building, MTR_TABLE_LINK, mtr_link_key(kind, a, b), 0);
}

static bool derive_unit(struct mtr_arena *arena, const ProtobufCMessage *message, uint64_t id, struct building *b)
{
	const Mtr__Unit *unit = (const Mtr__Unit *)message;

	if (!grow(arena, b, 4) || unit->id != id)
		return false;
	add_code(b, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, unit->code, id);
	add_link(b, MTR_LINK_CHILD, unit->parent_id, id);
	add_link(b, MTR_LINK_PARTY_CHILD, unit->party_parent_id, id);
	add_link(b, MTR_LINK_SUCCESSION, unit->successor_id, id);
	return true;
}

static bool derive_principal(struct mtr_arena *arena, const ProtobufCMessage *message, uint64_t id, struct building *b)
{
	const Mtr__Principal *principal = (const Mtr__Principal *)message;

	if (!grow(arena, b, 1) || principal->id != id || principal->public_key.len != MTR_KEY_BYTES)
		return false;
	add(b, MTR_TABLE_CODE, mtr_code_key(MTR_CODE_PUBLIC_KEY, principal->public_key.data, MTR_KEY_BYTES), id);
	return true;
}

static bool derive_title(struct mtr_arena *arena, const ProtobufCMessage *message, uint64_t id, struct building *b)
{
	const Mtr__Title *title = (const Mtr__Title *)message;

	if (!grow(arena, b, 1) || title->id != id)
		return false;
	add_code(b, MTR__ENTITY_TYPE__ENTITY_TYPE_TITLE, title->code, id);
	return true;
}

static bool derive_person(struct mtr_arena *arena, const ProtobufCMessage *message, uint64_t id, struct building *b)
{
	const Mtr__Person *person = (const Mtr__Person *)message;
	uint64_t name;

	if (!grow(arena, b, 2) || person->id != id)
		return false;
	if (person->redacted) {
		add_link(b, MTR_LINK_REDACTED, 1, id);
		return true;
	}
	add_code(b, MTR_CODE_CITIZEN, person->citizen_number, id);
	if (mtr_name_hash(person->full_name, person->birth, person->unit_id, &name))
		add(b, MTR_TABLE_LINK, mtr_link_key(MTR_LINK_NAME, name, id), 0);
	return true;
}

static bool derive_plan(struct mtr_arena *arena, const ProtobufCMessage *message, uint64_t id, struct building *b)
{
	const Mtr__Plan *plan = (const Mtr__Plan *)message;

	if (!grow(arena, b, 1) || plan->id != id)
		return false;
	add_code(b, MTR__ENTITY_TYPE__ENTITY_TYPE_PLAN, plan->code, id);
	return true;
}

static bool derive_programme(struct mtr_arena *arena, const ProtobufCMessage *message, uint64_t id, struct building *b)
{
	const Mtr__Programme *programme = (const Mtr__Programme *)message;

	if (!grow(arena, b, 2 + programme->n_organising_unit_ids) || programme->id != id)
		return false;
	add_code(b, MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME, programme->code, id);
	add_link(b, MTR_LINK_PLAN_PROGRAMME, programme->plan_id, id);
	for (size_t i = 0; i < programme->n_organising_unit_ids; i++)
		add_link(b, MTR_LINK_ORGANISER_PROGRAMME, programme->organising_unit_ids[i], id);
	return true;
}

static bool derive_class(struct mtr_arena *arena, const ProtobufCMessage *message, uint64_t id, struct building *b)
{
	const Mtr__Class *class = (const Mtr__Class *)message;

	if (!grow(arena, b, 4) || class->id != id)
		return false;
	add_code(b, MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS, class->code, id);
	add_link(b, MTR_LINK_PROGRAMME_CLASS, class->programme_id, id);
	add_link(b, MTR_LINK_SCHOOL_CLASS, class->provider_unit_id, id);
	add_link(b, MTR_LINK_SCHOOL_CLASS, class->student_manager_unit_id, id);
	return true;
}

static bool share_of(const Mtr__Nomination *nomination, struct mtr_share *ret_share)
{
	const Mtr__State state = nomination->state;
	const size_t states = sizeof((struct mtr_tally *)0)->by_state / sizeof(uint32_t);
	const size_t groups = sizeof((struct mtr_tally *)0)->seated_by_group / sizeof(uint32_t);

	if ((unsigned)state >= states || (unsigned)nomination->group >= groups)
		return false;
	*ret_share = (struct mtr_share){
		.counts = true,
		.programme_id = nomination->programme_id,
		.unit_id = nomination->unit_id,
		.state = state,
		.group = nomination->group,
		.decided = nomination->decision_id && state != MTR__STATE__STATE_NOT_APPROVED,
		.summoned = nomination->class_id,
		.enrolled = state == MTR__STATE__STATE_ENROLLED || state == MTR__STATE__STATE_COMPLETED ||
			    state == MTR__STATE__STATE_FAILED || state == MTR__STATE__STATE_LEFT ||
			    state == MTR__STATE__STATE_DEFERRED,
	};
	return true;
}

static bool add_order(struct building *b, const Mtr__Nomination *nomination, enum mtr_bucket bucket)
{
	const struct mtr_bytes rank_key = {nomination->rank_key.data, nomination->rank_key.len};

	if (!rank_key.size || rank_key.size > MTR_RANK_KEY_MAX || rank_key.data[0] != (unsigned)nomination->group)
		return false;
	add(b, MTR_TABLE_ORDER, mtr_order_key(nomination->programme_id, nomination->unit_id, bucket, rank_key),
	    nomination->id);
	return true;
}

static bool derive_nomination(struct mtr_arena *arena, const ProtobufCMessage *message, uint64_t id, struct building *b)
{
	const Mtr__Nomination *nomination = (const Mtr__Nomination *)message;
	const struct mtr_state_traits traits = mtr_state_traits(nomination->state);

	if (!grow(arena, b, 3) || nomination->id != id || !share_of(nomination, &b->out->share))
		return false;
	if (nomination->person_id)
		add(b, MTR_TABLE_LINK, mtr_person_nomination_key(nomination->person_id, id), 0);
	if (traits.blocks)
		add(b, MTR_TABLE_ONCE, mtr_once_key(nomination->person_id, nomination->programme_id), id);
	if (traits.bucket == MTR_BUCKET_SEATED || traits.bucket == MTR_BUCKET_WAITING)
		return add_order(b, nomination, traits.bucket);
	return true;
}

static const struct rule {
	const ProtobufCMessageDescriptor *message;
	bool (*derive)(struct mtr_arena *, const ProtobufCMessage *, uint64_t id, struct building *);
} rules[] = {
	[MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT] = {&mtr__unit__descriptor, derive_unit},
	[MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL] = {&mtr__principal__descriptor, derive_principal},
	[MTR__ENTITY_TYPE__ENTITY_TYPE_TITLE] = {&mtr__title__descriptor, derive_title},
	[MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON] = {&mtr__person__descriptor, derive_person},
	[MTR__ENTITY_TYPE__ENTITY_TYPE_PLAN] = {&mtr__plan__descriptor, derive_plan},
	[MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME] = {&mtr__programme__descriptor, derive_programme},
	[MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION] = {&mtr__nomination__descriptor, derive_nomination},
	[MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS] = {&mtr__class__descriptor, derive_class},
};

enum mtr_store_error mtr_derive(struct mtr_arena *arena, Mtr__EntityType type, uint64_t id, struct mtr_bytes row,
				struct mtr_derivation *ret_derivation)
{
	struct mtr_derivation out = {.count = 0};
	struct building building = {.out = &out};
	const ProtobufCMessage *message;

	if ((size_t)type < sizeof rules / sizeof rules[0] && rules[type].derive) {
		message =
			protobuf_c_message_unpack(rules[type].message, mtr_arena_allocator(arena), row.size, row.data);
		if (!message || !rules[type].derive(arena, message, id, &building) || building.unfit)
			return mtr_arena_exhausted(arena) ? MTR_STORE_MEMORY : MTR_STORE_CORRUPT;
	}
	*ret_derivation = out;
	return MTR_STORE_OK;
}

struct mtr_key mtr_derived_value(const struct mtr_derived *row)
{
	struct mtr_key value = mtr_key_start();

	if (row->table != MTR_TABLE_LINK)
		mtr_key_u64(&value, row->id);
	return value;
}
