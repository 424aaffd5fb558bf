#include "calamity.h"

#include "desk.h"
#include "server.h"
#include "wire.h"

#define RESTORES_MAX 3u
/* Before that there is little to lose. */
#define QUIET_STEPS 150u

static bool all_have_met(struct sim *sim)
{
	bool met = true;

	for (uint32_t i = 0; met && i < sim->desk_count; i++)
		met = desk_has_met(sim->desks[i]);
	return met;
}

static void back_up(struct sim *sim)
{
	server_back_up(sim->server);
	for (uint32_t i = 0; i < sim->desk_count; i++)
		desk_backed_up(sim->desks[i]);
}

/* A desk has let go of what only the newest backup holds, and that one is lost too. */
static bool goes_with_the_backup(struct sim *sim)
{
	const uint64_t newest = server_newest_backup(sim->server);
	bool let_go = false;

	for (uint32_t i = 0; newest && !let_go && i < sim->desk_count; i++)
		let_go = desk_knows_backup(sim->desks[i], newest);
	return let_go && random_percent(&sim->random, 8);
}

static void restore(struct sim *sim, bool older, bool trusted)
{
	const uint64_t revision = server_restore(sim->server, older, trusted);

	wire_forget(sim->wire);
	for (uint32_t i = 0; i < sim->desk_count; i++) {
		desk_server_gone(sim->desks[i]);
		desk_restored(sim->desks[i], revision);
	}
	sim->end_at = random_percent(&sim->random, 30) ? sim->now + random_below(&sim->random, SIM_HOUR) : SIM_NEVER;
}

void calamity(struct sim *sim)
{
	struct random *random = &sim->random;

	if (!sim->restoring)
		return;
	if (!sim->untrusted && sim->restores < RESTORES_MAX && goes_with_the_backup(sim))
		restore(sim, true, true);
	/* What nobody signed is no history to go on from. */
	else if (!sim->untrusted && server_is_up(sim->server) && random_percent(random, 1))
		back_up(sim);
	else if (server_has_backup(sim->server) && sim->step > QUIET_STEPS && sim->restores < RESTORES_MAX &&
		 random_percent(random, 1))
		restore(sim, random_percent(random, 60),
			sim->untrusted || !all_have_met(sim) || random_percent(random, 75));
}

void calamity_go_on(struct sim *sim)
{
	if (sim->end_at > sim->now)
		return;
	sim->end_at = SIM_NEVER;
	if (!server_is_up(sim->server))
		sim->end_at = sim->now + SIM_MINUTE;
	else if (server_reconciles(sim->server)) {
		server_end_reconciliation(sim->server);
		sim->end_at = sim->now + SIM_MINUTE;
	}
}

void calamity_heal(struct sim *sim)
{
	if (sim->untrusted)
		restore(sim, false, true);
	sim->end_at = SIM_NEVER;
	if (random_percent(&sim->random, 30))
		sim->end_at = sim->now + random_below(&sim->random, 10 * SIM_MINUTE);
}
