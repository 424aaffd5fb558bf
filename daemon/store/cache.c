#include "store/cache.h"

#include "store/index.h"

#include <stdlib.h>
#include <string.h>

/* A province's units, titles and programmes, and the parts of those that are open. */
#define ROWS_MAX 8192u
#define SLOTS (2u * ROWS_MAX)
#define BYTES_MAX (4u * 1024u * 1024u)
/* The longest value of the small tables is a tally; mirrors have longer ones among the meta rows. */
#define VALUE_MAX 256u

struct slot {
	const uint8_t *key; /* NULL: free */
	void *value;        /* bytes or message; NULL: dropped */
	uint32_t hash;
	uint32_t size; /* of the bytes; or what the message cost */
	uint8_t table, key_size;
};

struct mtr_cache {
	struct mtr_arena *arena;
	uint64_t committed; /* the newest transaction; 0: it hasn't been, and may not be */
	size_t used;
	bool full;
	struct slot slots[SLOTS];
};

struct mtr_cache *mtr_cache_new(void)
{
	struct mtr_cache *cache = calloc(1, sizeof *cache);

	if (!cache)
		return NULL;
	cache->arena = mtr_arena_new(BYTES_MAX);
	if (!cache->arena)
		mtr_cache_free(&cache);
	return cache;
}

void mtr_cache_free(struct mtr_cache **cache)
{
	if (!cache || !*cache)
		return;
	mtr_arena_free(&(*cache)->arena);
	free(*cache);
	*cache = NULL;
}

static void forget_all(struct mtr_cache *cache)
{
	if (cache->used)
		memset(cache->slots, 0, sizeof cache->slots);
	mtr_arena_reset(cache->arena);
	cache->used = 0;
	cache->full = false;
}

void mtr_cache_begin(struct mtr_cache *cache, uint64_t txn_id)
{
	if (cache->full || cache->committed + 1 != txn_id)
		forget_all(cache);
	cache->committed = 0;
}

void mtr_cache_committed(struct mtr_cache *cache, uint64_t txn_id)
{
	cache->committed = txn_id;
}

/* People's numbers are many, and each is asked for once. */
static bool takes(enum mtr_table table, struct mtr_bytes key)
{
	switch (table) {
	case MTR_TABLE_META:
	case MTR_TABLE_HOME:
	case MTR_TABLE_TALLY:
	case MTR_TABLE_OUTBOX:
		return true;
	case MTR_TABLE_CODE:
		return key.size && key.data[0] != MTR_CODE_CITIZEN;
	case MTR_TABLE_ENTITY:
	case MTR_TABLE_FEED:
	case MTR_TABLE_LINK:
	case MTR_TABLE_ONCE:
	case MTR_TABLE_ORDER:
	case MTR_TABLE_DEDUP:
	case MTR_TABLES:
		break;
	}
	return false;
}

/* FNV-1a. */
static uint32_t hash_of(enum mtr_table table, struct mtr_bytes key)
{
	uint32_t hash = 2166136261u ^ (uint32_t)table;

	for (size_t i = 0; i < key.size; i++)
		hash = (hash ^ key.data[i]) * 16777619u;
	return hash;
}

static bool is_of(const struct slot *slot, enum mtr_table table, struct mtr_bytes key, uint32_t hash)
{
	return slot->hash == hash && slot->table == (uint8_t)table && slot->key_size == key.size &&
	       !memcmp(slot->key, key.data, key.size);
}

/* The key's slot, or the free one where it belongs; there is always a free one. */
static size_t seek(const struct mtr_cache *cache, enum mtr_table table, struct mtr_bytes key, uint32_t hash)
{
	size_t at = hash % SLOTS;

	while (cache->slots[at].key && !is_of(&cache->slots[at], table, key, hash))
		at = (at + 1) % SLOTS;
	return at;
}

static const struct slot *find(const struct mtr_cache *cache, enum mtr_table table, struct mtr_bytes key)
{
	const struct slot *slot = &cache->slots[seek(cache, table, key, hash_of(table, key))];

	return slot->value ? slot : NULL;
}

/* The key's slot, a new one if need be; NULL when there is no room. */
static struct slot *take(struct mtr_cache *cache, enum mtr_table table, struct mtr_bytes key)
{
	const uint32_t hash = hash_of(table, key);
	struct slot *slot = &cache->slots[seek(cache, table, key, hash)];

	if (slot->key)
		return slot;
	const uint8_t *kept = NULL;

	if (!cache->full && cache->used < ROWS_MAX && key.size <= UINT8_MAX)
		kept = mtr_arena_copy(cache->arena, key.data, key.size);
	if (!kept) {
		cache->full = true;
		return NULL;
	}
	*slot = (struct slot){.key = kept, .hash = hash, .table = (uint8_t)table, .key_size = (uint8_t)key.size};
	cache->used++;
	return slot;
}

bool mtr_cache_get(const struct mtr_cache *cache, enum mtr_table table, struct mtr_bytes key,
		   struct mtr_bytes *ret_value)
{
	const struct slot *slot = takes(table, key) ? find(cache, table, key) : NULL;

	if (slot)
		*ret_value = (struct mtr_bytes){slot->value, slot->size};
	return slot;
}

void mtr_cache_keep(struct mtr_cache *cache, enum mtr_table table, struct mtr_bytes key, struct mtr_bytes value)
{
	if (!takes(table, key))
		return;
	if (!value.size || value.size > VALUE_MAX) {
		mtr_cache_drop(cache, table, key);
		return;
	}
	struct slot *slot = take(cache, table, key);

	if (!slot)
		return;
	if (slot->value && slot->size == value.size) {
		memmove(slot->value, value.data, value.size);
		return;
	}
	slot->value = mtr_arena_copy(cache->arena, value.data, value.size);
	slot->size = (uint32_t)value.size;
	cache->full |= !slot->value;
}

const ProtobufCMessage *mtr_cache_row(const struct mtr_cache *cache, struct mtr_bytes key, size_t *ret_cost)
{
	const struct slot *slot = find(cache, MTR_TABLE_ENTITY, key);

	if (!slot)
		return NULL;
	*ret_cost = slot->size;
	return slot->value;
}

const ProtobufCMessage *mtr_cache_unpack(struct mtr_cache *cache, struct mtr_bytes key,
					 const ProtobufCMessageDescriptor *descriptor, struct mtr_bytes row,
					 size_t *ret_cost)
{
	struct slot *slot = take(cache, MTR_TABLE_ENTITY, key);

	if (!slot || cache->full)
		return NULL;
	const size_t before = mtr_arena_given(cache->arena);

	slot->value = protobuf_c_message_unpack(descriptor, mtr_arena_allocator(cache->arena), row.size, row.data);
	slot->size = (uint32_t)(mtr_arena_given(cache->arena) - before);
	cache->full = mtr_arena_exhausted(cache->arena);
	*ret_cost = slot->size;
	return slot->value;
}

void mtr_cache_drop(struct mtr_cache *cache, enum mtr_table table, struct mtr_bytes key)
{
	if (table == MTR_TABLE_ENTITY || takes(table, key))
		cache->slots[seek(cache, table, key, hash_of(table, key))].value = NULL;
}
