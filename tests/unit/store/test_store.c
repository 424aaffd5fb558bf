#include "unit/store/fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/wait.h>

static struct mtr_bytes bytes_of(const char *text)
{
	return (struct mtr_bytes){(const uint8_t *)text, strlen(text)};
}

static void path_of(const struct fixture *f, const char *name, char ret_path[128])
{
	snprintf(ret_path, 128, "%s/%s", f->directory, name);
}

static enum mtr_store_error open_again(struct fixture *f, uint64_t map_bytes, bool create)
{
	const struct mtr_store_options options = {.directory = f->directory, .map_bytes = map_bytes, .create = create};

	mtr_store_close(&f->store);
	return mtr_store_open(&f->store, &options);
}

static void put_many(struct fixture *f, unsigned count, size_t size)
{
	uint8_t *value = mtr_arena_alloc(f->arena, size);
	struct mtr_txn txn;

	mtr_txn_begin_write(&txn, f->store);
	for (unsigned i = 0; i < count; i++) {
		struct mtr_key key = mtr_key_start();

		mtr_key_u32(&key, i);
		mtr_txn_put(&txn, MTR_TABLE_LINK, mtr_key_as_bytes(&key), (struct mtr_bytes){value, size});
	}
	assert_int_equal(txn.puts, count);
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
}

static void nothing_there_is_missing(void **state)
{
	const struct mtr_store_options options = {.directory = "/tmp/matricula-no-such-directory", .map_bytes = 1};
	struct mtr_store *store = NULL;
	struct fixture *f = *state;

	assert_int_equal(mtr_store_open(&store, &options), MTR_STORE_MISSING);
	assert_null(store);
	mtr_store_close(&store);
	mtr_store_close(&f->store);
	fixture_remove(f, "data.mdb");
	assert_int_equal(open_again(f, 1, false), MTR_STORE_MISSING);
}

static void only_the_owner_may_read(void **state)
{
	struct fixture *f = *state;
	struct stat status;
	char path[128];

	path_of(f, "data.mdb", path);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

static void what_is_committed_stays(void **state)
{
	struct fixture *f = *state;
	struct mtr_bytes value;
	struct mtr_txn txn;

	mtr_txn_begin_write(&txn, f->store);
	mtr_txn_put(&txn, MTR_TABLE_CODE, bytes_of("a"), bytes_of("1"));
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
	mtr_txn_begin_write(&txn, f->store);
	mtr_txn_put(&txn, MTR_TABLE_CODE, bytes_of("b"), bytes_of("2"));
	mtr_txn_abort(&txn);
	mtr_txn_abort(&txn);
	assert_int_equal(open_again(f, 1, false), MTR_STORE_OK);
	mtr_txn_begin_read(&txn, f->store);
	assert_true(mtr_txn_get(&txn, MTR_TABLE_CODE, bytes_of("a"), &value));
	assert_memory_equal(value.data, "1", 1);
	assert_false(mtr_txn_get(&txn, MTR_TABLE_CODE, bytes_of("b"), &value));
	assert_int_equal(txn.error, MTR_STORE_OK);
	assert_int_equal(mtr_txn_count(&txn, MTR_TABLE_CODE), 1);
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
}

static void the_first_error_sticks(void **state)
{
	struct fixture *f = *state;
	struct mtr_bytes value;
	struct mtr_walk walk;
	struct mtr_txn txn;

	mtr_txn_begin_write(&txn, f->store);
	mtr_txn_put(&txn, MTR_TABLE_CODE, bytes_of("a"), bytes_of("1"));
	mtr_txn_delete(&txn, MTR_TABLE_CODE, bytes_of("never there"));
	assert_int_equal(txn.error, MTR_STORE_CORRUPT);
	assert_false(mtr_txn_get(&txn, MTR_TABLE_CODE, bytes_of("a"), &value));
	mtr_txn_put(&txn, MTR_TABLE_CODE, bytes_of("b"), bytes_of("1"));
	mtr_walk_begin(&walk, &txn, MTR_TABLE_CODE, bytes_of(""), bytes_of(""));
	assert_false(mtr_walk_next(&walk, &value, &value));
	mtr_walk_end(&walk);
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_CORRUPT);
	mtr_txn_begin_read(&txn, f->store);
	assert_false(mtr_txn_get(&txn, MTR_TABLE_CODE, bytes_of("a"), &value));
	assert_int_equal(txn.error, MTR_STORE_OK);
	mtr_txn_abort(&txn);
}

