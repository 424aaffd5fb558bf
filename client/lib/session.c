/* The connection and the hello on it. */
#include "backoff.h"
#include "client.h"

#include <stdlib.h>
#include <string.h>

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

static int take_hello(struct mtr_client *client, const Mtr__HelloReply *hello, struct mtr_bytes packed)
{
	uint8_t *copy;

	if (hello->protocol < MTR_PROTOCOL_MINIMUM || hello->protocol > MTR_PROTOCOL_MAXIMUM)
		return MTR_CLIENT_VERSION;
	copy = malloc(packed.size);
	if (!copy)
		return MTR_CLIENT_MEMORY;
	memcpy(copy, packed.data, packed.size);
	mtr_session_end(client);
	client->sessions++;
	client->session = (struct mtr_session){
		.answer = {copy, packed.size},
		.maximum_message = hello->maximum_message,
		.maximum_in_flight = hello->maximum_in_flight,
		.outbox_next = hello->outbox_next_sequence,
		.backed_up_revision = hello->backed_up_revision,
	};
	return 0;
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
		case MTR_LINK_GARBLED:
			return MTR_CLIENT_PROTOCOL;
		case MTR_LINK_FRAME:
			break;
		}
		mtr_arena_reset(client->arena);

		Mtr__Reply *reply = mtr__reply__unpack(mtr_arena_allocator(client->arena), frame.size, frame.data);

		/* Without a request id the server couldn't read what we sent. */
		if (!reply || reply->request_id == 0)
			return MTR_CLIENT_PROTOCOL;
		if (reply->request_id == client->request_id) {
			*ret_reply = reply;
			return 0;
		}
	}
}

int mtr_session_exchange(struct mtr_client *client, Mtr__Request *request, struct mtr_moment deadline,
			 struct mtr_bytes *ret_packed, Mtr__Answer **ret_answer)
{
	Mtr__Reply *reply;
	int error = mtr_session_send(client, request);

	if (!error)
		error = wait_reply(client, deadline, &reply);
	if (error)
		return error;

	Mtr__Answer *answer =
		mtr__answer__unpack(mtr_arena_allocator(client->arena), reply->answer.len, reply->answer.data);

	if (!answer || answer->body_case == MTR__ANSWER__BODY__NOT_SET)
		return MTR_CLIENT_PROTOCOL;
	*ret_packed = (struct mtr_bytes){reply->answer.data, reply->answer.len};
	*ret_answer = answer;
	return 0;
}

static int judge_hello(struct mtr_client *client, const Mtr__Answer *answer, struct mtr_bytes packed)
{
	if (answer->body_case == MTR__ANSWER__BODY_HELLO)
		return take_hello(client, answer->hello, packed);
	if (answer->body_case != MTR__ANSWER__BODY_ERROR)
		return MTR_CLIENT_PROTOCOL;
	switch (mtr_verdict(answer)) {
	case MTR_VERDICT_RETRY:
		return MTR_CLIENT_BUSY;
	case MTR_VERDICT_REFUSED:
		return MTR_CLIENT_KEY_REFUSED;
	case MTR_VERDICT_VERSION:
		return MTR_CLIENT_VERSION;
	case MTR_VERDICT_FINAL:
	case MTR_VERDICT_HELLO:
	case MTR_VERDICT_GAP:
	case MTR_VERDICT_HALT:
	case MTR_VERDICT_NONSENSE:
		break;
	}
	return MTR_CLIENT_PROTOCOL;
}

static int say_hello(struct mtr_client *client, struct mtr_moment deadline)
{
	Mtr__Hello hello = MTR__HELLO__INIT;
	Mtr__Request request = MTR__REQUEST__INIT;
	struct mtr_outbox_state state;
	struct mtr_bytes packed;
	Mtr__Answer *answer;
	int error;

	hello.protocol_minimum = MTR_PROTOCOL_MINIMUM;
	hello.protocol_maximum = MTR_PROTOCOL_MAXIMUM;
	hello.software = client->software;
	if (client->outbox) {
		error = mtr_outbox_state(client->outbox, &state);
		if (error)
			return error;
		hello.outbox = (ProtobufCBinaryData){MTR_OUTBOX_BYTES, state.id};
	}
	request.body_case = MTR__REQUEST__BODY_HELLO;
	request.hello = &hello;
	error = mtr_session_exchange(client, &request, deadline, &packed, &answer);
	return error ? error : judge_hello(client, answer, packed);
}

static int connect_link(struct mtr_client *client, struct mtr_moment deadline)
{
	int error = 0;

	if (client->link && mtr_link_lost(client->link))
		mtr_session_drop(client, 0);
	if (!client->link)
		error = mtr_link_open(&client->link, client->endpoint, client->server_key, client->keys);
	return error ? error : mtr_link_connect(client->link, deadline);
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

int mtr_session_ensure(struct mtr_client *client, struct mtr_moment deadline)
{
	struct mtr_backoff backoff = {0};
	bool busy = false;
	int error;

	do {
		error = connect_link(client, deadline);
		if (!error && !client->session.answer.data)
			error = say_hello(client, deadline);
	} while (again(&error, &busy, &backoff, deadline));
	return error;
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
