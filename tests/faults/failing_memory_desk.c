/* The client library while one request for memory is refused, the first, the second, ... until none was: each call says
 * that there is no memory, or does its work; afterwards the outbox holds what was taken, once and in order, the mirror
 * is whole, and nothing is told of an entry that isn't so. */
#include "shortage.h"

#include "matricula/v1/commands.pb-c.h"

#define ENTRIES 3u
#define CLASS_ID 1u
#define PUPILS 20u
/* Two pages each. */
#define WHOLE_PAGE_ROWS 15u
#define CHANGED_PAGE_ROWS 5u
#define CHANGED 7u

struct shortage {
	struct served *served;
	uint64_t entered, answered, told; /* answers told by the last flush */
	bool out_of_order;
};

static int open_client(void *context)
{
	struct shortage *shortage = context;

	return desk_try_open(&shortage->served->desk, &shortage->served->server, 0);
}

static int enter(void *context)
{
	struct shortage *shortage = context;
	uint64_t sequence = 0;
	int error = desk_try_enqueue(&shortage->served->desk, 7, &sequence);

	if (error)
		return error;
	assert_int_equal(sequence, ++shortage->entered);
	return 0;
}

/* An answer is told again when it couldn't be marked. */
static void take_answer(void *context, uint64_t sequence, const uint8_t *bytes, size_t size)
{
	struct shortage *shortage = context;

	(void)bytes;
	shortage->out_of_order |= size == 0 || sequence != shortage->answered + ++shortage->told;
}

static int flush(void *context)
{
	struct shortage *shortage = context;

	shortage->told = 0;
	return mtr_client_flush(shortage->served->desk.client, take_answer, shortage);
}

static int bring_forward(void *context)
{
	return served_try_sync(((struct shortage *)context)->served, 0);
}

static int read_state(void *context)
{
	struct mtr_client_mirror_state state;

	return mtr_client_mirror_state(((struct shortage *)context)->served->desk.client, &state);
}

static int run_dry(void *context)
{
	Mtr__Command command = MTR__COMMAND__INIT;
	Mtr__Withdraw withdraw = MTR__WITHDRAW__INIT;
	const uint8_t *answer;
	uint8_t bytes[64];
	size_t size;

	withdraw.nomination_id = 7;
	command.body_case = MTR__COMMAND__BODY_WITHDRAW;
	command.withdraw = &withdraw;
	return mtr_client_dry_run(((struct shortage *)context)->served->desk.client, bytes,
				  mtr__command__pack(&command, bytes), &answer, &size);
}

static void on_row(void *context, uint32_t type, uint64_t id, const uint8_t *row, size_t size)
{
	struct shortage *shortage = context;

	assert_true(type && id && row && size);
	shortage->told++;
}

static int read_class(void *context)
{
	struct shortage *shortage = context;
	const uint8_t *refusal;
	size_t size;

	shortage->told = 0;
	int error = mtr_client_read_class(shortage->served->desk.client, "LOP-1", on_row, shortage, &refusal, &size);

	if (!error)
		assert_int_equal(size, 0);
	assert_true(error ? shortage->told == 0 : shortage->told > PUPILS);
	return error;
}

static void opening(void **state)
{
	struct shortage shortage = {.served = *state};
	bool was = true;
	int error;

	for (uint32_t n = 1; was; n++) {
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

	for (uint32_t n = 1; was; n++) {
		was = refused(&shortage, enter, n, &error);
		assert_int_equal(desk_queued(&shortage.served->desk), shortage.entered);
	}
}

static void sending(void **state)
{
	struct shortage shortage = {.served = *state};
	bool was = true;
	int error;

	for (uint32_t n = 1; was; n++) {
		served_reopen(shortage.served, 0);
		for (uint32_t i = 0; i < ENTRIES; i++)
			assert_int_equal(enter(&shortage), 0);
		was = refused(&shortage, flush, n, &error);
		shortage.answered = shortage.entered - desk_queued(&shortage.served->desk);
		assert_int_equal(flush(&shortage), 0);
		assert_false(shortage.out_of_order);
		assert_int_equal(shortage.answered + shortage.told, shortage.entered);
		assert_int_equal(desk_queued(&shortage.served->desk), 0);
		shortage.answered = shortage.entered;
	}
	assert_false(shortage.served->server.violated);
}

/* One synchronisation with its n-th request refused, and one that puts it right. */
static bool bring_forward_short(struct shortage *shortage, uint32_t n)
{
	int error;
	const bool was = refused(shortage, bring_forward, n, &error);

	served_sync(shortage->served);
	served_expect_whole(shortage->served);
	return was;
}

static void reading(void **state)
{
	struct shortage shortage = {.served = *state};
	bool was = true;

	shortage.served->limit = WHOLE_PAGE_ROWS;
	for (uint32_t n = 1; was; n++) {
		desk_close(&shortage.served->desk);
		served_remove_mirror(shortage.served);
		desk_open(&shortage.served->desk, &shortage.served->server, 0);
		was = bring_forward_short(&shortage, n);
	}
	refuse_each(&shortage, read_state);
}

static void reading_on(void **state)
{
	struct shortage shortage = {.served = *state};
	bool was = true;

	shortage.served->limit = CHANGED_PAGE_ROWS;
	served_sync(shortage.served);
	for (uint32_t n = 1; was; n++) {
		served_put_people(shortage.served, 1000, CHANGED, DISTRICT_A);
		served_reopen(shortage.served, 0);
		was = bring_forward_short(&shortage, n);
	}
}

static void asking(void **state)
{
	struct shortage shortage = {.served = *state};
	bool was = true;
	int error;

	for (uint32_t n = 1; was; n++) {
		served_reopen(shortage.served, 0);
		was = refused(&shortage, run_dry, n, &error);
	}
	assert_int_equal(desk_queued(&shortage.served->desk), 0);
	assert_false(shortage.served->server.violated);
}

static void reading_a_class(void **state)
{
	struct shortage shortage = {.served = *state};
	struct fixture *f = shortage.served->world->f;

	served_become(shortage.served, TEACHER, MTR__ROLE__ROLE_SCHOOL, SCHOOL);
	for (uint64_t id = 1; id < PUPILS; id++) {
		const struct mtr_effect row = world_enrolment(f, 1000 + id, CLASS_ID, COMMUNE_A);

		fixture_apply(f, &row, 1);
		mtr_arena_reset(f->arena);
	}
	shortage.served->limit = 15;
	refuse_each(&shortage, read_class);
}

static int run_desk(void)
{
	const struct CMUnitTest tests[] = {
		SERVED_TEST(opening), SERVED_TEST(entering), SERVED_TEST(sending),
		SERVED_TEST(asking),  SERVED_TEST(bundles),  SERVED_TEST(sending_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

static int run_mirror(void)
{
	const struct CMUnitTest tests[] = {
		SERVED_TEST(reading),
		SERVED_TEST(reading_a_class),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

static int run_changes(void)
{
	const struct CMUnitTest tests[] = {
		SERVED_TEST(reading_on),
		SERVED_TEST(following),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* desk: what goes out; mirror: what is read whole; changes: what came since. By three tests, that they go side by side.
 */
int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "desk") == 0)
		return run_desk();
	if (argc == 2 && strcmp(argv[1], "mirror") == 0)
		return run_mirror();
	if (argc == 2 && strcmp(argv[1], "changes") == 0)
		return run_changes();
	fprintf(stderr, "failing_memory_desk: say which calls: desk, mirror or changes\n");
	return 2;
}
