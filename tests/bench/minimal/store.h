/* The rows of the minimal daemon. One accepted proposal is five puts:
 *
 * nomination  id                 150 bytes                (appended)
 * person      16 random bytes    id                       (also the rule that nobody is put forward twice)
 * unit        unit number · id   person
 * journal     sequence           96 bytes                 (appended)
 * quota       unit number        seats, used */
#ifndef BENCH_MINIMAL_STORE_H
#define BENCH_MINIMAL_STORE_H

#include "minimal/wire.h"

#include <lmdb.h>

struct minimal_store {
	MDB_env *env;
	MDB_dbi nomination, person, unit, journal, quota;
	uint64_t next_id;
};

/* Any error ends the process. */
void minimal_open(struct minimal_store *store, const char *directory, unsigned flags);
MDB_txn *minimal_begin(struct minimal_store *store);
void minimal_commit(MDB_txn *txn);
void minimal_propose(struct minimal_store *store, MDB_txn *txn, const struct minimal_request *request,
		     struct minimal_answer *ret_answer);
/* So many random proposals in 200 units. */
void minimal_fill(struct minimal_store *store, uint64_t rows);

#endif
