/* Drives the library's sender as mtr_client_flush does, without ever waiting in a call. */
#include "desk_state.h"

#include <inttypes.h>

static void report(void *context, uint64_t sequence, const uint8_t *answer, size_t size)
{
	struct desk *desk = context;

	account_report(&desk->account, sequence, answer, size);
}

static uint64_t later(struct sim *sim)
{
	return sim->now +
	       (sim->healed ? SIM_SECOND : random_below(&sim->random, sim_mishap(sim, 10) ? SIM_DAY : 5 * SIM_MINUTE));
}

static void finish(struct desk *desk, int error)
{
	struct sim *sim = desk->sim;

	desk->sending = false;
	desk->wake = SIM_NEVER;
	mtr_sender_end(&desk->sender);
	mtr_outbox_unlock(desk->client->outbox);
	if (error && error != MTR_CLIENT_TOO_LARGE)
		mtr_session_drop(desk->client, error);
	sim_note(sim, "%s: outbox sent: %s", desk->name, mtr_client_error_name(error));
	sim->tally->events[error ? EVENT_FLUSHES_FAILED : EVENT_FLUSHES_DONE]++;
	if (!desk_expects(error))
		sim_fail(sim, "%s: sending ends with %s", desk->name, mtr_client_error_name(error));
	desk->account.refused |= error == MTR_CLIENT_KEY_REFUSED;
	if (error && error != MTR_CLIENT_KEY_REFUSED)
		desk->send_at = later(sim);
	if (!error && sim_mishap(sim, 60))
		desk->sync_at = later(sim);
}

/* False when there is nothing to do before desk->wake. */
static bool connect(struct desk *desk, uint64_t until)
{
	struct mtr_machine *machine = &desk->sender.machine;
	struct mtr_client *client = desk->client;

	if (client->link && mtr_link_lost(client->link))
		mtr_session_drop(client, 0);
	if (!client->link)
		mtr_link_open(&client->link, client->endpoint, client->server_key, client->keys);
	desk_link_progress(desk);
	if (desk->connection || desk->sim->now >= until) {
		machine->link(machine, mtr_moment_now(), desk->connection ? 0 : MTR_CLIENT_NO_LINK);
		return true;
	}
	desk->wake = desk->connect_at < until ? desk->connect_at : until;
	return false;
}

static bool take_frames(struct desk *desk, uint64_t until)
{
	struct mtr_machine *machine = &desk->sender.machine;
	struct mtr_bytes frame;
	bool taken = false;

	while (desk_link_read(desk, &frame)) {
		taken = true;
		if (!machine->frame(machine, mtr_moment_now(), frame))
			return true;
	}
	if (taken || desk->sim->now >= until)
		return true;
	if (desk_link_lost(desk)) {
		machine->link(machine, mtr_moment_now(), MTR_CLIENT_NO_LINK);
		return true;
	}
	desk->wake = desk->lost_at < until ? desk->lost_at : until;
	return false;
}

/* One step; false when it is to be waited, or there is no further one. */
static bool step(struct desk *desk)
{
	struct mtr_machine *machine = &desk->sender.machine;
	struct mtr_step step = machine->next(machine, mtr_moment_now());
	uint64_t until = step.until.ms > 0 ? (uint64_t)step.until.ms - 1 : 0;

	if (desk->computer.down)
		return false;
	if (desk->sender.state.next)
		account_outbox(&desk->account, desk->sender.state.id, desk->sender.state.base);
	if (desk->sender.state.first_unanswered > desk->account.marked || desk->sim->restores)
		desk->account.marked = desk->sender.state.first_unanswered;
	switch (step.kind) {
	case MTR_STEP_CONNECT:
		return connect(desk, until);
	case MTR_STEP_WAIT:
		return take_frames(desk, until);
	case MTR_STEP_REST:
		desk->wake = until;
		return desk->sim->now >= until;
	case MTR_STEP_END:
		finish(desk, step.error);
		break;
	}
	return false;
}

void desk_go_on_sending(struct desk *desk)
{
	desk->wake = SIM_NEVER;
	while (step(desk) && !desk->sim->failed) {
	}
}

void desk_begin_sending(struct desk *desk)
{
	desk->send_at = SIM_NEVER;
	/* A new hello tells what has been backed up meanwhile. */
	if (desk->hears_of_backup || (desk->sim->restoring && random_percent(&desk->sim->random, 50)))
		mtr_session_drop(desk->client, 0);
	desk->hears_of_backup = false;
	if (mtr_outbox_lock(desk->client->outbox, mtr_moment_now()) ||
	    mtr_sender_begin(&desk->sender, desk->client, report, desk)) {
		sim_fail(desk->sim, "%s: sending doesn't begin", desk->name);
		return;
	}
	desk->sending = true;
	desk_go_on_sending(desk);
}
