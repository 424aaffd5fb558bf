/* How often what happened, and how often it must have: a run in which nothing goes wrong proves nothing. */
#ifndef SIM_TALLY_H
#define SIM_TALLY_H

#include <stdbool.h>
#include <stdint.h>

/* Where the power failed. */
enum crash_point {
	CRASH_IDLE,          /* between steps */
	CRASH_BEFORE_WRITE,  /* to the journal */
	CRASH_BEFORE_FLUSH,  /* written, not flushed */
	CRASH_AFTER_FLUSH,   /* flushed, nobody told */
	CRASH_BEFORE_COMMIT, /* of LMDB */
	CRASH_IN_COMMIT,     /* its pages written, its meta page not */
	CRASH_AFTER_COMMIT,
	CRASH_BEFORE_REPLY,
	CRASH_AFTER_REPLY,
	CRASH_BEFORE_SEND, /* of a request */
	CRASH_AFTER_SEND,
	CRASH_POINTS,
};
const char *crash_point_name(enum crash_point point);

enum event {
	EVENT_SEEDS,
	EVENT_STEPS,
	EVENT_ENTRIES,        /* enqueued */
	EVENT_RECORDS,        /* of the journal at the end */
	EVENT_DONE,           /* commands that changed the register */
	EVENT_REFUSED,        /* for good */
	EVENT_PROPOSED,       /* got an acknowledgement */
	EVENT_LATE,           /* held because of the deadline */
	EVENT_DISPLACED,      /* lost a seat to a better one */
	EVENT_PROMOTED,       /* got a seat that fell free */
	EVENT_FROZEN,         /* lists */
	EVENT_DECIDED,        /* nominations with a decision */
	EVENT_SERVER_CRASHES, /* by point below */
	EVENT_START_CRASHES,  /* of the register while it starts */
	EVENT_DESK_CRASHES,
	EVENT_WRITES_DROPPED, /* unflushed writes to the journal that a crash lost whole */
	EVENT_WRITES_KEPT,    /* … that it left whole */
	EVENT_WRITES_TORN,    /* … in part */
	EVENT_TAILS_ZEROED,   /* torn tails that a start found */
	EVENT_TAILS_TAKEN,    /* records in the journal that were never acknowledged */
	EVENT_RENAMES_UNDONE, /* of a segment, not flushed */
	EVENT_SEGMENTS,       /* beyond the first */
	EVENT_REPLAYED,       /* records applied at a start */
	EVENT_MESSAGES,
	EVENT_LOST,      /* messages */
	EVENT_DOUBLED,   /* messages */
	EVENT_OVERTAKEN, /* requests that arrive on a connection that was given up */
	EVENT_CUTS,      /* of a link */
	EVENT_CUT_DAYS,  /* … for more than a day */
	EVENT_CONNECTIONS,
	EVENT_HELLOS_REQUIRED, /* answers */
	EVENT_GAPS,            /* answers */
	EVENT_BUSY,            /* answers */
	EVENT_REPEATED,        /* stored answers given again */
	EVENT_RESENT,          /* entries sent more than once */
	EVENT_REPORTED_TWICE,  /* answers that a desk had before it crashed */
	EVENT_FLUSHES_DONE,    /* outboxes sent to the end */
	EVENT_FLUSHES_FAILED,
	EVENT_PAGES,           /* of the feed, received */
	EVENT_ROWS,            /* in them */
	EVENT_TOMBSTONES,      /* in them */
	EVENT_SCOPE_CHANGES,   /* pages that name homes added or removed */
	EVENT_MIRRORS_CHECKED, /* at the end */
	EVENT_SCOPE_CHECKS,    /* rows held against a naive scope */
	EVENT_REVOKED,         /* desks */
	EVENT_CLOCK_BACK,      /* the register's clock was set back */
	/* With restores only. */
	EVENT_BACKUPS,
	EVENT_RESTORES,        /* signed */
	EVENT_UNSIGNED,        /* restores that nobody the desks know has signed */
	EVENT_AGAIN,           /* entries decided again that had been answered before */
	EVENT_DIVERGENCES,     /* … otherwise */
	EVENT_ALL_REPORTED,    /* gatherings that ended by themselves */
	EVENT_ENDED,           /* … by the operator */
	EVENT_OUTBOXES_CLOSED, /* because of entries their desks had let go of */
	EVENT_LOST_ENTRIES,    /* these entries */
	EVENTS,
};

struct tally {
	uint64_t events[EVENTS];
	uint64_t server_crashes[CRASH_POINTS], desk_crashes[CRASH_POINTS];
};

void tally_print(const struct tally *tally);

/* True when what restores bring about happened often enough in proportion to the seeds; says what didn't. */
bool tally_meets_restore_floors(const struct tally *tally);

/* True when everything happened at least so often in proportion to the seeds; says what didn't. */
bool tally_meets_floors(const struct tally *tally);

#endif
