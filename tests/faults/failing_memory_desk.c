/* The client library while one request for memory is refused, the first, the second, ... until none was: each call says
 * that there is no memory, or does its work; afterwards the outbox holds what was taken, once and in order, and the
 * mirror is whole. */
#include "memory.h"
#include "unit/mirror/served.h"

#define ENTRIES 3u
#define EVERY_NUMBER_TO 40u /* further on only some numbers are tried */

struct shortage {
	struct served *served;
	uint64_t entered, answered;
};

static uint32_t next_number(uint32_t n)
{
	return n < EVERY_NUMBER_TO ? n + 1 : n + n / 8;
}

static int open_client(struct shortage *shortage)
{
	return desk_try_open(&shortage->served->desk, &shortage->served->server, 0);
}

static int enter(struct shortage *shortage)
{
	uint64_t sequence = 0;
	int error = desk_try_enqueue(&shortage->served->desk, 7, &sequence);

	if (error)
		return error;
	assert_int_equal(sequence, ++shortage->entered);
	return 0;
}

static int flush(struct shortage *shortage)
{
	struct desk *desk = &shortage->served->desk;
	int error = desk_flush(desk);

	/* What was told before the error stays told. */
	if (desk->answers)
		assert_int_equal(desk->last, shortage->answered + desk->answers);
	shortage->answered += desk->answers;
	assert_false(desk->out_of_order);
	return error;
}

static int bring_forward(struct shortage *shortage)
{
	return served_try_sync(shortage->served, 0);
}

static int read_state(struct shortage *shortage)
{
	struct mtr_client_mirror_state state;

	return mtr_client_mirror_state(shortage->served->desk.client, &state);
}

/* One call with that request refused; false when none was. */
static bool refused(struct shortage *shortage, int (*call)(struct shortage *shortage), uint32_t n, int *ret_error)
{
	memory_arm(n);
	*ret_error = call(shortage);
	const bool was = memory_disarm();

	if (*ret_error != 0 && (*ret_error != MTR_CLIENT_MEMORY || !was))
		fail_msg("request %u refused: %s", n, mtr_client_error_name(*ret_error));
	return was;
}

static void opening(void **state)
{
	struct shortage shortage = {.served = *state};
	bool was = true;
	int error;

	for (uint32_t n = 1; was; n = next_number(n)) {
		desk_close(&shortage.served->desk);
		was = refused(&shortage, open_client, n, &error);
		assert_int_equal(error == 0, shortage.served->desk.client != NULL);
	}
	assert_int_equal(desk_queued(&shortage.served->desk), 0);
}

static void entering(void **state)
{
	struct shortage shortage = {.served = *state};
	bool was = true;
	int error;

	for (uint32_t n = 1; was; n = next_number(n)) {
		was = refused(&shortage, enter, n, &error);
		assert_int_equal(desk_queued(&shortage.served->desk), shortage.entered);
	}
}

static void sending(void **state)
{
	struct shortage shortage = {.served = *state};
	bool was = true;
	int error;

	for (uint32_t n = 1; was; n = next_number(n)) {
		served_reopen(shortage.served, 0);
		for (uint32_t i = 0; i < ENTRIES; i++)
			assert_int_equal(enter(&shortage), 0);
		was = refused(&shortage, flush, n, &error);
		assert_int_equal(flush(&shortage), 0);
		assert_int_equal(shortage.answered, shortage.entered);
		assert_int_equal(desk_queued(&shortage.served->desk), 0);
	}
	assert_false(shortage.served->server.violated);
}

static void reading(void **state)
{
	struct shortage shortage = {.served = *state};
	bool was = true;
	int error;

	shortage.served->limit = 5;
	for (uint32_t n = 1; was; n = next_number(n)) {
		desk_close(&shortage.served->desk);
		if (n % 2)
			served_remove_mirror(shortage.served);
		else
			served_put_people(shortage.served, 1000 + 10 * n, 7, DISTRICT_A);
		desk_open(&shortage.served->desk, &shortage.served->server, 0);
		was = refused(&shortage, bring_forward, n, &error);
		served_sync(shortage.served);
		served_expect_whole(shortage.served);
		(void)refused(&shortage, read_state, n % 5 + 1, &error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SERVED_TEST(opening),
		SERVED_TEST(entering),
		SERVED_TEST(sending),
		SERVED_TEST(reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
