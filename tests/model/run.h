/* One run: a register and a model from nothing to some hundred nominations, compared all along. */
#ifndef MODEL_RUN_H
#define MODEL_RUN_H

#include "tally.h"

struct run_options {
	uint64_t seed;
	uint32_t steps;
	bool thorough; /* compare everything after every step */
	bool verbose;
};

/* False after the first difference, which has been printed with seed and step. */
bool run_seed(const struct run_options *options, struct tally *tally);

#endif