static void an_insert_refuses_what_is_there(void **state)
{
	struct fixture *f = *state;
	struct mtr_txn txn;

	mtr_txn_begin_write(&txn, f->store);
	mtr_txn_insert(&txn, MTR_TABLE_CODE, bytes_of("a"), bytes_of("1"));
	assert_int_equal(txn.error, MTR_STORE_OK);
	mtr_txn_insert(&txn, MTR_TABLE_CODE, bytes_of("a"), bytes_of("2"));
	assert_int_equal(txn.error, MTR_STORE_CORRUPT);
	mtr_txn_abort(&txn);
}

static void one_write_transaction_at_a_time(void **state)
{
	struct fixture *f = *state;
	struct mtr_txn first, second, reading;

	mtr_txn_begin_write(&first, f->store);
	mtr_txn_begin_write(&second, f->store);
	assert_int_equal(second.error, MTR_STORE_LIMIT);
	mtr_txn_put(&second, MTR_TABLE_CODE, bytes_of("a"), bytes_of("1"));
	assert_int_equal(mtr_txn_commit(&second), MTR_STORE_LIMIT);
	mtr_txn_begin_read(&reading, f->store);
	assert_int_equal(reading.error, MTR_STORE_OK);
	mtr_txn_abort(&reading);
	assert_int_equal(mtr_txn_commit(&first), MTR_STORE_OK);
	mtr_txn_begin_write(&second, f->store);
	assert_int_equal(mtr_txn_commit(&second), MTR_STORE_OK);
}

static void a_full_map_is_full(void **state)
{
	struct fixture *f = *state;
	uint8_t *value = mtr_arena_alloc(f->arena, 60000);
	struct mtr_bytes found;
	struct mtr_txn txn;

	assert_int_equal(open_again(f, 1, false), MTR_STORE_OK);
	mtr_txn_begin_write(&txn, f->store);
	for (uint32_t i = 0; i < 1000 && !txn.error; i++) {
		struct mtr_key key = mtr_key_start();

		mtr_key_u32(&key, i);
		mtr_txn_put(&txn, MTR_TABLE_LINK, mtr_key_as_bytes(&key), (struct mtr_bytes){value, 60000});
	}
	assert_int_equal(txn.error, MTR_STORE_FULL);
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_FULL);
	/* Nothing is lost, and with more room it goes on. */
	assert_int_equal(mtr_store_reserve(f->store, 100u << 20), MTR_STORE_OK);
	put_many(f, 1000, 60000);
	mtr_txn_begin_read(&txn, f->store);
	assert_int_equal(mtr_txn_count(&txn, MTR_TABLE_LINK), 1000);
	assert_true(mtr_txn_get(&txn, MTR_TABLE_LINK, (struct mtr_bytes){(const uint8_t *)"\0\0\0\7", 4}, &found));
	mtr_txn_abort(&txn);
}

static void reserving_grows_file_and_map(void **state)
{
	struct fixture *f = *state;
	uint64_t map, used;
	struct stat status;
	char path[128];

	assert_int_equal(open_again(f, 1, false), MTR_STORE_OK);
	assert_int_equal(mtr_store_reserve(f->store, 64u << 20), MTR_STORE_OK);
	mtr_store_size(f->store, &map, &used);
	assert_true(map >= used + (64u << 20));
	path_of(f, "data.mdb", path);
	assert_int_equal(stat(path, &status), 0);
	assert_true((uint64_t)status.st_size >= used + (64u << 20));
	assert_true((uint64_t)status.st_blocks * 512 >= 64u << 20);
	assert_int_equal(mtr_store_reserve(f->store, UINT64_MAX / 8), MTR_STORE_FULL);
}

static void the_map_stays_while_a_write_is_open(void **state)
{
	struct fixture *f = *state;
	struct mtr_txn txn;

	assert_int_equal(open_again(f, 1, false), MTR_STORE_OK);
	mtr_txn_begin_write(&txn, f->store);
	assert_int_equal(mtr_store_reserve(f->store, 1u << 20), MTR_STORE_OK);
	assert_int_equal(mtr_store_reserve(f->store, 64u << 20), MTR_STORE_LIMIT);
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
	assert_int_equal(mtr_store_reserve(f->store, 64u << 20), MTR_STORE_OK);
}

struct reading {
	struct fixture *f;
	struct mtr_txn txn;
	pthread_barrier_t begun;
};

