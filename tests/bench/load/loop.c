#include "load/loop.h"

#include "common/clock.h"
#include "common/fail.h"
#include "common/world.h"
#include "model/random.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <zmq.h>

/* Without an answer for so long the server is taken for dead. */
#define SILENCE_MS 60000
#define EVENTS 128

struct client {
	void *socket;
	uint64_t *sent; /* times, oldest first: a ring of `window` */
	uint32_t oldest, in_flight;
	bool greeted;
};

struct loop {
	const struct loop_options *options;
	const struct talk *talk;
	struct loop_result *result;
	struct client *clients;
	void *context;
	int epoll, timer;
	uint32_t greeted;
	bool asking;
	uint64_t begins, ends; /* of the measurement */
	/* With a rate. */
	struct random random;
	uint64_t due; /* the next request */
	uint32_t next;
};

static void set(void *socket, int option, const void *value, size_t size)
{
	if (zmq_setsockopt(socket, option, value, size) != 0)
		bench_fail("socket", zmq_strerror(errno));
}

static void *connect_as(struct loop *loop, uint32_t key)
{
	struct mtr_key_pair pair;
	void *socket = zmq_socket(loop->context, ZMQ_DEALER);
	const int zero = 0;

	if (!socket)
		bench_fail("socket", zmq_strerror(errno));
	world_key_pair(key, &pair);
	set(socket, ZMQ_LINGER, &zero, sizeof zero);
	set(socket, ZMQ_CURVE_SERVERKEY, loop->options->server_key, MTR_KEY_BYTES);
	set(socket, ZMQ_CURVE_PUBLICKEY, pair.public_key, MTR_KEY_BYTES);
	set(socket, ZMQ_CURVE_SECRETKEY, pair.secret_key, MTR_KEY_BYTES);
	if (zmq_connect(socket, loop->options->endpoint) != 0)
		bench_fail(loop->options->endpoint, zmq_strerror(errno));
	return socket;
}

static void send_frame(const struct client *client, const uint8_t *frame, size_t size)
{
	if (zmq_send(client->socket, frame, size, 0) < 0)
		bench_fail("send", zmq_strerror(errno));
}

static void take_all(struct loop *loop, struct client *client);

static bool open_loop(const struct loop *loop)
{
	return loop->options->rate > 0;
}

/* `since` is when the request was due. */
static void ask(struct loop *loop, struct client *client, uint64_t since)
{
	const uint32_t window = loop->options->window;
	uint8_t frame[LOOP_FRAME_MAX];
	size_t size = loop->talk->ask(loop->talk->context, (uint32_t)(client - loop->clients), frame);

	client->sent[(client->oldest + client->in_flight++) % window] = since;
	send_frame(client, frame, size);
}

static void fill_window(struct loop *loop, struct client *client, uint64_t now)
{
	while (client->in_flight < loop->options->window)
		ask(loop, client, now);
}

/* The time to the next request is as random as with many who don't know of each other. */
static uint64_t next_due(struct loop *loop)
{
	double share = ((double)(random_next(&loop->random) >> 11) + 1) / 0x1p53;

	return loop->due + (uint64_t)(-log(share) / loop->options->rate * (double)BENCH_SECOND);
}

/* Asks what is due, as long as there is somebody free to ask it. */
static void ask_due(struct loop *loop, uint64_t now)
{
	uint32_t busy = 0;

	while (loop->due <= now && busy < loop->options->clients) {
		struct client *client = &loop->clients[loop->next++ % loop->options->clients];

		if (client->in_flight == loop->options->window) {
			busy++;
			continue;
		}
		busy = 0;
		ask(loop, client, loop->due);
		loop->due = next_due(loop);
	}
}

static void begin_asking(struct loop *loop, uint64_t now)
{
	loop->asking = true;
	loop->begins = now + (uint64_t)(loop->options->warm_s * (double)BENCH_SECOND);
	loop->ends = loop->begins + (uint64_t)(loop->options->seconds * (double)BENCH_SECOND);
	loop->due = now;
	for (uint32_t i = 0; i < loop->options->clients && !open_loop(loop); i++) {
		fill_window(loop, &loop->clients[i], now);
		take_all(loop, &loop->clients[i]);
	}
}

static void take_greeting(struct loop *loop, struct client *client, struct mtr_bytes frame)
{
	if (loop->talk->greet)
		loop->talk->greeted(loop->talk->context, (uint32_t)(client - loop->clients), frame);
	client->greeted = true;
	if (++loop->greeted == loop->options->clients)
		begin_asking(loop, bench_now());
}

static void take_answer(struct loop *loop, struct client *client, struct mtr_bytes frame)
{
	uint64_t now = bench_now();
	bool counts = now >= loop->begins && now < loop->ends;

	if (!client->in_flight)
		bench_fail("answer", "nothing was asked");
	if (counts)
		loop->result->bytes += frame.size;
	if (!loop->talk->answered(loop->talk->context, (uint32_t)(client - loop->clients), frame))
		return;
	if (counts)
		histogram_add(&loop->result->latency, now - client->sent[client->oldest]);
	client->oldest = (client->oldest + 1) % loop->options->window;
	client->in_flight--;
	if (!open_loop(loop))
		fill_window(loop, client, now);
}

