#include "run.h"

#include "audit.h"
#include "calamity.h"
#include "commands.h"
#include "desk.h"
#include "server.h"

#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Steps in which things go wrong, then as many as it takes to get well: far fewer than this. */
#define STEPS_MAX 400u
#define HEALING_STEPS_MAX 20000u
#define FUSE_MAX 40u
#define AIMED_FUSE_MAX 3u

static const struct {
	const char *name;
	uint32_t principal;
} desks[] = {
	{"district 1", PRINCIPAL_DISTRICT_1}, {"organiser", PRINCIPAL_ORGANISER}, {"district 2", PRINCIPAL_DISTRICT_2},
	{"commune 1", PRINCIPAL_COMMUNE_1},   {"operator", PRINCIPAL_OPERATOR},   {"approver", PRINCIPAL_APPROVER},
	{"school", PRINCIPAL_SCHOOL},         {"auditor", PRINCIPAL_AUDITOR},
};
static const enum crash_point desk_points[] = {CRASH_BEFORE_COMMIT, CRASH_IN_COMMIT, CRASH_AFTER_COMMIT,
					       CRASH_BEFORE_SEND, CRASH_AFTER_SEND};
#define DESK_POINTS (sizeof desk_points / sizeof *desk_points)
#define ROLES (sizeof desks / sizeof *desks)

bool sim_server_is_up(const struct sim *sim)
{
	return server_is_up(sim->server);
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *at)
{
	(void)status;
	(void)type;
	(void)at;
	return remove(path);
}

/* Memory when there is some: the disk is simulated anyway. */
static bool make_directory(struct sim *sim)
{
	const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : getenv("TMPDIR");

	(void)snprintf(sim->directory, sizeof sim->directory, "%s/matricula-sim-XXXXXX", base ? base : "/tmp");
	return mkdtemp(sim->directory) || sim_fail(sim, "no temporary directory: %s", strerror(errno));
}

/* Two to six of them, the first two always; the others as they come. */
static void make_desks(struct sim *sim)
{
	uint32_t count = random_between(&sim->random, 2, SIM_DESKS_MAX);
	bool taken[ROLES] = {false};

	for (uint32_t i = 0; i < count; i++) {
		uint32_t role = i;

		while (i >= 2 && (role < 2 || taken[role]))
			role = random_below(&sim->random, ROLES);
		taken[role] = true;
		sim->desks[i] = desk_new(sim, i, desks[role].principal, desks[role].name);
		sim->desk_count++;
	}
}

static bool begin(struct sim *sim)
{
	if (!make_directory(sim))
		return false;
	sim_install(sim);
	sim->wire = wire_new(sim);
	sim->server = server_new(sim);
	if (!sim->wire || !server_start(sim->server) || !province_set_up(sim))
		return false;
	make_desks(sim);
	for (uint32_t i = 0; i < sim->desk_count; i++)
		desk_start(sim->desks[i]);
	return !sim->failed;
}

