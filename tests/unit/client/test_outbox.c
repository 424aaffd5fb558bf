/* What is written into the outbox stays there: after a kill, on a full disk, in other hands. */
#include "testing.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int begin(void **state)
{
	struct desk *desk = malloc(sizeof *desk);

	desk_begin(desk);
	*state = desk;
	return 0;
}

static int end(void **state)
{
	desk_end(*state);
	free(*state);
	return 0;
}

static void test_sequences_count_from_one_and_survive(void **state)
{
	struct desk *desk = *state;
	uint64_t sequence = 0;

	desk_open(desk, NULL, 0);
	assert_int_equal(desk_queued(desk), 0);
	assert_int_equal(desk_try_enqueue(desk, 7, &sequence), 0);
	assert_int_equal(sequence, 1);
	desk_close(desk);
	desk_open(desk, NULL, 0);
	assert_int_equal(desk_queued(desk), 1);
	assert_int_equal(desk_try_enqueue(desk, 8, &sequence), 0);
	assert_int_equal(sequence, 2);
	assert_int_equal(desk_queued(desk), 2);
}

static void test_files_are_private(void **state)
{
	static const char *const names[] = {"", "/data.mdb", "/lock.mdb"};
	struct desk *desk = *state;
	struct stat status;
	char path[128];

	umask(0);
	desk_open(desk, NULL, 0);
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s%s", desk->state, names[i]);
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_mode & 077, 0);
	}
}

static void test_directory_open_to_others_is_refused(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(mkdir(desk->state, 0700), 0);
	assert_int_equal(chmod(desk->state, 0770), 0);
	assert_int_equal(desk_try_open(desk, NULL, 0), MTR_CLIENT_STATE);
	assert_null(desk->client);
}

static void test_two_clients_of_one_process(void **state)
{
	struct desk *desk = *state, other = *desk;

	desk_open(desk, NULL, 0);
	assert_int_equal(desk_try_open(&other, NULL, 0), MTR_CLIENT_STATE);
	desk_close(desk);
	desk_open(&other, NULL, 0);
	desk_close(&other);
}

static void test_another_key(void **state)
{
	struct desk *desk = *state;

	desk_open(desk, NULL, 0);
	desk_close(desk);
	snprintf(desk->key_file, sizeof desk->key_file, "%s/other-key", desk->directory);
	assert_int_equal(mtr_client_keygen(desk->key_file, desk->public_key), 0);
	assert_int_equal(desk_try_open(desk, NULL, 0), MTR_CLIENT_STATE_KEY);
}

