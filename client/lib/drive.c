/* Machines on the real link, by the real clock. */
#include "client.h"
#include "machine.h"

#include <limits.h>
#include <poll.h>

static int connect_link(struct mtr_client *client, struct mtr_moment deadline)
{
	int error = 0;

	if (client->link && mtr_link_lost(client->link))
		mtr_session_drop(client, 0);
	if (!client->link)
		error = mtr_link_open(&client->link, client->endpoint, client->server_key, client->keys);
	if (error)
		return error;
	mtr_link_stop_at(client->link, client->stop);
	return mtr_link_connect(client->link, deadline);
}

bool mtr_client_rest(const struct mtr_client *client, struct mtr_moment until)
{
	struct pollfd stop = {.fd = client->stop, .events = POLLIN};
	long left;

	if (client->stop < 0) {
		mtr_sleep_until(until);
		return true;
	}
	do {
		left = mtr_moment_left(until);
		(void)poll(&stop, 1, left < INT_MAX ? (int)left : INT_MAX);
	} while (!stop.revents && !mtr_moment_past(until));
	return !stop.revents;
}

/* Gives the machine what is there until nothing more is, waiting until `until` for the first. */
static void wait_frames(struct mtr_client *client, struct mtr_machine *machine, struct mtr_moment until)
{
	struct mtr_bytes frame;

	for (;;) {
		switch (mtr_link_wait(client->link, until, &frame)) {
		case MTR_LINK_QUIET:
		case MTR_LINK_STOPPED:
			return;
		case MTR_LINK_LOST:
			machine->link(machine, mtr_moment_now(), MTR_CLIENT_NO_LINK);
			return;
		case MTR_LINK_GARBLED:
			machine->link(machine, mtr_moment_now(), MTR_CLIENT_PROTOCOL);
			return;
		case MTR_LINK_FRAME:
			break;
		}
		until = mtr_moment_now();
		if (!machine->frame(machine, until, frame))
			return;
	}
}

int mtr_drive(struct mtr_client *client, struct mtr_machine *machine)
{
	for (;;) {
		if (client->stop >= 0 && !mtr_client_rest(client, mtr_moment_now()))
			return MTR_CLIENT_INTERRUPTED;

		struct mtr_step step = machine->next(machine, mtr_moment_now());
		int error;

		switch (step.kind) {
		case MTR_STEP_CONNECT:
			error = connect_link(client, step.until);
			machine->link(machine, mtr_moment_now(), error);
			break;
		case MTR_STEP_WAIT:
			wait_frames(client, machine, step.until);
			break;
		case MTR_STEP_REST:
			(void)mtr_client_rest(client, step.until);
			break;
		case MTR_STEP_END:
			return step.error;
		}
	}
}
