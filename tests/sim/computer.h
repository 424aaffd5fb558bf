/* A computer whose power can fail: with it goes what its process holds in memory, and what its disk has not flushed, in
 * whole or in part. LMDB's commits and the journal's writes pass through here on their way to the real files. */
#ifndef SIM_COMPUTER_H
#define SIM_COMPUTER_H

#include "sim.h"

struct file;
struct renaming;
struct rollback;

struct computer {
	struct sim *sim;
	const char *name;
	bool is_server;
	int64_t clock_ms;     /* how far its clock is from the true time */
	uint32_t fuse;        /* points passed until the power fails; 0: it doesn't */
	enum crash_point aim; /* only these count; CRASH_POINTS: all */
	bool down;            /* it has failed: nothing has an effect any more until computer_restore */
	enum crash_point point;
	struct file *files; /* with writes that aren't flushed */
	struct renaming *renamings;
	struct rollback *rollback; /* of a commit the power failed in */
};

/* From here on this computer's process runs; NULL: none. */
void computer_run(struct computer *computer);

/* A point at which the power may fail. True when it has, here or before. */
bool computer_fails(struct computer *computer, enum crash_point point);
/* The same for the computer that runs. */
bool computer_running_fails(enum crash_point point);

/* The power fails between steps. */
void computer_fail_now(struct computer *computer);

/* After the process has closed its files: decides what of the unflushed survives. */
void computer_restore(struct computer *computer);

/* The time of day by the clock of the computer that runs. */
uint64_t computer_time_of_day(const struct sim *sim);
/* Monotonic, in ms. When the power has failed it is the end of time, so that nothing waits any more. */
uint64_t computer_uptime(const struct sim *sim);

#endif
