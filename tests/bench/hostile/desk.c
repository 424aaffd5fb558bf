/* Desks with a registered key. */
#include "hostile/hostile.h"

#include "common/fail.h"
#include "common/world.h"
#include "matricula/v1/wire.pb-c.h"

#include <errno.h>
#include <string.h>
#include <zmq.h>

#define FRAMES 1000
#define REQUEST_BYTES 128u
#define CONNECTIONS_MAX 4096u
/* The last desk: no load uses it. */
#define KEY (WORLD_KEY_FIRST_DESK + WORLD_DESKS - 1)

struct desk {
	void *socket;
	uint64_t request_id;
};

static void set(void *socket, int option, const void *value, size_t size)
{
	if (zmq_setsockopt(socket, option, value, size) != 0)
		bench_fail("socket", zmq_strerror(errno));
}

static void *open_context(void)
{
	void *context = zmq_ctx_new();

	if (!context || zmq_ctx_set(context, ZMQ_MAX_SOCKETS, CONNECTIONS_MAX + 16) != 0)
		bench_fail("context", zmq_strerror(errno));
	return context;
}

static void open_desk(struct desk *desk, void *context, const struct target *target)
{
	struct mtr_key_pair pair;
	const int zero = 0, one = 1, wait_ms = 100;

	world_key_pair(KEY, &pair);
	*desk = (struct desk){.socket = zmq_socket(context, ZMQ_DEALER)};
	if (!desk->socket)
		bench_fail("socket", zmq_strerror(errno));
	set(desk->socket, ZMQ_LINGER, &zero, sizeof zero);
	set(desk->socket, ZMQ_IMMEDIATE, &one, sizeof one);
	set(desk->socket, ZMQ_RCVHWM, &one, sizeof one);
	set(desk->socket, ZMQ_SNDTIMEO, &wait_ms, sizeof wait_ms);
	set(desk->socket, ZMQ_RCVTIMEO, &wait_ms, sizeof wait_ms);
	set(desk->socket, ZMQ_CURVE_SERVERKEY, target->server_key, MTR_KEY_BYTES);
	set(desk->socket, ZMQ_CURVE_PUBLICKEY, pair.public_key, MTR_KEY_BYTES);
	set(desk->socket, ZMQ_CURVE_SECRETKEY, pair.secret_key, MTR_KEY_BYTES);
	if (zmq_connect(desk->socket, target->endpoint) != 0)
		bench_fail(target->endpoint, zmq_strerror(errno));
}

static void send_request(struct desk *desk, Mtr__Request *request)
{
	uint8_t bytes[REQUEST_BYTES];

	request->request_id = ++desk->request_id;
	if (mtr__request__get_packed_size(request) > sizeof bytes)
		bench_fail("request", "too large");
	(void)zmq_send(desk->socket, bytes, mtr__request__pack(request, bytes), 0);
}

static void send_hello(struct desk *desk)
{
	Mtr__Hello hello = MTR__HELLO__INIT;
	Mtr__Request request = MTR__REQUEST__INIT;

	hello.protocol_minimum = MTR_PROTOCOL_MINIMUM;
	hello.protocol_maximum = MTR_PROTOCOL_MAXIMUM;
	request.body_case = MTR__REQUEST__BODY_HELLO;
	request.hello = &hello;
	send_request(desk, &request);
}

static void say_hello(struct desk *desk)
{
	char reply;

	do
		send_hello(desk);
	while (!hostile_stop && zmq_recv(desk->socket, &reply, sizeof reply, 0) < 0);
}

/* Takes what is there; false when there was nothing. */
static bool drain(struct desk *desk)
{
	bool any = false;
	char reply;

	while (zmq_recv(desk->socket, &reply, sizeof reply, ZMQ_DONTWAIT) >= 0)
		any = true;
	return any;
}

void hostile_never_read(const struct target *target)
{
	Mtr__Feed feed = MTR__FEED__INIT;
	Mtr__Query query = MTR__QUERY__INIT;
	Mtr__Request request = MTR__REQUEST__INIT;
	void *context = open_context();
	struct desk desk;

	query.body_case = MTR__QUERY__BODY_FEED;
	query.feed = &feed;
	request.body_case = MTR__REQUEST__BODY_QUERY;
	request.query = &query;
	open_desk(&desk, context, target);
	say_hello(&desk);
	while (!hostile_stop)
		send_request(&desk, &request);
	zmq_close(desk.socket);
	zmq_ctx_term(context);
}

void hostile_one_key(const struct target *target)
{
	const unsigned count = target->count < CONNECTIONS_MAX ? target->count : CONNECTIONS_MAX;
	void *context = open_context();
	struct desk *desks = calloc(count, sizeof *desks);
	zmq_pollitem_t *items = calloc(count, sizeof *items);

	if (!desks || !items)
		bench_fail("hostile", "no memory");
	for (unsigned i = 0; i < count; i++) {
		open_desk(&desks[i], context, target);
		items[i] = (zmq_pollitem_t){desks[i].socket, 0, ZMQ_POLLIN, 0};
	}
	for (unsigned i = 0; i < count && !hostile_stop; i++)
		send_hello(&desks[i]);
	while (!hostile_stop && zmq_poll(items, (int)count, 100) >= 0)
		for (unsigned i = 0; i < count; i++)
			if (items[i].revents & ZMQ_POLLIN && drain(&desks[i]))
				send_hello(&desks[i]);
	for (unsigned i = 0; i < count; i++)
		zmq_close(desks[i].socket);
	zmq_ctx_term(context);
	free(items);
	free(desks);
}

void hostile_multipart(const struct target *target)
{
	void *context = open_context();
	struct desk desk;

	open_desk(&desk, context, target);
	say_hello(&desk);
	while (!hostile_stop) {
		for (int i = 0; i < FRAMES - 1; i++)
			(void)zmq_send(desk.socket, "x", 1, ZMQ_SNDMORE);
		(void)zmq_send(desk.socket, "x", 1, 0);
		drain(&desk);
	}
	zmq_close(desk.socket);
	zmq_ctx_term(context);
}
