/* A talk with the server as a machine that never waits: it says what it needs next and is told what happened. Whoever
 * drives it owns the link and the clock; mtr_drive does so with the real ones.
 *
 * The driver asks for the next step, does it, tells the machine what came of it, and asks again. */
#ifndef MTR_CLIENT_MACHINE_H
#define MTR_CLIENT_MACHINE_H

#include "clock.h"
#include "contract/bytes.h"

enum mtr_step_kind {
	MTR_STEP_CONNECT, /* have a connection, a new one if there is none or the last has broken; then `link` */
	MTR_STEP_WAIT,    /* for frames; `frame` for each, `link` if the connection breaks */
	MTR_STEP_REST,    /* do nothing */
	MTR_STEP_END,     /* it is over */
};

struct mtr_step {
	enum mtr_step_kind kind;
	struct mtr_moment until; /* at most; not with END */
	int error;               /* with END: 0 or one of enum mtr_client_error */
};

struct mtr_machine {
	struct mtr_step (*next)(struct mtr_machine *machine, struct mtr_moment now);
	/* There is a connection (0), or why there is none or it can't be used further: NO_LINK, PROTOCOL, KEY_REFUSED,
	 * SERVER_KEY, USAGE, MEMORY. The client has no session on a new connection (mtr_session_end). */
	void (*link)(struct mtr_machine *machine, struct mtr_moment now, int error);
	/* A reply. True when further ones that are there already may be given to it before the next step. */
	bool (*frame)(struct mtr_machine *machine, struct mtr_moment now, struct mtr_bytes frame);
};

static inline struct mtr_step mtr_step_until(enum mtr_step_kind kind, struct mtr_moment until)
{
	return (struct mtr_step){.kind = kind, .until = until};
}

static inline struct mtr_step mtr_step_end(int error)
{
	return (struct mtr_step){.kind = MTR_STEP_END, .error = error};
}

#endif
