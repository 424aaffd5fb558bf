/* The queue reaches the register once and only once, whatever happens on the way. */
#include "desk_fixture.h"
#include "model/random.h"

#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

/* Enqueues, flushes, and checks that the server has consumed each once, in order. */
static void send_and_check(struct fixture *fixture, uint64_t count)
{
	desk_enqueue_count(&fixture->desk, count);

	uint64_t before = fixture->server.next - 1;

	assert_int_equal(desk_flush(&fixture->desk), 0);
	fake_server_stop(&fixture->server);
	assert_int_equal(fixture->desk.answers, count);
	assert_int_equal(fixture->desk.last, before + count);
	assert_false(fixture->desk.out_of_order);
	assert_int_equal(desk_queued(&fixture->desk), 0);
	assert_int_equal(fixture->server.next - 1, before + count);
	assert_false(fixture->server.violated);
}

static void test_nothing_queued(void **state)
{
	struct fixture *fixture = *state;

	desk_fixture_start(fixture, NULL, 5000);
	assert_int_equal(desk_flush(&fixture->desk), 0);
	assert_int_equal(fixture->desk.answers, 0);
}

static void test_plain(void **state)
{
	struct fixture *fixture = *state;

	desk_fixture_start(fixture, NULL, 5000);
	send_and_check(fixture, 1000);
	assert_int_equal(fixture->server.hellos, 1);
	assert_int_equal(fixture->server.repeated, 0);
}

static void test_one_after_the_other(void **state)
{
	struct fixture *fixture = *state;

	fixture->server.in_flight = 1;
	desk_fixture_start(fixture, NULL, 5000);
	send_and_check(fixture, 100);
}

/* About one in `of`. Not each n-th: a queue of a multiple of n entries, sent anew, would lose the same one for ever. */
static bool drawn(unsigned turn, uint32_t of)
{
	struct random random = {.state = turn};

	return random_below(&random, of) == 0;
}

static enum fake_action lose_replies(struct fake_server *server, const Mtr__Request *request, unsigned turn)
{
	(void)server;
	return request->sequencing && drawn(turn, 17) ? FAKE_SILENCE : FAKE_ANSWER;
}

static void test_lost_replies(void **state)
{
	struct fixture *fixture = *state;

	desk_fixture_start(fixture, lose_replies, 2000);
	send_and_check(fixture, 100);
	assert_true(fixture->server.repeated > 0);
}

static enum fake_action lose_last_reply(struct fake_server *server, const Mtr__Request *request, unsigned turn)
{
	unsigned *lost = server->context;

	(void)turn;
	return request->sequencing && request->sequencing->sequence == 3 && (*lost)++ == 0 ? FAKE_SILENCE : FAKE_ANSWER;
}

static void test_lost_last_reply(void **state)
{
	struct fixture *fixture = *state;
	unsigned lost = 0;

	fixture->server.context = &lost;
	desk_fixture_start(fixture, lose_last_reply, 600);
	send_and_check(fixture, 3);
	assert_int_equal(fixture->server.repeated, 1);
}

static enum fake_action lose_requests(struct fake_server *server, const Mtr__Request *request, unsigned turn)
{
	(void)server;
	return request->sequencing && drawn(turn, 23) ? FAKE_IGNORE : FAKE_ANSWER;
}

/* What follows a lost request is a gap to the server. */
static void test_gaps(void **state)
{
	struct fixture *fixture = *state;

	desk_fixture_start(fixture, lose_requests, 8000);
	send_and_check(fixture, 200);
}

static enum fake_action twice(struct fake_server *server, const Mtr__Request *request, unsigned turn)
{
	(void)server;
	return request->sequencing && turn % 2 == 0 ? FAKE_TWICE : FAKE_ANSWER;
}

static void test_duplicate_replies(void **state)
{
	struct fixture *fixture = *state;

	desk_fixture_start(fixture, twice, 5000);
	send_and_check(fixture, 300);
}

static enum fake_action stale(struct fake_server *server, const Mtr__Request *request, unsigned turn)
{
	(void)server;
	return request->sequencing && turn % 3 == 0 ? FAKE_STALE : FAKE_ANSWER;
}

static void test_stale_replies(void **state)
{
	struct fixture *fixture = *state;

	desk_fixture_start(fixture, stale, 5000);
	send_and_check(fixture, 100);
}

static enum fake_action later(struct fake_server *server, const Mtr__Request *request, unsigned turn)
{
	(void)server;
	return request->sequencing && drawn(turn, 10) ? FAKE_LATER : FAKE_ANSWER;
}

static void test_replies_out_of_order(void **state)
{
	struct fixture *fixture = *state;

	desk_fixture_start(fixture, later, 2000);
	send_and_check(fixture, 100);
}

