/* Counts of a part as they lie in the tally table. */
#ifndef MTR_STORE_TALLY_H
#define MTR_STORE_TALLY_H

#include "store/index.h"

/* Takes the nomination into the counts, or out of them. False when there is nothing to take out. */
bool mtr_tally_add(struct mtr_tally *tally, const struct mtr_share *share);
bool mtr_tally_remove(struct mtr_tally *tally, const struct mtr_share *share);

/* A part without nominations has no row. */
void mtr_tally_write(struct mtr_txn *txn, uint32_t programme_id, uint32_t unit_id, const struct mtr_tally *tally);

#endif
