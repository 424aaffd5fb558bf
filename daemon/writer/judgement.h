/* One command decided, and the record that it leads to: for what arrives, and for what is on record and is decided
 * again to see whether it comes out the same. */
#ifndef MTR_WRITER_JUDGEMENT_H
#define MTR_WRITER_JUDGEMENT_H

#include "writer/entry.h"

struct mtr_judgement {
	struct mtr_outcome outcome;
	const Mtr__FormerAnswer *former;
	uint64_t revision, at;
	uint32_t principal_id, command_tag;
};

/* The final error of an outcome; NONE when it is none. */
Mtr__ErrorCode mtr_outcome_error(const struct mtr_outcome *outcome);

/* Decides the command that `body` holds, also when it can't be read: who may send anything at all is judged by the
 * decision alone. input->command_unknown is found out here. The command is unpacked into `request_arena`, all else made
 * in input->arena, which is reset when the decision was too large for it: the outcome is TOO_MANY_ITEMS then.
 * OK, STORE_ERROR, or MEMORY when the system had none, or there is none for an error either. */
enum mtr_decide_status mtr_judge(const struct mtr_decision_input *input, struct mtr_arena *request_arena,
				 struct mtr_bytes body, struct mtr_judgement *ret_judgement);

/* Where an entry stands in its outbox; the bytes are the caller's. */
struct mtr_entry_place {
	const uint8_t *outbox;
	uint64_t sequence, first_unacknowledged;
	const uint8_t *entry_hash;
};

/* Header and record of the judgement, in the arena; an outcome too large for a record becomes TOO_MANY_ITEMS, and the
 * arena is reset for that. 0 or -ENOMEM. */
int mtr_judgement_record(struct mtr_arena *arena, struct mtr_judgement *judgement, const struct mtr_entry_place *place,
			 struct mtr_bytes body, Mtr__RecordHeader *ret_header, struct mtr_entry *ret_entry);

#endif
