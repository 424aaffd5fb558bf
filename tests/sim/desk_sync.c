/* Runs mtr_client_sync, which waits in calls, on a stack of its own. */
#include "desk_state.h"

static void notice(void *context, enum mtr_client_mirror_notice what)
{
	struct desk *desk = context;

	if (!desk->computer.down && what != MTR_CLIENT_MIRROR_STARTED && what != MTR_CLIENT_MIRROR_RESCOPED &&
	    !(what == MTR_CLIENT_MIRROR_SET_BACK && desk->sim->restores))
		sim_fail(desk->sim, "%s: the mirror is read anew for reason %d", desk->name, (int)what);
}

/* The desk has learnt that the register was restored: what was answered is to be sent again. */
static void send_again(struct desk *desk)
{
	struct mtr_outbox_state state;

	if (desk->sim->restores && desk->send_at == SIM_NEVER && !mtr_outbox_state(desk->client->outbox, &state) &&
	    state.first_unanswered < state.next)
		desk->send_at = desk->sim->now + random_below(&desk->sim->random, SIM_MINUTE);
}

static void sync(void *context)
{
	struct desk *desk = context;
	const struct mtr_client_sync_options options = {.notice = notice, .context = desk};
	int error = mtr_client_sync(desk->client, &options);

	if (desk->computer.down)
		return;
	sim_note(desk->sim, "%s: mirror: %s", desk->name, mtr_client_error_name(error));
	if (!desk_expects(error))
		sim_fail(desk->sim, "%s: the mirror's sync ends with %s", desk->name, mtr_client_error_name(error));
	desk->account.refused |= error == MTR_CLIENT_KEY_REFUSED;
	send_again(desk);
	if (error && error != MTR_CLIENT_KEY_REFUSED)
		desk->sync_at = desk->sim->now + random_between(&desk->sim->random, 1, 20) * SIM_SECOND;
}

void desk_go_on_with_sync(struct desk *desk)
{
	desk->wake = SIM_NEVER;
	if (!fiber_resume(desk->syncing))
		fiber_free(&desk->syncing);
}

void desk_begin_sync(struct desk *desk)
{
	desk->sync_at = SIM_NEVER;
	desk->syncing = fiber_new(sync, desk);
	desk_go_on_with_sync(desk);
}
