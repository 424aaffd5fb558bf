#include "minimal/store.h"

#include "common/fail.h"
#include "model/random.h"

#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

#define MAP_BYTES ((size_t)32 << 30)
#define SEATS UINT64_C(1000000000000)
#define UNITS 200u
#define ROWS_A_COMMIT 20000u

static void need(int rc, const char *what)
{
	if (rc)
		bench_fail(what, mdb_strerror(rc));
}

static void put_number(uint8_t *bytes, uint64_t value)
{
	for (size_t i = 8; i-- > 0; value >>= 8)
		bytes[i] = (uint8_t)value;
}

static uint64_t number_at(const uint8_t *bytes)
{
	uint64_t value = 0;

	for (size_t i = 0; i < 8; i++)
		value = value << 8 | bytes[i];
	return value;
}

static void open_tables(struct minimal_store *store, MDB_txn *txn)
{
	need(mdb_dbi_open(txn, "nomination", MDB_CREATE, &store->nomination), "table");
	need(mdb_dbi_open(txn, "person", MDB_CREATE, &store->person), "table");
	need(mdb_dbi_open(txn, "unit", MDB_CREATE, &store->unit), "table");
	need(mdb_dbi_open(txn, "journal", MDB_CREATE, &store->journal), "table");
	need(mdb_dbi_open(txn, "quota", MDB_CREATE, &store->quota), "table");
}

void minimal_open(struct minimal_store *store, const char *directory, unsigned flags)
{
	MDB_txn *txn;
	MDB_cursor *cursor;
	MDB_val key, value;

	mkdir(directory, 0700);
	need(mdb_env_create(&store->env), "env");
	need(mdb_env_set_maxdbs(store->env, 8), "env");
	need(mdb_env_set_mapsize(store->env, MAP_BYTES), "env");
	need(mdb_env_open(store->env, directory, flags | MDB_NORDAHEAD, 0600), directory);
	txn = minimal_begin(store);
	open_tables(store, txn);
	need(mdb_cursor_open(txn, store->nomination, &cursor), "cursor");
	store->next_id = mdb_cursor_get(cursor, &key, &value, MDB_LAST) == 0 ? number_at(key.mv_data) + 1 : 1;
	mdb_cursor_close(cursor);
	minimal_commit(txn);
}

MDB_txn *minimal_begin(struct minimal_store *store)
{
	MDB_txn *txn;

	need(mdb_txn_begin(store->env, NULL, 0, &txn), "begin");
	return txn;
}

void minimal_commit(MDB_txn *txn)
{
	need(mdb_txn_commit(txn), "commit");
}

static MDB_val bytes(const void *data, size_t size)
{
	return (MDB_val){size, (void *)(uintptr_t)data};
}

/* The unit's seats and how many are used. */
static void read_quota(struct minimal_store *store, MDB_txn *txn, MDB_val unit, uint64_t *ret_limit, uint64_t *ret_used)
{
	MDB_val value;
	int rc = mdb_get(txn, store->quota, &unit, &value);

	*ret_limit = SEATS;
	*ret_used = 0;
	if (rc == MDB_NOTFOUND)
		return;
	need(rc, "quota");
	*ret_limit = number_at(value.mv_data);
	*ret_used = number_at((const uint8_t *)value.mv_data + 8);
}

static void put(MDB_txn *txn, MDB_dbi table, MDB_val key, MDB_val value, unsigned flags)
{
	need(mdb_put(txn, table, &key, &value, flags), "put");
}

static void write_rows(struct minimal_store *store, MDB_txn *txn, const struct minimal_request *request,
		       const uint8_t id[8], uint64_t limit, uint64_t used)
{
	uint8_t unit_key[12], entry[96], quota[16];

	put(txn, store->nomination, bytes(id, 8), bytes(request->person, 150), MDB_APPEND);
	memcpy(unit_key, request->unit, 4);
	memcpy(unit_key + 4, id, 8);
	put(txn, store->unit, bytes(unit_key, sizeof unit_key), bytes(request->person, 16), 0);
	memcpy(entry, request, 80);
	memcpy(entry + 80, id, 8);
	put_number(entry + 88, used);
	put(txn, store->journal, bytes(id, 8), bytes(entry, sizeof entry), MDB_APPEND);
	put_number(quota, limit);
	put_number(quota + 8, used + 1);
	put(txn, store->quota, bytes(request->unit, 4), bytes(quota, sizeof quota), 0);
}

void minimal_propose(struct minimal_store *store, MDB_txn *txn, const struct minimal_request *request,
		     struct minimal_answer *ret_answer)
{
	MDB_val person = bytes(request->person, sizeof request->person), value;
	uint64_t limit, used;
	uint8_t id[8];

	memset(ret_answer, 0, sizeof *ret_answer);
	memcpy(ret_answer->tag, request->tag, sizeof request->tag);
	read_quota(store, txn, bytes(request->unit, 4), &limit, &used);
	put_number(id, store->next_id);
	value = bytes(id, sizeof id);
	if (used >= limit) {
		ret_answer->result = MINIMAL_SPENT;
	} else {
		int rc = mdb_put(txn, store->person, &person, &value, MDB_NOOVERWRITE);

		if (rc == MDB_KEYEXIST) {
			ret_answer->result = MINIMAL_DUPLICATE;
		} else {
			need(rc, "person");
			write_rows(store, txn, request, id, limit, used++);
			memcpy(ret_answer->id, id, sizeof id);
			store->next_id++;
		}
	}
	put_number(ret_answer->limit, limit);
	put_number(ret_answer->used, used);
}

void minimal_fill(struct minimal_store *store, uint64_t rows)
{
	struct minimal_request request;
	struct minimal_answer answer;
	struct random random;

	memset(&request, 'x', sizeof request);
	randombytes_buf(&random, sizeof random);
	while (store->next_id <= rows) {
		MDB_txn *txn = minimal_begin(store);

		for (uint32_t i = 0; i < ROWS_A_COMMIT && store->next_id <= rows; i++) {
			put_number(request.person, random_next(&random));
			put_number(request.person + 8, random_next(&random));
			memset(request.unit, 0, sizeof request.unit);
			request.unit[3] = (uint8_t)random_below(&random, UNITS);
			minimal_propose(store, txn, &request, &answer);
		}
		minimal_commit(txn);
	}
	need(mdb_env_sync(store->env, 1), "sync");
}
