/* Has a register work through the script, whatever happens to it: it is started again when it ends, and what wasn't
 * answered is sent again. */
#ifndef FAULTS_DRIVE_H
#define FAULTS_DRIVE_H

#include "history.h"
#include "model/random.h"

struct drive {
	struct town town; /* first, that a reply finds the drive */
	const struct script *script;
	struct history *history; /* `answered` is how far it has come */
	uint32_t restarts, turned_away;
	bool stopped;     /* an entry was turned away in this turn: what comes after it doesn't count */
	char reason[256]; /* what was wrong */
};

void drive_begin(struct drive *drive, const char *root, const struct script *script, struct history *history);
/* `matriculad init`, and again if it fails; then notes in the trace that the register is there. */
bool drive_make(struct drive *drive);
/* Starts it, and again if that fails. */
bool drive_open(struct drive *drive);
/* Sends so many entries at once and takes the answers; when it ends, or turns one away, that is all for this turn. */
bool drive_turn(struct drive *drive, size_t entries);
/* Ends it as a kill does, and starts it again. */
bool drive_kill(struct drive *drive);
/* Has it write a checkpoint. */
bool drive_checkpoint(struct drive *drive);

#endif
