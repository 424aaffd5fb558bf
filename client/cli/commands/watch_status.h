/* How a desk's mirror and outbox stand, in one line for people. */
#ifndef MTR_CLI_WATCH_STATUS_H
#define MTR_CLI_WATCH_STATUS_H

#include "commands/watch_note.h"
#include "program/call.h"

struct mtr_watch_figures {
	uint64_t revision, as_of; /* of the mirror; 0: it shows nothing yet. `as_of` by the server's clock */
	uint64_t waiting;         /* entries without an answer */
	uint64_t waiting_since;   /* when the oldest of them was written */
	uint64_t waiting_first;   /* its sequence: where to look from the next time */
	uint64_t refused;         /* and not dealt with */
};

/* Reads them from the state directory; `waiting_first` of `figures` is where to begin to look, 0: anywhere. Enum
 * mtr_client_error; having no mirror is none. */
int mtr_watch_figures_read(struct mtr_call *call, struct mtr_watch_figures *figures);

/* "At the head: revision 1234 (20/03/2025 14:05); 3 entries wait since 20/03/2025 14:01", in the arena. */
const char *mtr_watch_line(struct mtr_arena *arena, const struct mtr_watch_note *note,
			   const struct mtr_watch_figures *figures);

/* Shows how this desk's sync stands, without asking the register: the line, or a record. Enum mtr_exit. */
int mtr_sync_status(struct mtr_call *call);

#endif