static void *read_on(void *context)
{
	struct reading *reading = context;

	mtr_txn_begin_read(&reading->txn, reading->f->store);
	pthread_barrier_wait(&reading->begun);
	for (uint32_t i = 0; i < 1000; i++) {
		struct mtr_key key = mtr_key_start();
		struct mtr_bytes value;

		mtr_key_u32(&key, i);
		if (!mtr_txn_get(&reading->txn, MTR_TABLE_LINK, mtr_key_as_bytes(&key), &value))
			break;
	}
	mtr_txn_abort(&reading->txn);
	return reading->txn.error ? reading : NULL;
}

static void growing_waits_for_readers(void **state)
{
	struct reading reading = {.f = *state};
	pthread_t thread;
	void *result;

	assert_int_equal(open_again(reading.f, 1, false), MTR_STORE_OK);
	put_many(reading.f, 1000, 1000);
	pthread_barrier_init(&reading.begun, NULL, 2);
	assert_int_equal(pthread_create(&thread, NULL, read_on, &reading), 0);
	pthread_barrier_wait(&reading.begun);
	assert_int_equal(mtr_store_reserve(reading.f->store, 64u << 20), MTR_STORE_OK);
	assert_int_equal(pthread_join(thread, &result), 0);
	assert_null(result);
	pthread_barrier_destroy(&reading.begun);
}

static void the_map_opens_at_twice_what_is_used(void **state)
{
	struct fixture *f = *state;
	uint64_t map, used;

	put_many(f, 2000, 30000);
	assert_int_equal(open_again(f, 1, false), MTR_STORE_OK);
	mtr_store_size(f->store, &map, &used);
	assert_true(used > 60u << 20);
	assert_true(map >= 2 * used);
}

static void a_truncated_file_is_corrupt(void **state)
{
	struct fixture *f = *state;
	struct stat status;
	char path[128];

	put_many(f, 200, 30000);
	mtr_store_close(&f->store);
	path_of(f, "data.mdb", path);
	assert_int_equal(stat(path, &status), 0);
	for (off_t size = status.st_size - 1; size > 0; size /= 3) {
		assert_int_equal(truncate(path, size), 0);
		assert_int_equal(open_again(f, 1, false), MTR_STORE_CORRUPT);
		assert_int_equal(open_again(f, 1, true), MTR_STORE_CORRUPT);
	}
	assert_int_equal(truncate(path, 0), 0);
	assert_int_equal(open_again(f, 1, false), MTR_STORE_CORRUPT);
}

static void a_file_of_something_else_is_corrupt(void **state)
{
	struct fixture *f = *state;
	char path[128], junk[16384];
	int fd;

	mtr_store_close(&f->store);
	path_of(f, "data.mdb", path);
	fd = open(path, O_WRONLY | O_TRUNC);
	assert_true(fd >= 0);
	memset(junk, 'x', sizeof junk);
	assert_int_equal(write(fd, junk, sizeof junk), (ssize_t)sizeof junk);
	close(fd);
	assert_int_equal(open_again(f, 1, true), MTR_STORE_CORRUPT);
}

static void an_empty_file_is_made_anew(void **state)
{
	struct fixture *f = *state;
	char path[128];

	mtr_store_close(&f->store);
	path_of(f, "data.mdb", path);
	assert_int_equal(truncate(path, 0), 0);
	assert_int_equal(open_again(f, 1, true), MTR_STORE_OK);
	put_many(f, 1, 1);
}

static void put_version(struct fixture *f, struct mtr_bytes version)
{
	struct mtr_txn txn;

	fixture_open(f);
	mtr_txn_begin_write(&txn, f->store);
	mtr_txn_put(&txn, MTR_TABLE_META, bytes_of("version"), version);
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
	mtr_store_close(&f->store);
}

static void a_newer_version_is_refused(void **state)
{
	struct fixture *f = *state;
	struct mtr_key version = mtr_key_start();

	mtr_store_close(&f->store);
	mtr_key_u32(&version, MTR_FORMAT_VERSION + 1);
	put_version(f, mtr_key_as_bytes(&version));
	assert_int_equal(open_again(f, 1, false), MTR_STORE_NEWER);
	assert_int_equal(open_again(f, 1, true), MTR_STORE_NEWER);
}

static void an_older_version_is_told_from_damage(void **state)
{
	struct fixture *f = *state;
	struct mtr_key version = mtr_key_start();

	mtr_store_close(&f->store);
	mtr_key_u32(&version, MTR_FORMAT_VERSION - 1);
	put_version(f, mtr_key_as_bytes(&version));
	assert_int_equal(open_again(f, 1, false), MTR_STORE_OLDER);
	assert_int_equal(open_again(f, 1, true), MTR_STORE_OLDER);
}

