#include "fake_server.h"

#include "testing.h"

#include "contract/entry_hash.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define PEER_MAX 32
#define PEERS 1024

struct peer {
	size_t size;
	uint8_t id[PEER_MAX];
};

struct fake_thread {
	struct fake_server *server;
	pthread_t main, zap;
	void *context, *router, *stop, *stop_other_end, *zap_socket;
	struct peer greeted[PEERS];
	size_t greeted_count;
	unsigned turn;
	struct peer held_peer; /* of the reply that waits for the next one */
	uint8_t *held;
	size_t held_size;
};

static void send_frame(struct fake_thread *thread, const struct peer *peer, const void *bytes, size_t size, bool more)
{
	if (zmq_send(thread->router, peer->id, peer->size, ZMQ_SNDMORE) < 0)
		return;
	zmq_send(thread->router, bytes, size, more ? ZMQ_SNDMORE : 0);
}

static void send_held(struct fake_thread *thread)
{
	if (!thread->held)
		return;
	send_frame(thread, &thread->held_peer, thread->held, thread->held_size, false);
	free(thread->held);
	thread->held = NULL;
}

static uint8_t *pack_reply(uint64_t request_id, uint8_t *answer, size_t answer_size, size_t *ret_size)
{
	Mtr__Reply reply = MTR__REPLY__INIT;
	uint8_t *bytes;

	reply.request_id = request_id;
	reply.answer = (ProtobufCBinaryData){answer_size, answer};
	*ret_size = mtr__reply__get_packed_size(&reply);
	bytes = malloc(*ret_size + 1);
	assert_non_null(bytes);
	mtr__reply__pack(&reply, bytes);
	return bytes;
}

/* Takes over the packed answer. */
static void send_packed(struct fake_thread *thread, const struct peer *peer, uint64_t request_id, uint8_t *answer,
			size_t answer_size, enum fake_action action)
{
	uint8_t *bytes;
	size_t size;

	if (action == FAKE_SILENCE) {
		free(answer);
		return;
	}
	bytes = pack_reply(request_id, answer, answer_size, &size);
	free(answer);
	if (action == FAKE_LATER && !thread->held) {
		thread->held = bytes;
		thread->held_size = size;
		thread->held_peer = *peer;
		return;
	}
	send_frame(thread, peer, bytes, size, false);
	if (action == FAKE_TWICE)
		send_frame(thread, peer, bytes, size, false);
	free(bytes);
	send_held(thread);
}

static void send_answer(struct fake_thread *thread, const struct peer *peer, uint64_t request_id,
			const Mtr__Answer *answer, enum fake_action action)
{
	uint8_t *packed = malloc(mtr__answer__get_packed_size(answer) + 1);

	assert_non_null(packed);
	send_packed(thread, peer, request_id, packed, mtr__answer__pack(answer, packed), action);
}

static void send_error(struct fake_thread *thread, const struct peer *peer, uint64_t request_id, Mtr__ErrorCode code,
		       uint64_t number)
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__Error error = MTR__ERROR__INIT;

	error.code = code;
	error.number = number;
	answer.body_case = MTR__ANSWER__BODY_ERROR;
	answer.error = &error;
	send_answer(thread, peer, request_id, &answer, FAKE_ANSWER);
}

static bool greeted(const struct fake_thread *thread, const struct peer *peer)
{
	for (size_t i = 0; i < thread->greeted_count; i++)
		if (thread->greeted[i].size == peer->size && memcmp(thread->greeted[i].id, peer->id, peer->size) == 0)
			return true;
	return false;
}

static void answer_hello(struct fake_thread *thread, const struct peer *peer, const Mtr__Request *request,
			 enum fake_action action)
{
	struct fake_server *server = thread->server;
	Mtr__HelloReply hello = MTR__HELLO_REPLY__INIT;
	Mtr__Answer answer = MTR__ANSWER__INIT;

	server->hellos++;
	if (!greeted(thread, peer) && thread->greeted_count < PEERS)
		thread->greeted[thread->greeted_count++] = *peer;
	hello.protocol = server->protocol ? server->protocol : 1;
	hello.maximum_message = MTR_REQUEST_MAX;
	hello.maximum_in_flight = server->in_flight ? server->in_flight : 32;
	hello.outbox_next_sequence = server->next;
	hello.backed_up_revision = server->backed_up_revision;
	hello.principal = server->principal;
	hello.incarnation = server->incarnation;
	if (server->recovery_key)
		hello.recovery_key = (ProtobufCBinaryData){MTR_KEY_BYTES, (uint8_t *)(uintptr_t)server->recovery_key};
	hello.now = server->now;
	if (server->audit_key)
		hello.audit_key = (ProtobufCBinaryData){MTR_KEY_BYTES, server->audit_key};
	answer.body_case = MTR__ANSWER__BODY_HELLO;
	answer.hello = &hello;
	send_answer(thread, peer, request->request_id, &answer, action);
}

