/* What an entry was answered before the register was restored, by what its desk says and can prove. */
#ifndef MTR_WRITER_FORMER_H
#define MTR_WRITER_FORMER_H

#include "contract/arena.h"
#include "matricula/v1/journal.pb-c.h"
#include "store/store.h"
#include "work/work.h"

/* From the work's Again, if the receipt is this server's for the same command at the place it names, and the register
 * hasn't got it from there; or as the writer kept it. In the arena. NULL: nothing is proved. An error stays in the
 * transaction. */
const Mtr__FormerAnswer *mtr_former_proved(const uint8_t receipt_key[MTR_HASH_BYTES], struct mtr_txn *txn,
					   const struct mtr_work *work, struct mtr_arena *arena);

#endif
