/* Where each outbox stands, and which record took up each of its entries. */
#ifndef MTR_STORE_OUTBOX_H
#define MTR_STORE_OUTBOX_H

#include "matricula/v1/journal.pb-c.h"
#include "store/read.h"

/* Takes up the entry the header names, if it names one; CORRUPT when it names it badly. Forgets at most
 * MTR_IN_FLIGHT_MAX entries below first_unacknowledged. */
void mtr_outbox_take(struct mtr_txn *txn, const Mtr__RecordHeader *header);

#endif