static enum fake_action busy_at_first(struct fake_server *server, const Mtr__Request *request, unsigned turn)
{
	unsigned *times = server->context;

	(void)turn;
	return request->sequencing && request->sequencing->sequence == 5 && (*times)++ < 3 ? FAKE_BUSY : FAKE_ANSWER;
}

static void test_busy(void **state)
{
	struct fixture *fixture = *state;
	unsigned times = 0;

	fixture->server.context = &times;
	desk_fixture_start(fixture, busy_at_first, 5000);
	send_and_check(fixture, 50);
	assert_int_equal(times, 4);
}

static enum fake_action always_busy(struct fake_server *server, const Mtr__Request *request, unsigned turn)
{
	(void)server, (void)turn;
	return request->sequencing ? FAKE_BUSY : FAKE_ANSWER;
}

static void test_busy_for_too_long(void **state)
{
	struct fixture *fixture = *state;

	desk_fixture_start(fixture, always_busy, 300);
	desk_enqueue_count(&fixture->desk, 10);
	assert_int_equal(desk_flush(&fixture->desk), MTR_CLIENT_BUSY);
	assert_int_equal(desk_queued(&fixture->desk), 10);
	fake_server_stop(&fixture->server);
	fixture->server.hook = NULL;
	fake_server_start(&fixture->server);
	assert_int_equal(desk_flush(&fixture->desk), 0);
	assert_int_equal(fixture->desk.answers, 10);
}

static enum fake_action busy_hello(struct fake_server *server, const Mtr__Request *request, unsigned turn)
{
	(void)server, (void)request;
	return turn <= 2 ? FAKE_BUSY : FAKE_ANSWER;
}

static void test_busy_at_hello(void **state)
{
	struct fixture *fixture = *state;

	desk_fixture_start(fixture, busy_hello, 5000);
	send_and_check(fixture, 5);
}

static enum fake_action forgets(struct fake_server *server, const Mtr__Request *request, unsigned turn)
{
	(void)server;
	return request->sequencing && drawn(turn, 40) ? FAKE_FORGET : FAKE_ANSWER;
}

static void test_hello_required(void **state)
{
	struct fixture *fixture = *state;

	desk_fixture_start(fixture, forgets, 5000);
	send_and_check(fixture, 200);
	assert_true(fixture->server.hellos > 1);
}

static enum fake_action error_at_seven(struct fake_server *server, const Mtr__Request *request, unsigned turn)
{
	(void)server, (void)turn;
	return request->sequencing && request->sequencing->sequence == 7 ? FAKE_ERROR : FAKE_ANSWER;
}

static void check_halted(struct desk *desk, Mtr__ErrorCode code)
{
	const uint8_t *bytes;
	size_t size;
	uint64_t sequence;

	mtr_client_halt_answer(desk->client, &bytes, &size);

	Mtr__Answer *answer = mtr__answer__unpack(NULL, size, bytes);

	assert_non_null(answer);
	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_ERROR);
	assert_int_equal(answer->error->code, code);
	mtr__answer__free_unpacked(answer, NULL);
	assert_int_equal(desk_flush(desk), MTR_CLIENT_HALTED);
	assert_int_equal(desk->answers, 0);
	assert_int_equal(desk_try_enqueue(desk, 1, &sequence), MTR_CLIENT_HALTED);
}

static void test_halt(void **state)
{
	struct fixture *fixture = *state;
	struct desk *desk = &fixture->desk;
	const uint8_t *bytes;
	size_t size;

	fixture->server.code = MTR__ERROR_CODE__ERROR_CODE_OUTBOX_FORKED;
	desk_fixture_start(fixture, error_at_seven, 5000);
	desk_enqueue_count(desk, 10);
	mtr_client_halt_answer(desk->client, &bytes, &size);
	assert_int_equal(size, 0);
	assert_int_equal(desk_flush(desk), MTR_CLIENT_HALTED);
	assert_int_equal(desk->answers, 6);
	assert_int_equal(desk_queued(desk), 4);
	check_halted(desk, MTR__ERROR_CODE__ERROR_CODE_OUTBOX_FORKED);
	desk_close(desk);
	desk_open(desk, &fixture->server, 5000);
	check_halted(desk, MTR__ERROR_CODE__ERROR_CODE_OUTBOX_FORKED);
}

