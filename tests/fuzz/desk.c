#include "desk.h"

#include "client.h"
#include "contract/relay.h"
#include "input.h"
#include "keys.h"
#include "matricula/v1/commands.pb-c.h"
#include "scratch.h"
#include "support/wrapped_link.h"
#include "target.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define REQUESTS_MAX 1024u
#define START_MS UINT64_C(1740800000000)
/* What a wait without a time of its own would be; none should be. */
#define LONG_MS INT64_C(100000000)

static struct {
	struct fuzz_desk_link *link;
	struct {
		uint8_t *bytes;
		size_t size;
	} requests[REQUESTS_MAX]; /* not answered yet, oldest first */
	size_t first, count;
	uint64_t now_ms;
	bool lost;
	uint8_t *frame; /* given out last */
} wire;

int __wrap_clock_gettime(clockid_t clock, struct timespec *ret_now);
void __wrap_mtr_link_stop_at(struct mtr_link *link, int stop);

const ProtobufCMessageDescriptor *fuzz_link_shape(enum fuzz_link_kind kind)
{
	switch (kind) {
	case FUZZ_LINK_ANSWER:
		return &mtr__answer__descriptor;
	case FUZZ_LINK_REPLY:
		return &mtr__reply__descriptor;
	case FUZZ_LINK_ELSEWHERE:
		return &mtr__command__descriptor;
	case FUZZ_LINK_HONEST:
	case FUZZ_LINK_BENT:
	case FUZZ_LINK_FRAME:
	case FUZZ_LINK_GARBLED:
	case FUZZ_LINK_LOST:
	case FUZZ_LINK_QUIET:
	case FUZZ_LINK_KINDS:
		break;
	}
	return NULL;
}

static void forget_requests(void)
{
	while (wire.count) {
		free(wire.requests[wire.first % REQUESTS_MAX].bytes);
		wire.first++;
		wire.count--;
	}
}

void fuzz_desk_begin(struct fuzz_desk_link *link)
{
	forget_requests();
	wire.link = link;
	wire.now_ms = START_MS;
	wire.lost = false;
}

struct mtr_client *fuzz_desk_reopen(const char *name)
{
	char directory[FUZZ_PATH_MAX], key_file[FUZZ_PATH_MAX], server_key[MTR_KEY_TEXT];
	struct mtr_client_options options = {.endpoint = "tcp://127.0.0.1:1"};
	struct mtr_client *client;
	int error;

	fuzz_path(name, directory);
	fuzz_path("desk.key", key_file);
	mtr_key_text(fuzz_server_keys()->public_key, server_key);
	(void)mtr_key_file_write(key_file, fuzz_desk_keys(), "of a desk");
	options.server_key = server_key;
	options.key_file = key_file;
	options.state_directory = directory;
	error = mtr_client_open(&client, &options);
	if (error)
		fprintf(stderr, "no desk: %s\n", mtr_client_error_name(error));
	FUZZ_REQUIRE(!error);
	return client;
}

struct mtr_client *fuzz_desk_open(const char *name)
{
	char directory[FUZZ_PATH_MAX];

	fuzz_path(name, directory);
	fuzz_make_directory(directory);
	return fuzz_desk_reopen(name);
}

int __wrap_mtr_link_open(struct mtr_link **ret_link, const char *endpoint, const uint8_t server_key[MTR_KEY_BYTES],
			 const struct mtr_key_pair *keys)
{
	(void)endpoint;
	(void)server_key;
	(void)keys;
	forget_requests();
	wire.lost = false;
	*ret_link = (struct mtr_link *)(void *)&wire;
	return 0;
}

void __wrap_mtr_link_close(struct mtr_link **link)
{
	if (!link || !*link)
		return;
	forget_requests();
	free(wire.frame);
	wire.frame = NULL;
	*link = NULL;
}

int __wrap_mtr_link_connect(struct mtr_link *link, struct mtr_moment deadline)
{
	(void)link;
	(void)deadline;
	wire.now_ms++;
	return wire.lost ? MTR_CLIENT_NO_LINK : 0;
}

bool __wrap_mtr_link_lost(const struct mtr_link *link)
{
	(void)link;
	return wire.lost;
}