/* Until nothing is there: only then the socket's descriptor tells of what comes next. */
static void take_all(struct loop *loop, struct client *client)
{
	zmq_msg_t message;

	zmq_msg_init(&message);
	while (zmq_msg_recv(&message, client->socket, ZMQ_DONTWAIT) >= 0) {
		const struct mtr_bytes frame = {zmq_msg_data(&message), zmq_msg_size(&message)};

		if (client->greeted)
			take_answer(loop, client, frame);
		else
			take_greeting(loop, client, frame);
	}
	if (errno != EAGAIN)
		bench_fail("receive", zmq_strerror(errno));
	zmq_msg_close(&message);
}

static void watch(struct loop *loop, int descriptor, uint32_t number)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u32 = number};

	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, descriptor, &event) != 0)
		bench_fail("epoll", strerror(errno));
}

static void open_client(struct loop *loop, uint32_t number)
{
	struct client *client = &loop->clients[number];
	uint8_t frame[LOOP_FRAME_MAX];
	int descriptor;
	size_t size = sizeof descriptor;

	client->socket = connect_as(loop, loop->options->first_key + (loop->options->same_key ? 0 : number));
	client->sent = calloc(loop->options->window, sizeof *client->sent);
	if (!client->sent || zmq_getsockopt(client->socket, ZMQ_FD, &descriptor, &size) != 0)
		bench_fail("client", "no memory");
	watch(loop, descriptor, number);
	if (loop->talk->greet)
		send_frame(client, frame, loop->talk->greet(loop->talk->context, number, frame));
	else
		client->greeted = true;
	take_all(loop, client);
}

static bool anybody_free(const struct loop *loop)
{
	for (uint32_t i = 0; i < loop->options->clients; i++)
		if (loop->clients[i].in_flight < loop->options->window)
			return true;
	return false;
}

/* While nobody is free to ask, the next answer wakes, whatever is due. */
static void set_timer(const struct loop *loop)
{
	struct itimerspec at = {.it_interval = {0, 0}};

	if (anybody_free(loop)) {
		at.it_value.tv_sec = (time_t)(loop->due / BENCH_SECOND);
		at.it_value.tv_nsec = (long)(loop->due % BENCH_SECOND);
	}
	if (open_loop(loop) && loop->asking)
		timerfd_settime(loop->timer, TFD_TIMER_ABSTIME, &at, NULL);
}

static void take_event(struct loop *loop, uint32_t number)
{
	uint64_t expired;

	if (number < loop->options->clients)
		take_all(loop, &loop->clients[number]);
	else if (read(loop->timer, &expired, sizeof expired) < 0 && errno != EAGAIN)
		bench_fail("timer", strerror(errno));
}

static void turn(struct loop *loop)
{
	struct epoll_event events[EVENTS];

	set_timer(loop);
	int count = epoll_wait(loop->epoll, events, EVENTS, SILENCE_MS);

	if (count == 0)
		bench_fail("server", "no answer for a minute");
	for (int i = 0; i < count; i++)
		take_event(loop, events[i].data.u32);
	if (!open_loop(loop) || !loop->asking)
		return;
	ask_due(loop, bench_now());
	/* Asking may have taken the sign that something came. */
	for (uint32_t i = 0; i < loop->options->clients; i++)
		take_all(loop, &loop->clients[i]);
}

static void open_all(struct loop *loop)
{
	loop->context = zmq_ctx_new();
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	loop->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	loop->clients = calloc(loop->options->clients, sizeof *loop->clients);
	if (!loop->context || !loop->clients || loop->epoll < 0 || loop->timer < 0)
		bench_fail("load", "can't begin");
	zmq_ctx_set(loop->context, ZMQ_MAX_SOCKETS, LOOP_CLIENTS_MAX + 16);
	watch(loop, loop->timer, UINT32_MAX);
	for (uint32_t i = 0; i < loop->options->clients; i++)
		open_client(loop, i);
	if (!loop->talk->greet)
		begin_asking(loop, bench_now());
}

static void close_all(struct loop *loop)
{
	for (uint32_t i = 0; i < loop->options->clients; i++) {
		zmq_close(loop->clients[i].socket);
		free(loop->clients[i].sent);
	}
	zmq_ctx_term(loop->context);
	close(loop->epoll);
	close(loop->timer);
	free(loop->clients);
}

void loop_run(const struct loop_options *options, const struct talk *talk, struct loop_result *ret_result)
{
	struct loop loop = {
		.options = options,
		.talk = talk,
		.result = ret_result,
		.random = {bench_now()},
		.ends = UINT64_MAX,
	};

	memset(ret_result, 0, sizeof *ret_result);
	ret_result->seconds = options->seconds;
	open_all(&loop);
	while (bench_now() < loop.ends && !(talk->finished && talk->finished(talk->context)))
		turn(&loop);
	if (talk->end)
		talk->end(talk->context);
	close_all(&loop);
}
