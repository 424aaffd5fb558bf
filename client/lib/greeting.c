#include "greeting.h"

#include "restored.h"
#include "unreadable.h"

#include <stdlib.h>
#include <string.h>

static int take_hello(struct mtr_client *client, struct mtr_moment now, const Mtr__HelloReply *hello,
		      ProtobufCBinaryData packed)
{
	uint8_t *copy;

	if (hello->protocol < MTR_PROTOCOL_MINIMUM || hello->protocol > MTR_PROTOCOL_MAXIMUM)
		return MTR_CLIENT_VERSION;
	copy = malloc(packed.len);
	if (!copy)
		return MTR_CLIENT_MEMORY;
	memcpy(copy, packed.data, packed.len);
	mtr_session_end(client);
	client->sessions++;
	client->session = (struct mtr_session){
		.answer = {copy, packed.len},
		.maximum_message = hello->maximum_message,
		.maximum_in_flight = hello->maximum_in_flight,
		.outbox_next = hello->outbox_next_sequence,
		.backed_up_revision = hello->backed_up_revision,
		.since = now,
	};
	return 0;
}

/* A register that is new, or has been restored, is asked for its statements before anything else. */
static int look_at_hello(struct mtr_greeting *greeting, struct mtr_client *client, struct mtr_moment now,
			 const Mtr__HelloReply *hello, ProtobufCBinaryData packed)
{
	enum mtr_restored restored;
	int error = mtr_restored_look(client, hello, &restored);

	if (error)
		return error;
	/* It may be that no note could be taken. */
	if (restored == MTR_RESTORED_KNOWN || (restored == MTR_RESTORED_MEET && greeting->noted))
		return take_hello(client, now, hello, packed);
	greeting->incarnation = hello->incarnation;
	greeting->outbox_next = hello->outbox_next_sequence;
	greeting->first = restored == MTR_RESTORED_MEET;
	greeting->has_recovery_key = hello->recovery_key.len == MTR_KEY_BYTES;
	if (greeting->has_recovery_key)
		memcpy(greeting->recovery_key, hello->recovery_key.data, MTR_KEY_BYTES);
	return 0;
}

/* An older register has no statements, and knows no such question. */
static int meet(struct mtr_greeting *greeting, struct mtr_client *client, const Mtr__Answer *answer)
{
	const uint64_t incarnation = greeting->incarnation;
	const bool told = answer->body_case == MTR__ANSWER__BODY_INCARNATIONS;

	greeting->incarnation = 0;
	greeting->noted = true;
	return mtr_restored_meet(client, told ? answer->incarnations : NULL, incarnation,
				 greeting->has_recovery_key ? greeting->recovery_key : NULL);
}

static int adopt(struct mtr_greeting *greeting, struct mtr_client *client, const Mtr__IncarnationList *list)
{
	const uint64_t incarnation = greeting->incarnation;

	greeting->incarnation = 0;
	return mtr_restored_adopt(client, list, incarnation, greeting->outbox_next);
}

/* It says something of the connection or of the moment, rather than that the question isn't known. */
static bool is_about_session(const Mtr__Answer *answer)
{
	return answer->body_case == MTR__ANSWER__BODY_ERROR && mtr_verdict(answer) != MTR_VERDICT_HALT;
}