static void end(struct sim *sim)
{
	for (uint32_t i = 0; i < sim->desk_count; i++)
		desk_free(&sim->desks[i]);
	if (sim->server)
		server_free(&sim->server);
	if (sim->wire)
		wire_free(&sim->wire);
	sim_install(NULL);
	if (*sim->directory)
		nftw(sim->directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static struct desk *any_desk(struct sim *sim)
{
	return sim->desks[random_below(&sim->random, sim->desk_count)];
}

static void cut_link(struct sim *sim)
{
	uint64_t ms = random_below(&sim->random, 2 * SIM_MINUTE);

	if (random_percent(&sim->random, 20))
		ms = random_below(&sim->random, 4 * SIM_DAY);
	sim->tally->events[EVENT_CUTS]++;
	sim->tally->events[EVENT_CUT_DAYS] += ms > SIM_DAY;
	desk_cut(any_desk(sim), ms);
}

static void move_clock(struct sim *sim)
{
	server_computer(sim->server)->clock_ms = -(int64_t)random_below(&sim->random, 6 * SIM_HOUR);
	sim->tally->events[EVENT_CLOCK_BACK]++;
}

/* Something goes wrong, or will. */
static void mishap(struct sim *sim)
{
	struct computer *computer =
		random_percent(&sim->random, 50) ? server_computer(sim->server) : desk_computer(any_desk(sim));

	switch (random_below(&sim->random, 12)) {
	case 0:
		if (!computer->is_server || server_is_up(sim->server))
			computer_fail_now(computer);
		break;
	case 1:
	case 2:
		cut_link(sim);
		break;
	case 3:
		move_clock(sim);
		break;
	case 4:
	case 5:
	case 6:
	case 7:
		computer->aim = CRASH_POINTS;
		computer->fuse = random_between(&sim->random, 1, FUSE_MAX);
		break;
	default:
		computer->aim = computer->is_server
					? random_between(&sim->random, CRASH_BEFORE_WRITE, CRASH_AFTER_REPLY)
					: desk_points[random_below(&sim->random, DESK_POINTS)];
		computer->fuse = random_between(&sim->random, 1, AIMED_FUSE_MAX);
		break;
	}
}

/* Whose power has failed comes back later. */
static void settle(struct sim *sim)
{
	bool was_up = server_is_up(sim->server);

	server_settle(sim->server);
	for (uint32_t i = 0; i < sim->desk_count; i++) {
		if (was_up && !server_is_up(sim->server))
			desk_server_gone(sim->desks[i]);
		desk_settle(sim->desks[i]);
	}
}

static void deliver(struct sim *sim)
{
	struct packet *packet = wire_take(sim->wire);

	if (packet->to_server)
		server_take(sim->server, packet);
	else
		desk_take(sim->desks[wire_desk(sim->wire, packet->connection)], packet);
	free(packet);
}

/* What comes next in time happens. False when nothing does. */
static bool step(struct sim *sim)
{
	uint64_t wire = wire_due(sim->wire), due = wire, server = server_due(sim->server);
	struct desk *next = NULL;

	if (server < due)
		due = server;
	for (uint32_t i = 0; i < sim->desk_count; i++) {
		if (desk_due(sim->desks[i]) < due) {
			next = sim->desks[i];
			due = desk_due(next);
		}
	}
	if (due == SIM_NEVER)
		return false;
	if (due > sim->now)
		sim->now = due;
	sim->step++;
	sim->tally->events[EVENT_STEPS]++;
	if (next)
		desk_turn(next);
	else if (due == server)
		server_turn(sim->server);
	else
		deliver(sim);
	settle(sim);
	calamity_go_on(sim);
	return true;
}

static void live(struct sim *sim)
{
	/* Some seeds are rough, some calm. */
	const uint32_t roughness = random_between(&sim->random, 1, 12);

	const uint32_t steps = sim->restoring ? 2 * STEPS_MAX : STEPS_MAX;

	while (!sim->failed && sim->step < steps) {
		if (random_percent(&sim->random, roughness))
			mishap(sim);
		calamity(sim);
		settle(sim);
		if (!step(sim))
			break;
	}
}

static bool all_idle(const struct sim *sim)
{
	bool idle = server_idle(sim->server) && wire_due(sim->wire) == SIM_NEVER;

	for (uint32_t i = 0; idle && i < sim->desk_count; i++)
		idle = desk_idle(sim->desks[i]);
	return idle;
}

static bool calm_down(struct sim *sim)
{
	const uint32_t until = sim->step + HEALING_STEPS_MAX;

	while (!sim->failed && !all_idle(sim)) {
		if (sim->step >= until || !step(sim))
			return sim_fail(sim, "it doesn't come to rest");
	}
	return !sim->failed;
}

/* From here on all goes well: everything written arrives, and every mirror is brought to the head. */
static bool heal(struct sim *sim)
{
	sim->healed = true;
	sim_note(sim, "healed");
	server_computer(sim->server)->fuse = 0;
	for (uint32_t i = 0; i < sim->desk_count; i++)
		desk_computer(sim->desks[i])->fuse = 0;
	settle(sim);
	calamity_heal(sim);
	server_heal(sim->server);
	for (uint32_t i = 0; i < sim->desk_count; i++) {
		desk_send_all(sim->desks[i]);
		if (sim->restores)
			desk_sync(sim->desks[i]);
	}
	if (!calm_down(sim))
		return false;
	for (uint32_t i = 0; i < sim->desk_count; i++)
		desk_sync(sim->desks[i]);
	return calm_down(sim);
}

static bool check(struct sim *sim)
{
	for (uint32_t i = 0; i < sim->desk_count; i++)
		if (!desk_check(sim->desks[i]))
			return false;
	return audit(sim);
}

bool run_seed(uint64_t seed, bool verbose, bool restores, struct tally *tally, uint64_t *ret_trace)
{
	struct sim *sim = calloc(1, sizeof *sim);
	bool good;

	if (!sim)
		abort();
	sim->seed = seed;
	sim->random.state = seed * UINT64_C(0xD1342543DE82EF95) + 1;
	sim->secrets.state = ~sim->random.state;
	sim->verbose = verbose;
	sim->restoring = restores;
	sim->end_at = SIM_NEVER;
	sim->tally = tally;
	good = begin(sim);
	if (good) {
		live(sim);
		good = heal(sim) && check(sim) && !sim->failed;
	}
	tally->events[EVENT_SEEDS]++;
	if (ret_trace)
		*ret_trace = sim->trace;
	end(sim);
	free(sim);
	return good;
}
