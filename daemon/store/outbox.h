/* Where each outbox stands, and which record took up each of its entries. */
#ifndef MTR_STORE_OUTBOX_H
#define MTR_STORE_OUTBOX_H

#include "matricula/v1/journal.pb-c.h"
#include "store/read.h"

/* Takes up the entry the header names, if it names one; CORRUPT when it names it badly. Forgets at most
 * MTR_IN_FLIGHT_MAX entries below first_unacknowledged. Closes the outbox that the header says the record closes. */
void mtr_outbox_take(struct mtr_txn *txn, const Mtr__RecordHeader *header);

/* Calls for each outbox there is. Nothing may be written meanwhile. */
typedef void (*mtr_outbox_fn)(void *context, const uint8_t outbox[MTR_OUTBOX_BYTES],
			      const struct mtr_outbox_state *state);
void mtr_each_outbox(struct mtr_txn *txn, mtr_outbox_fn, void *context);

#endif
