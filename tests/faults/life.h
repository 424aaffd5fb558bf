/* What a register goes through on its way: work, commits, checkpoints, kills, calls that fail, a redaction that reaches
 * the journal, backups. */
#ifndef FAULTS_LIFE_H
#define FAULTS_LIFE_H

#include "drive.h"
#include "trace.h"

#define LIFE_ENTRIES 130u /* of the script */

struct life {
	const struct script *script; /* LIFE_ENTRIES entries */
	struct random *random;
	const char *scratch; /* a directory for it */
	struct history history;
	uint32_t restarts, checkpoints, backups;
	char reason[512]; /* what was wrong */
};

/* Has it live; returns what was noted of it, and fills in `history`. NULL with the reason. */
struct trace *life_record(struct life *life);

#endif
