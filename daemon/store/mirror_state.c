#include "store/mirror_state.h"

#include "store/feed.h"
#include "store/internal.h"
#include "store/meta.h"

#include <string.h>

#define OWNER_BYTES (4u + 2u * MTR_KEY_BYTES + 8u)
#define SHOWN_BYTES 9u
#define HELD_BYTES (17u + 32u + MTR_HASH_BYTES)
/* Packed; the register's own are below half of it. */
#define PRINCIPAL_MAX (4u * 1024u)

#define NAME(text) ((struct mtr_bytes){(const uint8_t *)(text), sizeof(text) - 1})
#define OWNER NAME("mirror owner")
#define SHOWN NAME("mirror shown")
#define CURSOR NAME("mirror cursor")
#define PRINCIPAL NAME("mirror principal")
#define HELD NAME("mirror held")

/* False when it isn't there; another size is CORRUPT. */
static bool get(struct mtr_txn *txn, struct mtr_bytes name, size_t size, const uint8_t **ret_at)
{
	struct mtr_bytes value;

	if (!mtr_txn_get(txn, MTR_TABLE_META, name, &value))
		return false;
	if (value.size != size) {
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
		return false;
	}
	*ret_at = value.data;
	return true;
}

static void put(struct mtr_txn *txn, struct mtr_bytes name, const struct mtr_key *value)
{
	mtr_txn_put(txn, MTR_TABLE_META, name, mtr_key_as_bytes(value));
}

static void take_bytes(const uint8_t **at, uint8_t *ret_bytes, size_t size)
{
	memcpy(ret_bytes, *at, size);
	*at += size;
}

static bool read_owner(struct mtr_txn *txn, struct mtr_mirror_owner *ret_owner)
{
	struct mtr_bytes value;
	const uint8_t *at;
	uint32_t format;

	if (!mtr_txn_get(txn, MTR_TABLE_META, OWNER, &value))
		return false;
	at = value.data;
	format = value.size >= 4 ? mtr_get_u32(&at) : 0;
	if (format > MTR_MIRROR_FORMAT)
		mtr_txn_fail(txn, MTR_STORE_NEWER);
	else if (format != MTR_MIRROR_FORMAT || value.size != OWNER_BYTES)
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
	if (txn->error)
		return false;
	take_bytes(&at, ret_owner->server_key, MTR_KEY_BYTES);
	take_bytes(&at, ret_owner->public_key, MTR_KEY_BYTES);
	ret_owner->incarnation = mtr_get_u64(&at);
	return true;
}

bool mtr_mirror_read(struct mtr_txn *txn, struct mtr_mirror_state *ret_state)
{
	struct mtr_mirror_state state = {.revision = 0};
	struct mtr_store_state shown;
	struct mtr_mirror_held held;
	const uint8_t *at;

	if (!read_owner(txn, &state.owner))
		return false;
	mtr_txn_state(txn, &shown);
	mtr_mirror_held_read(txn, &held);
	if (get(txn, SHOWN, SHOWN_BYTES, &at)) {
		state.local_time = mtr_get_u64(&at);
		state.agreed = mtr_get_u8(&at) != 0;
	}
	if (txn->error)
		return false;
	state.revision = shown.revision;
	state.server_time = shown.at;
	state.held = held.next - held.first;
	state.settling = held.settling;
	*ret_state = state;
	return true;
}

void mtr_mirror_begin(struct mtr_txn *txn, const struct mtr_mirror_owner *owner)
{
	struct mtr_key value = mtr_key_start();

	mtr_key_u32(&value, MTR_MIRROR_FORMAT);
	mtr_key_bytes(&value, owner->server_key, MTR_KEY_BYTES);
	mtr_key_bytes(&value, owner->public_key, MTR_KEY_BYTES);
	mtr_key_u64(&value, owner->incarnation);
	mtr_txn_insert(txn, MTR_TABLE_META, OWNER, mtr_key_as_bytes(&value));
}

struct mtr_bytes mtr_mirror_cursor(struct mtr_txn *txn)
{
	struct mtr_bytes cursor = {NULL, 0};

	if (!mtr_txn_get(txn, MTR_TABLE_META, CURSOR, &cursor))
		return (struct mtr_bytes){NULL, 0};
	return cursor;
}

void mtr_mirror_cursor_write(struct mtr_txn *txn, struct mtr_bytes cursor)
{
	mtr_txn_put(txn, MTR_TABLE_META, CURSOR, cursor);
}

