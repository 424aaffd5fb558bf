/* What a table holds, in one number: to compare a register with one built from its journal. */
#ifndef MTR_STORE_SUMS_H
#define MTR_STORE_SUMS_H

#include "store/store.h"

struct mtr_table_sum {
	uint64_t rows;
	uint8_t digest[MTR_HASH_BYTES]; /* BLAKE2b-256 of keys and values, in order */
};

/* Equal registers have equal sums. */
void mtr_table_sums(struct mtr_txn *txn, struct mtr_table_sum ret_sums[MTR_TABLES]);

#define MTR_ROW_NAME_MAX 160u

/* Names a row for a person: its table, and its key in hexadecimal, cut where it is long. A key that is a person's
 * number is left out; what it leads to is named instead. */
void mtr_row_name(enum mtr_table table, struct mtr_bytes key, struct mtr_bytes value, char ret_name[MTR_ROW_NAME_MAX]);

/* Names the first row that only one of the two has, or that differs. False when there is none, or on an error of one of
 * the transactions. */
bool mtr_table_difference(struct mtr_txn *left, struct mtr_txn *right, enum mtr_table table,
			  char ret_name[MTR_ROW_NAME_MAX]);

#endif
