/* The register's incarnations: what its restores from backups were stated to be, oldest first. */
#ifndef MTR_STORE_INCARNATION_H
#define MTR_STORE_INCARNATION_H

#include "contract/arena.h"
#include "matricula/v1/audit.pb-c.h"
#include "store/store.h"

/* Statements there are, at most MTR_INCARNATIONS_MAX. */
uint32_t mtr_incarnation_count(struct mtr_txn *txn);

/* The statement at `index` from 1, in the arena; NULL when there is none or on an error. */
const Mtr__Incarnation *mtr_read_incarnation(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t index);

/* The number that clients and cursors know the register by: the newest statement's, or, without one, `journal`: its
 * journal's own. */
uint64_t mtr_register_incarnation(struct mtr_txn *txn, uint64_t journal);

/* Takes up the next statement, from its record, whose signature was checked when it was written: the register then
 * reconciles (reconciling.h). CORRUPT when it isn't complete, or there are too many. */
void mtr_incarnation_take(struct mtr_txn *txn, const Mtr__Incarnation *statement);

#endif
