/* What a desk did and what it was told, kept outside of it: no crash makes this forget. */
#ifndef SIM_ACCOUNT_H
#define SIM_ACCOUNT_H

#include "contract/bytes.h"
#include "sim.h"

#define SIM_ENTRIES_MAX 128u

/* What came of a desk's outbox. */
struct account_entry {
	struct mtr_bytes command; /* as enqueued; owned */
	struct mtr_bytes answer;  /* as reported the first time; owned; no data before that */
	uint32_t sent;            /* times */
	uint32_t told_in;         /* restores of the register before it was told the answer */
	struct mtr_bytes former;  /* the answer it was told before the last of these; owned */
};

/* The outbox begins anew when a restore has lost what the desk had let go of. */
struct account_era {
	uint8_t outbox[16];
	uint64_t base; /* entry s of the outbox is entry s + base of the desk */
};
#define SIM_ERAS_MAX 8u

/* An answer as it came, with a revision: that of the command's record, or that a page of the feed was read from. */
struct account_answer {
	struct account_answer *next;
	uint64_t revision;
	bool is_page;
	struct mtr_bytes bytes; /* packed Answer; owned */
};

struct account {
	struct sim *sim;
	const char *name;
	uint32_t principal;
	struct account_era eras[SIM_ERAS_MAX];
	uint32_t era_count; /* 0: it has no outbox yet */
	uint32_t count;     /* entries known to be on the desk's disk */
	uint32_t pending;   /* entries beyond these that may be: the power failed while they were written */
	struct account_entry entries[SIM_ENTRIES_MAX]; /* sequence - 1 */
	uint64_t marked;                               /* first unanswered that is known to be on the desk's disk */
	bool refused;                                  /* its key was revoked: what is left stays where it is */
	struct account_answer *answers;                /* in order of revision */
};

void account_free(struct account *account);

/* The outbox has this id and base. False (the simulation fails) when that can't be. */
bool account_outbox(struct account *account, const uint8_t outbox[16], uint64_t base);
/* NULL when it isn't this desk's. */
const struct account_era *account_era(const struct account *account, const uint8_t outbox[16]);

/* The register was restored: what came after this revision isn't its history any more. */
void account_restored(struct account *account, uint64_t revision);

/* An entry about to be written; its place. */
void account_enqueue(struct account *account, uint32_t place, const void *command, size_t size);

/* The desk is told this answer. False (the simulation fails) when it isn't the one it was told before. */
bool account_report(struct account *account, uint64_t sequence, const void *answer, size_t size);

/* The desk sends this packed Request. */
void account_request(struct account *account, const void *request, size_t size);

/* A packed Reply has reached the desk, whatever becomes of it there. */
void account_arrival(struct account *account, const void *reply, size_t size);

#endif
