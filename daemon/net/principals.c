#include "net/principals.h"

#include "matricula/v1/entities.pb-c.h"
#include "store/feed.h"
#include "store/read.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* One row unpacked: a name and a reason of bounded length. */
#define ROW_ARENA (64u * 1024u)

struct table {
	struct mtr_principal *rows; /* in order of key */
	size_t count, capacity;
};

struct mtr_principals {
	pthread_mutex_t mutex;
	pthread_cond_t loaded;
	struct table table;
	uint64_t awaits;
};

struct mtr_principals *mtr_principals_new(void)
{
	struct mtr_principals *principals = calloc(1, sizeof *principals);
	pthread_condattr_t attributes;

	if (!principals)
		return NULL;
	pthread_mutex_init(&principals->mutex, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&principals->loaded, &attributes);
	pthread_condattr_destroy(&attributes);
	return principals;
}

void mtr_principals_free(struct mtr_principals **principals)
{
	if (!*principals)
		return;
	pthread_cond_destroy(&(*principals)->loaded);
	pthread_mutex_destroy(&(*principals)->mutex);
	free((*principals)->table.rows);
	free(*principals);
	*principals = NULL;
}

static int by_key(const void *left, const void *right)
{
	return memcmp(((const struct mtr_principal *)left)->key, ((const struct mtr_principal *)right)->key,
		      MTR_KEY_BYTES);
}

static struct mtr_principal *find(const struct table *table, const uint8_t key[MTR_KEY_BYTES])
{
	struct mtr_principal wanted;

	if (!table->count)
		return NULL;
	memcpy(wanted.key, key, MTR_KEY_BYTES);
	return bsearch(&wanted, table->rows, table->count, sizeof wanted, by_key);
}

struct loading {
	struct table table;
	struct mtr_arena *arena;
	enum mtr_store_error error;
};

static bool add(struct table *table, const Mtr__Principal *row)
{
	if (table->count == table->capacity) {
		size_t capacity = table->capacity ? 2 * table->capacity : 64;
		struct mtr_principal *rows = reallocarray(table->rows, capacity, sizeof *rows);

		if (!rows)
			return false;
		table->rows = rows;
		table->capacity = capacity;
	}
	struct mtr_principal *principal = &table->rows[table->count++];

	memcpy(principal->key, row->public_key.data, MTR_KEY_BYTES);
	principal->id = row->id;
	principal->revoked = row->revoked;
	return true;
}

static bool take_row(void *context, const struct mtr_row *row)
{
	struct loading *loading = context;

	if (row->type != MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL)
		return true;
	mtr_arena_reset(loading->arena);
	const Mtr__Principal *principal =
		mtr__principal__unpack(mtr_arena_allocator(loading->arena), row->bytes.size, row->bytes.data);

	if (!principal || principal->public_key.len != MTR_KEY_BYTES)
		loading->error = MTR_STORE_CORRUPT;
	else if (!add(&loading->table, principal))
		loading->error = MTR_STORE_MEMORY;
	return loading->error == MTR_STORE_OK;
}

/* Swaps the new table in, unless a change came that it can't know yet: a revocation must not be undone. */
static void swap(struct mtr_principals *principals, struct table *table, uint64_t revision)
{
	pthread_mutex_lock(&principals->mutex);
	if (revision >= principals->awaits) {
		struct table former = principals->table;

		principals->table = *table;
		*table = former;
		principals->awaits = 0;
		pthread_cond_broadcast(&principals->loaded);
	}
	pthread_mutex_unlock(&principals->mutex);
}

enum mtr_store_error mtr_principals_load(struct mtr_principals *principals, struct mtr_store *store)
{
	struct loading loading = {.arena = mtr_arena_new(ROW_ARENA)};
	struct mtr_store_state state;
	struct mtr_txn txn;

	if (!loading.arena)
		return MTR_STORE_MEMORY;
	mtr_txn_begin_read(&txn, store);
	mtr_txn_state(&txn, &state);
	mtr_each_row(&txn, mtr_home_principals(), take_row, &loading);
	if (loading.error == MTR_STORE_OK)
		loading.error = txn.error;
	mtr_txn_abort(&txn);
	if (loading.error == MTR_STORE_OK) {
		if (loading.table.count)
			qsort(loading.table.rows, loading.table.count, sizeof loading.table.rows[0], by_key);
		swap(principals, &loading.table, state.revision);
	}
	free(loading.table.rows);
	mtr_arena_free(&loading.arena);
	return loading.error;
}

void mtr_principals_changed(struct mtr_principals *principals, uint64_t revision, uint32_t id, bool revoked)
{
	pthread_mutex_lock(&principals->mutex);
	for (size_t i = 0; revoked && i < principals->table.count; i++) {
		if (principals->table.rows[i].id == id)
			principals->table.rows[i].revoked = true;
	}
	if (revision > principals->awaits)
		principals->awaits = revision;
	pthread_mutex_unlock(&principals->mutex);
}

uint64_t mtr_principals_awaits(struct mtr_principals *principals)
{
	pthread_mutex_lock(&principals->mutex);
	uint64_t revision = principals->awaits;

	pthread_mutex_unlock(&principals->mutex);
	return revision;
}

static bool find_locked(struct mtr_principals *principals, const uint8_t key[MTR_KEY_BYTES],
			struct mtr_principal *ret_principal)
{
	const struct mtr_principal *found = find(&principals->table, key);

	if (found)
		*ret_principal = *found;
	return found;
}

bool mtr_principals_find(struct mtr_principals *principals, const uint8_t key[MTR_KEY_BYTES],
			 struct mtr_principal *ret_principal)
{
	pthread_mutex_lock(&principals->mutex);
	bool found = find_locked(principals, key, ret_principal);

	pthread_mutex_unlock(&principals->mutex);
	return found;
}

bool mtr_principals_find_settled(struct mtr_principals *principals, const uint8_t key[MTR_KEY_BYTES],
				 uint32_t timeout_ms, struct mtr_principal *ret_principal)
{
	struct timespec until;
	int waited = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += timeout_ms / 1000u;
	until.tv_nsec += (long)(timeout_ms % 1000u) * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	pthread_mutex_lock(&principals->mutex);
	bool found = find_locked(principals, key, ret_principal);

	while (!found && principals->awaits && waited != ETIMEDOUT) {
		waited = pthread_cond_timedwait(&principals->loaded, &principals->mutex, &until);
		found = find_locked(principals, key, ret_principal);
	}
	pthread_mutex_unlock(&principals->mutex);
	return found;
}