static void consume(struct fake_server *server, const uint8_t *hash)
{
	if (server->next > server->capacity) {
		server->capacity = server->capacity ? 2 * server->capacity : 1024;
		server->hashes = realloc(server->hashes, server->capacity * MTR_HASH_BYTES);
		assert_non_null(server->hashes);
	}
	memcpy(server->hashes[server->next - 1], hash, MTR_HASH_BYTES);
	server->next++;
}

/* NONE: consumed, now or before. */
static Mtr__ErrorCode sequence(struct fake_server *server, const Mtr__Request *request)
{
	static const uint8_t zeros[MTR_HASH_BYTES];
	const Mtr__Sequencing *at = request->sequencing;
	struct mtr_bytes command = {request->command.data, request->command.len};
	uint8_t hash[MTR_HASH_BYTES];

	if (!at || at->previous_hash.len != MTR_HASH_BYTES || at->outbox.len != MTR_OUTBOX_BYTES ||
	    at->first_unacknowledged > at->sequence || at->sequence - at->first_unacknowledged >= MTR_IN_FLIGHT_MAX)
		server->violated = true;
	if (server->violated)
		return MTR__ERROR_CODE__ERROR_CODE_MALFORMED;
	if (at->sequence > server->next)
		return MTR__ERROR_CODE__ERROR_CODE_SEQUENCE_GAP;
	if (at->sequence < server->forgotten)
		return MTR__ERROR_CODE__ERROR_CODE_OUTBOX_OUTDATED;
	if (memcmp(at->previous_hash.data, at->sequence == 1 ? zeros : server->hashes[at->sequence - 2],
		   MTR_HASH_BYTES) != 0)
		return MTR__ERROR_CODE__ERROR_CODE_OUTBOX_FORKED;
	mtr_entry_hash(at->previous_hash.data, at->sequence, command, hash);
	if (at->sequence < server->next) {
		if (memcmp(hash, server->hashes[at->sequence - 1], MTR_HASH_BYTES) != 0)
			return MTR__ERROR_CODE__ERROR_CODE_SEQUENCE_CONTENTS;
		server->repeated++;
	} else {
		consume(server, hash);
	}
	if (at->first_unacknowledged > server->forgotten)
		server->forgotten = at->first_unacknowledged;
	return MTR__ERROR_CODE__ERROR_CODE_NONE;
}

static void answer_command(struct fake_thread *thread, const struct peer *peer, const Mtr__Request *request,
			   enum fake_action action)
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__Done done = MTR__DONE__INIT;
	Mtr__ErrorCode code = request->dry_run ? MTR__ERROR_CODE__ERROR_CODE_NONE : sequence(thread->server, request);

	if (code != MTR__ERROR_CODE__ERROR_CODE_NONE) {
		send_error(thread, peer, request->request_id, code, thread->server->next);
		return;
	}
	if (request->sequencing) {
		done.id = request->sequencing->sequence;
		answer.revision = 100 + done.id;
	}
	answer.body_case = MTR__ANSWER__BODY_DONE;
	answer.done = &done;
	send_answer(thread, peer, request->request_id, &answer, action);
}

static void answer_query(struct fake_thread *thread, const struct peer *peer, const Mtr__Request *request,
			 enum fake_action action)
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__FeedPage page = MTR__FEED_PAGE__INIT;
	size_t size;
	uint8_t *packed = thread->server->query ? thread->server->query(thread->server, request->query, &size) : NULL;

	if (packed) {
		send_packed(thread, peer, request->request_id, packed, size, action);
		return;
	}
	page.count = request->query->least_revision;
	answer.body_case = MTR__ANSWER__BODY_PAGE;
	answer.page = &page;
	send_answer(thread, peer, request->request_id, &answer, action);
}

static void behave(struct fake_thread *thread, const struct peer *peer, const Mtr__Request *request,
		   enum fake_action action)
{
	if (request->body_case == MTR__REQUEST__BODY_HELLO)
		answer_hello(thread, peer, request, action);
	else if (!greeted(thread, peer))
		send_error(thread, peer, request->request_id, MTR__ERROR_CODE__ERROR_CODE_HELLO_REQUIRED, 0);
	else if (request->body_case == MTR__REQUEST__BODY_QUERY)
		answer_query(thread, peer, request, action);
	else
		answer_command(thread, peer, request, action);
}

