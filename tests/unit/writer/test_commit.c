/* When LMDB commits, who hears of it, and what happens when that is no longer sure. */
#include "unit/writer/house.h"

static void make_house(struct house *house, uint32_t idle_ms, uint32_t longest_ms, uint32_t puts)
{
	house_make(house);
	house->options.commit_idle_ms = idle_ms;
	house->options.commit_longest_ms = longest_ms;
	house->options.commit_puts = puts;
	house_open(house);
}

static uint64_t committed(const struct house *house)
{
	struct mtr_writer_figures figures;

	mtr_writer_figures(house->writer, &figures);
	return figures.committed_revision;
}

static uint64_t store_revision(const struct house *house)
{
	struct mtr_store_state state;
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, house->store);
	mtr_txn_state(&txn, &state);
	mtr_txn_abort(&txn);
	return state.revision;
}

static void commits_when_idle(void **state)
{
	struct house house;
	struct desk desk = make_desk(1, OPERATOR_ID);

	(void)state;
	make_house(&house, SOON_MS, NEVER_MS, 20000);
	assert_done(judge(&house, desk_unit(&desk, 0)));
	house_wait_committed(&house, 2);
	assert_int_equal(store_revision(&house), 2);
	house_remove(&house);
}

static void commits_before_long(void **state)
{
	struct house house;
	struct desk desk = make_desk(1, OPERATOR_ID);

	(void)state;
	make_house(&house, NEVER_MS, 30, 20000);
	assert_done(judge(&house, desk_unit(&desk, 0)));
	house_wait_committed(&house, 2);
	house_remove(&house);
}

static void commits_after_many_puts(void **state)
{
	struct house house;
	struct desk desk = make_desk(1, OPERATOR_ID);

	(void)state;
	make_house(&house, NEVER_MS, NEVER_MS, 12);
	for (uint32_t i = 0; i < 12; i++)
		assert_done(judge(&house, desk_unit(&desk, i)));
	house_wait_committed(&house, 12);
	house_remove(&house);
}

static void commits_when_a_reader_wishes_and_at_the_end(void **state)
{
	struct house house;
	struct desk desk = make_desk(1, OPERATOR_ID);

	(void)state;
	make_house(&house, NEVER_MS, NEVER_MS, 1000000);
	assert_done(judge(&house, desk_unit(&desk, 0)));
	assert_done(judge(&house, desk_unit(&desk, 1)));
	assert_int_equal(committed(&house), 1);
	assert_int_equal(store_revision(&house), 1);
	mtr_writer_wish_commit(house.writer, 2);
	house_wait_committed(&house, 3);
	assert_int_equal(store_revision(&house), 3);
	assert_done(judge(&house, desk_unit(&desk, 2)));
	assert_int_equal(committed(&house), 3);
	mtr_writer_stop(&house.writer);
	assert_int_equal(house.committed, 4);
	assert_int_equal(store_revision(&house), 4);
	house_remove(&house);
}

static void stop_answers_what_was_submitted(void **state)
{
	struct house house;
	struct desk desk = make_desk(1, OPERATOR_ID);

	(void)state;
	make_house(&house, SOON_MS, 50, 20000);
	for (uint32_t i = 0; i < 200; i++)
		assert_true(mtr_writer_submit(house.writer, desk_unit(&desk, i)));
	mtr_writer_stop(&house.writer);
	assert_int_equal(house.reply_count, 200);
	for (uint32_t i = 0; i < 200; i++)
		assert_int_equal(verdict_of(house_reply(&house)).revision, 2 + i);
	assert_int_equal(store_revision(&house), 201);
	house_remove(&house);
}

static size_t pack_key(bool revoke, uint8_t *ret_command)
{
	Mtr__PutPrincipal put = MTR__PUT_PRINCIPAL__INIT;
	Mtr__RevokePrincipal gone = MTR__REVOKE_PRINCIPAL__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;
	uint8_t key[MTR_KEY_BYTES] = {0x42, 0x43};
	char name[] = "Thanh tra", reason[] = "Chuyển công tác";

	put.public_key = gone.public_key = (ProtobufCBinaryData){sizeof key, key};
	put.name = name;
	put.role = MTR__ROLE__ROLE_AUDITOR;
	gone.reason = reason;
	command.body_case = revoke ? MTR__COMMAND__BODY_REVOKE_PRINCIPAL : MTR__COMMAND__BODY_PUT_PRINCIPAL;
	if (revoke)
		command.revoke_principal = &gone;
	else
		command.put_principal = &put;
	return mtr__command__pack(&command, ret_command);
}

