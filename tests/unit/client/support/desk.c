#include "testing.h"

#include "matricula/v1/commands.pb-c.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of a server that isn't there, in tests that never connect. */
#define NO_ENDPOINT "tcp://127.0.0.1:9"
#define NO_SERVER_KEY "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"

void desk_begin(struct desk *desk)
{
	*desk = (struct desk){.directory = "/tmp/matricula-test-XXXXXX"};
	assert_non_null(mkdtemp(desk->directory));
	snprintf(desk->key_file, sizeof desk->key_file, "%s/key", desk->directory);
	snprintf(desk->state, sizeof desk->state, "%s/state", desk->directory);
	assert_int_equal(mtr_client_keygen(desk->key_file, desk->public_key), 0);
}

int desk_try_open(struct desk *desk, const struct fake_server *server, uint32_t timeout_ms)
{
	char endpoint[64] = NO_ENDPOINT, key[MTR_KEY_TEXT] = NO_SERVER_KEY;

	if (server) {
		fake_server_endpoint(server, endpoint);
		fake_server_key(server, key);
	}
	return mtr_client_open(&desk->client, &(struct mtr_client_options){
						      .endpoint = endpoint,
						      .server_key = key,
						      .key_file = desk->key_file,
						      .state_directory = desk->state,
						      .timeout_ms = timeout_ms,
					      });
}

void desk_open(struct desk *desk, const struct fake_server *server, uint32_t timeout_ms)
{
	assert_int_equal(desk_try_open(desk, server, timeout_ms), 0);
}

void desk_close(struct desk *desk)
{
	mtr_client_close(&desk->client);
}

static void remove_tree(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	char name[512];

	if (!directory) {
		unlink(path);
		return;
	}
	while ((entry = readdir(directory)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		remove_tree(name);
	}
	closedir(directory);
	rmdir(path);
}

void desk_end(struct desk *desk)
{
	desk_close(desk);
	mtr__answer__free_unpacked(desk->answer, NULL);
	remove_tree(desk->directory);
}

int desk_hello(struct desk *desk)
{
	const uint8_t *answer;
	size_t size;

	return mtr_client_hello(desk->client, &answer, &size);
}

static size_t pack_withdraw(uint64_t id, uint8_t *bytes)
{
	Mtr__Command command = MTR__COMMAND__INIT;
	Mtr__Withdraw withdraw = MTR__WITHDRAW__INIT;

	withdraw.nomination_id = id;
	command.body_case = MTR__COMMAND__BODY_WITHDRAW;
	command.withdraw = &withdraw;
	return mtr__command__pack(&command, bytes);
}

int desk_try_enqueue(struct desk *desk, uint64_t id, uint64_t *ret_sequence)
{
	uint8_t bytes[64];

	return mtr_client_enqueue(desk->client, bytes, pack_withdraw(id, bytes), ret_sequence);
}

void desk_enqueue(struct desk *desk, uint64_t id)
{
	uint64_t sequence;

	assert_int_equal(desk_try_enqueue(desk, id, &sequence), 0);
}

void desk_enqueue_count(struct desk *desk, uint64_t count)
{
	static uint8_t bytes[1000][64];
	struct mtr_client_command commands[1000];

	for (uint64_t done = 0; done < count;) {
		size_t some = count - done < 1000 ? (size_t)(count - done) : 1000;

		for (size_t i = 0; i < some; i++)
			commands[i] = (struct mtr_client_command){
				.command = bytes[i],
				.size = pack_withdraw(done + i + 1, bytes[i]),
			};
		assert_int_equal(mtr_client_enqueue_many(desk->client, commands, some), 0);
		assert_int_equal(commands[some - 1].sequence - commands[0].sequence, some - 1);
		done += some;
	}
}

static void take_answer(void *context, uint64_t sequence, const uint8_t *bytes, size_t size)
{
	struct desk *desk = context;

	desk->out_of_order |= desk->answers > 0 && sequence != desk->last + 1;
	desk->answers++;
	desk->last = sequence;
	mtr__answer__free_unpacked(desk->answer, NULL);
	desk->answer = mtr__answer__unpack(NULL, size, bytes);
	desk->out_of_order |= !desk->answer || desk->answer->body_case != MTR__ANSWER__BODY_DONE ||
			      desk->answer->done->id != sequence;
}

int desk_flush(struct desk *desk)
{
	desk->answers = 0;
	desk->out_of_order = false;
	return mtr_client_flush(desk->client, take_answer, desk);
}

uint64_t desk_queued(struct desk *desk)
{
	uint64_t count;

	assert_int_equal(mtr_client_queued(desk->client, &count), 0);
	return count;
}

static void copy_file(const char *from, const char *to)
{
	static char bytes[65536];
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_EXCL, 0600);
	ssize_t size;

	assert_true(in >= 0 && out >= 0);
	while ((size = read(in, bytes, sizeof bytes)) > 0)
		assert_int_equal(write(out, bytes, (size_t)size), size);
	assert_int_equal(size, 0);
	close(in);
	close(out);
}

void desk_copy_state(struct desk *desk, char ret_copy[96])
{
	char from[128], to[128];

	snprintf(ret_copy, 96, "%s/copy", desk->directory);
	assert_int_equal(mkdir(ret_copy, 0700), 0);
	snprintf(from, sizeof from, "%s/data.mdb", desk->state);
	snprintf(to, sizeof to, "%s/data.mdb", ret_copy);
	copy_file(from, to);
}
