/* Keys of the meta table. */
#ifndef MTR_STORE_META_H
#define MTR_STORE_META_H

#include "matricula/v1/journal.pb-c.h"
#include "store/schema.h"

void mtr_meta_write_state(struct mtr_txn *txn, const struct mtr_store_state *state);

/* Whether ids of this type are given out by the register, rather than made of other ids. */
bool mtr_meta_counts(Mtr__EntityType type);
/* Takes note that `id` is in use. */
void mtr_meta_note_id(struct mtr_txn *txn, Mtr__EntityType type, uint64_t id);

/* Takes note of a record with a checkpoint. */
void mtr_meta_note_checkpoint(struct mtr_txn *txn, const Mtr__RecordHeader *header);

#endif
