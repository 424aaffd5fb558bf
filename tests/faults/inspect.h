/* Is a register that has been through something the one its history says? */
#ifndef FAULTS_INSPECT_H
#define FAULTS_INSPECT_H

#include "history.h"

/* What must hold of a register in `root`/data. */
struct promise {
	const struct script *script;
	const struct history *history;
	bool made;          /* init had said that the register is ready */
	size_t answered;    /* entries that had been answered */
	uint64_t backed_up; /* the revision that the newest backup held; 0: there was none */
};

/* Is the open register, at `revision` or later, what it was after the revision that it is at? */
bool inspect_state(const struct town *town, const struct promise *promise, uint64_t revision, char *ret_reason,
		   size_t room);

/* Opens it as the daemon does, or makes it where none had been promised, and checks: it is as it was after some
 * revision, none that was answered is missing, what was answered is answered the same again, it takes one entry more,
 * nothing lies behind the journal's end, and nothing in it tells of who was redacted. Leaves it closed. False with the
 * reason in ret_reason. */
bool inspect(const char *root, const struct promise *promise, char *ret_reason, size_t room);

#endif
