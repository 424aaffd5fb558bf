/* A link that cuts handshakes and a server with another key look alike to ZeroMQ: the client tells them apart. Also
 * what ends a wait before its time. */
#include "testing.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS 64
#define GREETING 64
#define NEVER_CUT 1000000

struct connection {
	int desk, server; /* -1: closed */
	int heard;        /* bytes from the server so far */
	int most;         /* it is cut when so many have come */
};

/* Between desk and server; cuts each connection when so many bytes have come from the server. */
struct proxy {
	pthread_t thread;
	int listener, server_port, port;
	_Atomic int cut_after, cuts_left, cuts;
	struct connection connections[CONNECTIONS];
};

struct fixture {
	struct desk desk;
	struct fake_server server;
	struct proxy proxy;
};

static struct sockaddr_in loopback(int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void cut(struct proxy *proxy, struct connection *connection)
{
	close(connection->desk);
	close(connection->server);
	connection->desk = connection->server = -1;
	proxy->cuts++;
}

static void open_connection(struct proxy *proxy, struct connection *connection)
{
	struct sockaddr_in address = loopback(proxy->server_port);

	connection->desk = accept(proxy->listener, NULL, NULL);
	connection->server = socket(AF_INET, SOCK_STREAM, 0);
	connection->heard = 0;
	connection->most = proxy->cuts_left > 0 ? proxy->cut_after : NEVER_CUT;
	if (proxy->cuts_left > 0)
		proxy->cuts_left--;
	if (connect(connection->server, (struct sockaddr *)&address, sizeof address) < 0 || connection->most == 0)
		cut(proxy, connection);
}

static void forward(struct proxy *proxy, struct connection *connection, bool from_server)
{
	char bytes[4096];
	size_t room = sizeof bytes;

	if (from_server && connection->most - connection->heard < (int)room)
		room = (size_t)(connection->most - connection->heard);
	ssize_t size = read(from_server ? connection->server : connection->desk, bytes, room);

	if (size <= 0) {
		cut(proxy, connection);
		return;
	}
	(void)send(from_server ? connection->desk : connection->server, bytes, (size_t)size, MSG_NOSIGNAL);
	if (!from_server)
		return;
	connection->heard += (int)size;
	if (connection->heard >= connection->most)
		cut(proxy, connection);
}

/* Until the listener is shut. */
static void *run_proxy(void *context)
{
	struct proxy *proxy = context;
	struct pollfd items[1 + 2 * CONNECTIONS];

	for (;;) {
		items[0] = (struct pollfd){proxy->listener, POLLIN, 0};
		for (int i = 0; i < CONNECTIONS; i++) {
			items[1 + 2 * i] = (struct pollfd){proxy->connections[i].desk, POLLIN, 0};
			items[2 + 2 * i] = (struct pollfd){proxy->connections[i].server, POLLIN, 0};
		}
		poll(items, 1 + 2 * CONNECTIONS, -1);
		if (items[0].revents & (POLLHUP | POLLERR))
			break;
		for (int i = 0; i < CONNECTIONS; i++) {
			if (items[1 + 2 * i].revents)
				forward(proxy, &proxy->connections[i], false);
			if (items[2 + 2 * i].revents && proxy->connections[i].server >= 0)
				forward(proxy, &proxy->connections[i], true);
		}
		for (int i = 0; items[0].revents && i < CONNECTIONS; i++) {
			if (proxy->connections[i].desk >= 0)
				continue;
			open_connection(proxy, &proxy->connections[i]);
			break;
		}
	}
	for (int i = 0; i < CONNECTIONS; i++)
		cut(proxy, &proxy->connections[i]);
	return NULL;
}

/* The server's port becomes the proxy's. */
static void proxy_begin(struct proxy *proxy, struct fake_server *server, int cut_after, int cuts)
{
	struct sockaddr_in address = loopback(0);
	socklen_t size = sizeof address;

	proxy->cut_after = cut_after;
	proxy->cuts_left = cuts;
	proxy->server_port = server->port;
	for (int i = 0; i < CONNECTIONS; i++)
		proxy->connections[i].desk = proxy->connections[i].server = -1;
	proxy->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(proxy->listener, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(proxy->listener, 16), 0);
	assert_int_equal(getsockname(proxy->listener, (struct sockaddr *)&address, &size), 0);
	proxy->port = ntohs(address.sin_port);
	assert_int_equal(pthread_create(&proxy->thread, NULL, run_proxy, proxy), 0);
}

static void proxy_end(struct proxy *proxy)
{
	if (!proxy->port)
		return;
	shutdown(proxy->listener, SHUT_RDWR);
	pthread_join(proxy->thread, NULL);
	close(proxy->listener);
}

static int begin(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);

	desk_begin(&fixture->desk);
	*state = fixture;
	return 0;
}

static int end(void **state)
{
	struct fixture *fixture = *state;

	desk_end(&fixture->desk);
	proxy_end(&fixture->proxy);
	fake_server_end(&fixture->server);
	free(fixture);
	return 0;
}

