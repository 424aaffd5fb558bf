/* Messages as the network room takes them off the socket: any bytes, any number of frames, by keys that are somebody's
 * or nobody's, and entries carried for another desk. Each gets exactly one reply, to where it came from, with its
 * request id; and when all are answered nothing is left waiting. */
#include "contract/relay.h"
#include "input.h"
#include "keys.h"
#include "net/state.h"
#include "parcels.h"
#include "target.h"
#include "work/work.h"
#include "world.h"
#include "writer/state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

enum kind {
	MESSAGE, /* from the key of principal who % 32, on connection who / 32 */
	FRAMES,  /* the same in two frames */
	RELAY,   /* the same, carrying the Request for the desk */
	GONE,    /* the connection is no more, for the next answer */
	KINDS,
};

const ProtobufCMessageDescriptor *fuzz_shape(uint8_t kind)
{
	return kind % KINDS == GONE ? NULL : &mtr__request__descriptor;
}

static struct {
	struct fuzz_world *world;
	struct mtr_net *net;
	/* The message that is being taken: the peer's name, then its frames. */
	uint8_t peer;
	char user_id[MTR_KEY_TEXT];
	struct mtr_bytes frames[3];
	size_t at, count;
	/* What became of it. */
	bool gone;
	unsigned replies;
	uint64_t request_id; /* of the last reply */
	bool stranger;       /* it said that the key isn't let in */
} door;

int __wrap_zmq_msg_recv(zmq_msg_t *frame, void *socket, int flags);
int __wrap_zmq_msg_more(const zmq_msg_t *frame);
const char *__wrap_zmq_msg_gets(const zmq_msg_t *frame, const char *property);
int __wrap_zmq_send(void *socket, const void *bytes, size_t size, int flags);
int __wrap_zmq_msg_send(zmq_msg_t *frame, void *socket, int flags);
bool __wrap_mtr_readers_submit(struct mtr_readers *readers, struct mtr_work *work);
void __wrap_mtr_readers_tick(struct mtr_readers *readers);

int __wrap_zmq_msg_recv(zmq_msg_t *frame, void *socket, int flags)
{
	(void)socket;
	(void)flags;
	if (door.at == door.count) {
		errno = EAGAIN;
		return -1;
	}
	const struct mtr_bytes bytes = door.frames[door.at++];

	zmq_msg_close(frame);
	FUZZ_REQUIRE(zmq_msg_init_size(frame, bytes.size) == 0);
	if (bytes.size)
		memcpy(zmq_msg_data(frame), bytes.data, bytes.size);
	return (int)bytes.size;
}

int __wrap_zmq_msg_more(const zmq_msg_t *frame)
{
	(void)frame;
	return door.at < door.count;
}

const char *__wrap_zmq_msg_gets(const zmq_msg_t *frame, const char *property)
{
	(void)frame;
	(void)property;
	return door.user_id;
}

int __wrap_zmq_send(void *socket, const void *bytes, size_t size, int flags)
{
	(void)socket;
	(void)flags;
	FUZZ_REQUIRE(size == 1 && *(const uint8_t *)bytes == door.peer);
	if (!door.gone)
		return (int)size;
	door.replies++;
	errno = EHOSTUNREACH;
	return -1;
}

int __wrap_zmq_msg_send(zmq_msg_t *frame, void *socket, int flags)
{
	int size = (int)zmq_msg_size(frame);
	Mtr__Reply *reply = mtr__reply__unpack(NULL, (size_t)size, zmq_msg_data(frame));

	(void)socket;
	(void)flags;
	FUZZ_REQUIRE(reply && size <= (int)MTR_REPLY_MAX + 1024);
	Mtr__Answer *answer = mtr__answer__unpack(NULL, reply->answer.len, reply->answer.data);

	FUZZ_REQUIRE(answer && answer->body_case != MTR__ANSWER__BODY__NOT_SET);
	door.replies++;
	door.request_id = reply->request_id;
	door.stranger = answer->body_case == MTR__ANSWER__BODY_ERROR &&
			(answer->error->code == MTR__ERROR_CODE__ERROR_CODE_NOT_REGISTERED ||
			 answer->error->code == MTR__ERROR_CODE__ERROR_CODE_REVOKED);
	mtr__answer__free_unpacked(answer, NULL);
	mtr__reply__free_unpacked(reply, NULL);
	zmq_msg_close(frame);
	return size;
}

bool __wrap_mtr_readers_submit(struct mtr_readers *readers, struct mtr_work *work)
{
	struct mtr_bytes query = {work->body, work->body_size}, answer;

	(void)readers;
	answer = fuzz_world_query(door.world, work->principal_id, query);
	FUZZ_REQUIRE(mtr_work_answer(work, answer.data, answer.size));
	free((void *)(uintptr_t)answer.data);
	mtr_net_reply(door.net, work);
	return true;
}