static void test_key_files(void **state)
{
	struct desk *desk = *state;
	char key[MTR_CLIENT_KEY_TEXT], path[128];
	struct stat status;

	assert_int_equal(stat(desk->key_file, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_int_equal(mtr_client_keygen(desk->key_file, key), MTR_CLIENT_EXISTS);
	assert_int_equal(mtr_client_public_key(desk->key_file, key), 0);
	assert_string_equal(key, desk->public_key);
	snprintf(path, sizeof path, "%s/none", desk->directory);
	assert_int_equal(mtr_client_public_key(path, key), MTR_CLIENT_KEY_FILE);
	assert_int_equal(chmod(desk->key_file, 0644), 0);
	assert_int_equal(mtr_client_public_key(desk->key_file, key), MTR_CLIENT_KEY_FILE);
	assert_int_equal(desk_try_open(desk, NULL, 0), MTR_CLIENT_KEY_FILE);
}

static void test_what_is_no_command(void **state)
{
	struct desk *desk = *state;
	const uint8_t noise[] = {0xff, 0xff, 0xff};
	uint8_t *large = calloc(1, MTR_REQUEST_MAX);
	struct mtr_client_command both[2] = {{.command = (const uint8_t *)"", .size = 0},
					     {.command = noise, .size = sizeof noise}};
	uint64_t sequence = 99;

	desk_open(desk, NULL, 0);
	assert_int_equal(mtr_client_enqueue(desk->client, noise, sizeof noise, &sequence), MTR_CLIENT_USAGE);
	assert_int_equal(mtr_client_enqueue(desk->client, large, MTR_REQUEST_MAX, &sequence), MTR_CLIENT_TOO_LARGE);
	assert_int_equal(mtr_client_enqueue_many(desk->client, both, 2), MTR_CLIENT_USAGE);
	assert_int_equal(sequence, 99);
	assert_int_equal(desk_queued(desk), 0);
	free(large);
}

static void test_newer_format(void **state)
{
	struct desk *desk = *state;
	static char bytes[1 << 20];
	char path[128];
	bool found = false;
	int file;

	desk_open(desk, NULL, 0);
	desk_close(desk);
	snprintf(path, sizeof path, "%s/data.mdb", desk->state);
	file = open(path, O_RDWR);

	ssize_t size = read(file, bytes, sizeof bytes);

	/* The value follows its key within the page: 00 00 00 01. */
	for (ssize_t i = 0; i + 10 <= size; i++) {
		if (memcmp(bytes + i, "format\0\0\0\1", 10) == 0) {
			assert_int_equal(pwrite(file, "\2", 1, i + 9), 1);
			found = true;
		}
	}
	close(file);
	assert_true(found);
	assert_int_equal(desk_try_open(desk, NULL, 0), MTR_CLIENT_STATE_NEWER);
}

/* The child reports each sequence after enqueue returned; what it reported must be there after it was killed. */
static void enqueue_until_killed(struct desk *desk, int pipe_end)
{
	uint64_t sequence;

	desk_open(desk, NULL, 0);
	while (desk_try_enqueue(desk, 1, &sequence) == 0)
		if (write(pipe_end, &sequence, sizeof sequence) != (ssize_t)sizeof sequence)
			break;
	_exit(1);
}

static void test_survives_kill(void **state)
{
	struct desk *desk = *state;
	uint64_t reported = 0, before = 0;

	for (unsigned round = 0; round < 5; round++) {
		int ends[2];

		assert_int_equal(pipe(ends), 0);

		pid_t child = fork();

		if (child == 0) {
			close(ends[0]);
			enqueue_until_killed(desk, ends[1]);
		}
		close(ends[1]);
		for (unsigned i = 0; i < 10 + round; i++)
			assert_int_equal(read(ends[0], &reported, sizeof reported), (int)sizeof reported);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		while (read(ends[0], &reported, sizeof reported) == (ssize_t)sizeof reported)
			;
		close(ends[0]);
		desk_open(desk, NULL, 0);

		uint64_t queued = desk_queued(desk);

		assert_true(reported > before && (queued == reported || queued == reported + 1));
		before = queued;
		desk_close(desk);
	}
}

static void enqueue_batches_until_killed(struct desk *desk, int pipe_end)
{
	desk_open(desk, NULL, 0);
	do
		desk_enqueue_count(desk, 100);
	while (write(pipe_end, "", 1) == 1);
	_exit(1);
}

static void test_many_are_all_or_none(void **state)
{
	struct desk *desk = *state;
	int ends[2];
	char byte;

	assert_int_equal(pipe(ends), 0);

	pid_t child = fork();

	if (child == 0) {
		close(ends[0]);
		enqueue_batches_until_killed(desk, ends[1]);
	}
	close(ends[1]);
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(read(ends[0], &byte, 1), 1);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(ends[0]);
	desk_open(desk, NULL, 0);
	assert_true(desk_queued(desk) >= 500);
	assert_int_equal(desk_queued(desk) % 100, 0);
}

/* Fills the outbox until it refuses. */
static uint64_t fill(struct desk *desk)
{
	uint64_t count = 0, sequence;
	int error;

	while ((error = desk_try_enqueue(desk, count + 1, &sequence)) == 0) {
		count++;
		assert_int_equal(sequence, count);
		assert_true(count < 1000000);
	}
	assert_int_equal(error, MTR_CLIENT_STATE_FULL);
	assert_int_equal(desk_queued(desk), count);
	return count;
}

static void test_file_size_limit(void **state)
{
	struct desk *desk = *state;
	struct rlimit old, limit;

	desk_open(desk, NULL, 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit = old;
	limit.rlim_cur = 1500000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);

	uint64_t count = fill(desk);

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_true(count > 0);
	desk_enqueue(desk, 1);
	desk_close(desk);
	desk_open(desk, NULL, 0);
	assert_int_equal(desk_queued(desk), count + 1);
}

enum { CAN_NOT_MOUNT = 77 };

/* A disk of 3 MiB, in a child of its own: fills it, and sends all of it. */
static void use_small_disk(struct desk *desk)
{
	struct fake_server server = {0};

	if (unshare(geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) < 0 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 || mkdir(desk->state, 0700) < 0 ||
	    mount("tmpfs", desk->state, "tmpfs", 0, "size=3m,mode=0700") < 0)
		_exit(CAN_NOT_MOUNT);
	fake_server_start(&server);
	desk_open(desk, &server, 5000);

	uint64_t count = fill(desk);

	assert_true(count > 100);
	assert_int_equal(desk_flush(desk), 0);
	assert_int_equal(desk->answers, count);
	assert_false(desk->out_of_order);
	assert_int_equal(desk_queued(desk), 0);
	desk_close(desk);
	desk_open(desk, &server, 5000);
	assert_int_equal(desk_queued(desk), 0);
	desk_close(desk);
	fake_server_end(&server);
}

static void test_full_disk(void **state)
{
	struct desk *desk = *state;
	int status;
	pid_t child = fork();

	if (child == 0) {
		use_small_disk(desk);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == CAN_NOT_MOUNT)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_usage(void **state)
{
	struct desk *desk = *state;
	struct mtr_client_options options = {
		.endpoint = "tcp://127.0.0.1:9", .server_key = desk->public_key, .key_file = desk->key_file};
	struct mtr_client *client = NULL;
	uint64_t count;

	assert_int_equal(mtr_client_open(&client, NULL), MTR_CLIENT_USAGE);
	options.endpoint = "ipc:///tmp/x";
	assert_int_equal(mtr_client_open(&client, &options), MTR_CLIENT_USAGE);
	options.endpoint = "tcp://127.0.0.1:9";
	options.server_key = "short";
	assert_int_equal(mtr_client_open(&client, &options), MTR_CLIENT_USAGE);
	options.server_key = desk->public_key;
	options.timeout_ms = 600001;
	assert_int_equal(mtr_client_open(&client, &options), MTR_CLIENT_USAGE);
	options.timeout_ms = 0;
	assert_int_equal(mtr_client_open(&client, &options), 0);
	assert_int_equal(mtr_client_queued(client, &count), MTR_CLIENT_USAGE);
	assert_int_equal(mtr_client_flush(client, NULL, NULL), MTR_CLIENT_USAGE);
	mtr_client_close(&client);
	assert_null(client);
	mtr_client_close(&client);
	mtr_client_close(NULL);
}

static void test_error_names(void **state)
{
	(void)state;
	for (int error = 0; error <= MTR_CLIENT_CLASS_DIFFERS; error++)
		assert_string_not_equal(mtr_client_error_name(error), "UNKNOWN");
	assert_string_equal(mtr_client_error_name(MTR_CLIENT_NO_LINK), "NO_LINK");
	assert_string_equal(mtr_client_error_name(MTR_CLIENT_CLASS_DIFFERS + 1), "UNKNOWN");
	assert_string_equal(mtr_client_error_name(-1), "UNKNOWN");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sequences_count_from_one_and_survive),
		TEST(test_files_are_private),
		TEST(test_directory_open_to_others_is_refused),
		TEST(test_two_clients_of_one_process),
		TEST(test_another_key),
		TEST(test_key_files),
		TEST(test_what_is_no_command),
		TEST(test_newer_format),
		TEST(test_survives_kill),
		TEST(test_many_are_all_or_none),
		TEST(test_file_size_limit),
		TEST(test_full_disk),
		TEST(test_usage),
		cmocka_unit_test(test_error_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