/* A desk behind a proxy that cuts the first so many connections. */
static void start(struct fixture *fixture, int cut_after, int cuts, uint32_t timeout_ms)
{
	fake_server_start(&fixture->server);
	proxy_begin(&fixture->proxy, &fixture->server, cut_after, cuts);

	int port = fixture->server.port;
	fixture->server.port = fixture->proxy.port;
	desk_open(&fixture->desk, &fixture->server, timeout_ms);
	fixture->server.port = port;
}

static void cut_at(void **state, int bytes)
{
	struct fixture *fixture = *state;

	start(fixture, bytes, NEVER_CUT, 2500);
	assert_int_equal(desk_hello(&fixture->desk), MTR_CLIENT_NO_LINK);
	assert_in_range(fixture->proxy.cuts, 4, NEVER_CUT);
}

static void test_cut_at_once(void **state)
{
	cut_at(state, 0);
}

static void test_cut_in_the_greeting(void **state)
{
	cut_at(state, 12);
}

static void test_cut_in_the_welcome(void **state)
{
	cut_at(state, GREETING + 20);
}

/* The welcome was whole, and sealed by the right key: what comes after it is the link's fault. */
static void test_cut_after_the_welcome(void **state)
{
	cut_at(state, GREETING + 170);
}

/* Each of these cuts is where a server with another key closes; it was the link for all that. */
static void test_cut_where_a_wrong_key_ends(void **state)
{
	struct fixture *fixture = *state;

	start(fixture, GREETING, 8, 20000);
	assert_int_equal(desk_hello(&fixture->desk), 0);
	assert_int_equal(fixture->proxy.cuts, 8);
}

static void test_wrong_key_behind_a_link_that_cuts(void **state)
{
	struct fixture *fixture = *state;
	struct mtr_key_pair other;

	fake_server_start(&fixture->server);
	proxy_begin(&fixture->proxy, &fixture->server, 12, 2);

	struct fake_server pretended = fixture->server;
	assert_true(mtr_key_pair_make(&other));
	pretended.keys = other;
	pretended.port = fixture->proxy.port;
	desk_open(&fixture->desk, &pretended, 4000);
	assert_int_equal(desk_hello(&fixture->desk), MTR_CLIENT_SERVER_KEY);
}

/* A descriptor that can be read ends a wait for a server that isn't there, at once and for good. */
static void test_stop(void **state)
{
	struct fixture *fixture = *state;
	int ends[2];

	start(fixture, 0, NEVER_CUT, 600000);
	assert_int_equal(pipe(ends), 0);
	mtr_client_stop_at(fixture->desk.client, ends[0]);
	assert_int_equal(write(ends[1], "", 1), 1);
	assert_int_equal(desk_hello(&fixture->desk), MTR_CLIENT_INTERRUPTED);
	assert_int_equal(desk_hello(&fixture->desk), MTR_CLIENT_INTERRUPTED);
	mtr_client_stop_at(fixture->desk.client, -1);
	fixture->proxy.cuts_left = 0;
	assert_int_equal(desk_hello(&fixture->desk), 0);
	close(ends[0]);
	close(ends[1]);
}

struct stopper {
	struct fixture *fixture;
	int end;
};

/* Once the desk waits, which the first cut shows. */
static void *stop_later(void *context)
{
	struct stopper *stopper = context;

	while (stopper->fixture->proxy.cuts == 0)
		poll(NULL, 0, 1);
	assert_int_equal(write(stopper->end, "", 1), 1);
	return NULL;
}

static void test_stop_while_sending(void **state)
{
	struct fixture *fixture = *state;
	struct stopper stopper = {.fixture = fixture};
	pthread_t thread;
	int ends[2];

	start(fixture, 0, NEVER_CUT, 600000);
	desk_enqueue(&fixture->desk, 1);
	assert_int_equal(pipe(ends), 0);
	stopper.end = ends[1];
	mtr_client_stop_at(fixture->desk.client, ends[0]);
	assert_int_equal(pthread_create(&thread, NULL, stop_later, &stopper), 0);
	assert_int_equal(mtr_client_flush(fixture->desk.client, NULL, NULL), MTR_CLIENT_INTERRUPTED);
	pthread_join(thread, NULL);
	assert_int_equal(desk_queued(&fixture->desk), 1);
	mtr_client_stop_at(fixture->desk.client, -1);
	fixture->proxy.cuts_left = 0;
	assert_int_equal(mtr_client_flush(fixture->desk.client, NULL, NULL), 0);
	assert_int_equal(desk_queued(&fixture->desk), 0);
	close(ends[0]);
	close(ends[1]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_cut_at_once),
		TEST(test_cut_in_the_greeting),
		TEST(test_cut_in_the_welcome),
		TEST(test_cut_after_the_welcome),
		TEST(test_cut_where_a_wrong_key_ends),
		TEST(test_wrong_key_behind_a_link_that_cuts),
		TEST(test_stop),
		TEST(test_stop_while_sending),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
