/* Does the store hold together? For `verify`, and to compare a register with one rebuilt from its journal. */
#ifndef MTR_STORE_VERIFY_H
#define MTR_STORE_VERIFY_H

#include "store/store.h"

/* BLAKE2b-256 of each table's keys and values, in order. Equal registers have equal digests. */
void mtr_table_digests(struct mtr_txn *txn, uint8_t ret_digests[MTR_TABLES][MTR_HASH_BYTES]);

#define MTR_DIFFERENCE_MAX 240u

/* Derives again what follows from the rows and compares it with what the tables hold; reads everything once. True when
 * all agrees; otherwise ret_difference names the first that doesn't: table, entity and number, nothing personal. Also
 * false on an error of the transaction, which ret_difference then names. */
bool mtr_store_check(struct mtr_txn *txn, char ret_difference[MTR_DIFFERENCE_MAX]);

/* The same for the rows and what follows from them, without what follows from records: of a mirror, which has none. */
bool mtr_rows_check(struct mtr_txn *txn, char ret_difference[MTR_DIFFERENCE_MAX]);

#endif
