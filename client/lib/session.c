/* What is asked on a connection, and the way to one. */
#include "greeting.h"
#include "unreadable.h"

#include <stdlib.h>

#define HELLO_AGAIN (-1)

void mtr_session_end(struct mtr_client *client)
{
	free((void *)(uintptr_t)client->session.answer.data);
	client->session = (struct mtr_session){0};
}

int mtr_session_drop(struct mtr_client *client, int error)
{
	mtr_session_end(client);
	mtr_link_close(&client->link);
	return error;
}

int mtr_session_send(struct mtr_client *client, Mtr__Request *request)
{
	uint32_t most = client->session.maximum_message;
	size_t size;

	request->request_id = ++client->request_id;
	size = mtr__request__get_packed_size(request);
	if (size > MTR_REQUEST_MAX || (most && size > most))
		return MTR_CLIENT_TOO_LARGE;
	mtr__request__pack(request, client->frame);
	return mtr_link_send(client->link, (struct mtr_bytes){client->frame, size}) ? 0 : MTR_CLIENT_NO_LINK;
}

/* The reply to the last request sent, whatever else comes before it. */
static int wait_reply(struct mtr_client *client, struct mtr_moment deadline, Mtr__Reply **ret_reply)
{
	struct mtr_bytes frame;

	for (;;) {
		switch (mtr_link_wait(client->link, deadline, &frame)) {
		case MTR_LINK_LOST:
		case MTR_LINK_QUIET:
			return MTR_CLIENT_NO_LINK;
		case MTR_LINK_STOPPED:
			return MTR_CLIENT_INTERRUPTED;
		case MTR_LINK_GARBLED:
			return MTR_CLIENT_PROTOCOL;
		case MTR_LINK_FRAME:
			break;
		}
		mtr_arena_reset(client->arena);

		Mtr__Reply *reply = mtr__reply__unpack(mtr_arena_allocator(client->arena), frame.size, frame.data);

		/* Without a request id the server couldn't read what we sent. */
		if (!reply || reply->request_id == 0)
			return mtr_unreadable(client->arena, MTR_CLIENT_PROTOCOL);
		if (reply->request_id == client->request_id) {
			*ret_reply = reply;
			return 0;
		}
	}
}

int mtr_session_exchange(struct mtr_client *client, Mtr__Request *request, struct mtr_moment deadline,
			 struct mtr_bytes *ret_packed, Mtr__Answer **ret_answer)
{
	Mtr__Reply *reply = NULL;
	int error = mtr_session_send(client, request);

	if (!error)
		error = wait_reply(client, deadline, &reply);
	if (error)
		return error;

	Mtr__Answer *answer =
		mtr__answer__unpack(mtr_arena_allocator(client->arena), reply->answer.len, reply->answer.data);

	if (!answer || answer->body_case == MTR__ANSWER__BODY__NOT_SET)
		return mtr_unreadable(client->arena, MTR_CLIENT_PROTOCOL);
	*ret_packed = (struct mtr_bytes){reply->answer.data, reply->answer.len};
	*ret_answer = answer;
	return 0;
}

/* Whether to try once more after `error`, now that some time has passed; else it becomes what to tell the caller. */
static bool again(int *error, bool *busy, struct mtr_backoff *backoff, struct mtr_moment deadline)
{
	if (*error != MTR_CLIENT_BUSY && *error != MTR_CLIENT_NO_LINK)
		return false;
	if (mtr_moment_past(deadline)) {
		*error = *busy ? MTR_CLIENT_BUSY : *error;
		return false;
	}
	*busy = *error == MTR_CLIENT_BUSY;
	mtr_backoff_wait(backoff, deadline);
	return true;
}

struct ensuring {
	struct mtr_machine machine;
	struct mtr_client *client;
	struct mtr_moment deadline;
	struct mtr_greeting greeting;
};

static struct ensuring *ensuring_of(struct mtr_machine *machine)
{
	return (struct ensuring *)(void *)machine;
}

static struct mtr_step ensuring_next(struct mtr_machine *machine, struct mtr_moment now)
{
	struct ensuring *ensuring = ensuring_of(machine);

	return mtr_greeting_next(&ensuring->greeting, ensuring->client, now, ensuring->deadline);
}

static void ensuring_link(struct mtr_machine *machine, struct mtr_moment now, int error)
{
	struct ensuring *ensuring = ensuring_of(machine);

	mtr_greeting_link(&ensuring->greeting, ensuring->client, now, error);
}

static bool ensuring_frame(struct mtr_machine *machine, struct mtr_moment now, struct mtr_bytes frame)
{
	struct ensuring *ensuring = ensuring_of(machine);

	return mtr_greeting_frame(&ensuring->greeting, ensuring->client, now, frame);
}

int mtr_session_ensure(struct mtr_client *client, struct mtr_moment deadline)
{
	struct ensuring ensuring = {
		.machine = {.next = ensuring_next, .link = ensuring_link, .frame = ensuring_frame},
		.client = client,
		.deadline = deadline,
	};

	return mtr_drive(client, &ensuring.machine);
}

/* What of an error answer is about the connection; everything else is for the caller. */
static int judge_refusal(const Mtr__Answer *answer)
{
	switch (mtr_verdict(answer)) {
	case MTR_VERDICT_HELLO:
		return HELLO_AGAIN;
	case MTR_VERDICT_REFUSED:
		return MTR_CLIENT_KEY_REFUSED;
	case MTR_VERDICT_VERSION:
		return MTR_CLIENT_VERSION;
	case MTR_VERDICT_RETRY:
		return answer->error->code == MTR__ERROR_CODE__ERROR_CODE_BUSY ||
				       answer->error->code == MTR__ERROR_CODE__ERROR_CODE_STOPPING
			       ? MTR_CLIENT_BUSY
			       : 0;
	case MTR_VERDICT_FINAL:
	case MTR_VERDICT_GAP:
	case MTR_VERDICT_HALT:
	case MTR_VERDICT_NONSENSE:
		break;
	}
	return 0;
}

int mtr_session_ask(struct mtr_client *client, Mtr__Request *request, struct mtr_moment deadline,
		    struct mtr_bytes *ret_answer)
{
	struct mtr_backoff backoff = {0};
	Mtr__Answer *answer;
	bool busy = false;
	int error;

	do {
		error = mtr_session_ensure(client, deadline);
		if (!error)
			error = mtr_session_exchange(client, request, deadline, ret_answer, &answer);
		if (!error && answer->body_case == MTR__ANSWER__BODY_ERROR)
			error = judge_refusal(answer);
		if (error == HELLO_AGAIN) {
			mtr_session_end(client);
			error = MTR_CLIENT_NO_LINK;
		}
	} while (again(&error, &busy, &backoff, deadline));
	return error;
}
