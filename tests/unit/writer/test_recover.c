#include "unit/writer/house.h"

#include "store/verify.h"

#include <fcntl.h>

static void fill(struct house *house, uint32_t count)
{
	struct desk desk = make_desk(1, OPERATOR_ID);

	for (uint32_t i = 0; i < count; i++)
		assert_true(mtr_writer_submit(house->writer, desk_unit(&desk, i)));
	for (uint32_t i = 0; i < count; i++)
		assert_done(verdict_of(house_reply(house)));
}

static void digests_of(struct house *house, uint8_t digests[MTR_TABLES][MTR_HASH_BYTES])
{
	char difference[MTR_DIFFERENCE_MAX];
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, house->store);
	mtr_table_digests(&txn, digests);
	assert_true(mtr_store_check(&txn, difference));
	mtr_txn_abort(&txn);
}

static void register_is_rebuilt_digest_for_digest(void **state)
{
	struct house *house = *state;
	uint8_t live[MTR_TABLES][MTR_HASH_BYTES], rebuilt[MTR_TABLES][MTR_HASH_BYTES];

	fill(house, 1500);
	mtr_writer_stop(&house->writer);
	digests_of(house, live);
	house_close(house);
	assert_int_equal(house_open_as(house, "rebuilt", "journal"), MTR_RECOVER_OK);
	digests_of(house, rebuilt);
	assert_memory_equal(live, rebuilt, sizeof live);
}

struct steps {
	uint64_t last, head;
	uint32_t count;
};

static void count_step(void *context, uint64_t revision, uint64_t head)
{
	struct steps *steps = context;

	assert_true(revision > steps->last);
	steps->last = revision;
	steps->head = head;
	steps->count++;
}

static void replay_reports_its_commits(void **state)
{
	struct house *house = *state;
	struct steps steps = {0};
	char path[128];

	fill(house, 1500);
	mtr_writer_stop(&house->writer);
	mtr_store_close(&house->store);
	(void)snprintf(path, sizeof path, "%s/rebuilt", house->directory);
	assert_int_equal(mkdir(path, 0700), 0);
	const struct mtr_store_options options = {.directory = path, .map_bytes = 64u << 20, .create = true};

	assert_int_equal(mtr_store_open(&house->store, &options), MTR_STORE_OK);
	assert_int_equal(mtr_recover(house->store, house->engine, count_step, &steps), MTR_RECOVER_OK);
	assert_int_equal(steps.count, 2);
	assert_int_equal(steps.last, 1501);
	assert_int_equal(steps.head, 1501);
	/* A second time there is nothing to do. */
	steps = (struct steps){0};
	assert_int_equal(mtr_recover(house->store, house->engine, count_step, &steps), MTR_RECOVER_OK);
	assert_int_equal(steps.count, 0);
}

static void journal_that_ends_too_early_is_told(void **state)
{
	struct house *house = *state;

	fill(house, 3);
	house_close(house);
	assert_int_equal(house_open_as(house, "store", "empty-journal"), MTR_RECOVER_JOURNAL_SHORT);
}

static void journal_of_another_register_is_told(void **state)
{
	struct house *house = *state;
	const uint8_t key[MTR_KEY_BYTES] = {8};

	house_close(house);
	assert_int_equal(house_open_as(house, "other-store", "other-journal"), MTR_RECOVER_OK);
	assert_int_equal(mtr_bootstrap(house->store, house->engine, key, "Khác", 1600000000000u), 0);
	house_close(house);
	assert_int_equal(house_open_as(house, "store", "other-journal"), MTR_RECOVER_CHAIN_DIFFERS);
}

static void damaged_journal_is_told(void **state)
{
	struct house *house = *state;
	char path[160];
	uint8_t byte;

	/* Smallest segments: each batch has one of its own, and only the last is read at opening. */
	fill(house, 1);
	house_close(house);
	(void)snprintf(path, sizeof path, "%s/journal/journal-0000000000000001", house->directory);
	int fd = open(path, O_RDWR | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &byte, 1, 4096 + 100), 1);
	byte ^= 1;
	assert_int_equal(pwrite(fd, &byte, 1, 4096 + 100), 1);
	close(fd);
	assert_int_equal(house_open_as(house, "rebuilt", "journal"), MTR_RECOVER_JOURNAL_DAMAGED);
	struct mtr_damage damage;

	mtr_local_damage(house->engine, &damage);
	assert_string_equal(damage.file, "journal-0000000000000001");
	assert_int_equal(damage.offset, 4096);
}

static void bootstrap_is_for_empty_registers(void **state)
{
	struct house *house = *state;
	const uint8_t key[MTR_KEY_BYTES] = {8};

	mtr_writer_stop(&house->writer);
	assert_int_equal(mtr_bootstrap(house->store, house->engine, key, "Khác", 1), -EEXIST);
	house_close(house);
	assert_int_equal(house_open_as(house, "new-store", "new-journal"), MTR_RECOVER_OK);
	assert_int_equal(mtr_bootstrap(house->store, house->engine, key, "", 1), -EINVAL);
	assert_int_equal(mtr_bootstrap(house->store, house->engine, key, "a\nb", 1), -EINVAL);
	assert_int_equal(mtr_bootstrap(house->store, house->engine, key, "Khác", 1), 0);
	struct mtr_arena *arena = mtr_arena_new(65536);
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, house->store);
	uint32_t id = mtr_find_principal(&txn, key);
	const Mtr__Principal *principal = mtr_read_principal(&txn, arena, id);

	assert_int_equal(id, OPERATOR_ID);
	assert_string_equal(principal->name, "Khác");
	assert_int_equal(principal->role, MTR__ROLE__ROLE_OPERATOR);
	mtr_txn_abort(&txn);
	mtr_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(register_is_rebuilt_digest_for_digest, house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(replay_reports_its_commits, house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(journal_that_ends_too_early_is_told, house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(journal_of_another_register_is_told, house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(damaged_journal_is_told, house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(bootstrap_is_for_empty_registers, house_setup, house_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
