/* Why there is no connection, what one is told on it, and questions that change nothing. */
#include "desk_fixture.h"

#include "matricula/v1/commands.pb-c.h"
#include "matricula/v1/queries.pb-c.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void test_hello(void **state)
{
	struct fixture *fixture = *state;
	const uint8_t *bytes;
	size_t size;

	desk_fixture_start(fixture, NULL, 5000);
	assert_int_equal(mtr_client_hello(fixture->desk.client, &bytes, &size), 0);

	Mtr__Answer *answer = mtr__answer__unpack(NULL, size, bytes);

	assert_non_null(answer);
	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_HELLO);
	assert_int_equal(answer->hello->maximum_in_flight, 32);
	mtr__answer__free_unpacked(answer, NULL);
	assert_int_equal(desk_hello(&fixture->desk), 0);
	fake_server_stop(&fixture->server);
	assert_int_equal(fixture->server.hellos, 1);
}

static void test_key_refused(void **state)
{
	struct fixture *fixture = *state;

	fixture->server.refuse_keys = true;
	desk_fixture_start(fixture, NULL, 10000);
	assert_int_equal(desk_hello(&fixture->desk), MTR_CLIENT_KEY_REFUSED);
	fake_server_stop(&fixture->server);
	fixture->server.refuse_keys = false;
	fake_server_start(&fixture->server);
	assert_int_equal(desk_hello(&fixture->desk), 0);
}

static void test_wrong_server_key(void **state)
{
	struct fixture *fixture = *state;
	struct mtr_key_pair right;
	int error = MTR_CLIENT_NO_LINK;

	fake_server_start(&fixture->server);
	right = fixture->server.keys;
	assert_true(mtr_key_pair_make(&fixture->server.keys));
	desk_open(&fixture->desk, &fixture->server, 2500);
	fixture->server.keys = right;
	/* On a busy machine the time may be up before the door was found shut often enough. */
	for (unsigned tries = 0; tries < 10 && error == MTR_CLIENT_NO_LINK; tries++)
		error = desk_hello(&fixture->desk);
	assert_int_equal(error, MTR_CLIENT_SERVER_KEY);
}

/* A port that nobody listens on, and that nobody else gets meanwhile. */
static int reserve_port(struct fake_server *server)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;
	int file = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(file, (struct sockaddr *)&address, size), 0);
	assert_int_equal(getsockname(file, (struct sockaddr *)&address, &size), 0);
	server->port = ntohs(address.sin_port);
	assert_true(mtr_key_pair_make(&server->keys));
	return file;
}

static void test_nobody_listens(void **state)
{
	struct fixture *fixture = *state;
	int file = reserve_port(&fixture->server);

	desk_open(&fixture->desk, &fixture->server, 200);
	assert_int_equal(desk_hello(&fixture->desk), MTR_CLIENT_NO_LINK);
	close(file);
}

static void test_listener_says_nothing(void **state)
{
	struct fixture *fixture = *state;
	int file = reserve_port(&fixture->server);

	assert_int_equal(listen(file, 4), 0);
	desk_open(&fixture->desk, &fixture->server, 200);
	assert_int_equal(desk_hello(&fixture->desk), MTR_CLIENT_NO_LINK);
	close(file);
}

static void *hang_up(void *listener)
{
	int file;

	while ((file = accept(*(int *)listener, NULL, NULL)) >= 0) {
		assert_true(write(file, "220 mail.example ESMTP\r\n", 24) > 0);
		close(file);
	}
	return NULL;
}

static void test_something_else_listens(void **state)
{
	struct fixture *fixture = *state;
	int file = reserve_port(&fixture->server);
	pthread_t thread;

	assert_int_equal(listen(file, 4), 0);
	assert_int_equal(pthread_create(&thread, NULL, hang_up, &file), 0);
	desk_open(&fixture->desk, &fixture->server, 10000);
	assert_int_equal(desk_hello(&fixture->desk), MTR_CLIENT_SERVER_KEY);
	desk_close(&fixture->desk);
	shutdown(file, SHUT_RDWR);
	pthread_join(thread, NULL);
	close(file);
}

static void test_server_comes_up_meanwhile(void **state)
{
	struct fixture *fixture = *state;
	pthread_t thread;

	desk_fixture_start(fixture, NULL, 10000);
	fake_server_stop(&fixture->server);
	assert_int_equal(
		pthread_create(&thread, NULL, (void *(*)(void *))(void (*)(void))fake_server_start, &fixture->server),
		0);
	assert_int_equal(desk_hello(&fixture->desk), 0);
	pthread_join(thread, NULL);
}