static void test_copied_state_directory(void **state)
{
	struct fixture *fixture = *state;
	struct desk *desk = &fixture->desk, copy;

	desk_fixture_start(fixture, NULL, 5000);
	desk_enqueue_count(desk, 3);
	assert_int_equal(desk_flush(desk), 0);
	desk_close(desk);
	copy = *desk;
	copy.answer = NULL;
	desk_copy_state(desk, copy.state);
	desk_open(desk, &fixture->server, 5000);
	desk_enqueue(desk, 1001);
	assert_int_equal(desk_flush(desk), 0);
	desk_open(&copy, &fixture->server, 5000);
	desk_enqueue(&copy, 2002);
	desk_enqueue(&copy, 2003);
	assert_int_equal(desk_flush(&copy), MTR_CLIENT_HALTED);
	assert_int_equal(desk_queued(&copy), 2);
	check_halted(&copy, MTR__ERROR_CODE__ERROR_CODE_SEQUENCE_CONTENTS);
	mtr__answer__free_unpacked(copy.answer, NULL);
	desk_close(&copy);
	desk_enqueue(desk, 1002);
	assert_int_equal(desk_flush(desk), 0);
}

static void refused_with(struct fixture *fixture, Mtr__ErrorCode code, int expected)
{
	fixture->server.code = code;
	desk_fixture_start(fixture, error_at_seven, 1000);
	desk_enqueue_count(&fixture->desk, 10);
	assert_int_equal(desk_flush(&fixture->desk), expected);
	assert_int_equal(desk_queued(&fixture->desk), 4);
	fake_server_stop(&fixture->server);
	fixture->server.hook = NULL;
	fake_server_start(&fixture->server);
	assert_int_equal(desk_flush(&fixture->desk), 0);
	assert_int_equal(fixture->desk.answers, 4);
}

static void test_revoked_in_between(void **state)
{
	refused_with(*state, MTR__ERROR_CODE__ERROR_CODE_REVOKED, MTR_CLIENT_KEY_REFUSED);
}

static void test_newer_protocol_in_between(void **state)
{
	refused_with(*state, MTR__ERROR_CODE__ERROR_CODE_VERSION_UNSUPPORTED, MTR_CLIENT_VERSION);
}

/* The callback restarts the server: the rest goes to the new one. */
struct restart {
	struct fixture *fixture;
	uint64_t answers, last;
	bool out_of_order;
};

static void restart_now_and_then(void *context, uint64_t sequence, const uint8_t *answer, size_t size)
{
	struct restart *restart = context;

	(void)answer, (void)size;
	restart->out_of_order |= sequence != restart->last + 1;
	restart->last = sequence;
	restart->answers++;
	if (sequence % 50 == 20) {
		fake_server_stop(&restart->fixture->server);
		fake_server_start(&restart->fixture->server);
	}
}

static void test_server_restarts(void **state)
{
	struct fixture *fixture = *state;
	struct restart restart = {.fixture = fixture};

	desk_fixture_start(fixture, NULL, 10000);
	desk_enqueue_count(&fixture->desk, 150);
	assert_int_equal(mtr_client_flush(fixture->desk.client, restart_now_and_then, &restart), 0);
	fake_server_stop(&fixture->server);
	assert_int_equal(restart.answers, 150);
	assert_false(restart.out_of_order);
	assert_int_equal(fixture->server.next, 151);
	/* One more where a connection breaks before its hello is answered. */
	assert_in_range(fixture->server.hellos, 4, 7);
}

static void test_server_set_back(void **state)
{
	struct fixture *fixture = *state;

	desk_fixture_start(fixture, NULL, 2000);
	send_and_check(fixture, 20);
	fixture->server.next = 10;
	fixture->server.forgotten = 0;
	fake_server_start(&fixture->server);
	desk_enqueue(&fixture->desk, 1);
	assert_int_equal(desk_flush(&fixture->desk), MTR_CLIENT_SERVER_BEHIND);
	assert_int_equal(desk_queued(&fixture->desk), 1);
}

static void test_nobody_listens(void **state)
{
	struct fixture *fixture = *state;

	desk_fixture_start(fixture, NULL, 200);
	fake_server_stop(&fixture->server);
	desk_enqueue(&fixture->desk, 1);
	assert_int_equal(desk_flush(&fixture->desk), MTR_CLIENT_NO_LINK);
	assert_int_equal(desk_queued(&fixture->desk), 1);
	fake_server_start(&fixture->server);
	desk_close(&fixture->desk);
	desk_open(&fixture->desk, &fixture->server, 5000);
	assert_int_equal(desk_flush(&fixture->desk), 0);
	assert_int_equal(fixture->desk.answers, 1);
}

static enum fake_action misbehaving;

static enum fake_action misbehave(struct fake_server *server, const Mtr__Request *request, unsigned turn)
{
	(void)server, (void)turn;
	return request->sequencing && request->sequencing->sequence == 4 ? misbehaving : FAKE_ANSWER;
}

