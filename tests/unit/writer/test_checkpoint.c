/* When the register signs its history, and with what. */
#include "unit/writer/house.h"

#include "contract/checkpoint.h"
#include "engine/record.h"
#include "matricula/v1/journal.pb-c.h"
#include "store/verify.h"

struct signer {
	struct house house;
	struct mtr_key_pair pair;
};

static int set_up(void **state)
{
	struct signer *signer = calloc(1, sizeof *signer);

	assert_true(mtr_signing_pair_make(&signer->pair));
	house_make(&signer->house);
	signer->house.now = 1600000001000u;
	signer->house.options.signer = &signer->pair;
	signer->house.options.incarnation = 77;
	house_open(&signer->house);
	*state = signer;
	return 0;
}

static int tear_down(void **state)
{
	struct signer *signer = *state;

	house_remove(&signer->house);
	free(signer);
	return 0;
}

static struct mtr_checkpoint_place newest(const struct house *house)
{
	struct mtr_checkpoint_place place;
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, house->store);
	mtr_read_checkpoint(&txn, &place);
	assert_int_equal(txn.error, MTR_STORE_OK);
	mtr_txn_abort(&txn);
	return place;
}

struct found {
	const struct signer *signer;
	uint64_t wanted;
	uint8_t before[MTR_HASH_BYTES]; /* chain */
	bool good;
};

static int check_record(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES],
			const uint8_t *record, size_t size)
{
	struct found *found = context;
	struct mtr_record_view view;

	if (revision < found->wanted) {
		memcpy(found->before, chain_after, MTR_HASH_BYTES);
		return 0;
	}
	assert_int_equal(mtr_record_read(record, size, &view), 0);
	assert_int_equal(view.effect_count, 0);
	Mtr__Command *command = mtr__command__unpack(NULL, view.command.size, view.command.data);
	const Mtr__Checkpoint *checkpoint = command->checkpoint;

	assert_int_equal(command->body_case, MTR__COMMAND__BODY_CHECKPOINT);
	assert_int_equal(checkpoint->revision, revision - 1);
	assert_int_equal(checkpoint->incarnation, 77);
	assert_memory_equal(checkpoint->chain.data, found->before, MTR_HASH_BYTES);
	found->good = mtr_checkpoint_signed(checkpoint, found->signer->pair.public_key);
	command->checkpoint->at++;
	assert_false(mtr_checkpoint_signed(checkpoint, found->signer->pair.public_key));
	mtr__command__free_unpacked(command, NULL);
	return 1;
}

/* The record of this revision is a checkpoint of all before it. */
static void check_checkpoint(const struct signer *signer, uint64_t revision)
{
	struct mtr_engine *engine = signer->house.engine;
	struct found found = {.signer = signer, .wanted = revision};

	assert_int_equal(engine->operations->fetch(engine, revision - 1, check_record, &found), 1);
	assert_true(found.good);
}

static void the_end_is_signed_once(void **state)
{
	struct signer *signer = *state;
	struct house *house = &signer->house;
	struct desk desk = make_desk(1, OPERATOR_ID);

	assert_done(judge(house, desk_unit(&desk, 0)));
	assert_int_equal(newest(house).revision, 0);
	mtr_writer_stop(&house->writer);
	assert_int_equal(newest(house).revision, 3);
	check_checkpoint(signer, 3);
	house_start(house);
	mtr_writer_stop(&house->writer);
	assert_int_equal(newest(house).revision, 3);
	assert_int_equal(house->engine->operations->head(house->engine).revision, 3);
}

static void enough_records_are_signed(void **state)
{
	struct signer *signer = *state;
	struct house *house = &signer->house;
	struct desk desk = make_desk(1, OPERATOR_ID);
	const uint8_t nonsense[] = {0xff};

	for (uint32_t i = 0; i < MTR_CHECKPOINT_RECORDS; i++)
		assert_true(mtr_writer_submit(house->writer, desk_entry(&desk, nonsense, sizeof nonsense)));
	for (uint32_t i = 0; i < MTR_CHECKPOINT_RECORDS; i++)
		assert_refused(verdict_of(house_reply(house)), FIELD_FORMAT);
	house_wait_committed(house, MTR_CHECKPOINT_RECORDS + 2);
	assert_true(newest(house).revision > MTR_CHECKPOINT_RECORDS);
	check_checkpoint(signer, newest(house).revision);
}

static void an_hour_is_signed_when_there_was_a_change(void **state)
{
	struct signer *signer = *state;
	struct house *house = &signer->house;
	struct desk desk = make_desk(1, OPERATOR_ID);

	assert_done(judge(house, desk_unit(&desk, 0)));
	pthread_mutex_lock(&house->lock);
	house->now += MTR_CHECKPOINT_MS;
	pthread_mutex_unlock(&house->lock);
	house_wait_committed(house, 3);
	assert_int_equal(newest(house).revision, 3);
	check_checkpoint(signer, 3);
	pthread_mutex_lock(&house->lock);
	house->now += MTR_CHECKPOINT_MS;
	pthread_mutex_unlock(&house->lock);
	assert_done(judge(house, desk_unit(&desk, 1)));
	house_wait_committed(house, 5);
	assert_int_equal(newest(house).revision, 5);
}

static void nobody_may_send_one(void **state)
{
	struct signer *signer = *state;
	struct desk desk = make_desk(1, OPERATOR_ID);
	Mtr__Checkpoint checkpoint = MTR__CHECKPOINT__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;
	uint8_t bytes[64];

	checkpoint.revision = 1;
	command.body_case = MTR__COMMAND__BODY_CHECKPOINT;
	command.checkpoint = &checkpoint;
	struct mtr_work *work = desk_entry(&desk, bytes, mtr__command__pack(&command, bytes));

	assert_refused(judge(&signer->house, work), UNKNOWN_COMMAND);
	house_wait_committed(&signer->house, 2);
	assert_int_equal(newest(&signer->house).revision, 0);
}

static void digests_of(struct house *house, uint8_t digests[MTR_TABLES][MTR_HASH_BYTES])
{
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, house->store);
	mtr_table_digests(&txn, digests);
	mtr_txn_abort(&txn);
}

static void a_rebuilt_register_knows_its_checkpoint(void **state)
{
	struct signer *signer = *state;
	struct house *house = &signer->house;
	struct desk desk = make_desk(1, OPERATOR_ID);
	uint8_t live[MTR_TABLES][MTR_HASH_BYTES], rebuilt[MTR_TABLES][MTR_HASH_BYTES];

	assert_done(judge(house, desk_unit(&desk, 0)));
	mtr_writer_stop(&house->writer);
	digests_of(house, live);
	house_close(house);
	assert_int_equal(house_open_as(house, "rebuilt", "journal"), MTR_RECOVER_OK);
	digests_of(house, rebuilt);
	assert_memory_equal(live, rebuilt, sizeof live);
	assert_int_equal(newest(house).revision, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_end_is_signed_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(enough_records_are_signed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_hour_is_signed_when_there_was_a_change, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nobody_may_send_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_rebuilt_register_knows_its_checkpoint, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