static void test_no_protocol_in_common(void **state)
{
	struct fixture *fixture = *state;

	fixture->server.protocol = 99;
	desk_fixture_start(fixture, NULL, 5000);
	assert_int_equal(desk_hello(&fixture->desk), MTR_CLIENT_VERSION);
}

static enum fake_action give_error(struct fake_server *server, const Mtr__Request *request, unsigned turn)
{
	(void)server, (void)request, (void)turn;
	return FAKE_ERROR;
}

static void hello_fails(void **state, Mtr__ErrorCode code, int expected)
{
	struct fixture *fixture = *state;

	fixture->server.code = code;
	desk_fixture_start(fixture, give_error, 300);
	assert_int_equal(desk_hello(&fixture->desk), expected);
}

static void test_hello_refused(void **state)
{
	hello_fails(state, MTR__ERROR_CODE__ERROR_CODE_NOT_REGISTERED, MTR_CLIENT_KEY_REFUSED);
}

static void test_hello_of_unknown_version(void **state)
{
	hello_fails(state, MTR__ERROR_CODE__ERROR_CODE_VERSION_UNSUPPORTED, MTR_CLIENT_VERSION);
}

static void test_hello_while_stopping(void **state)
{
	hello_fails(state, MTR__ERROR_CODE__ERROR_CODE_STOPPING, MTR_CLIENT_BUSY);
}

static void test_hello_malformed(void **state)
{
	hello_fails(state, MTR__ERROR_CODE__ERROR_CODE_MALFORMED, MTR_CLIENT_PROTOCOL);
}

/* The fake server puts least_revision into the page's count. */
static int ask(struct fixture *fixture, uint64_t revision, Mtr__Answer **ret_answer)
{
	Mtr__Query query = MTR__QUERY__INIT;
	Mtr__ServerStatus status = MTR__SERVER_STATUS__INIT;
	const uint8_t *bytes;
	uint8_t packed[64];
	size_t size;
	int error;

	query.least_revision = revision;
	query.body_case = MTR__QUERY__BODY_SERVER_STATUS;
	query.server_status = &status;
	error = mtr_client_query(fixture->desk.client, packed, mtr__query__pack(&query, packed), &bytes, &size);
	if (!error) {
		*ret_answer = mtr__answer__unpack(NULL, size, bytes);
		assert_non_null(*ret_answer);
	}
	return error;
}

static void ask_and_check(struct fixture *fixture, uint64_t revision)
{
	Mtr__Answer *answer;

	assert_int_equal(ask(fixture, revision, &answer), 0);
	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_PAGE);
	assert_int_equal(answer->page->count, revision);
	mtr__answer__free_unpacked(answer, NULL);
}

static void test_query(void **state)
{
	struct fixture *fixture = *state;

	desk_fixture_start(fixture, NULL, 5000);
	ask_and_check(fixture, 1);
	ask_and_check(fixture, 2);
	fake_server_stop(&fixture->server);
	assert_int_equal(fixture->server.hellos, 1);
	fake_server_start(&fixture->server);
	ask_and_check(fixture, 3);
}

static enum fake_action first_query_fails(struct fake_server *server, const Mtr__Request *request, unsigned turn)
{
	enum fake_action *action = server->context, now = *action;

	(void)turn;
	if (request->body_case != MTR__REQUEST__BODY_QUERY)
		return FAKE_ANSWER;
	*action = FAKE_ANSWER;
	return now;
}

static void test_query_is_repeated(void **state)
{
	static const enum fake_action actions[] = {FAKE_BUSY, FAKE_FORGET, FAKE_STALE, FAKE_OVERSIZED};
	struct fixture *fixture = *state;
	enum fake_action action;

	fixture->server.context = &action;
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
		action = actions[i];
		desk_fixture_start(fixture, first_query_fails, 5000);
		ask_and_check(fixture, i + 1);
		desk_close(&fixture->desk);
		fake_server_stop(&fixture->server);
	}
	fixture->server.context = NULL;
}

static void test_query_answered_with_an_error(void **state)
{
	struct fixture *fixture = *state;
	enum fake_action action = FAKE_ERROR;
	Mtr__Answer *answer;

	fixture->server.context = &action;
	fixture->server.code = MTR__ERROR_CODE__ERROR_CODE_CURSOR_INVALID;
	desk_fixture_start(fixture, first_query_fails, 5000);
	assert_int_equal(ask(fixture, 1, &answer), 0);
	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_ERROR);
	assert_int_equal(answer->error->code, MTR__ERROR_CODE__ERROR_CODE_CURSOR_INVALID);
	mtr__answer__free_unpacked(answer, NULL);
}