bool __wrap_mtr_link_send(struct mtr_link *link, struct mtr_bytes frame)
{
	size_t at = (wire.first + wire.count) % REQUESTS_MAX;

	(void)link;
	FUZZ_REQUIRE(frame.size <= MTR_REQUEST_MAX);
	if (wire.lost || wire.count == REQUESTS_MAX)
		return false;
	wire.requests[at].bytes = malloc(frame.size + 1);
	FUZZ_REQUIRE(wire.requests[at].bytes);
	memcpy(wire.requests[at].bytes, frame.data, frame.size);
	wire.requests[at].size = frame.size;
	wire.count++;
	return true;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *ret_now)
{
	(void)clock;
	*ret_now = (struct timespec){.tv_sec = (time_t)(wire.now_ms / 1000),
				     .tv_nsec = (long)(wire.now_ms % 1000) * 1000000};
	return 0;
}

int __wrap_nanosleep(const struct timespec *time, struct timespec *ret_left)
{
	(void)ret_left;
	wire.now_ms += (uint64_t)time->tv_sec * 1000 + (uint64_t)time->tv_nsec / 1000000 + 1;
	return 0;
}

/* Nobody stops a desk. */
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	for (nfds_t i = 0; i < count; i++)
		fds[i].revents = 0;
	wire.now_ms += timeout_ms > 0 ? (uint64_t)timeout_ms : 1;
	return 0;
}

void __wrap_mtr_link_stop_at(struct mtr_link *link, int stop)
{
	(void)link;
	(void)stop;
}

static struct mtr_bytes pack(const ProtobufCMessage *message)
{
	size_t size = protobuf_c_message_get_packed_size(message);
	uint8_t *bytes = malloc(size + 1);

	FUZZ_REQUIRE(bytes);
	return (struct mtr_bytes){bytes, protobuf_c_message_pack(message, bytes)};
}

static struct mtr_bytes answer_hello(const Mtr__Hello *hello)
{
	struct fuzz_world *world = wire.link->world;
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__HelloReply reply = MTR__HELLO_REPLY__INIT;
	struct fuzz_outbox outbox = {0};
	struct mtr_store_state state;
	struct mtr_bytes packed;
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, world->store);
	mtr_txn_state(&txn, &state);
	reply.protocol = MTR_PROTOCOL_MAXIMUM;
	reply.head_revision = answer.revision = state.revision;
	reply.now = world->now;
	reply.principal = (Mtr__Principal *)(uintptr_t)fuzz_world_principal(world, &txn, wire.link->principal);
	reply.incarnation = FUZZ_INCARNATION;
	reply.maximum_message = MTR_REQUEST_MAX;
	reply.maximum_in_flight = 8;
	if (hello->outbox.len == MTR_OUTBOX_BYTES)
		outbox = fuzz_world_outbox(&txn, hello->outbox.data);
	reply.outbox_next_sequence = outbox.last + 1;
	reply.outbox_hash = (ProtobufCBinaryData){outbox.last ? MTR_HASH_BYTES : 0, outbox.hash};
	answer.body_case = MTR__ANSWER__BODY_HELLO;
	answer.hello = &reply;
	packed = pack(&answer.base);
	mtr_txn_abort(&txn);
	return packed;
}

/* The network room refuses other lengths. */
static bool is_sequenced(const Mtr__Sequencing *sequencing)
{
	return sequencing && sequencing->outbox.len == MTR_OUTBOX_BYTES && sequencing->sequence &&
	       sequencing->previous_hash.len == MTR_HASH_BYTES;
}

static struct mtr_bytes answer_command(const Mtr__Request *request)
{
	struct fuzz_world *world = wire.link->world;
	struct mtr_work *work = fuzz_world_entry(world, wire.link->principal,
						 (struct mtr_bytes){request->command.data, request->command.len});
	const Mtr__Sequencing *sequencing = request->sequencing;

	work->dry_run = request->dry_run;
	work->sequenced = !request->dry_run;
	if (is_sequenced(sequencing)) {
		memcpy(work->outbox, sequencing->outbox.data, MTR_OUTBOX_BYTES);
		memcpy(work->previous_hash, sequencing->previous_hash.data, MTR_HASH_BYTES);
		work->sequence = sequencing->sequence;
		work->first_unacknowledged = sequencing->first_unacknowledged;
	}
	work = fuzz_world_ask(world, work);
	const struct mtr_bytes answer = fuzz_world_answer(work);

	mtr_work_free(&work);
	fuzz_world_commit(world);
	return answer;
}

/* Of an entry in a box: opened, done and answered in a box, as the network room does. */
static struct mtr_bytes answer_relay(const Mtr__Relay *relay)
{
	const struct mtr_bytes nonce = {relay->nonce.data, relay->nonce.len}, box = {relay->box.data, relay->box.len};
	uint8_t *plain = malloc(box.size + 1), back[MTR_RELAY_NONCE_BYTES];
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__Relayed relayed = MTR__RELAYED__INIT;
	Mtr__Reply reply = MTR__REPLY__INIT;
	Mtr__Request *inner = NULL;

