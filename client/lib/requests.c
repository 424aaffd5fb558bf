/* What a program asks of a client, except sending the queue. */
#include "client.h"
#include "matricula/v1/commands.pb-c.h"
#include "unreadable.h"

/* USAGE when the bytes are none. */
static int check_command(struct mtr_client *client, const uint8_t *bytes, size_t size)
{
	mtr_arena_reset(client->arena);
	if (bytes && mtr__command__unpack(mtr_arena_allocator(client->arena), size, bytes))
		return 0;
	return mtr_unreadable(client->arena, MTR_CLIENT_USAGE);
}

static struct mtr_moment deadline_of(const struct mtr_client *client, uint32_t more_ms)
{
	return mtr_moment_after(mtr_moment_now(), client->timeout_ms + more_ms);
}

int mtr_client_hello(struct mtr_client *client, const uint8_t **ret_answer, size_t *ret_size)
{
	int error = mtr_session_ensure(client, deadline_of(client, 0));

	if (error)
		return mtr_session_drop(client, error);
	*ret_answer = client->session.answer.data;
	*ret_size = client->session.answer.size;
	return 0;
}

static int ask(struct mtr_client *client, Mtr__Request *request, uint32_t more_ms, const uint8_t **ret_answer,
	       size_t *ret_size)
{
	struct mtr_bytes answer;
	int error = mtr_session_ask(client, request, deadline_of(client, more_ms), &answer);

	if (error)
		return error == MTR_CLIENT_TOO_LARGE ? error : mtr_session_drop(client, error);
	*ret_answer = answer.data;
	*ret_size = answer.size;
	return 0;
}

int mtr_client_query(struct mtr_client *client, const uint8_t *query, size_t size, const uint8_t **ret_answer,
		     size_t *ret_answer_size)
{
	struct mtr_arena *arena;
	Mtr__Request request = MTR__REQUEST__INIT;
	uint32_t wait_ms = 0;
	int error;

	if (!query)
		return MTR_CLIENT_USAGE;
	if (size > MTR_COMMAND_MAX)
		return MTR_CLIENT_TOO_LARGE;
	/* Sent as it was unpacked, in memory that outlives the answers in client->arena. */
	arena = mtr_arena_new(MTR_REQUEST_ARENA);
	if (!arena)
		return MTR_CLIENT_MEMORY;
	request.body_case = MTR__REQUEST__BODY_QUERY;
	request.query = mtr__query__unpack(mtr_arena_allocator(arena), size, query);
	if (!request.query) {
		error = mtr_unreadable(arena, MTR_CLIENT_USAGE);
	} else {
		if (request.query->body_case == MTR__QUERY__BODY_FEED)
			wait_ms = request.query->feed->wait_ms;
		if (wait_ms > MTR_FEED_WAIT_MS_MAX)
			wait_ms = MTR_FEED_WAIT_MS_MAX;
		error = ask(client, &request, wait_ms, ret_answer, ret_answer_size);
	}
	mtr_arena_free(&arena);
	return error;
}

int mtr_client_dry_run(struct mtr_client *client, const uint8_t *command, size_t size, const uint8_t **ret_answer,
		       size_t *ret_answer_size)
{
	Mtr__Request request = MTR__REQUEST__INIT;

	if (size > MTR_COMMAND_MAX)
		return MTR_CLIENT_TOO_LARGE;
	int error = check_command(client, command, size);

	if (error)
		return error;
	request.body_case = MTR__REQUEST__BODY_COMMAND;
	request.command = (ProtobufCBinaryData){size, (uint8_t *)(uintptr_t)command};
	request.dry_run = true;
	return ask(client, &request, 0, ret_answer, ret_answer_size);
}

int mtr_client_enqueue_many(struct mtr_client *client, struct mtr_client_command *commands, size_t count)
{
	if (!client->outbox || (count && !commands))
		return MTR_CLIENT_USAGE;
	for (size_t i = 0; i < count; i++) {
		if (commands[i].size > MTR_COMMAND_MAX)
			return MTR_CLIENT_TOO_LARGE;
		int error = check_command(client, commands[i].command, commands[i].size);

		if (error)
			return error;
	}
	return count ? mtr_outbox_append(client->outbox, commands, count, mtr_time_of_day()) : 0;
}

int mtr_client_enqueue(struct mtr_client *client, const uint8_t *command, size_t size, uint64_t *ret_sequence)
{
	struct mtr_client_command one = {.command = command, .size = size};
	int error = mtr_client_enqueue_many(client, &one, 1);

	if (!error)
		*ret_sequence = one.sequence;
	return error;
}