static void test_query_without_an_answer(void **state)
{
	struct fixture *fixture = *state;
	enum fake_action action = FAKE_IGNORE;
	Mtr__Answer *answer;

	fixture->server.context = &action;
	desk_fixture_start(fixture, first_query_fails, 200);
	assert_int_equal(ask(fixture, 1, &answer), MTR_CLIENT_NO_LINK);
	ask_and_check(fixture, 2);
}

static void test_query_answered_with_noise(void **state)
{
	static const enum fake_action actions[] = {FAKE_NOISE, FAKE_NOISE_ANSWER, FAKE_EMPTY_ANSWER, FAKE_PARTS,
						   FAKE_NAMELESS};
	struct fixture *fixture = *state;
	enum fake_action action;
	Mtr__Answer *answer;

	fixture->server.context = &action;
	desk_fixture_start(fixture, first_query_fails, 5000);
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
		action = actions[i];
		assert_int_equal(ask(fixture, 1, &answer), MTR_CLIENT_PROTOCOL);
		ask_and_check(fixture, 2);
	}
}

static void test_what_is_no_query(void **state)
{
	struct fixture *fixture = *state;
	static const uint8_t large[MTR_REQUEST_MAX];
	const uint8_t noise[] = {0xff, 0xff}, *bytes;
	size_t size;

	desk_fixture_start(fixture, NULL, 5000);
	assert_int_equal(mtr_client_query(fixture->desk.client, noise, sizeof noise, &bytes, &size), MTR_CLIENT_USAGE);
	assert_int_equal(mtr_client_query(fixture->desk.client, large, sizeof large, &bytes, &size),
			 MTR_CLIENT_TOO_LARGE);
	assert_int_equal(mtr_client_dry_run(fixture->desk.client, noise, sizeof noise, &bytes, &size),
			 MTR_CLIENT_USAGE);
	assert_int_equal(mtr_client_dry_run(fixture->desk.client, large, sizeof large, &bytes, &size),
			 MTR_CLIENT_TOO_LARGE);
}

static void test_dry_run_bypasses_the_outbox(void **state)
{
	struct fixture *fixture = *state;
	Mtr__Command command = MTR__COMMAND__INIT;
	const uint8_t *bytes;
	uint8_t packed[16];
	size_t size;

	command.written_at = 1;
	desk_fixture_start(fixture, NULL, 5000);
	assert_int_equal(
		mtr_client_dry_run(fixture->desk.client, packed, mtr__command__pack(&command, packed), &bytes, &size),
		0);

	Mtr__Answer *answer = mtr__answer__unpack(NULL, size, bytes);

	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_DONE);
	mtr__answer__free_unpacked(answer, NULL);
	assert_int_equal(desk_queued(&fixture->desk), 0);
	fake_server_stop(&fixture->server);
	assert_int_equal(fixture->server.next, 1);
}

static void test_only_public_names_are_visible(void **state)
{
	(void)state;
	assert_non_null(dlsym(RTLD_DEFAULT, "mtr_client_open"));
	assert_null(dlsym(RTLD_DEFAULT, "mtr_outbox_open"));
	assert_null(dlsym(RTLD_DEFAULT, "mtr_session_ask"));
	assert_null(dlsym(RTLD_DEFAULT, "mtr__reply__unpack"));
	assert_null(dlsym(RTLD_DEFAULT, "mtr_arena_new"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, desk_fixture_begin, desk_fixture_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_hello),
		TEST(test_key_refused),
		TEST(test_wrong_server_key),
		TEST(test_nobody_listens),
		TEST(test_listener_says_nothing),
		TEST(test_something_else_listens),
		TEST(test_server_comes_up_meanwhile),
		TEST(test_no_protocol_in_common),
		TEST(test_hello_refused),
		TEST(test_hello_of_unknown_version),
		TEST(test_hello_while_stopping),
		TEST(test_hello_malformed),
		TEST(test_query),
		TEST(test_query_is_repeated),
		TEST(test_query_answered_with_an_error),
		TEST(test_query_without_an_answer),
		TEST(test_query_answered_with_noise),
		TEST(test_what_is_no_query),
		TEST(test_dry_run_bypasses_the_outbox),
		cmocka_unit_test(test_only_public_names_are_visible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