static void a_version_that_cannot_be_read_is_corrupt(void **state)
{
	struct fixture *f = *state;

	mtr_store_close(&f->store);
	put_version(f, bytes_of("abc"));
	assert_int_equal(open_again(f, 1, false), MTR_STORE_CORRUPT);
}

static void a_directory_that_cannot_be_written_is_read_only(void **state)
{
	struct fixture *f = *state;
	int status;
	pid_t child;

	mtr_store_close(&f->store);
	assert_int_equal(chmod(f->directory, 0555), 0);
	child = fork();
	if (child == 0) {
		/* Root may write anywhere: be somebody else. */
		if (geteuid() == 0 && setuid(65534) < 0)
			_exit(100);
		_exit((int)open_again(f, 1, true));
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), MTR_STORE_READ_ONLY);
	assert_int_equal(chmod(f->directory, 0700), 0);
}

static void expect_walk(struct mtr_walk *walk, const char *expected)
{
	struct mtr_bytes key, value;
	char seen[64] = "";

	while (mtr_walk_next(walk, &key, &value)) {
		strncat(seen, (const char *)key.data, key.size);
		strcat(seen, " ");
	}
	mtr_walk_end(walk);
	assert_string_equal(seen, expected);
}

static void walks_keep_to_their_prefix(void **state)
{
	static const char *const keys[] = {"a", "ba", "bb", "bd", "c\xff", "\xff\xff", "\xff\xff\x31"};
	struct fixture *f = *state;
	struct mtr_walk walk;
	struct mtr_txn txn;

	mtr_txn_begin_write(&txn, f->store);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		mtr_txn_put(&txn, MTR_TABLE_CODE, bytes_of(keys[i]), bytes_of("x"));
	mtr_walk_begin(&walk, &txn, MTR_TABLE_CODE, bytes_of("b"), bytes_of(""));
	expect_walk(&walk, "ba bb bd ");
	mtr_walk_begin(&walk, &txn, MTR_TABLE_CODE, bytes_of("b"), bytes_of("bc"));
	expect_walk(&walk, "bd ");
	mtr_walk_begin_backward(&walk, &txn, MTR_TABLE_CODE, bytes_of("b"), bytes_of(""));
	expect_walk(&walk, "bd bb ba ");
	mtr_walk_begin_backward(&walk, &txn, MTR_TABLE_CODE, bytes_of("b"), bytes_of("bd"));
	expect_walk(&walk, "bb ba ");
	mtr_walk_begin_backward(&walk, &txn, MTR_TABLE_CODE, bytes_of("\xff\xff"), bytes_of(""));
	expect_walk(&walk, "\xff\xff"
			   "1 \xff\xff ");
	mtr_walk_begin_backward(&walk, &txn, MTR_TABLE_CODE, bytes_of("d"), bytes_of(""));
	expect_walk(&walk, "");
	mtr_walk_begin(&walk, &txn, MTR_TABLE_ONCE, bytes_of(""), bytes_of(""));
	expect_walk(&walk, "");
	mtr_walk_begin_backward(&walk, &txn, MTR_TABLE_ONCE, bytes_of(""), bytes_of(""));
	expect_walk(&walk, "");
	assert_int_equal(txn.error, MTR_STORE_OK);
	mtr_txn_abort(&txn);
}

#define STORE_TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(nothing_there_is_missing),
		STORE_TEST(only_the_owner_may_read),
		STORE_TEST(what_is_committed_stays),
		STORE_TEST(the_first_error_sticks),
		STORE_TEST(an_insert_refuses_what_is_there),
		STORE_TEST(one_write_transaction_at_a_time),
		STORE_TEST(a_full_map_is_full),
		STORE_TEST(reserving_grows_file_and_map),
		STORE_TEST(the_map_stays_while_a_write_is_open),
		STORE_TEST(growing_waits_for_readers),
		STORE_TEST(the_map_opens_at_twice_what_is_used),
		STORE_TEST(a_truncated_file_is_corrupt),
		STORE_TEST(a_file_of_something_else_is_corrupt),
		STORE_TEST(an_empty_file_is_made_anew),
		STORE_TEST(a_newer_version_is_refused),
		STORE_TEST(an_older_version_is_told_from_damage),
		STORE_TEST(a_version_that_cannot_be_read_is_corrupt),
		STORE_TEST(a_directory_that_cannot_be_written_is_read_only),
		STORE_TEST(walks_keep_to_their_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
