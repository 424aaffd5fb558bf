/* Between a restore of the register and the moment when what it lost has been gathered from the desks. */
#ifndef MTR_STORE_RECONCILING_H
#define MTR_STORE_RECONCILING_H

#include "store/store.h"

/* Ids that new rows leave free after a restore: what the desks bring back keeps the numbers it had. More than a
 * register gives out between two backups by far, and few enough that 128 restores leave 32 bits in peace. */
#define MTR_IDS_RESERVED (1u << 20)

/* From the incarnation's record on until reconciliation is ended on record. */
bool mtr_is_reconciling(struct mtr_txn *txn);

/* The register was restored; ids go on behind the reserved ones. */
void mtr_reconciling_begin(struct mtr_txn *txn);
/* Nothing if it isn't. */
void mtr_reconciling_end(struct mtr_txn *txn);

#endif