static void misbehaves(void **state, enum fake_action action, int expected)
{
	struct fixture *fixture = *state;

	misbehaving = action;
	desk_fixture_start(fixture, misbehave, 300);
	desk_enqueue_count(&fixture->desk, 6);
	assert_int_equal(desk_flush(&fixture->desk), expected);
	assert_int_equal(desk_queued(&fixture->desk), 3);
}

static void test_noise(void **state)
{
	misbehaves(state, FAKE_NOISE, MTR_CLIENT_PROTOCOL);
}

static void test_noise_for_an_answer(void **state)
{
	misbehaves(state, FAKE_NOISE_ANSWER, MTR_CLIENT_PROTOCOL);
}

static void test_empty_answer(void **state)
{
	misbehaves(state, FAKE_EMPTY_ANSWER, MTR_CLIENT_PROTOCOL);
}

static void test_two_frames(void **state)
{
	misbehaves(state, FAKE_PARTS, MTR_CLIENT_PROTOCOL);
}

static void test_error_without_request(void **state)
{
	misbehaves(state, FAKE_NAMELESS, MTR_CLIENT_PROTOCOL);
}

static void test_final_that_consumed_nothing(void **state)
{
	misbehaves(state, FAKE_LIE, MTR_CLIENT_PROTOCOL);
}

/* Ends the connection, and with it replies that were on their way. */
static void test_oversized_reply(void **state)
{
	struct fixture *fixture = *state;

	misbehaving = FAKE_OVERSIZED;
	desk_fixture_start(fixture, misbehave, 300);
	desk_enqueue_count(&fixture->desk, 6);
	assert_int_equal(desk_flush(&fixture->desk), MTR_CLIENT_NO_LINK);
	assert_in_range(desk_queued(&fixture->desk), 3, 6);
}

static void test_another_process_sends(void **state)
{
	struct fixture *fixture = *state;
	char path[128];

	desk_fixture_start(fixture, NULL, 200);
	desk_enqueue(&fixture->desk, 1);
	snprintf(path, sizeof path, "%s/sender.lock", fixture->desk.state);

	int lock = open(path, O_RDWR | O_CREAT, 0600);

	assert_int_equal(flock(lock, LOCK_EX), 0);
	assert_int_equal(desk_flush(&fixture->desk), MTR_CLIENT_STATE_BUSY);
	close(lock);
	assert_int_equal(desk_flush(&fixture->desk), 0);
}

static void test_backed_up_entries_are_forgotten(void **state)
{
	struct fixture *fixture = *state;

	fixture->server.backed_up_revision = 100 + 600;
	desk_fixture_start(fixture, NULL, 5000);
	send_and_check(fixture, 1000);
	/* Sequences and hashes go on. */
	fake_server_start(&fixture->server);
	send_and_check(fixture, 10);
}

static void test_hundred_thousand(void **state)
{
	struct fixture *fixture = *state;

	desk_fixture_start(fixture, NULL, 20000);
	fixture->server.in_flight = MTR_IN_FLIGHT_MAX;
	desk_enqueue_count(&fixture->desk, 100000);

	size_t before = mallinfo2().uordblks;

	assert_int_equal(desk_flush(&fixture->desk), 0);
	assert_int_equal(fixture->desk.answers, 100000);
	assert_false(fixture->desk.out_of_order);
	fake_server_stop(&fixture->server);
	assert_int_equal(fixture->server.next, 100001);
	/* Under a sanitizer the figure is 0 on both sides. */
	assert_true(mallinfo2().uordblks < before + 16 * 1024 * 1024);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, desk_fixture_begin, desk_fixture_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_nothing_queued),
		TEST(test_plain),
		TEST(test_one_after_the_other),
		TEST(test_lost_replies),
		TEST(test_lost_last_reply),
		TEST(test_gaps),
		TEST(test_duplicate_replies),
		TEST(test_stale_replies),
		TEST(test_replies_out_of_order),
		TEST(test_busy),
		TEST(test_busy_for_too_long),
		TEST(test_busy_at_hello),
		TEST(test_hello_required),
		TEST(test_halt),
		TEST(test_copied_state_directory),
		TEST(test_revoked_in_between),
		TEST(test_newer_protocol_in_between),
		TEST(test_server_restarts),
		TEST(test_server_set_back),
		TEST(test_nobody_listens),
		TEST(test_noise),
		TEST(test_noise_for_an_answer),
		TEST(test_empty_answer),
		TEST(test_two_frames),
		TEST(test_error_without_request),
		TEST(test_final_that_consumed_nothing),
		TEST(test_oversized_reply),
		TEST(test_another_process_sends),
		TEST(test_backed_up_entries_are_forgotten),
		TEST(test_hundred_thousand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
