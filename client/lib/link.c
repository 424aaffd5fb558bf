#include "link.h"

#include "contract/limits.h"
#include "matricula/matricula.h"
#include "probe.h"
#include "process.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define HEARTBEAT_MS 5000          /* a dead link is noticed after HEARTBEAT_TIMEOUT_MS without any sign */
#define HEARTBEAT_TIMEOUT_MS 15000 /* more than a crawling link needs for one full reply */
#define CONNECT_TIMEOUT_MS 10000   /* for TCP; the system's own is minutes */
#define HANDSHAKE_MS 30000
#define RECONNECT_MS 100
#define RECONNECT_MAX_MS 1000
#define QUEUE ((int)(2 * MTR_IN_FLIGHT_MAX)) /* messages each way: what is in flight, and what was sent again */
/* Around a packed Answer in its Reply. */
#define REPLY_OVERHEAD 64u
/* After a handshake that broke the door is looked at. So often in a row, and never otherwise: the peer can't read what
 * we encrypt for it. */
#define SHUT_DOORS 3u
#define PROBE_MS 2000u

#define AUTHENTICATION_REFUSED 400 /* a ZAP status */

struct mtr_link {
	void *socket, *monitor;
	bool connected, lost;
	bool detailed; /* the failure of the present handshake has been told; its disconnection follows */
	bool broken;   /* a handshake broke, and the door hasn't been looked at since */
	unsigned shut; /* how often in a row it was found shut */
	int refusal;   /* KEY_REFUSED or SERVER_KEY once it is clear that there will be no connection */
	int stop;      /* ends every wait; -1: nothing does */
	char *endpoint;
	uint8_t server_key[MTR_KEY_BYTES];
	zmq_msg_t frame;
};

static bool set_number(void *socket, int option, int value)
{
	return zmq_setsockopt(socket, option, &value, sizeof value) == 0;
}

static bool set_numbers(void *socket)
{
	const struct {
		int option, value;
	} numbers[] = {
		{ZMQ_LINGER, 0},
		{ZMQ_IMMEDIATE, 1}, /* the outbox is the only queue */
		{ZMQ_IPV6, 1},
		{ZMQ_SNDHWM, QUEUE},
		{ZMQ_RCVHWM, QUEUE},
		{ZMQ_CONNECT_TIMEOUT, CONNECT_TIMEOUT_MS},
		{ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS},
		{ZMQ_RECONNECT_IVL, RECONNECT_MS},
		{ZMQ_RECONNECT_IVL_MAX, RECONNECT_MAX_MS},
		{ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS},
		{ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS},
		{ZMQ_HEARTBEAT_TTL, HEARTBEAT_TIMEOUT_MS},
	};
	int64_t largest = MTR_REPLY_MAX + REPLY_OVERHEAD;

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (!set_number(socket, numbers[i].option, numbers[i].value))
			return false;
	return zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &largest, sizeof largest) == 0;
}

static bool set_keys(void *socket, const uint8_t *server_key, const struct mtr_key_pair *keys)
{
	return zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, server_key, MTR_KEY_BYTES) == 0 &&
	       zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, keys->public_key, MTR_KEY_BYTES) == 0 &&
	       zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys->secret_key, MTR_KEY_BYTES) == 0;
}

static bool open_monitor(struct mtr_link *link, void *context)
{
	char address[64];
	const int events = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
			   ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
			   ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED;

	snprintf(address, sizeof address, "inproc://matricula.link.%p", (void *)link);
	if (zmq_socket_monitor(link->socket, address, events) < 0)
		return false;
	link->monitor = zmq_socket(context, ZMQ_PAIR);
	return link->monitor && set_number(link->monitor, ZMQ_LINGER, 0) && zmq_connect(link->monitor, address) == 0;
}

static int open_sockets(struct mtr_link *link, void *context, const char *endpoint, const uint8_t *server_key,
			const struct mtr_key_pair *keys)
{
	link->socket = zmq_socket(context, ZMQ_DEALER);
	if (!link->socket || !set_numbers(link->socket) || !set_keys(link->socket, server_key, keys) ||
	    !open_monitor(link, context))
		return MTR_CLIENT_MEMORY;
	return zmq_connect(link->socket, endpoint) == 0 ? 0 : MTR_CLIENT_USAGE;
}

int mtr_link_open(struct mtr_link **ret_link, const char *endpoint, const uint8_t server_key[MTR_KEY_BYTES],
		  const struct mtr_key_pair *keys)
{
	struct mtr_link *link = malloc(sizeof *link);
	void *context;
	int error;

	if (!link)
		return MTR_CLIENT_MEMORY;
	context = mtr_process_context();
	if (!context) {
		free(link);
		return MTR_CLIENT_MEMORY;
	}
	*link = (struct mtr_link){.stop = -1, .endpoint = strdup(endpoint)};
	memcpy(link->server_key, server_key, MTR_KEY_BYTES);
	zmq_msg_init(&link->frame);
	error = !link->endpoint ? MTR_CLIENT_MEMORY : open_sockets(link, context, endpoint, server_key, keys);
	if (error) {
		mtr_link_close(&link);
		return error;
	}
	*ret_link = link;
	return 0;
}

void mtr_link_close(struct mtr_link **link)
{
	if (!link || !*link)
		return;
	/* First no more events: libzmq's thread waits for ever to tell one that nobody can take any more. */
	if ((*link)->socket)
		zmq_socket_monitor((*link)->socket, NULL, 0);
	if ((*link)->monitor)
		zmq_close((*link)->monitor);
	if ((*link)->socket)
		zmq_close((*link)->socket);
	zmq_msg_close(&(*link)->frame);
	free((*link)->endpoint);
	free(*link);
	*link = NULL;
	mtr_process_context_release();
}

