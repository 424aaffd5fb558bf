#include "unit/writer/house.h"

static uint64_t durable(const struct house *house)
{
	struct mtr_writer_figures figures;

	mtr_writer_figures(house->writer, &figures);
	return figures.durable_revision;
}

static void expected_entries_are_consumed(void **state)
{
	struct house *house = *state;
	struct desk desk = make_desk(1, OPERATOR_ID);

	for (uint32_t i = 0; i < 5; i++) {
		struct verdict verdict = judge(house, desk_unit(&desk, i));

		assert_done(verdict);
		assert_false(verdict.repeated);
		assert_int_equal(verdict.revision, 2 + i);
		assert_int_equal(durable(house), 2 + i);
	}
}

static void repeated_entry_gets_the_stored_answer(void **state)
{
	struct house *house = *state;
	struct desk desk = make_desk(1, OPERATOR_ID);
	struct mtr_work *work = desk_unit(&desk, 0), *again = copy_work(work), *later = copy_work(work);
	struct mtr_work *first = house_ask(house, work), *second = house_ask(house, again);

	assert_false(first->repeated_answer);
	assert_true(second->repeated_answer);
	assert_int_equal(first->answer_size, second->answer_size);
	assert_memory_equal(first->answer, second->answer, first->answer_size);
	assert_int_equal(durable(house), 2);
	/* After a restart the answer comes out of the journal. */
	house_close(house);
	house_open(house);
	struct mtr_work *third = house_ask(house, later);

	assert_true(third->repeated_answer);
	assert_int_equal(first->answer_size, third->answer_size);
	assert_memory_equal(first->answer, third->answer, first->answer_size);
	assert_int_equal(durable(house), 2);
	mtr_work_free(&first);
	mtr_work_free(&second);
	mtr_work_free(&third);
}

/* Holds the writer, so that what is submitted before `open_gate` is in one batch. */
static void close_gate(struct house *house, struct desk *desk)
{
	struct mtr_work *work = desk_unit(desk, 1000);

	desk->sequence--;
	work->dry_run = true;
	set_gate(house, true);
	assert_true(mtr_writer_submit(house->writer, work));
	pthread_mutex_lock(&house->lock);
	while (!house->at_gate)
		house_wait(house);
	pthread_mutex_unlock(&house->lock);
}

static void open_gate(struct house *house)
{
	set_gate(house, false);
	struct mtr_work *dry = house_reply(house);

	assert_true(dry->dry_run);
	mtr_work_free(&dry);
}

static void repeated_in_one_batch_is_consumed_once(void **state)
{
	struct house *house = *state;
	struct desk desk = make_desk(1, OPERATOR_ID), other = desk;

	close_gate(house, &other);
	struct mtr_work *work = desk_unit(&desk, 0), *again = copy_work(work);

	assert_true(mtr_writer_submit(house->writer, work));
	assert_true(mtr_writer_submit(house->writer, again));
	assert_true(mtr_writer_submit(house->writer, desk_unit(&desk, 1)));
	open_gate(house);
	struct mtr_work *first = house_reply(house), *second = house_reply(house), *third = house_reply(house);

	assert_false(first->repeated_answer);
	assert_true(second->repeated_answer);
	assert_memory_equal(first->answer, second->answer, first->answer_size);
	assert_false(third->repeated_answer);
	assert_int_equal(durable(house), 3);
	struct mtr_writer_figures figures;

	mtr_writer_figures(house->writer, &figures);
	assert_int_equal(figures.batches, 1);
	mtr_work_free(&first);
	mtr_work_free(&second);
	mtr_work_free(&third);
}

static void known_sequence_with_other_contents_is_refused(void **state)
{
	struct house *house = *state;
	struct desk desk = make_desk(1, OPERATOR_ID), copy = desk;

	assert_done(judge(house, desk_unit(&desk, 0)));
	struct verdict verdict = judge(house, desk_unit(&copy, 1));

	assert_refused(verdict, SEQUENCE_CONTENTS);
	assert_int_equal(verdict.revision, 0);
	assert_int_equal(durable(house), 2);
	assert_done(judge(house, desk_unit(&desk, 1)));
}