void __wrap_mtr_readers_tick(struct mtr_readers *readers)
{
	(void)readers;
}

/* The writer does what has come to it, and the room passes the answers on. */
static void settle(void)
{
	struct mtr_work *work = mtr_queue_take(door.world->writer->queue, MTR_WRITER_TURN, 0);

	if (work) {
		FUZZ_REQUIRE(!work->next);
		mtr_net_reply(door.net, fuzz_world_ask(door.world, work));
	}
	fuzz_world_commit(door.world);
	mtr_net_turn(door.net, false);
}

static void take(uint8_t who, const struct mtr_bytes *frames, size_t count)
{
	uint8_t key[MTR_KEY_BYTES];

	door.peer = who / 32;
	generator_key(who % 32, key);
	mtr_key_text(key, door.user_id);
	door.frames[0] = (struct mtr_bytes){&door.peer, 1};
	memcpy(&door.frames[1], frames, count * sizeof *frames);
	door.at = 0;
	door.count = 1 + count;
	door.replies = 0;
	mtr_net_turn(door.net, true);
	settle();
	FUZZ_REQUIRE(door.replies == 1 && door.at == door.count);
	door.gone = false;
}

static void message(uint8_t who, struct mtr_bytes body)
{
	Mtr__Request *request = mtr__request__unpack(NULL, body.size, body.data);
	const bool gone = door.gone;

	take(who, &body, 1);
	/* Whose request can be read is told which one is answered. */
	FUZZ_REQUIRE(!request || !body.size || gone || door.stranger || door.request_id == request->request_id);
	if (request)
		mtr__request__free_unpacked(request, NULL);
}

/* In a box, as the desk would have sealed it. */
static void relay(uint8_t who, struct mtr_bytes body)
{
	Mtr__Request request = MTR__REQUEST__INIT;
	Mtr__Relay carried = MTR__RELAY__INIT;
	uint8_t nonce[MTR_RELAY_NONCE_BYTES], *box = malloc(body.size + MTR_RELAY_MAC_BYTES);

	FUZZ_REQUIRE(box);
	FUZZ_REQUIRE(mtr_relay_seal(MTR_RELAY_TO_SERVER, fuzz_desk_keys(), fuzz_server_keys()->public_key, body, nonce,
				    box));
	carried.sender = (ProtobufCBinaryData){MTR_KEY_BYTES, (uint8_t *)(uintptr_t)fuzz_desk_keys()->public_key};
	carried.nonce = (ProtobufCBinaryData){sizeof nonce, nonce};
	carried.box = (ProtobufCBinaryData){body.size + MTR_RELAY_MAC_BYTES, box};
	request.request_id = 77;
	request.body_case = MTR__REQUEST__BODY_RELAY;
	request.relay = &carried;

	size_t size = mtr__request__get_packed_size(&request);
	uint8_t *packed = malloc(size);

	FUZZ_REQUIRE(packed);
	const struct mtr_bytes frame = {packed, mtr__request__pack(&request, packed)};

	take(who, &frame, 1);
	free(packed);
	free(box);
}

static void take_parcel(const struct fuzz_parcel *parcel)
{
	const struct mtr_bytes two[] = {parcel->body, parcel->body};

	switch (parcel->kind % KINDS) {
	case MESSAGE:
		message(parcel->who, parcel->body);
		break;
	case FRAMES:
		take(parcel->who, two, 2);
		break;
	case RELAY:
		relay(parcel->who, parcel->body);
		break;
	default:
		door.gone = true;
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_parcel parcels[FUZZ_PARCELS_MAX];
	size_t count = fuzz_parcels_read(data, size, parcels);
	struct mtr_net_options options = {.keys = fuzz_server_keys(),
					  .software = "fuzz",
					  .incarnation = FUZZ_INCARNATION,
					  .limits = {.sessions = 3, .queue = 8, .in_flight = 4}};

	door.world = fuzz_world_open();
	(void)fuzz_world_admit(door.world, fuzz_desk_keys()->public_key);
	options.store = door.world->store;
	door.net = mtr_net_new(&options);
	FUZZ_REQUIRE(door.net && mtr_principals_load(door.net->principals, door.world->store) == MTR_STORE_OK);
	door.net->writer = door.world->writer;
	door.gone = false;
	for (size_t i = 0; i < count; i++)
		take_parcel(&parcels[i]);
	FUZZ_REQUIRE(door.net->waiting == 0 && !door.net->hellos);
	mtr_net_close(&door.net);
	fuzz_world_close(door.world);
	return 0;
}