	FUZZ_REQUIRE(plain && relay->sender.len == MTR_KEY_BYTES);
	if (mtr_relay_open(MTR_RELAY_TO_SERVER, fuzz_server_keys(), relay->sender.data, nonce, box, plain))
		inner = mtr__request__unpack(NULL, box.size - MTR_RELAY_MAC_BYTES, plain);
	free(plain);
	if (!inner || inner->body_case != MTR__REQUEST__BODY_COMMAND || !is_sequenced(inner->sequencing)) {
		if (inner)
			mtr__request__free_unpacked(inner, NULL);
		return pack(&answer.base);
	}
	struct mtr_bytes told = answer_command(inner), packed;

	reply.request_id = inner->request_id;
	reply.answer = (ProtobufCBinaryData){told.size, (uint8_t *)(uintptr_t)told.data};
	packed = pack(&reply.base);
	uint8_t *sealed = malloc(packed.size + MTR_RELAY_MAC_BYTES);

	FUZZ_REQUIRE(sealed &&
		     mtr_relay_seal(MTR_RELAY_TO_DESK, fuzz_server_keys(), relay->sender.data, packed, back, sealed));
	relayed.nonce = (ProtobufCBinaryData){sizeof back, back};
	relayed.box = (ProtobufCBinaryData){packed.size + MTR_RELAY_MAC_BYTES, sealed};
	answer.body_case = MTR__ANSWER__BODY_RELAYED;
	answer.relayed = &relayed;
	free((void *)(uintptr_t)packed.data);
	free((void *)(uintptr_t)told.data);
	packed = pack(&answer.base);
	free(sealed);
	mtr__request__free_unpacked(inner, NULL);
	return packed;
}

/* The register's answer to what a desk of ours sends, which is never malformed; malloced. */
static struct mtr_bytes honest_answer(const Mtr__Request *request)
{
	Mtr__Answer none = MTR__ANSWER__INIT;

	switch (request->body_case) {
	case MTR__REQUEST__BODY_HELLO:
		return answer_hello(request->hello);
	case MTR__REQUEST__BODY_COMMAND:
		return answer_command(request);
	case MTR__REQUEST__BODY_QUERY: {
		struct mtr_bytes query = pack(&request->query->base);
		struct mtr_bytes answer = fuzz_world_query(wire.link->world, wire.link->principal, query);

		free((void *)(uintptr_t)query.data);
		return answer;
	}
	case MTR__REQUEST__BODY_RELAY:
		return answer_relay(request->relay);
	case MTR__REQUEST__BODY__NOT_SET:
	case _MTR__REQUEST__BODY__CASE_IS_INT_SIZE:
		break;
	}
	return pack(&none.base);
}

static void bend(struct mtr_bytes answer, struct fuzz_input input)
{
	while (fuzz_left(&input) && answer.size) {
		uint16_t offset = fuzz_u16(&input);

		((uint8_t *)(uintptr_t)answer.data)[offset % answer.size] ^= fuzz_u8(&input);
	}
}

static Mtr__Request *oldest_request(void)
{
	const size_t at = wire.first % REQUESTS_MAX;

	return wire.count ? mtr__request__unpack(NULL, wire.requests[at].size, wire.requests[at].bytes) : NULL;
}

static void request_done(void)
{
	free(wire.requests[wire.first % REQUESTS_MAX].bytes);
	wire.first++;
	wire.count--;
}

static enum mtr_link_event deliver(struct mtr_bytes frame, struct mtr_bytes *ret_frame)
{
	free(wire.frame);
	wire.frame = (uint8_t *)(uintptr_t)frame.data;
	*ret_frame = frame;
	return MTR_LINK_FRAME;
}

/* A reply to the oldest request; takes the answer over. */
static enum mtr_link_event reply(const Mtr__Request *request, struct mtr_bytes answer, struct mtr_bytes *ret_frame)
{
	Mtr__Reply message = MTR__REPLY__INIT;
	uint8_t receipt[MTR_HASH_BYTES] = {1};
	struct mtr_bytes frame;

	message.request_id = request->request_id;
	message.answer = (ProtobufCBinaryData){answer.size, (uint8_t *)(uintptr_t)answer.data};
	if (request->sequencing)
		message.receipt = (ProtobufCBinaryData){sizeof receipt, receipt};
	frame = pack(&message.base);
	free((void *)(uintptr_t)answer.data);
	request_done();
	return deliver(frame, ret_frame);
}

