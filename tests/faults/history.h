/* What a run of the script came to: which revision and answer each entry got, and what the register was like after each
 * revision. */
#ifndef FAULTS_HISTORY_H
#define FAULTS_HISTORY_H

#include "store/store.h"
#include "town.h"

#define REVISIONS_MAX (SCRIPT_MAX + 64u)

struct outcome {
	uint64_t revision; /* 0: not answered, or not taken for good */
	uint8_t answer[MTR_HASH_BYTES];
	bool redacted; /* the answer was taken out with a person's data */
};

struct state_at {
	uint8_t chain[MTR_HASH_BYTES];
	uint8_t tables[MTR_TABLES][MTR_HASH_BYTES];
};

struct history {
	struct outcome outcomes[SCRIPT_MAX];
	size_t answered; /* entries of the script, from the first */
	struct state_at states[REVISIONS_MAX];
	uint64_t revisions;
};

/* Notes the answer of the entry its request_id names, and frees the work. False when it is to be sent again. */
bool history_take(struct history *history, struct mtr_work *work);

/* Fills in `states` from revision `from` on, applying the journal record by record to a register in `scratch`, whose
 * tables are checked after each of these; the time of the records must not go back. False with the reason printed. */
bool history_fetch(struct history *history, struct mtr_engine *engine, const char *scratch, uint64_t from);
/* The same from a journal that nobody has open. */
bool history_replay(struct history *history, const struct town *town, const char *scratch, uint64_t from);

#endif
