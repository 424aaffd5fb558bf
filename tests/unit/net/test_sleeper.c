#include "net/sleeper.h"

#include "net/outgoing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zmq.h>

/* Only a sign that was lost lets this pass. */
#define PATIENCE_MS 60000
#define MESSAGES 1000

struct place {
	void *context, *router, *dealer;
	struct mtr_outgoing *outgoing;
	int sleeper;
};

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof *place);
	const char *endpoint = "inproc://door";

	assert_non_null(place);
	place->context = zmq_ctx_new();
	place->router = zmq_socket(place->context, ZMQ_ROUTER);
	place->dealer = zmq_socket(place->context, ZMQ_DEALER);
	assert_int_equal(zmq_bind(place->router, endpoint), 0);
	assert_int_equal(zmq_connect(place->dealer, endpoint), 0);
	place->outgoing = mtr_outgoing_new();
	assert_non_null(place->outgoing);
	place->sleeper = mtr_sleeper_open(place->router, mtr_outgoing_descriptor(place->outgoing));
	assert_true(place->sleeper >= 0);
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;

	close(place->sleeper);
	mtr_outgoing_free(&place->outgoing);
	zmq_close(place->dealer);
	zmq_close(place->router);
	zmq_ctx_term(place->context);
	free(place);
	return 0;
}

/* Takes messages until there is none, and sends each back; how many there were. */
static unsigned echo_all(struct place *place)
{
	char peer[64], body[8];
	unsigned count = 0;
	int size;

	while ((size = zmq_recv(place->router, peer, sizeof peer, ZMQ_DONTWAIT)) >= 0) {
		assert_int_equal(zmq_recv(place->router, body, sizeof body, ZMQ_DONTWAIT), 1);
		assert_int_equal(zmq_send(place->router, peer, (size_t)size, ZMQ_SNDMORE), size);
		assert_int_equal(zmq_send(place->router, body, 1, 0), 1);
		count++;
	}
	return count;
}

static void test_messages(void **state)
{
	struct place *place = *state;
	unsigned sent = 0, echoed = 0;
	char back[8];

	echo_all(place);
	for (unsigned i = 0; i < MESSAGES; i++) {
		for (unsigned burst = i % 3 + 1; burst; burst--, sent++)
			assert_int_equal(zmq_send(place->dealer, "x", 1, 0), 1);
		while (echoed < sent) {
			assert_true(mtr_sleeper_wait(place->sleeper, PATIENCE_MS));
			echoed += echo_all(place);
		}
		for (unsigned burst = i % 3 + 1; burst; burst--)
			assert_int_equal(zmq_recv(place->dealer, back, sizeof back, 0), 1);
	}
}

static void test_answers(void **state)
{
	struct place *place = *state;

	echo_all(place);
	for (unsigned i = 0; i < MESSAGES; i++) {
		struct mtr_work *work = mtr_work_new("", 0);

		assert_non_null(work);
		mtr_outgoing_put(place->outgoing, work);
		assert_true(mtr_sleeper_wait(place->sleeper, PATIENCE_MS));
		assert_ptr_equal(mtr_outgoing_take(place->outgoing), work);
		/* Nobody reads the descriptor, and yet it doesn't wake twice. */
		assert_false(mtr_sleeper_wait(place->sleeper, 0));
		mtr_work_free(&work);
	}
	mtr_outgoing_wake(place->outgoing);
	assert_true(mtr_sleeper_wait(place->sleeper, PATIENCE_MS));
	assert_null(mtr_outgoing_take(place->outgoing));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_messages, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_answers, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