static void gap_names_what_is_expected(void **state)
{
	struct house *house = *state;
	struct desk desk = make_desk(1, OPERATOR_ID);
	struct mtr_work *first = desk_unit(&desk, 0), *second = desk_unit(&desk, 1);
	struct verdict verdict = judge(house, copy_work(second));

	assert_refused(verdict, SEQUENCE_GAP);
	assert_int_equal(verdict.number, 1);
	assert_done(judge(house, first));
	verdict = judge(house, desk_unit(&desk, 2));
	assert_refused(verdict, SEQUENCE_GAP);
	assert_int_equal(verdict.number, 2);
	assert_done(judge(house, second));
	assert_int_equal(durable(house), 3);
}

static void two_copies_in_use_are_told(void **state)
{
	struct house *house = *state;
	struct desk desk = make_desk(1, OPERATOR_ID), copy = desk;

	assert_done(judge(house, desk_unit(&desk, 0)));
	struct mtr_work *lost = desk_unit(&copy, 5), *forked = desk_unit(&copy, 6);

	assert_refused(judge(house, forked), OUTBOX_FORKED);
	mtr_work_free(&lost);
	assert_int_equal(durable(house), 2);
}

static void foreign_outbox_is_refused(void **state)
{
	struct house *house = *state;
	struct desk desk = make_desk(1, OPERATOR_ID);

	assert_done(judge(house, desk_unit(&desk, 0)));
	struct mtr_work *next = desk_unit(&desk, 1), *foreign = copy_work(next);

	foreign->principal_id = 2;
	assert_refused(judge(house, foreign), OUTBOX_FOREIGN);
	assert_done(judge(house, next));
}

static void old_copy_of_an_outbox_is_refused(void **state)
{
	struct house *house = *state;
	struct desk desk = make_desk(1, OPERATOR_ID), old = desk;

	assert_done(judge(house, desk_unit(&desk, 0)));
	assert_done(judge(house, desk_unit(&desk, 1)));
	desk.first_unacknowledged = 3;
	assert_done(judge(house, desk_unit(&desk, 2)));
	struct verdict verdict = judge(house, desk_unit(&old, 0));

	assert_refused(verdict, OUTBOX_OUTDATED);
	assert_int_equal(verdict.number, 4);
	/* A server that has forgotten an answer says so also to one that states less than it did before. */
	old = (struct desk){.outbox = {1}, .principal_id = OPERATOR_ID, .first_unacknowledged = 1};
	verdict = judge(house, desk_unit(&old, 0));
	assert_refused(verdict, OUTBOX_OUTDATED);
}

static void malformed_sequencing_is_refused(void **state)
{
	struct house *house = *state;
	struct desk desk = make_desk(1, OPERATOR_ID);
	struct mtr_work *work = desk_unit(&desk, 0), *zero = copy_work(work), *plain = copy_work(work);

	work->first_unacknowledged = 2;
	struct verdict verdict = judge(house, work);

	assert_refused(verdict, MALFORMED);
	assert_string_equal(verdict.field, "sequencing.first_unacknowledged");
	zero->sequence = 0;
	assert_refused(judge(house, zero), MALFORMED);
	plain->sequenced = false;
	assert_refused(judge(house, plain), MALFORMED);
	assert_int_equal(durable(house), 1);
}

