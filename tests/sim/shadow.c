#include "shadow.h"

#include "matricula/v1/entities.pb-c.h"

#include <sodium.h>
#include <string.h>

#define DIGEST_BYTES 32u

static const ProtobufCMessageDescriptor *descriptor_of(uint32_t type)
{
	switch (type) {
	case MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT:
		return &mtr__unit__descriptor;
	case MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL:
		return &mtr__principal__descriptor;
	case MTR__ENTITY_TYPE__ENTITY_TYPE_TITLE:
		return &mtr__title__descriptor;
	case MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON:
		return &mtr__person__descriptor;
	case MTR__ENTITY_TYPE__ENTITY_TYPE_PLAN:
		return &mtr__plan__descriptor;
	case MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME:
		return &mtr__programme__descriptor;
	case MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION:
		return &mtr__allocation__descriptor;
	case MTR__ENTITY_TYPE__ENTITY_TYPE_LEDGER_ENTRY:
		return &mtr__ledger_entry__descriptor;
	case MTR__ENTITY_TYPE__ENTITY_TYPE_LETTER:
		return &mtr__letter__descriptor;
	case MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION:
		return &mtr__nomination__descriptor;
	case MTR__ENTITY_TYPE__ENTITY_TYPE_DECISION:
		return &mtr__decision__descriptor;
	case MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS:
		return &mtr__class__descriptor;
	case MTR__ENTITY_TYPE__ENTITY_TYPE_SUMMONS:
		return &mtr__summons__descriptor;
	case MTR__ENTITY_TYPE__ENTITY_TYPE_ENROLMENT:
		return &mtr__enrolment__descriptor;
	case MTR__ENTITY_TYPE__ENTITY_TYPE_DIVERGENCE:
		return &mtr__divergence__descriptor;
	default:
		return NULL;
	}
}

static struct shadow_row *place_of(struct shadow *shadow, uint32_t type, uint64_t id)
{
	for (uint32_t i = 0; i < shadow->count; i++)
		if (shadow->rows[i].type == type && shadow->rows[i].id == id)
			return &shadow->rows[i];
	if (shadow->count == SHADOW_ROWS_MAX)
		return NULL;
	shadow->rows[shadow->count] = (struct shadow_row){.type = type, .id = id};
	return &shadow->rows[shadow->count++];
}

static bool note_home(struct shadow *shadow, struct shadow_home home)
{
	for (uint32_t i = 0; i < shadow->home_count; i++)
		if (shadow_home_equal(shadow->homes[i], home))
			return true;
	if (shadow->home_count == SHADOW_HOMES_MAX)
		return false;
	shadow->homes[shadow->home_count++] = home;
	return true;
}

bool shadow_apply(struct shadow *shadow, uint64_t revision, uint32_t ordinal, const Mtr__Effect *effect)
{
	const struct shadow_home home = {(uint32_t)effect->home->kind, effect->home->a, effect->home->b};
	const ProtobufCMessageDescriptor *descriptor = descriptor_of((uint32_t)effect->type);
	struct shadow_row *row = place_of(shadow, (uint32_t)effect->type, effect->id);
	uint8_t *bytes = mtr_arena_copy(shadow->arena, effect->row.data, effect->row.len);

	if (!descriptor || !row || !note_home(shadow, home) || (effect->row.len && !bytes))
		return false;
	row->home = home;
	row->revision = revision;
	row->ordinal = ordinal;
	row->live = effect->row.len != 0;
	row->bytes = (struct mtr_bytes){bytes, effect->row.len};
	row->message = row->live ? protobuf_c_message_unpack(descriptor, mtr_arena_allocator(shadow->arena),
							     effect->row.len, effect->row.data)
				 : NULL;
	return !row->live || row->message;
}

const struct shadow_row *shadow_find(const struct shadow *shadow, uint32_t type, uint64_t id)
{
	for (uint32_t i = 0; i < shadow->count; i++)
		if (shadow->rows[i].live && shadow->rows[i].type == type && shadow->rows[i].id == id)
			return &shadow->rows[i];
	return NULL;
}

const Mtr__Unit *shadow_unit(const struct shadow *shadow, uint32_t id)
{
	const struct shadow_row *row = shadow_find(shadow, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, id);

	return row ? row->message : NULL;
}

bool shadow_within(const struct shadow *shadow, uint32_t unit_id, uint32_t root_id)
{
	const Mtr__Unit *unit = unit_id ? shadow_unit(shadow, unit_id) : NULL;

	if (!unit)
		return false;
	if (unit_id == root_id)
		return true;
	if (unit->dissolved)
		return shadow_within(shadow, unit->successor_id, root_id);
	return shadow_within(shadow, unit->parent_id, root_id) || shadow_within(shadow, unit->party_parent_id, root_id);
}

/* The unit, or one it went into. */
static bool is_or_became(const struct shadow *shadow, uint32_t unit_id, uint32_t other_id)
{
	const Mtr__Unit *unit = unit_id ? shadow_unit(shadow, unit_id) : NULL;

	return unit && (unit_id == other_id || (unit->dissolved && is_or_became(shadow, unit->successor_id, other_id)));
}

static bool organises(const struct shadow *shadow, const Mtr__Principal *who, uint32_t programme_id)
{
	const struct shadow_row *row = shadow_find(shadow, MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME, programme_id);
	const Mtr__Programme *programme = row ? row->message : NULL;

	for (size_t i = 0; programme && i < programme->n_organising_unit_ids; i++)
		if (is_or_became(shadow, programme->organising_unit_ids[i], who->unit_id))
			return true;
	return false;
}

