/* One simulated province: a register, some desks, the network between them, one clock. Everything that happens follows
 * from the seed: a seed replays exactly. */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include "model/random.h"
#include "tally.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_DIRECTORY_MAX 128
#define SIM_PATH_MAX 192
#define SIM_DESKS_MAX 6u
#define SIM_NEVER UINT64_MAX

#define SIM_SECOND UINT64_C(1000)
#define SIM_MINUTE (60 * SIM_SECOND)
#define SIM_HOUR (60 * SIM_MINUTE)
#define SIM_DAY (24 * SIM_HOUR)
/* The true time at the start: 2025-03-03 08:00 in Ho Chi Minh City. */
#define SIM_START_MS (UINT64_C(1740963600) * 1000)

struct wire;
struct server;
struct desk;
struct account;

struct sim {
	uint64_t seed;
	struct random random;
	struct random secrets; /* behind libsodium */
	uint64_t now;          /* ms since the start */
	uint32_t step;
	bool verbose;
	bool failed;
	bool healed;           /* from here on nothing goes wrong any more */
	bool restoring;        /* the register is restored from backups now and then */
	uint32_t restores;     /* so far */
	bool untrusted;        /* the restore that is served wasn't signed by the key the desks know */
	uint64_t end_at;       /* when the operator ends the gathering after a restore; SIM_NEVER */
	uint64_t trace;        /* hash of all notes */
	uint32_t proposals;    /* written so far */
	uint64_t acknowledged; /* the newest revision that a desk has seen the answer of */
	struct tally *tally;
	char directory[SIM_DIRECTORY_MAX]; /* of this seed, in memory */
	struct wire *wire;
	struct server *server;
	struct desk *desks[SIM_DESKS_MAX];
	uint32_t desk_count;
};

/* Says what is wrong, with seed and step; the first time. Always false. */
bool sim_fail(struct sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Something happened: part of the trace, shown when verbose. */
void sim_note(struct sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));

bool sim_server_is_up(const struct sim *sim);

/* A chance in percent, none once healed. */
static inline bool sim_mishap(struct sim *sim, uint32_t percent)
{
	return !sim->healed && random_percent(&sim->random, percent);
}

/* Makes this simulation the one whose clock, disks and random numbers this thread has; NULL: the system's again. */
void sim_install(struct sim *sim);
/* This thread's; NULL when it has none. */
struct sim *sim_installed(void);

#endif