const Mtr__Principal *mtr_mirror_principal(struct mtr_txn *txn, struct mtr_arena *arena)
{
	const Mtr__Principal *principal;
	struct mtr_bytes value;

	if (!mtr_txn_get(txn, MTR_TABLE_META, PRINCIPAL, &value))
		return NULL;
	principal = mtr__principal__unpack(mtr_arena_allocator(arena), value.size, value.data);
	if (!principal)
		mtr_txn_fail(txn, mtr_arena_exhausted(arena) ? MTR_STORE_MEMORY : MTR_STORE_CORRUPT);
	return principal;
}

void mtr_mirror_principal_write(struct mtr_txn *txn, const Mtr__Principal *principal)
{
	uint8_t bytes[PRINCIPAL_MAX];
	const size_t size = mtr__principal__get_packed_size(principal);

	if (size > sizeof bytes) {
		mtr_txn_fail(txn, MTR_STORE_LIMIT);
		return;
	}
	mtr__principal__pack(principal, bytes);
	mtr_txn_put(txn, MTR_TABLE_META, PRINCIPAL, mtr_bytes_of(bytes, size));
}

void mtr_mirror_held_read(struct mtr_txn *txn, struct mtr_mirror_held *ret_held)
{
	struct mtr_mirror_held held = {.first = 0};
	const uint8_t *at;

	*ret_held = held;
	if (!get(txn, HELD, HELD_BYTES, &at))
		return;
	held.first = mtr_get_u64(&at);
	held.next = mtr_get_u64(&at);
	held.settling = mtr_get_u8(&at) != 0;
	held.head.revision = mtr_get_u64(&at);
	held.head.server_time = mtr_get_u64(&at);
	held.head.local_time = mtr_get_u64(&at);
	held.head.count = mtr_get_u64(&at);
	take_bytes(&at, held.head.digest, MTR_HASH_BYTES);
	if (held.first > held.next)
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
	else
		*ret_held = held;
}

void mtr_mirror_held_write(struct mtr_txn *txn, const struct mtr_mirror_held *held)
{
	struct mtr_key value = mtr_key_start();

	mtr_key_u64(&value, held->first);
	mtr_key_u64(&value, held->next);
	mtr_key_u8(&value, held->settling);
	mtr_key_u64(&value, held->head.revision);
	mtr_key_u64(&value, held->head.server_time);
	mtr_key_u64(&value, held->head.local_time);
	mtr_key_u64(&value, held->head.count);
	mtr_key_bytes(&value, held->head.digest, MTR_HASH_BYTES);
	put(txn, HELD, &value);
}

static struct mtr_key page_key(uint64_t number)
{
	struct mtr_key key = mtr_key_start();

	mtr_key_bytes(&key, "mirror page", 11);
	mtr_key_u64(&key, number);
	return key;
}

struct mtr_bytes mtr_mirror_held_page(struct mtr_txn *txn, uint64_t number)
{
	const struct mtr_key key = page_key(number);
	struct mtr_bytes answer = {NULL, 0};

	if (!mtr_txn_get(txn, MTR_TABLE_META, mtr_key_as_bytes(&key), &answer))
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
	return answer;
}

void mtr_mirror_held_put(struct mtr_txn *txn, uint64_t number, struct mtr_bytes answer)
{
	const struct mtr_key key = page_key(number);

	mtr_txn_insert(txn, MTR_TABLE_META, mtr_key_as_bytes(&key), answer);
}

void mtr_mirror_held_remove(struct mtr_txn *txn, uint64_t number)
{
	const struct mtr_key key = page_key(number);

	mtr_txn_delete(txn, MTR_TABLE_META, mtr_key_as_bytes(&key));
}

void mtr_mirror_show(struct mtr_txn *txn, const struct mtr_mirror_head *head)
{
	const struct mtr_scope everything = {.everything = true};
	const struct mtr_store_state state = {.revision = head->revision, .at = head->server_time};
	struct mtr_key value = mtr_key_start();
	uint8_t digest[MTR_HASH_BYTES];
	uint64_t count;

	mtr_scope_digest(txn, &everything, digest, &count);
	mtr_meta_write_state(txn, &state);
	mtr_key_u64(&value, head->local_time);
	mtr_key_u8(&value, count == head->count && !memcmp(digest, head->digest, MTR_HASH_BYTES));
	put(txn, SHOWN, &value);
}
