/* Of which kinds the images are: a run that makes many of one kind and none of another proves little. */
#ifndef FAULTS_CENSUS_H
#define FAULTS_CENSUS_H

#include "platter.h"

#include <stdio.h>

/* What the register is at when the power is cut; told in the trace by EVENT_STAGE. */
enum stage {
	STAGE_WORK,
	STAGE_MAKING,
	STAGE_FIRST_COMMIT, /* of LMDB, after the register was made */
	STAGE_CHECKPOINT,
	STAGE_REDACTION, /* a start that takes somebody out of the journal */
	STAGE_BACKUP,
};

enum kind {
	KIND_MAKING,
	KIND_FIRST_COMMIT,
	KIND_CHECKPOINT,
	KIND_REDACTION,
	KIND_BACKUP,
	KIND_ROTATION,    /* a segment has its name, and its directory isn't flushed */
	KIND_TORN_FRAME,  /* some of the sectors written to a segment, and not others */
	KIND_TORN_COMMIT, /* the same of LMDB's pages */
	KIND_TORN_META,   /* the same of its two meta pages */
};
#define KINDS 9u
/* A run that is to make fewer images needn't have some of each kind. */
#define CENSUS_IMAGES 1000u

struct census {
	uint32_t counts[KINDS];
};

/* Counts a distinct image that was cut from the platter at that stage. */
void census_take(struct census *census, const struct platter *platter, const struct image *image, enum stage stage);
/* Prints the counts on one line. */
void census_print(const struct census *census, FILE *report);
/* The first kind of which there are fewer images than a run must have; NULL when there is none. */
const char *census_lacking(const struct census *census);

#endif