static void change_of_a_principal_is_told_and_committed_before_the_answer(void **state)
{
	struct house house;
	struct desk desk = make_desk(1, OPERATOR_ID);
	uint8_t command[256];

	(void)state;
	make_house(&house, NEVER_MS, NEVER_MS, 1000000);
	assert_done(judge(&house, desk_entry(&desk, command, pack_key(false, command))));
	assert_int_equal(house.changed_revision, 2);
	assert_int_equal(house.changed_committed, 2);
	assert_int_equal(house.changed_id, 2);
	assert_false(house.changed_revoked);
	assert_done(judge(&house, desk_entry(&desk, command, pack_key(true, command))));
	assert_int_equal(house.changed_revision, 3);
	assert_int_equal(house.changed_id, 2);
	assert_true(house.changed_revoked);
	struct desk revoked = make_desk(2, 2);
	struct verdict verdict = judge(&house, desk_unit(&revoked, 0));

	assert_refused(verdict, REVOKED);
	assert_int_equal(verdict.revision, 0);
	house_remove(&house);
}

/* An engine whose flush comes back with nobody knowing what is on the disk. */
struct unsure {
	struct mtr_engine engine;
	struct mtr_engine_operations operations;
	struct mtr_engine *real;
};

static struct unsure *unsure_of(const struct mtr_engine *engine)
{
	return (struct unsure *)(uintptr_t)engine;
}

static struct mtr_chain_point unsure_head(const struct mtr_engine *engine)
{
	return unsure_of(engine)->real->operations->head(unsure_of(engine)->real);
}

static int unsure_tick(struct mtr_engine *engine)
{
	return unsure_of(engine)->real->operations->tick(unsure_of(engine)->real);
}

static int unsure_submit(struct mtr_engine *engine, const struct mtr_batch *batch)
{
	(void)engine;
	(void)batch;
	return 0;
}

static enum mtr_append unsure_poll(struct mtr_engine *engine, bool wait)
{
	(void)engine;
	(void)wait;
	return MTR_APPEND_UNKNOWN;
}

static void unclear_outcome_ends_it(void **state)
{
	struct house house;
	struct desk desk = make_desk(1, OPERATOR_ID);
	struct unsure unsure = {
		.operations = {.head = unsure_head, .tick = unsure_tick, .submit = unsure_submit, .poll = unsure_poll}};

	(void)state;
	make_house(&house, SOON_MS, 50, 20000);
	mtr_writer_stop(&house.writer);
	unsure.engine.operations = &unsure.operations;
	unsure.real = house.engine;
	house.options.engine = &unsure.engine;
	assert_int_equal(mtr_writer_start(&house.writer, &house.options), 0);
	assert_true(mtr_writer_submit(house.writer, desk_unit(&desk, 0)));
	pthread_mutex_lock(&house.lock);
	while (!house.fatal_count)
		house_wait(&house);
	pthread_mutex_unlock(&house.lock);
	struct mtr_work *late = desk_unit(&desk, 1);

	assert_false(mtr_writer_submit(house.writer, late));
	mtr_work_free(&late);
	mtr_writer_stop(&house.writer);
	assert_int_equal(house.fatal_count, 1);
	assert_int_equal(house.reply_count, 0);
	assert_int_equal(store_revision(&house), 1);
	house_remove(&house);
}

static void store_that_is_not_at_the_head_is_refused(void **state)
{
	struct house house;
	struct desk desk = make_desk(1, OPERATOR_ID);
	struct mtr_engine *longer;

	(void)state;
	make_house(&house, SOON_MS, 50, 20000);
	assert_done(judge(&house, desk_unit(&desk, 0)));
	mtr_writer_stop(&house.writer);
	longer = house.engine;
	mtr_store_close(&house.store);
	house.engine = NULL;
	assert_int_equal(house_open_as(&house, "other-store", "other-journal"), MTR_RECOVER_OK);
	house.options.store = house.store;
	house.options.engine = longer;
	assert_int_equal(mtr_writer_start(&house.writer, &house.options), -EINVAL);
	assert_null(house.writer);
	longer->operations->close(&longer);
	house_remove(&house);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commits_when_idle),
		cmocka_unit_test(commits_before_long),
		cmocka_unit_test(commits_after_many_puts),
		cmocka_unit_test(commits_when_a_reader_wishes_and_at_the_end),
		cmocka_unit_test(stop_answers_what_was_submitted),
		cmocka_unit_test(change_of_a_principal_is_told_and_committed_before_the_answer),
		cmocka_unit_test(unclear_outcome_ends_it),
		cmocka_unit_test(store_that_is_not_at_the_head_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