static void final_refusals_consume(void **state)
{
	struct house *house = *state;
	struct desk desk = make_desk(1, OPERATOR_ID);
	const uint8_t unknown[] = {0xfa, 0x3e, 0x00}, junk[] = {0xff, 0xff, 0xff};
	struct mtr_work *work = desk_entry(&desk, unknown, sizeof unknown), *again = copy_work(work);
	struct verdict verdict = judge(house, work);

	assert_refused(verdict, UNKNOWN_COMMAND);
	assert_int_equal(verdict.revision, 2);
	work = desk_entry(&desk, junk, sizeof junk);
	verdict = judge(house, work);
	assert_refused(verdict, FIELD_FORMAT);
	assert_string_equal(verdict.field, "command");
	assert_int_equal(verdict.revision, 3);
	verdict = judge(house, desk_entry(&desk, junk, 0));
	assert_refused(verdict, UNKNOWN_COMMAND);
	verdict = judge(house, desk_unit(&desk, 7)); /* its parent isn't there */
	assert_refused(verdict, UNKNOWN_UNIT);
	assert_int_equal(verdict.revision, 5);
	verdict = judge(house, again);
	assert_refused(verdict, UNKNOWN_COMMAND);
	assert_true(verdict.repeated);
	assert_int_equal(verdict.revision, 2);
	assert_int_equal(durable(house), 5);
}

static void refusals_for_now_consume_nothing(void **state)
{
	struct house *house = *state;
	struct desk stranger = make_desk(1, 99);
	const uint8_t junk[] = {0xff, 0xff, 0xff};
	struct verdict verdict = judge(house, desk_unit(&stranger, 0));

	assert_true(verdict.code != MTR__ERROR_CODE__ERROR_CODE_NONE);
	assert_int_equal(verdict.revision, 0);
	stranger = make_desk(1, 99);
	assert_int_equal(judge(house, desk_entry(&stranger, junk, sizeof junk)).code, verdict.code);
	assert_int_equal(durable(house), 1);
}

static struct verdict judge_dry(struct house *house, uint32_t unit)
{
	struct desk desk = make_desk(9, OPERATOR_ID);
	struct mtr_work *work = desk_unit(&desk, unit);

	work->dry_run = true;
	return judge(house, work);
}

static void dry_run_changes_nothing(void **state)
{
	struct house *house = *state;
	struct desk desk = make_desk(1, OPERATOR_ID);
	struct verdict verdict = judge_dry(house, 0);

	assert_done(verdict);
	assert_int_equal(verdict.revision, 0);
	assert_refused(judge_dry(house, 1), UNKNOWN_UNIT);
	assert_int_equal(durable(house), 1);
	/* It sees what was changed, committed or not. */
	assert_done(judge(house, desk_unit(&desk, 0)));
	assert_done(judge_dry(house, 1));
	assert_int_equal(durable(house), 2);
}

static void time_never_goes_back(void **state)
{
	struct house *house = *state;
	struct desk desk = make_desk(1, OPERATOR_ID);
	struct mtr_store_state written;
	struct mtr_txn txn;

	assert_done(judge(house, desk_unit(&desk, 0)));
	pthread_mutex_lock(&house->lock);
	house->now = 5;
	pthread_mutex_unlock(&house->lock);
	assert_done(judge(house, desk_unit(&desk, 1)));
	house_wait_committed(house, 3);
	mtr_txn_begin_read(&txn, house->store);
	mtr_txn_state(&txn, &written);
	mtr_txn_abort(&txn);
	assert_int_equal(written.revision, 3);
	assert_int_equal(written.at, 1700000000000u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(expected_entries_are_consumed, house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(repeated_entry_gets_the_stored_answer, house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(repeated_in_one_batch_is_consumed_once, house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(known_sequence_with_other_contents_is_refused, house_setup,
						house_teardown),
		cmocka_unit_test_setup_teardown(gap_names_what_is_expected, house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(two_copies_in_use_are_told, house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(foreign_outbox_is_refused, house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(old_copy_of_an_outbox_is_refused, house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(malformed_sequencing_is_refused, house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(final_refusals_consume, house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(refusals_for_now_consume_nothing, house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(dry_run_changes_nothing, house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(time_never_goes_back, house_setup, house_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