/* What is no Reply with an Answer. */
static void send_noise(struct fake_thread *thread, const struct peer *peer, uint64_t request_id,
		       enum fake_action action)
{
	static const uint8_t noise[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01};
	Mtr__Reply reply = MTR__REPLY__INIT;
	uint8_t packed[64];

	reply.request_id = request_id;
	if (action == FAKE_NOISE_ANSWER)
		reply.answer = (ProtobufCBinaryData){sizeof noise, (uint8_t *)(uintptr_t)noise};
	if (action == FAKE_NOISE)
		send_frame(thread, peer, noise, sizeof noise, false);
	else
		send_frame(thread, peer, packed, mtr__reply__pack(&reply, packed), action == FAKE_PARTS);
	if (action == FAKE_PARTS)
		zmq_send(thread->router, "more", 4, 0);
}

static void send_oversized(struct fake_thread *thread, const struct peer *peer)
{
	size_t size = 2 * MTR_REPLY_MAX;
	uint8_t *bytes = calloc(1, size);

	assert_non_null(bytes);
	send_frame(thread, peer, bytes, size, false);
	free(bytes);
}

static void send_lie(struct fake_thread *thread, const struct peer *peer, uint64_t request_id)
{
	send_error(thread, peer, request_id, MTR__ERROR_CODE__ERROR_CODE_FIELD_MISSING, 0);
}

static void act(struct fake_thread *thread, const struct peer *peer, const Mtr__Request *request)
{
	struct fake_server *server = thread->server;
	enum fake_action action = FAKE_ANSWER;

	thread->turn++;
	if (server->hook)
		action = server->hook(server, request, thread->turn);
	switch (action) {
	case FAKE_IGNORE:
		break;
	case FAKE_BUSY:
		send_error(thread, peer, request->request_id, MTR__ERROR_CODE__ERROR_CODE_BUSY, 0);
		break;
	case FAKE_ERROR:
		send_error(thread, peer, request->request_id, server->code, 0);
		break;
	case FAKE_FORGET:
		thread->greeted_count = 0;
		send_error(thread, peer, request->request_id, MTR__ERROR_CODE__ERROR_CODE_HELLO_REQUIRED, 0);
		break;
	case FAKE_STALE:
		send_error(thread, peer, request->request_id + 1000000, MTR__ERROR_CODE__ERROR_CODE_OUTBOX_FORKED, 0);
		behave(thread, peer, request, FAKE_ANSWER);
		break;
	case FAKE_NOISE:
	case FAKE_NOISE_ANSWER:
	case FAKE_EMPTY_ANSWER:
	case FAKE_PARTS:
		send_noise(thread, peer, request->request_id, action);
		break;
	case FAKE_OVERSIZED:
		send_oversized(thread, peer);
		break;
	case FAKE_NAMELESS:
		send_error(thread, peer, 0, MTR__ERROR_CODE__ERROR_CODE_MALFORMED, 0);
		break;
	case FAKE_LIE:
		send_lie(thread, peer, request->request_id);
		break;
	case FAKE_ANSWER:
	case FAKE_SILENCE:
	case FAKE_TWICE:
	case FAKE_LATER:
		behave(thread, peer, request, action);
		break;
	}
}

static void take_request(struct fake_thread *thread)
{
	struct peer peer;
	zmq_msg_t body;
	int size = zmq_recv(thread->router, peer.id, sizeof peer.id, 0);

	assert_in_range(size, 1, PEER_MAX);
	peer.size = (size_t)size;
	zmq_msg_init(&body);
	assert_true(zmq_msg_recv(&body, thread->router, 0) >= 0);

	Mtr__Request *request = mtr__request__unpack(NULL, zmq_msg_size(&body), zmq_msg_data(&body));

	if (zmq_msg_more(&body) || !request)
		thread->server->violated = true;
	else
		act(thread, &peer, request);
	mtr__request__free_unpacked(request, NULL);
	zmq_msg_close(&body);
}

static void *run(void *context)
{
	struct fake_thread *thread = context;
	zmq_pollitem_t items[] = {
		{.socket = thread->stop, .events = ZMQ_POLLIN},
		{.socket = thread->router, .events = ZMQ_POLLIN},
	};

	for (;;) {
		zmq_poll(items, 2, -1);
		if (items[0].revents)
			break;
		if (items[1].revents)
			take_request(thread);
	}
	zmq_close(thread->router);
	zmq_close(thread->stop);
	return NULL;
}

