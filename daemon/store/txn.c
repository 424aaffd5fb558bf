#include "store/cache.h"
#include "store/internal.h"

struct mtr_bytes mtr_bytes_of(const void *data, size_t size)
{
	return (struct mtr_bytes){.data = data, .size = size};
}

void mtr_txn_fail(struct mtr_txn *txn, enum mtr_store_error error)
{
	if (!txn->error)
		txn->error = error;
}

static enum mtr_store_error enter(struct mtr_store *store, bool writes)
{
	enum mtr_store_error error = MTR_STORE_OK;

	pthread_mutex_lock(&store->lock);
	while (store->resizing)
		pthread_cond_wait(&store->idle, &store->lock);
	if (store->failed)
		error = MTR_STORE_IO;
	else if (writes && store->writing)
		error = MTR_STORE_LIMIT;
	if (!error) {
		store->active++;
		if (writes)
			store->writing = true;
	}
	pthread_mutex_unlock(&store->lock);
	return error;
}

static void leave(struct mtr_store *store, bool writes, bool failed)
{
	pthread_mutex_lock(&store->lock);
	store->active--;
	if (writes)
		store->writing = false;
	if (failed)
		store->failed = true;
	if (!store->active)
		pthread_cond_broadcast(&store->idle);
	pthread_mutex_unlock(&store->lock);
}

static void begin(struct mtr_txn *txn, struct mtr_store *store, bool writes)
{
	int rc;

	*txn = (struct mtr_txn){.store = store, .writes = writes};
	txn->error = enter(store, writes);
	if (txn->error)
		return;
	rc = mdb_txn_begin(store->env, NULL, writes ? 0 : MDB_RDONLY, &txn->txn);
	if (rc) {
		txn->txn = NULL;
		txn->error = mtr_store_error_from(rc);
		leave(store, writes, false);
	} else if (writes) {
		mtr_cache_begin(store->cache, mdb_txn_id(txn->txn));
	}
}

void mtr_txn_begin_write(struct mtr_txn *txn, struct mtr_store *store)
{
	begin(txn, store, true);
}

void mtr_txn_begin_read(struct mtr_txn *txn, struct mtr_store *store)
{
	begin(txn, store, false);
}

void mtr_txn_abort(struct mtr_txn *txn)
{
	if (!txn->txn)
		return;
	mdb_txn_abort(txn->txn);
	txn->txn = NULL;
	leave(txn->store, txn->writes, false);
}

enum mtr_store_error mtr_txn_commit(struct mtr_txn *txn)
{
	uint64_t id;
	int rc;

	if (!txn->txn)
		return txn->error;
	if (txn->error || !txn->writes) {
		mtr_txn_abort(txn);
		return txn->error;
	}
	id = mdb_txn_id(txn->txn);
	rc = mdb_txn_commit(txn->txn);
	txn->txn = NULL; /* whatever came back, the handle is gone */
	if (!rc)
		mtr_cache_committed(txn->store->cache, id);
	/* Short of room in the map nothing was written; of any other failure nobody knows what is on the disk. */
	if (rc == MDB_MAP_FULL)
		txn->error = MTR_STORE_FULL;
	else if (rc)
		txn->error = MTR_STORE_IO;
	else
		txn->error = mtr_store_cover_used(txn->store);
	leave(txn->store, true, txn->error && txn->error != MTR_STORE_FULL);
	return txn->error;
}

static MDB_val value_of(struct mtr_bytes bytes)
{
	return (MDB_val){bytes.size, (void *)(uintptr_t)bytes.data};
}

bool mtr_txn_get(struct mtr_txn *txn, enum mtr_table table, struct mtr_bytes key, struct mtr_bytes *ret_value)
{
	MDB_val k = value_of(key), v;
	int rc;

	if (txn->error)
		return false;
	if (txn->writes && mtr_cache_get(txn->store->cache, table, key, ret_value))
		return true;
	rc = mdb_get(txn->txn, txn->store->tables[table], &k, &v);
	if (rc) {
		if (rc != MDB_NOTFOUND)
			mtr_txn_fail(txn, mtr_store_error_from(rc));
		return false;
	}
	*ret_value = mtr_bytes_of(v.mv_data, v.mv_size);
	if (txn->writes)
		mtr_cache_keep(txn->store->cache, table, key, *ret_value);
	return true;
}

static void put(struct mtr_txn *txn, enum mtr_table table, struct mtr_bytes key, struct mtr_bytes value, unsigned flags)
{
	MDB_val k = value_of(key), v = value_of(value);

	if (txn->error)
		return;
	txn->puts++;
	mtr_txn_fail(txn, mtr_store_error_from(mdb_put(txn->txn, txn->store->tables[table], &k, &v, flags)));
	if (table == MTR_TABLE_ENTITY)
		mtr_cache_drop(txn->store->cache, table, key);
	else
		mtr_cache_keep(txn->store->cache, table, key, value);
}

void mtr_txn_put(struct mtr_txn *txn, enum mtr_table table, struct mtr_bytes key, struct mtr_bytes value)
{
	put(txn, table, key, value, 0);
}

void mtr_txn_insert(struct mtr_txn *txn, enum mtr_table table, struct mtr_bytes key, struct mtr_bytes value)
{
	put(txn, table, key, value, MDB_NOOVERWRITE);
}

void mtr_txn_delete(struct mtr_txn *txn, enum mtr_table table, struct mtr_bytes key)
{
	MDB_val k = value_of(key);

	if (txn->error)
		return;
	txn->puts++;
	mtr_cache_drop(txn->store->cache, table, key);
	mtr_txn_fail(txn, mtr_store_error_from(mdb_del(txn->txn, txn->store->tables[table], &k, NULL)));
}

uint64_t mtr_txn_count(struct mtr_txn *txn, enum mtr_table table)
{
	MDB_stat stat;

	if (txn->error)
		return 0;
	mtr_txn_fail(txn, mtr_store_error_from(mdb_stat(txn->txn, txn->store->tables[table], &stat)));
	return txn->error ? 0 : stat.ms_entries;
}
