/* How often each command came out how, and how often it has to. */
#ifndef MODEL_TALLY_H
#define MODEL_TALLY_H

#include "model.h"

#define TALLY_COMMANDS 64
#define TALLY_CODES 128

struct tally {
	uint64_t operations;
	uint64_t counts[TALLY_COMMANDS][TALLY_CODES];                       /* by tag and error code; 0: done */
	uint64_t seated, waiting, late, displaced, promoted, supplementary; /* what nominations came to */
	uint64_t not_registered;                                            /* of any command */
};

void tally_count(struct tally *tally, const struct model *model, uint32_t tag, const struct verdict *verdict);

void tally_print(const struct tally *tally);

/* "NONE" for done. */
const char *tally_code_name(Mtr__ErrorCode code);

/* False, and says which, when something has happened less often than it has to in so many operations. */
bool tally_meets_floors(const struct tally *tally);

#endif