/* Request: version, id, domain, address, identity, mechanism, key. Reply: version, id, code, text, user, metadata. */
static void *run_zap(void *context)
{
	struct fake_thread *thread = context;
	const char *code = thread->server->refuse_keys ? "400" : "200";
	char frames[8][256];

	for (;;) {
		int sizes[8] = {0}, count = 0, more = 1;
		size_t option_size = sizeof more;

		while (more) {
			sizes[count % 8] = zmq_recv(thread->zap_socket, frames[count % 8], sizeof frames[0], 0);
			if (sizes[count % 8] < 0)
				break;
			count++;
			zmq_getsockopt(thread->zap_socket, ZMQ_RCVMORE, &more, &option_size);
		}
		if (sizes[count % 8] < 0)
			break;
		zmq_send(thread->zap_socket, frames[0], (size_t)sizes[0], ZMQ_SNDMORE);
		zmq_send(thread->zap_socket, frames[1], (size_t)sizes[1], ZMQ_SNDMORE);
		zmq_send(thread->zap_socket, code, 3, ZMQ_SNDMORE);
		zmq_send(thread->zap_socket, "", 0, ZMQ_SNDMORE);
		zmq_send(thread->zap_socket, "", 0, ZMQ_SNDMORE);
		zmq_send(thread->zap_socket, "", 0, 0);
	}
	zmq_close(thread->zap_socket);
	return NULL;
}

static void bind_router(struct fake_thread *thread)
{
	struct fake_server *server = thread->server;
	char endpoint[64] = "tcp://127.0.0.1:*";
	size_t size = sizeof endpoint;
	int one = 1, zero = 0;

	thread->router = zmq_socket(thread->context, ZMQ_ROUTER);
	assert_non_null(thread->router);
	zmq_setsockopt(thread->router, ZMQ_LINGER, &zero, sizeof zero);
	zmq_setsockopt(thread->router, ZMQ_SNDHWM, &zero, sizeof zero);
	zmq_setsockopt(thread->router, ZMQ_RCVHWM, &zero, sizeof zero);
	zmq_setsockopt(thread->router, ZMQ_CURVE_SERVER, &one, sizeof one);
	zmq_setsockopt(thread->router, ZMQ_CURVE_SECRETKEY, server->keys.secret_key, MTR_KEY_BYTES);
	zmq_setsockopt(thread->router, ZMQ_ZAP_DOMAIN, "test", 4);
	if (server->port)
		fake_server_endpoint(server, endpoint);
	/* The port of a listener closed a moment ago is free as soon as its thread has come round to it. */
	while (zmq_bind(thread->router, endpoint) < 0)
		assert_int_equal(zmq_errno(), EADDRINUSE);
	assert_int_equal(zmq_getsockopt(thread->router, ZMQ_LAST_ENDPOINT, endpoint, &size), 0);
	assert_int_equal(sscanf(endpoint, "tcp://127.0.0.1:%d", &server->port), 1);
}

void fake_server_start(struct fake_server *server)
{
	struct fake_thread *thread = calloc(1, sizeof *thread);

	assert_non_null(thread);
	if (server->next == 0) {
		server->next = 1;
		assert_true(mtr_key_pair_make(&server->keys));
	}
	thread->server = server;
	thread->context = zmq_ctx_new();
	thread->zap_socket = zmq_socket(thread->context, ZMQ_REP);
	assert_int_equal(zmq_bind(thread->zap_socket, "inproc://zeromq.zap.01"), 0);
	thread->stop = zmq_socket(thread->context, ZMQ_PAIR);
	thread->stop_other_end = zmq_socket(thread->context, ZMQ_PAIR);
	assert_int_equal(zmq_bind(thread->stop, "inproc://stop"), 0);
	assert_int_equal(zmq_connect(thread->stop_other_end, "inproc://stop"), 0);
	bind_router(thread);
	assert_int_equal(pthread_create(&thread->zap, NULL, run_zap, thread), 0);
	assert_int_equal(pthread_create(&thread->main, NULL, run, thread), 0);
	server->thread = thread;
}

void fake_server_stop(struct fake_server *server)
{
	struct fake_thread *thread = server->thread;

	if (!thread)
		return;
	assert_int_equal(zmq_send(thread->stop_other_end, "", 0, 0), 0);
	pthread_join(thread->main, NULL);
	zmq_close(thread->stop_other_end);
	/* Ends the thread of the ZAP socket, which closes it. */
	zmq_ctx_term(thread->context);
	pthread_join(thread->zap, NULL);
	free(thread->held);
	free(thread);
	server->thread = NULL;
}

void fake_server_end(struct fake_server *server)
{
	fake_server_stop(server);
	free(server->hashes);
	server->hashes = NULL;
}

void fake_server_endpoint(const struct fake_server *server, char ret_endpoint[64])
{
	snprintf(ret_endpoint, 64, "tcp://127.0.0.1:%d", server->port);
}

void fake_server_key(const struct fake_server *server, char ret_key[MTR_KEY_TEXT])
{
	mtr_key_text(server->keys.public_key, ret_key);
}