static const Mtr__Class *class_of(const struct shadow *shadow, uint32_t id)
{
	const struct shadow_row *row = shadow_find(shadow, MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS, id);

	return row ? row->message : NULL;
}

static bool takes_part(const struct shadow *shadow, uint32_t programme_id, uint32_t root_id)
{
	for (uint32_t i = 0; i < shadow->home_count; i++)
		if (shadow->homes[i].kind == MTR__HOME_KIND__HOME_KIND_PART && shadow->homes[i].a == programme_id &&
		    shadow_within(shadow, shadow->homes[i].b, root_id))
			return true;
	return false;
}

static bool unit_sees(const struct shadow *shadow, const Mtr__Principal *who, struct shadow_home home)
{
	if (home.kind == MTR__HOME_KIND__HOME_KIND_PEOPLE)
		return shadow_within(shadow, home.a, who->unit_id);
	return home.kind == MTR__HOME_KIND__HOME_KIND_PART && shadow_within(shadow, home.b, who->unit_id);
}

static bool organiser_sees(const struct shadow *shadow, const Mtr__Principal *who, struct shadow_home home)
{
	const Mtr__Unit *unit = shadow_unit(shadow, who->unit_id);
	const Mtr__Class *of = NULL;

	switch (home.kind) {
	case MTR__HOME_KIND__HOME_KIND_PEOPLE:
		return unit && shadow_within(shadow, home.a, unit->acts_for_parent ? unit->parent_id : who->unit_id);
	case MTR__HOME_KIND__HOME_KIND_PART:
	case MTR__HOME_KIND__HOME_KIND_PROGRAMME:
		return organises(shadow, who, home.a);
	case MTR__HOME_KIND__HOME_KIND_CLASS:
		of = class_of(shadow, home.a);
		return of && organises(shadow, who, of->programme_id);
	default:
		return false;
	}
}

static bool school_sees(const struct shadow *shadow, const Mtr__Principal *who, struct shadow_home home)
{
	const Mtr__Class *of = home.kind == MTR__HOME_KIND__HOME_KIND_CLASS ? class_of(shadow, home.a) : NULL;

	return of && (is_or_became(shadow, of->provider_unit_id, who->unit_id) ||
		      is_or_became(shadow, of->student_manager_unit_id, who->unit_id));
}

bool shadow_sees(const struct shadow *shadow, const Mtr__Principal *who, struct shadow_home home)
{
	if (home.kind == MTR__HOME_KIND__HOME_KIND_PUBLIC || who->role == MTR__ROLE__ROLE_AUDITOR)
		return true;
	switch ((int)who->role) {
	case MTR__ROLE__ROLE_NOMINATOR:
		return unit_sees(shadow, who, home);
	case MTR__ROLE__ROLE_APPROVER:
		return unit_sees(shadow, who, home) ||
		       (home.kind == MTR__HOME_KIND__HOME_KIND_PROGRAMME && takes_part(shadow, home.a, who->unit_id));
	case MTR__ROLE__ROLE_ORGANISER:
		return organiser_sees(shadow, who, home);
	case MTR__ROLE__ROLE_SCHOOL:
		return school_sees(shadow, who, home);
	case MTR__ROLE__ROLE_OPERATOR:
		return home.kind == MTR__HOME_KIND__HOME_KIND_PRINCIPALS;
	default:
		return false;
	}
}

static void hash_number(crypto_generichash_state *hash, uint64_t number, unsigned bytes)
{
	uint8_t octets[8];

	for (unsigned i = 0; i < bytes; i++)
		octets[i] = (uint8_t)(number >> (8 * (bytes - 1 - i)));
	crypto_generichash_update(hash, octets, bytes);
}

static void add(uint8_t sum[DIGEST_BYTES], const uint8_t term[DIGEST_BYTES])
{
	unsigned carry = 0;

	for (unsigned i = DIGEST_BYTES; i-- > 0;) {
		carry += (unsigned)sum[i] + term[i];
		sum[i] = (uint8_t)carry;
		carry >>= 8;
	}
}

static void row_digest(const struct shadow_row *row, uint8_t ret_digest[DIGEST_BYTES])
{
	crypto_generichash_state hash;

	crypto_generichash_init(&hash, NULL, 0, DIGEST_BYTES);
	hash_number(&hash, row->home.kind, 1);
	hash_number(&hash, row->home.a, 4);
	hash_number(&hash, row->home.b, 4);
	hash_number(&hash, row->type, 1);
	hash_number(&hash, row->id, 8);
	hash_number(&hash, row->revision, 8);
	crypto_generichash_update(&hash, row->bytes.data, row->bytes.size);
	crypto_generichash_final(&hash, ret_digest, DIGEST_BYTES);
}

uint64_t shadow_digest(const struct shadow *shadow, const Mtr__Principal *who, uint8_t ret_digest[DIGEST_BYTES])
{
	uint64_t count = 0;
	uint8_t digest[DIGEST_BYTES];

	memset(ret_digest, 0, DIGEST_BYTES);
	for (uint32_t i = 0; i < shadow->count; i++) {
		const struct shadow_row *row = &shadow->rows[i];

		if (!row->live || !shadow_sees(shadow, who, row->home))
			continue;
		row_digest(row, digest);
		add(ret_digest, digest);
		count++;
	}
	return count;
}
