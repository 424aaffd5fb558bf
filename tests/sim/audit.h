/* What must hold of a register and its desks, whatever went wrong: held against the journal, from the first record to
 * the last. */
#ifndef SIM_AUDIT_H
#define SIM_AUDIT_H

#include "account.h"
#include "engine/record.h"
#include "shadow.h"

struct audit_outbox {
	uint8_t id[16];
	uint64_t base;
	uint64_t sequence;
	uint8_t hash[32];
	const struct account *account; /* NULL: of the set-up */
	uint32_t desk;                 /* its number */
};

struct audit {
	struct sim *sim;
	struct shadow *shadow;
	struct mtr_arena *scratch; /* of one record */
	struct audit_outbox outboxes[32];
	uint32_t outbox_count;
	uint64_t at;
	bool seen[SIM_DESKS_MAX][SIM_ENTRIES_MAX];        /* entries that are in the journal, or lost on record */
	bool gathering;                                   /* between a restore and the end of what follows it */
	uint64_t former_revision;                         /* of the last entry that was decided again meanwhile */
	const struct account_answer *next[SIM_DESKS_MAX]; /* that came to each desk, not looked at */
};

/* The whole of it. The register is up and nothing is under way. */
bool audit(struct sim *sim);

/* One record, in order; the parts of it. */
bool audit_sequence(struct audit *audit, const Mtr__RecordHeader *header, struct mtr_bytes command,
		    struct mtr_bytes answer);
/* An entry that had been answered before a restore; what became of an outbox. */
bool audit_again(struct audit *audit, const Mtr__RecordHeader *header, struct mtr_record_view view);
bool audit_seats(struct audit *audit, const Mtr__RecordHeader *header, struct mtr_bytes answer);
bool audit_seen(struct audit *audit, struct mtr_bytes answer);

/* After the last one. */
bool audit_rebuild(struct sim *sim);
bool audit_mirror(const struct audit *audit, uint32_t desk);

/* The principal as the shadow has it now. */
const Mtr__Principal *audit_principal(const struct audit *audit, uint32_t principal);

#endif