void mtr_link_stop_at(struct mtr_link *link, int stop)
{
	link->stop = stop;
}

bool mtr_link_lost(const struct mtr_link *link)
{
	return link->lost;
}

static void refuse(struct mtr_link *link, int error)
{
	if (!link->refusal)
		link->refusal = error;
}

static void take_disconnection(struct mtr_link *link)
{
	/* Nothing was told when what came wasn't ZeroMQ's protocol at all. */
	if (!link->connected && !link->detailed)
		refuse(link, MTR_CLIENT_SERVER_KEY);
	link->lost = link->connected;
	link->detailed = false;
}

static void take_event(struct mtr_link *link, unsigned event, uint32_t value)
{
	switch (event) {
	case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
		link->connected = true;
		break;
	case ZMQ_EVENT_DISCONNECTED:
		take_disconnection(link);
		break;
	case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
		link->detailed = true;
		if (value == AUTHENTICATION_REFUSED)
			refuse(link, MTR_CLIENT_KEY_REFUSED);
		break;
	case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
		refuse(link, MTR_CLIENT_SERVER_KEY);
		break;
	case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
		link->detailed = link->broken = true;
		break;
	case ZMQ_EVENT_CLOSED: /* TCP itself failed: nobody listens */
		link->shut = 0;
		break;
	default:
		break;
	}
}

/* An event is two frames: number and value in the machine's order, then the endpoint. False when there is none. */
static bool next_event(struct mtr_link *link)
{
	zmq_msg_t message;
	uint16_t event = 0;
	uint32_t value = 0;
	bool more = true;

	for (int part = 0; more; part++) {
		zmq_msg_init(&message);
		if (zmq_msg_recv(&message, link->monitor, ZMQ_DONTWAIT) < 0) {
			zmq_msg_close(&message);
			return false;
		}
		if (part == 0 && zmq_msg_size(&message) == sizeof event + sizeof value) {
			memcpy(&event, zmq_msg_data(&message), sizeof event);
			memcpy(&value, (const char *)zmq_msg_data(&message) + sizeof event, sizeof value);
		}
		more = zmq_msg_more(&message) != 0;
		zmq_msg_close(&message);
	}
	take_event(link, event, value);
	return true;
}

static void take_events(struct mtr_link *link)
{
	while (next_event(link))
		;
}

/* Waits for a message or an event of the monitor; an interruption by a signal counts as one. False when it shall stop.
 */
static bool sleep_until(struct mtr_link *link, struct mtr_moment until)
{
	zmq_pollitem_t items[] = {
		{.socket = link->monitor, .events = ZMQ_POLLIN},
		{.socket = link->socket, .events = ZMQ_POLLIN},
		{.fd = link->stop, .events = ZMQ_POLLIN},
	};

	zmq_poll(items, link->stop < 0 ? 2 : 3, mtr_moment_left(until));
	take_events(link);
	return !items[2].revents;
}

/* What ZeroMQ tells of a broken handshake is the same for a wrong key and for a link that was cut. */
static void look_at_door(struct mtr_link *link, struct mtr_moment deadline)
{
	const struct mtr_moment until = mtr_moment_earlier(deadline, mtr_moment_after(mtr_moment_now(), PROBE_MS));

	link->broken = false;
	if (mtr_probe_door(link->endpoint, link->server_key, until, link->stop) == MTR_PROBE_SHUT)
		link->shut++;
	else
		link->shut = 0;
}

int mtr_link_connect(struct mtr_link *link, struct mtr_moment deadline)
{
	take_events(link);
	while (!link->connected && !link->refusal && !mtr_moment_past(deadline)) {
		if (!sleep_until(link, deadline))
			return MTR_CLIENT_INTERRUPTED;
		if (link->broken && !link->connected)
			look_at_door(link, deadline);
	}
	if (link->connected && !link->lost)
		return 0;
	if (link->shut >= SHUT_DOORS)
		refuse(link, MTR_CLIENT_SERVER_KEY);
	return link->refusal ? link->refusal : MTR_CLIENT_NO_LINK;
}

bool mtr_link_send(struct mtr_link *link, struct mtr_bytes frame)
{
	return zmq_send(link->socket, frame.data, frame.size, ZMQ_DONTWAIT) >= 0;
}

/* False when nothing is there. */
static bool receive(struct mtr_link *link, enum mtr_link_event *ret_event)
{
	zmq_msg_t rest;
	bool more;

	if (zmq_msg_recv(&link->frame, link->socket, ZMQ_DONTWAIT) < 0)
		return false;
	more = zmq_msg_more(&link->frame) != 0;
	*ret_event = more ? MTR_LINK_GARBLED : MTR_LINK_FRAME;
	while (more) {
		zmq_msg_init(&rest);
		more = zmq_msg_recv(&rest, link->socket, ZMQ_DONTWAIT) >= 0 && zmq_msg_more(&rest) != 0;
		zmq_msg_close(&rest);
	}
	return true;
}

enum mtr_link_event mtr_link_wait(struct mtr_link *link, struct mtr_moment until, struct mtr_bytes *ret_frame)
{
	enum mtr_link_event event;

	take_events(link);
	for (;;) {
		if (receive(link, &event)) {
			*ret_frame = (struct mtr_bytes){zmq_msg_data(&link->frame), zmq_msg_size(&link->frame)};
			return event;
		}
		if (link->lost)
			return MTR_LINK_LOST;
		if (mtr_moment_past(until))
			return MTR_LINK_QUIET;
		if (!sleep_until(link, until))
			return MTR_LINK_STOPPED;
	}
}
