#include "store/index.h"
#include "store/internal.h"
#include "store/rows.h"

#include <string.h>

static uint64_t find_id(struct mtr_txn *txn, enum mtr_table table, struct mtr_key key)
{
	struct mtr_bytes value;
	const uint8_t *at;

	if (key.size > sizeof key.data || !mtr_txn_get(txn, table, mtr_key_as_bytes(&key), &value))
		return 0;
	if (value.size != 8) {
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
		return 0;
	}
	at = value.data;
	return mtr_get_u64(&at);
}

uint64_t mtr_find_code(struct mtr_txn *txn, Mtr__EntityType type, const char *code)
{
	return find_id(txn, MTR_TABLE_CODE, mtr_code_key((uint8_t)type, code, strlen(code)));
}

uint32_t mtr_find_citizen(struct mtr_txn *txn, const char *citizen_number)
{
	return (uint32_t)find_id(txn, MTR_TABLE_CODE,
				 mtr_code_key(MTR_CODE_CITIZEN, citizen_number, strlen(citizen_number)));
}

uint32_t mtr_find_principal(struct mtr_txn *txn, const uint8_t public_key[MTR_KEY_BYTES])
{
	return (uint32_t)find_id(txn, MTR_TABLE_CODE, mtr_code_key(MTR_CODE_PUBLIC_KEY, public_key, MTR_KEY_BYTES));
}

uint64_t mtr_find_once(struct mtr_txn *txn, uint32_t person_id, uint32_t programme_id)
{
	return find_id(txn, MTR_TABLE_ONCE, mtr_once_key(person_id, programme_id));
}

struct names {
	uint32_t *ids;
	size_t most, count;
};

static bool take_name(void *context, uint64_t id)
{
	struct names *names = context;

	if (names->count < names->most)
		names->ids[names->count] = (uint32_t)id;
	names->count++;
	return true;
}

size_t mtr_find_name(struct mtr_txn *txn, const char *full_name, uint32_t birth, uint32_t unit_id, uint32_t *ret_ids,
		     size_t most)
{
	struct names names = {.ids = ret_ids, .most = most};
	uint64_t hash;

	if (mtr_name_hash(full_name, birth, unit_id, &hash))
		mtr_each_link(txn, MTR_LINK_NAME, hash, take_name, &names);
	return names.count;
}

void mtr_each_link(struct mtr_txn *txn, enum mtr_link_kind kind, uint64_t a, mtr_link_fn each, void *context)
{
	struct mtr_key prefix = mtr_key_start();
	struct mtr_bytes key, value;
	struct mtr_walk walk;
	bool more = true;

	mtr_key_u8(&prefix, (uint8_t)kind);
	mtr_key_u64(&prefix, a);
	mtr_walk_begin(&walk, txn, MTR_TABLE_LINK, mtr_key_as_bytes(&prefix), mtr_bytes_of(NULL, 0));
	while (more && mtr_walk_next(&walk, &key, &value)) {
		const uint8_t *at = key.data + prefix.size;

		if (key.size != prefix.size + 8) {
			mtr_txn_fail(txn, MTR_STORE_CORRUPT);
			break;
		}
		more = each(context, mtr_get_u64(&at));
	}
	mtr_walk_end(&walk);
}

bool mtr_has_link(struct mtr_txn *txn, enum mtr_link_kind kind, uint64_t a, uint64_t b)
{
	const struct mtr_key key = mtr_link_key(kind, a, b);
	struct mtr_bytes value;

	return mtr_txn_get(txn, MTR_TABLE_LINK, mtr_key_as_bytes(&key), &value);
}

/* The first link from a person to a nomination at or behind the key; false when there is none. */
static bool next_person_link(struct mtr_txn *txn, const struct mtr_key *from, uint64_t *ret_place, uint64_t *ret_id)
{
	const uint8_t kind = MTR_LINK_PERSON_NOMINATION;
	struct mtr_bytes key, value;
	struct mtr_walk walk;

	mtr_walk_begin(&walk, txn, MTR_TABLE_LINK, mtr_bytes_of(&kind, 1), mtr_key_as_bytes(from));
	const bool found = mtr_walk_next(&walk, &key, &value);

	if (found && key.size == 17) {
		const uint8_t *at = key.data + 1;

		*ret_place = mtr_get_u64(&at);
		*ret_id = mtr_get_u64(&at);
	}
	if (found && (key.size != 17 || *ret_place >> 32 != *ret_id >> MTR_NOMINATION_BLOCK_BITS))
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
	mtr_walk_end(&walk);
	return found && !txn->error;
}

/* The person's first nomination at or behind `from`; 0 when there is none. */
static uint64_t next_nomination_of(struct mtr_txn *txn, uint32_t person_id, uint64_t from)
{
	struct mtr_key key = mtr_person_nomination_key(person_id, from);
	uint64_t place = 0, id = 0;

	while (next_person_link(txn, &key, &place, &id)) {
		const uint32_t person = (uint32_t)place;
		uint64_t block = place >> 32;

		if (person == person_id)
			return id;
		if (person > person_id && block++ == UINT32_MAX)
			return 0;
		key = mtr_link_key(MTR_LINK_PERSON_NOMINATION, block << 32 | person_id, 0);
	}
	return 0;
}

void mtr_each_entity(struct mtr_txn *txn, Mtr__EntityType type, mtr_link_fn each, void *context)
{
	const struct mtr_key all = mtr_entity_key(type, 0);
	struct mtr_bytes key, value;
	struct mtr_walk walk;

	mtr_walk_begin(&walk, txn, MTR_TABLE_ENTITY, mtr_bytes_of(all.data, 1), mtr_bytes_of(NULL, 0));
	while (mtr_walk_next(&walk, &key, &value)) {
		const uint8_t *id = key.data + 1;

		if (key.size != all.size)
			mtr_txn_fail(txn, MTR_STORE_CORRUPT);
		if (txn->error || !each(context, mtr_get_u64(&id)))
			break;
	}
	mtr_walk_end(&walk);
}

void mtr_each_nomination_of(struct mtr_txn *txn, uint32_t person_id, mtr_link_fn each, void *context)
{
	uint64_t id = next_nomination_of(txn, person_id, 0);

	while (id && each(context, id) && id != UINT64_MAX)
		id = next_nomination_of(txn, person_id, id + 1);
}

bool mtr_is_nomination_of(struct mtr_txn *txn, uint32_t person_id, uint64_t nomination_id)
{
	const struct mtr_key key = mtr_person_nomination_key(person_id, nomination_id);
	struct mtr_bytes value;

	return mtr_txn_get(txn, MTR_TABLE_LINK, mtr_key_as_bytes(&key), &value);
}
