/* Records that are written while no writer runs: the first one, and the statement of a restore. */
#ifndef MTR_WRITER_ALONE_H
#define MTR_WRITER_ALONE_H

#include "engine/engine.h"
#include "store/store.h"
#include "writer/entry.h"

#include "matricula/v1/audit.pb-c.h"

/* Appends the record and applies it. Durable in engine and store on return; what ends in between is replayed at the
 * next start. 0, -ENOMEM, -ENOSPC, -EIO. */
int mtr_append_alone(struct mtr_store *store, struct mtr_engine *engine, const struct mtr_entry *entry);

/* Writes a signed statement, which the caller has checked, as the next record. 0 or as above. */
int mtr_adopt(struct mtr_store *store, struct mtr_engine *engine, const Mtr__Incarnation *statement, uint64_t now_ms);

#endif
