/* What a register begins with. */
#ifndef BENCH_FILL_H
#define BENCH_FILL_H

#include "common/world.h"
#include "fill/pipe.h"
#include "support/text.h"

/* Principals by number, in the order in which fill_province registers them. */
enum fill_principal {
	FILL_OPERATOR = 1,
	FILL_ORGANISER,
	FILL_APPROVER,
	FILL_SCHOOL,
	FILL_DESK,
};

/* Units, keys, titles, a plan, programmes and their seats. */
void fill_province(struct pipe *pipe, const struct world *world);
void fill_people(struct pipe *pipe, const struct world *world);
/* The first world->nominations proposals. */
void fill_nominations(struct pipe *pipe, const struct world *world);
/* From the nominations on: letters, vetting, lists frozen, decisions, classes, summonses. */
void fill_classes(struct pipe *pipe, const struct world *world);

#endif
