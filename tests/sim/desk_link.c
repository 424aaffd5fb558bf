/* What the library's link is on a simulated network. */
#include "desk_state.h"
#include "support/wrapped_link.h"

#include <stdlib.h>

static struct desk *at_work;

int __real_poll(struct pollfd *files, nfds_t count, int timeout_ms);

void desk_enter(struct desk *desk)
{
	at_work = desk;
	computer_run(desk ? &desk->computer : NULL);
}

void desk_link_progress(struct desk *desk)
{
	struct sim *sim = desk->sim;

	if (!desk->linked || desk->connection || sim->now < desk->connect_at)
		return;
	if (sim->now < desk->cut_until || !sim_server_is_up(sim))
		desk->connect_at = sim->now + random_between(&sim->random, 500, 2000);
	else
		desk->connection = wire_connect(sim->wire, desk->number);
}

bool desk_link_lost(const struct desk *desk)
{
	return desk->lost_at <= desk->sim->now;
}

void desk_link_drop(struct desk *desk)
{
	if (desk->connection)
		wire_hang_up(desk->sim->wire, desk->connection);
	desk->linked = false;
	desk->connection = 0;
	desk->lost_at = desk->connect_at = SIM_NEVER;
	free(desk->reading);
	desk->reading = NULL;
	while (desk->inbox) {
		struct packet *next = desk->inbox->next;

		free(desk->inbox);
		desk->inbox = next;
	}
}

bool desk_link_read(struct desk *desk, struct mtr_bytes *ret_frame)
{
	free(desk->reading);
	desk->reading = desk->inbox;
	if (!desk->reading)
		return false;
	desk->inbox = desk->reading->next;
	*ret_frame = (struct mtr_bytes){desk->reading->bytes, desk->reading->size};
	return true;
}

static struct desk *desk_of(const struct mtr_link *link)
{
	return (struct desk *)(uintptr_t)link;
}

int __wrap_mtr_link_open(struct mtr_link **ret_link, const char *endpoint, const uint8_t server_key[MTR_KEY_BYTES],
			 const struct mtr_key_pair *keys)
{
	struct desk *desk = at_work;

	(void)endpoint;
	(void)server_key;
	(void)keys;
	desk->linked = true;
	desk->connection = 0;
	desk->connect_at = desk->sim->now + random_between(&desk->sim->random, 5, 300);
	desk->lost_at = SIM_NEVER;
	*ret_link = (struct mtr_link *)(void *)desk;
	return 0;
}

void __wrap_mtr_link_close(struct mtr_link **link)
{
	if (!link || !*link)
		return;
	desk_link_drop(desk_of(*link));
	*link = NULL;
}

/* Only a sync waits in a call; everything else takes its turns. */
static void wait_until(struct desk *desk, uint64_t ms)
{
	if (!desk->syncing)
		abort();
	desk->wake = ms;
	fiber_wait(desk->syncing);
}

static uint64_t least(uint64_t x, uint64_t y)
{
	return x < y ? x : y;
}

/* In the simulation's time; mtr_moment_now is a millisecond ahead of it, so that it is never 0. */
static uint64_t time_of(struct mtr_moment moment)
{
	return moment.ms > 0 ? (uint64_t)moment.ms - 1 : 0;
}

int __wrap_mtr_link_connect(struct mtr_link *link, struct mtr_moment deadline)
{
	struct desk *desk = desk_of(link);

	for (;;) {
		desk_link_progress(desk);
		if (desk->computer.down || desk_link_lost(desk))
			return MTR_CLIENT_NO_LINK;
		if (desk->connection)
			return 0;
		if (mtr_moment_past(deadline))
			return MTR_CLIENT_NO_LINK;
		wait_until(desk, least(desk->connect_at, time_of(deadline)));
	}
}

bool __wrap_mtr_link_lost(const struct mtr_link *link)
{
	return desk_link_lost(desk_of(link));
}

bool __wrap_mtr_link_send(struct mtr_link *link, struct mtr_bytes frame)
{
	struct desk *desk = desk_of(link);

	if (!desk->connection || desk_link_lost(desk) || sim_mishap(desk->sim, 1) ||
	    computer_fails(&desk->computer, CRASH_BEFORE_SEND))
		return false;
	account_request(&desk->account, frame.data, frame.size);
	/* Until it notices that the connection broke, what it sends goes nowhere. */
	if (wire_open_at_desk(desk->sim->wire, desk->connection))
		wire_send(desk->sim->wire, desk->connection, true, frame.data, frame.size);
	return !computer_fails(&desk->computer, CRASH_AFTER_SEND);
}

enum mtr_link_event __wrap_mtr_link_wait(struct mtr_link *link, struct mtr_moment until, struct mtr_bytes *ret_frame)
{
	struct desk *desk = desk_of(link);

	for (;;) {
		if (desk->computer.down)
			return MTR_LINK_LOST;
		if (desk_link_read(desk, ret_frame))
			return MTR_LINK_FRAME;
		if (desk_link_lost(desk))
			return MTR_LINK_LOST;
		if (mtr_moment_past(until))
			return MTR_LINK_QUIET;
		wait_until(desk, least(desk->lost_at, time_of(until)));
	}
}

int __wrap_nanosleep(const struct timespec *time, struct timespec *ret_left)
{
	struct desk *desk = at_work;
	uint64_t until = desk->sim->now + (uint64_t)time->tv_sec * 1000 + (uint64_t)time->tv_nsec / 1000000;

	(void)ret_left;
	while (!desk->computer.down && desk->sim->now < until)
		wait_until(desk, until);
	return 0;
}

/* How the library rests: nothing it could be woken by is ever there. */
int __wrap_poll(struct pollfd *files, nfds_t count, int timeout_ms)
{
	struct desk *desk = at_work;
	uint64_t until;

	if (!desk || !desk->syncing)
		return __real_poll(files, count, timeout_ms);
	until = desk->sim->now + (uint64_t)timeout_ms;
	while (timeout_ms > 0 && !desk->computer.down && desk->sim->now < until)
		wait_until(desk, until);
	return 0;
}
