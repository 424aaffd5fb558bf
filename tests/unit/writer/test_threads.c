/* Many submit at once, others look at the figures and wish for commits. */
#include "unit/writer/house.h"

#define CLERKS 4u
#define ENTRIES 150u
#define AHEAD 16u

struct clerk {
	struct house *house;
	struct desk desk;
	uint32_t number;
	pthread_t thread;
};

static void *send_entries(void *context)
{
	struct clerk *clerk = context;

	for (uint32_t i = 0; i < ENTRIES; i++) {
		struct mtr_work *work = desk_unit(&clerk->desk, 1 + clerk->number * ENTRIES + i);

		work->session = clerk->number;
		while (!mtr_writer_submit(clerk->house->writer, work))
			sched_yield();
		if (i % AHEAD == 0)
			mtr_writer_wish_commit(clerk->house->writer, i);
	}
	return NULL;
}

static void all_are_answered_in_order(void **state)
{
	struct house *house = *state;
	struct clerk clerks[CLERKS];
	uint64_t next[CLERKS] = {0}, highest = 0;
	struct desk first = make_desk(100, OPERATOR_ID);
	struct mtr_writer_figures figures;

	assert_done(judge(house, desk_unit(&first, 0)));
	for (uint32_t i = 0; i < CLERKS; i++) {
		clerks[i] = (struct clerk){house, make_desk((uint8_t)(i + 1), OPERATOR_ID), i, 0};
		assert_int_equal(pthread_create(&clerks[i].thread, NULL, send_entries, &clerks[i]), 0);
	}
	for (uint32_t i = 0; i < CLERKS * ENTRIES; i++) {
		struct mtr_work *work = house_reply(house);

		assert_int_equal(work->sequence, ++next[work->session]);
		struct verdict verdict = verdict_of(work);

		assert_done(verdict);
		assert_int_equal(verdict.revision, 3 + i);
		highest = verdict.revision;
		mtr_writer_figures(house->writer, &figures);
		assert_true(figures.durable_revision >= verdict.revision);
		assert_true(figures.committed_revision <= figures.durable_revision);
	}
	for (uint32_t i = 0; i < CLERKS; i++)
		assert_int_equal(pthread_join(clerks[i].thread, NULL), 0);
	house_wait_committed(house, highest);
	mtr_writer_figures(house->writer, &figures);
	assert_int_equal(figures.commands, 1 + CLERKS * ENTRIES);
	assert_int_equal(figures.refused, 0);
	assert_true(figures.batches <= figures.commands);
	assert_true(figures.accepts_changes);
	assert_int_equal(house->fatal_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_are_answered_in_order, house_setup, house_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