static struct mtr_bytes copy_of(struct mtr_bytes bytes)
{
	uint8_t *copy = malloc(bytes.size + 1);

	FUZZ_REQUIRE(copy);
	if (bytes.size)
		memcpy(copy, bytes.data, bytes.size);
	return (struct mtr_bytes){copy, bytes.size};
}

static enum mtr_link_event forge(const struct fuzz_parcel *parcel, const Mtr__Request *request,
				 struct mtr_bytes *ret_frame)
{
	Mtr__Reply *message = mtr__reply__unpack(NULL, parcel->body.size, parcel->body.data);
	struct mtr_bytes frame;

	if (!message)
		return deliver(copy_of(parcel->body), ret_frame);
	if (parcel->who % 2 && request)
		message->request_id = request->request_id;
	frame = pack(&message->base);
	mtr__reply__free_unpacked(message, NULL);
	return deliver(frame, ret_frame);
}

static void happen_elsewhere(const struct fuzz_parcel *parcel)
{
	struct fuzz_world *world = wire.link->world;
	struct mtr_work *work = fuzz_world_entry(world, 1 + parcel->who % world->principals, parcel->body);
	Mtr__Answer *answer;

	work = fuzz_world_ask(world, work);
	answer = mtr__answer__unpack(NULL, work->answer_size, work->answer);
	FUZZ_REQUIRE(answer);
	if (answer->revision)
		fuzz_world_consumed(world, work);
	mtr__answer__free_unpacked(answer, NULL);
	mtr_work_free(&work);
	fuzz_world_commit(world);
}

static enum mtr_link_event wait_long(struct mtr_moment until)
{
	int64_t now = (int64_t)wire.now_ms;

	FUZZ_REQUIRE(until.ms - now < LONG_MS);
	wire.now_ms = until.ms > now ? (uint64_t)until.ms : wire.now_ms + 1;
	return MTR_LINK_QUIET;
}

static enum mtr_link_event lose(void)
{
	wire.lost = true;
	return MTR_LINK_LOST;
}

/* What the parcel at hand says; a parcel of the target's own is the end of what comes. */
static enum mtr_link_event take_parcel(struct mtr_moment until, const Mtr__Request *request,
				       struct mtr_bytes *ret_frame)
{
	struct fuzz_desk_link *link = wire.link;
	const struct fuzz_parcel *parcel = &link->parcels[link->at];

	if (link->at == link->count || parcel->kind % link->kinds >= FUZZ_LINK_KINDS)
		return wait_long(until);
	link->at++;
	switch ((enum fuzz_link_kind)(parcel->kind % link->kinds)) {
	case FUZZ_LINK_HONEST:
		return request ? reply(request, honest_answer(request), ret_frame) : wait_long(until);
	case FUZZ_LINK_BENT:
		if (!request)
			return wait_long(until);
		struct mtr_bytes answer = honest_answer(request);

		bend(answer, fuzz_input_of(parcel->body));
		return reply(request, answer, ret_frame);
	case FUZZ_LINK_ANSWER:
		return request ? reply(request, copy_of(parcel->body), ret_frame) : wait_long(until);
	case FUZZ_LINK_REPLY:
		return forge(parcel, request, ret_frame);
	case FUZZ_LINK_FRAME:
		return deliver(copy_of(parcel->body), ret_frame);
	case FUZZ_LINK_GARBLED:
		return MTR_LINK_GARBLED;
	case FUZZ_LINK_LOST:
		return lose();
	case FUZZ_LINK_ELSEWHERE:
		happen_elsewhere(parcel);
		return wait_long(mtr_moment_after((struct mtr_moment){(int64_t)wire.now_ms}, 1));
	case FUZZ_LINK_QUIET:
	case FUZZ_LINK_KINDS:
		break;
	}
	return wait_long(until);
}

enum mtr_link_event __wrap_mtr_link_wait(struct mtr_link *link, struct mtr_moment until, struct mtr_bytes *ret_frame)
{
	Mtr__Request *request = oldest_request();
	enum mtr_link_event event;

	(void)link;
	wire.now_ms++;
	if (wire.lost)
		event = MTR_LINK_LOST;
	else if (request && request->body_case == MTR__REQUEST__BODY_HELLO && wire.link->honest_hello)
		event = reply(request, answer_hello(request->hello), ret_frame);
	else
		event = take_parcel(until, request, ret_frame);
	if (request)
		mtr__request__free_unpacked(request, NULL);
	return event;
}