static int judge(struct mtr_greeting *greeting, struct mtr_client *client, struct mtr_moment now,
		 const Mtr__Answer *answer, ProtobufCBinaryData packed)
{
	const bool asked = greeting->incarnation != 0;

	if (answer->body_case == MTR__ANSWER__BODY_HELLO && !asked)
		return look_at_hello(greeting, client, now, answer->hello, packed);
	if (answer->body_case == MTR__ANSWER__BODY_INCARNATIONS && asked)
		return greeting->first ? meet(greeting, client, answer) : adopt(greeting, client, answer->incarnations);
	if (asked && greeting->first && !is_about_session(answer))
		return meet(greeting, client, answer);
	greeting->incarnation = 0;
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

/* The highest sequence, as the register counts, that was ever answered. */
static uint64_t answered(const struct mtr_outbox_state *state)
{
	const uint64_t end = state->former_end > state->first_unanswered ? state->former_end : state->first_unanswered;

	return end - 1 > state->base ? end - 1 - state->base : 0;
}

static int ask_statements(struct mtr_greeting *greeting, struct mtr_client *client)
{
	Mtr__Incarnations incarnations = MTR__INCARNATIONS__INIT;
	Mtr__Query query = MTR__QUERY__INIT;
	Mtr__Request request = MTR__REQUEST__INIT;
	int error;

	query.body_case = MTR__QUERY__BODY_INCARNATIONS;
	query.incarnations = &incarnations;
	request.body_case = MTR__REQUEST__BODY_QUERY;
	request.query = &query;
	error = mtr_session_send(client, &request);
	if (!error)
		greeting->hello = request.request_id;
	return error;
}

static int say_hello(struct mtr_greeting *greeting, struct mtr_client *client)
{
	Mtr__Hello hello = MTR__HELLO__INIT;
	Mtr__Request request = MTR__REQUEST__INIT;
	struct mtr_outbox_state state;
	int error;

	hello.protocol_minimum = MTR_PROTOCOL_MINIMUM;
	hello.protocol_maximum = MTR_PROTOCOL_MAXIMUM;
	hello.software = client->software;
	if (client->outbox) {
		error = mtr_outbox_state(client->outbox, &state);
		if (error)
			return error;
		hello.outbox = (ProtobufCBinaryData){MTR_OUTBOX_BYTES, state.id};
		hello.outbox_answered = answered(&state);
	}
	request.body_case = MTR__REQUEST__BODY_HELLO;
	request.hello = &hello;
	error = mtr_session_send(client, &request);
	if (!error)
		greeting->hello = request.request_id;
	return error;
}

/* What came of an attempt. */
static void attempted(struct mtr_greeting *greeting, struct mtr_moment now, int error)
{
	greeting->hello = 0;
	if (error == MTR_CLIENT_BUSY || error == MTR_CLIENT_NO_LINK) {
		greeting->busy = error == MTR_CLIENT_BUSY;
		greeting->rest = mtr_backoff_next(&greeting->backoff, now);
	} else {
		greeting->error = error;
	}
}

struct mtr_step mtr_greeting_next(struct mtr_greeting *greeting, struct mtr_client *client, struct mtr_moment now,
				  struct mtr_moment deadline)
{
	if (greeting->error)
		return mtr_step_end(greeting->error);
	if (greeting->connected && client->session.answer.data) {
		*greeting = (struct mtr_greeting){.connected = true};
		return mtr_step_end(0);
	}
	if (greeting->tried && mtr_moment_reached(deadline, now))
		return mtr_step_end(greeting->busy ? MTR_CLIENT_BUSY : MTR_CLIENT_NO_LINK);
	if (!mtr_moment_reached(greeting->rest, now))
		return mtr_step_until(MTR_STEP_REST, mtr_moment_earlier(greeting->rest, deadline));
	greeting->tried = true;
	if (!greeting->connected)
		return mtr_step_until(MTR_STEP_CONNECT, deadline);
	if (!greeting->hello) {
		int error = greeting->incarnation ? ask_statements(greeting, client) : say_hello(greeting, client);

		if (error) {
			attempted(greeting, now, error);
			return mtr_greeting_next(greeting, client, now, deadline);
		}
	}
	return mtr_step_until(MTR_STEP_WAIT, deadline);
}

void mtr_greeting_link(struct mtr_greeting *greeting, struct mtr_client *client, struct mtr_moment now, int error)
{
	greeting->connected = !error;
	greeting->incarnation = 0;
	if (!error)
		return;
	mtr_session_end(client);
	attempted(greeting, now, error);
}

bool mtr_greeting_frame(struct mtr_greeting *greeting, struct mtr_client *client, struct mtr_moment now,
			struct mtr_bytes frame)
{
	Mtr__Answer *answer = NULL;
	Mtr__Reply *reply;

	mtr_arena_reset(client->arena);
	reply = mtr__reply__unpack(mtr_arena_allocator(client->arena), frame.size, frame.data);
	/* Whatever else comes before the reply to the hello is stale. */
	if (reply && reply->request_id && reply->request_id != greeting->hello)
		return true;
	if (reply && reply->request_id)
		answer = mtr__answer__unpack(mtr_arena_allocator(client->arena), reply->answer.len, reply->answer.data);

	int error = answer ? judge(greeting, client, now, answer, reply->answer)
			   : mtr_unreadable(client->arena, MTR_CLIENT_PROTOCOL);

	greeting->hello = 0;
	if (error)
		attempted(greeting, now, error);
	return false;
}
