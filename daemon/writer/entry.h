/* The record of one decided command: what the journal gets, and what the asker gets. */
#ifndef MTR_WRITER_ENTRY_H
#define MTR_WRITER_ENTRY_H

#include "engine/record.h"
#include "register/decide.h"

struct mtr_entry {
	struct mtr_bytes record; /* packed Record */
	struct mtr_bytes answer; /* packed Answer, the same that lies in the record */
	uint8_t digest[MTR_HASH_BYTES];
};

/* The packed Answer, in the arena; size 0 without memory. */
struct mtr_bytes mtr_pack_answer(struct mtr_arena *arena, const Mtr__Answer *answer);

/* An Answer with nothing but this error, in the arena; NULL without memory. */
Mtr__Answer *mtr_answer_error(struct mtr_arena *arena, Mtr__ErrorCode code, const char *field, uint64_t number);

/* Everything is made in the arena and lasts as long. `header` names what the outcome is about.
 * 0, -ENOMEM, or -EMSGSIZE when the outcome changes more, or larger rows, than a record may hold. */
int mtr_entry_build(struct mtr_arena *arena, const Mtr__RecordHeader *header, struct mtr_bytes command,
		    const struct mtr_outcome *outcome, struct mtr_entry *ret_entry);

#endif
