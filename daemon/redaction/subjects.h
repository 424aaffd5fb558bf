/* Whose data are to be taken out of the journal, and what of a record is theirs. */
#ifndef MTR_REDACTION_SUBJECTS_H
#define MTR_REDACTION_SUBJECTS_H

#include "contract/arena.h"
#include "engine/record.h"
#include "store/store.h"

/* By what a person was known at some time. */
struct mtr_identity {
	char *citizen_number; /* "" when there was none */
	char *full_name;      /* folded (contract/text.h) */
	uint32_t birth;
	struct mtr_identity *next;
};

struct mtr_subject {
	uint32_t person_id;
	uint64_t revision; /* of the redaction */
	uint64_t *nomination_ids;
	size_t nomination_count, nomination_room;
	struct mtr_identity *identities;
};

struct mtr_subjects {
	struct mtr_subject *all;
	size_t count, room;
	struct mtr_arena *arena; /* lives as long */
};

/* People whose redaction is later than the revision `done`. OK, or the transaction's error; MEMORY. */
enum mtr_store_error mtr_subjects_read(struct mtr_subjects *subjects, struct mtr_txn *txn, uint64_t done);

/* Takes note of what a record tells of who they were. `scratch` is reset. 0, -EBADMSG, -ENOMEM. */
int mtr_subjects_learn(struct mtr_subjects *subjects, struct mtr_arena *scratch, uint64_t revision,
		       struct mtr_bytes record);

/* The record without what is theirs, in `scratch`, which is reset; as mtr_record_redact. */
int mtr_subjects_redact(const struct mtr_subjects *subjects, struct mtr_arena *scratch, uint64_t revision,
			struct mtr_bytes record, struct mtr_bytes *ret_record, size_t *ret_count);

#endif
