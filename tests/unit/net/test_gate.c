/* The gate and the self-test, on real sockets, against listeners with and without the options that close the door. */
#include "net/curve.h"
#include "net/principals.h"
#include "net/selftest.h"
#include "net/zap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zmq.h>

struct gate {
	void *context;
	struct mtr_principals *principals;
	struct mtr_zap *zap;
	struct mtr_key_pair server;
	void *sockets[2]; /* closed after the test, also after one that failed */
};

static int set_up(void **state)
{
	struct gate *gate = calloc(1, sizeof *gate);

	gate->context = zmq_ctx_new();
	gate->principals = mtr_principals_new();
	if (!mtr_key_pair_make(&gate->server) || mtr_zap_start(&gate->zap, gate->context, gate->principals) != 0)
		return -1;
	*state = gate;
	return 0;
}

static int tear_down(void **state)
{
	struct gate *gate = *state;

	for (size_t i = 0; i < 2; i++) {
		if (gate->sockets[i])
			zmq_close(gate->sockets[i]);
	}
	zmq_ctx_shutdown(gate->context);
	mtr_zap_join(&gate->zap);
	zmq_ctx_term(gate->context);
	mtr_principals_free(&gate->principals);
	free(gate);
	return 0;
}

static void test_closed_door(void **state)
{
	struct gate *gate = *state;
	void *socket = gate->sockets[0] = mtr_curve_router(gate->context, &gate->server);
	char endpoint[256];

	assert_non_null(socket);
	assert_int_equal(mtr_curve_bind(socket, "tcp://127.0.0.1:*", endpoint, sizeof endpoint), 0);
	assert_int_equal(mtr_selftest_run(gate->context, endpoint, gate->server.public_key, gate->zap),
			 MTR_SELFTEST_PASSED);
	assert_int_equal(mtr_zap_refused(gate->zap), 1);
}

static void test_every_address(void **state)
{
	struct gate *gate = *state;
	void *socket = gate->sockets[0] = mtr_curve_router(gate->context, &gate->server);
	char endpoint[256];

	assert_int_equal(mtr_curve_bind(socket, "tcp://0.0.0.0:*", endpoint, sizeof endpoint), 0);
	assert_int_equal(mtr_selftest_run(gate->context, endpoint, gate->server.public_key, gate->zap),
			 MTR_SELFTEST_PASSED);
}

/* With an empty domain libzmq doesn't ask the gate at all: the self-test must see it. */
static void test_empty_domain_lets_strangers_in(void **state)
{
	struct gate *gate = *state;
	void *socket = gate->sockets[0] = zmq_socket(gate->context, ZMQ_ROUTER);
	char endpoint[256];
	int on = 1;

	zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &on, sizeof on);
	assert_int_equal(zmq_setsockopt(socket, 93, &on, sizeof on), 0); /* ZMQ_ZAP_ENFORCE_DOMAIN */
	zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, gate->server.secret_key, MTR_KEY_BYTES);
	assert_int_equal(mtr_curve_bind(socket, "tcp://127.0.0.1:*", endpoint, sizeof endpoint), 0);
	assert_int_equal(mtr_selftest_run(gate->context, endpoint, gate->server.public_key, gate->zap),
			 MTR_SELFTEST_STRANGER_LET_IN);
	assert_int_equal(mtr_zap_refused(gate->zap), 0);
}

/* Without the option the gate is asked even so, and refuses a domain that isn't ours. */
static void test_empty_domain_not_enforced(void **state)
{
	struct gate *gate = *state;
	void *socket = gate->sockets[0] = zmq_socket(gate->context, ZMQ_ROUTER);
	char endpoint[256];
	int on = 1;

	zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &on, sizeof on);
	zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, gate->server.secret_key, MTR_KEY_BYTES);
	assert_int_equal(mtr_curve_bind(socket, "tcp://127.0.0.1:*", endpoint, sizeof endpoint), 0);
	assert_int_equal(mtr_selftest_run(gate->context, endpoint, gate->server.public_key, gate->zap),
			 MTR_SELFTEST_FRIEND_REFUSED);
}

/* Nobody answers for the gate: nobody is let in. */
static void test_no_gate(void **state)
{
	struct gate *gate = *state;
	void *context = zmq_ctx_new(), *socket = mtr_curve_router(context, &gate->server);
	char endpoint[256];

	assert_int_equal(mtr_curve_bind(socket, "tcp://127.0.0.1:*", endpoint, sizeof endpoint), 0);
	enum mtr_selftest outcome = mtr_selftest_run(context, endpoint, gate->server.public_key, gate->zap);

	zmq_close(socket);
	zmq_ctx_term(context);
	assert_int_not_equal(outcome, MTR_SELFTEST_PASSED);
	assert_int_not_equal(outcome, MTR_SELFTEST_STRANGER_LET_IN);
}

/* A domain the gate doesn't know is refused, to the registered too. */
static void test_foreign_domain(void **state)
{
	struct gate *gate = *state;
	void *socket = gate->sockets[0] = mtr_curve_router(gate->context, &gate->server);
	char endpoint[256];

	zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, "other", 5);
	assert_int_equal(mtr_curve_bind(socket, "tcp://127.0.0.1:*", endpoint, sizeof endpoint), 0);
	assert_int_equal(mtr_selftest_run(gate->context, endpoint, gate->server.public_key, gate->zap),
			 MTR_SELFTEST_FRIEND_REFUSED);
}

static void test_wrong_server_key(void **state)
{
	struct gate *gate = *state;
	struct mtr_key_pair other;
	void *socket = gate->sockets[0] = mtr_curve_router(gate->context, &gate->server);
	char endpoint[256];

	assert_true(mtr_key_pair_make(&other));
	assert_int_equal(mtr_curve_bind(socket, "tcp://127.0.0.1:*", endpoint, sizeof endpoint), 0);
	assert_int_equal(mtr_selftest_run(gate->context, endpoint, other.public_key, gate->zap),
			 MTR_SELFTEST_NO_ANSWER);
}

static void test_port_taken(void **state)
{
	struct gate *gate = *state;
	void *first = gate->sockets[0] = mtr_curve_router(gate->context, &gate->server),
	     *second = gate->sockets[1] = mtr_curve_router(gate->context, &gate->server);
	char endpoint[256], untouched[256];

	assert_int_equal(mtr_curve_bind(first, "tcp://127.0.0.1:*", endpoint, sizeof endpoint), 0);
	assert_int_equal(mtr_curve_bind(second, endpoint, untouched, sizeof untouched), -EADDRINUSE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_closed_door, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_every_address, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_empty_domain_lets_strangers_in, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_empty_domain_not_enforced, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_gate, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_foreign_domain, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_wrong_server_key, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_port_taken, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
