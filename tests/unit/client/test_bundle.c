/* Bundles, byte by byte as client/lib/bundle_file.h has them, with the test in the server's place; and the outbox as
 * people look at it. */
#include "testing.h"

#include "contract/relay.h"
#include "matricula/outbox.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEADER 80u
#define FILE_MAX 65536u

struct fixture {
	struct desk desk;
	struct fake_server server; /* its keys; it never runs */
	char bundle[128], answers[128];
};

static int begin(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);

	desk_begin(&fixture->desk);
	fixture->server.port = 9;
	assert_true(mtr_key_pair_make(&fixture->server.keys));
	desk_open(&fixture->desk, &fixture->server, 500);
	snprintf(fixture->bundle, sizeof fixture->bundle, "%s/bundle", fixture->desk.directory);
	snprintf(fixture->answers, sizeof fixture->answers, "%s/answers", fixture->desk.directory);
	*state = fixture;
	return 0;
}

static int end(void **state)
{
	struct fixture *fixture = *state;

	desk_end(&fixture->desk);
	fake_server_end(&fixture->server);
	free(fixture);
	return 0;
}

struct file {
	uint8_t bytes[FILE_MAX];
	size_t size;
};

static void put(struct file *file, const void *bytes, size_t size)
{
	assert_true(file->size + size <= FILE_MAX);
	memcpy(file->bytes + file->size, bytes, size);
	file->size += size;
}

static void put_u32(struct file *file, uint32_t number)
{
	put(file,
	    (uint8_t[]){(uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number}, 4);
}

static uint32_t u32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void read_file(const char *path, struct file *file)
{
	FILE *stream = fopen(path, "rb");

	assert_non_null(stream);
	file->size = fread(file->bytes, 1, FILE_MAX, stream);
	fclose(stream);
}

static void write_file(const char *path, const struct file *file)
{
	FILE *stream = fopen(path, "wb");

	assert_non_null(stream);
	assert_int_equal(fwrite(file->bytes, 1, file->size, stream), file->size);
	assert_int_equal(fclose(stream), 0);
}

static void begin_answers(struct fixture *fixture, struct file *file)
{
	uint8_t desk[MTR_KEY_BYTES];

	assert_true(mtr_key_parse(fixture->desk.public_key, desk));
	file->size = 0;
	put(file, "MTRBNDL\n", 8);
	put_u32(file, 1);
	put_u32(file, 2);
	put(file, fixture->server.keys.public_key, MTR_KEY_BYTES);
	put(file, desk, MTR_KEY_BYTES);
}

/* The end, and the hash over all before it. */
static void end_file(struct file *file)
{
	uint8_t hash[MTR_HASH_BYTES];

	put_u32(file, 0);
	crypto_generichash(hash, sizeof hash, file->bytes, file->size, NULL, 0);
	put(file, hash, sizeof hash);
}

/* The same for a file whose bytes were changed. */
static void hash_again(struct file *file)
{
	file->size -= MTR_HASH_BYTES;
	crypto_generichash(file->bytes + file->size, MTR_HASH_BYTES, file->bytes, file->size, NULL, 0);
	file->size += MTR_HASH_BYTES;
}

static void put_reply(struct fixture *fixture, struct file *file, uint64_t request_id, const Mtr__Answer *answer)
{
	uint8_t desk[MTR_KEY_BYTES], packed[512], plain[600], nonce[MTR_RELAY_NONCE_BYTES], box[700], item[800];
	Mtr__Relayed relayed = MTR__RELAYED__INIT;
	Mtr__Reply reply = MTR__REPLY__INIT;

	assert_true(mtr_key_parse(fixture->desk.public_key, desk));
	reply.request_id = request_id;
	reply.answer = (ProtobufCBinaryData){mtr__answer__pack(answer, packed), packed};
	size_t size = mtr__reply__pack(&reply, plain);
	assert_true(mtr_relay_seal(MTR_RELAY_TO_DESK, &fixture->server.keys, desk, (struct mtr_bytes){plain, size},
				   nonce, box));
	relayed.nonce = (ProtobufCBinaryData){sizeof nonce, nonce};
	relayed.box = (ProtobufCBinaryData){size + MTR_RELAY_MAC_BYTES, box};
	size = mtr__relayed__pack(&relayed, item);
	put_u32(file, (uint32_t)size);
	put(file, item, size);
}

/* An answer to each request: done, or an error with this code (revision 0 unless it is final). */
static void put_done(struct fixture *fixture, struct file *file, uint64_t request_id, uint64_t revision)
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__Done done = MTR__DONE__INIT;

	answer.revision = revision;
	answer.body_case = MTR__ANSWER__BODY_DONE;
	answer.done = &done;
	put_reply(fixture, file, request_id, &answer);
}

static void put_error(struct fixture *fixture, struct file *file, uint64_t request_id, uint64_t revision,
		      Mtr__ErrorCode code, uint64_t number)
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__Error error = MTR__ERROR__INIT;

	error.code = code;
	error.number = number;
	answer.revision = revision;
	answer.body_case = MTR__ANSWER__BODY_ERROR;
	answer.error = &error;
	put_reply(fixture, file, request_id, &answer);
}

/* Opens the n-th entry of the bundle as the server does. */
static Mtr__Request *entry_of(struct fixture *fixture, const struct file *file, size_t n)
{
	size_t at = HEADER;

	while (n-- > 0)
		at += 4 + u32(file->bytes + at);
	Mtr__Relay *relay = mtr__relay__unpack(NULL, u32(file->bytes + at), file->bytes + at + 4);
	assert_non_null(relay);
	uint8_t plain[4096];
	assert_true(relay->box.len < sizeof plain);
	assert_int_equal(relay->sender.len, MTR_KEY_BYTES);
	assert_true(mtr_relay_open(MTR_RELAY_TO_SERVER, &fixture->server.keys, relay->sender.data,
				   (struct mtr_bytes){relay->nonce.data, relay->nonce.len},
				   (struct mtr_bytes){relay->box.data, relay->box.len}, plain));
	Mtr__Request *request = mtr__request__unpack(NULL, relay->box.len - MTR_RELAY_MAC_BYTES, plain);
	assert_non_null(request);
	mtr__relay__free_unpacked(relay, NULL);
	return request;
}

static uint64_t id_of(struct fixture *fixture, const struct file *file, size_t n)
{
	Mtr__Request *request = entry_of(fixture, file, n);
	uint64_t id = request->request_id;

	mtr__request__free_unpacked(request, NULL);
	return id;
}

/* Queues `count` entries and exports them. */
static void export_entries(struct fixture *fixture, uint64_t count, struct file *ret_file)
{
	uint64_t exported = 0;

	desk_enqueue_count(&fixture->desk, count);
	assert_int_equal(mtr_client_outbox_export(fixture->desk.client, fixture->bundle, &exported), 0);
	assert_int_equal(exported, count);
	read_file(fixture->bundle, ret_file);
}

static int import_file(struct fixture *fixture, const struct file *file, struct mtr_client_import *ret_import)
{
	write_file(fixture->answers, file);
	return mtr_client_outbox_import(fixture->desk.client, fixture->answers, NULL, NULL, ret_import);
}

static bool take_state(void *context, const struct mtr_client_entry *entry)
{
	enum mtr_client_entry_state *states = context;

	states[entry->sequence] = entry->state;
	return true;
}

static enum mtr_client_entry_state state_of(struct fixture *fixture, uint64_t sequence)
{
	enum mtr_client_entry_state states[16] = {0};

	assert_int_equal(mtr_client_outbox_each(fixture->desk.client, 1, take_state, states), 0);
	return states[sequence];
}

static void test_entries_as_the_server_sees_them(void **state)
{
	struct fixture *fixture = *state;
	struct file file;

	export_entries(fixture, 3, &file);
	assert_memory_equal(file.bytes, "MTRBNDL\n\0\0\0\1\0\0\0\1", 16);
	assert_memory_equal(file.bytes + 16, fixture->server.keys.public_key, MTR_KEY_BYTES);
	uint64_t ids[3];

	for (size_t i = 0; i < 3; i++) {
		Mtr__Request *request = entry_of(fixture, &file, i);

		assert_int_equal(request->body_case, MTR__REQUEST__BODY_COMMAND);
		assert_false(request->dry_run);
		assert_int_equal(request->sequencing->sequence, i + 1);
		assert_int_equal(request->sequencing->first_unacknowledged, 1);
		ids[i] = request->request_id;
		mtr__request__free_unpacked(request, NULL);
	}
	assert_int_not_equal(ids[0], ids[1]);
	assert_int_not_equal(ids[1], ids[2]);
	assert_int_equal(state_of(fixture, 1), MTR_CLIENT_ENTRY_EXPORTED);
	assert_int_equal(desk_queued(&fixture->desk), 3);
}

static void test_answers(void **state)
{
	struct fixture *fixture = *state;
	struct mtr_client_import result;
	struct file file, answers;

	export_entries(fixture, 3, &file);
	begin_answers(fixture, &answers);
	put_done(fixture, &answers, id_of(fixture, &file, 0), 11);
	put_error(fixture, &answers, id_of(fixture, &file, 1), 12, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_NOMINATION, 0);
	put_error(fixture, &answers, id_of(fixture, &file, 2), 0, MTR__ERROR_CODE__ERROR_CODE_STORAGE_FULL, 0);
	end_file(&answers);
	assert_int_equal(import_file(fixture, &answers, &result), 0);
	assert_int_equal(result.answered, 2);
	assert_int_equal(result.waiting, 1);
	assert_int_equal(result.code, MTR__ERROR_CODE__ERROR_CODE_STORAGE_FULL);
	assert_int_equal(state_of(fixture, 1), MTR_CLIENT_ENTRY_DONE);
	assert_int_equal(state_of(fixture, 2), MTR_CLIENT_ENTRY_REFUSED);
	assert_int_equal(state_of(fixture, 3), MTR_CLIENT_ENTRY_EXPORTED);
	assert_int_equal(desk_queued(&fixture->desk), 1);
	assert_int_equal(import_file(fixture, &answers, &result), 0);
	assert_int_equal(result.answered, 0);
	assert_int_equal(result.known, 2);
}

/* An answer counts for its own entry alone. */
static void test_answers_in_another_order(void **state)
{
	struct fixture *fixture = *state;
	struct mtr_client_import result;
	struct file file, answers;

	export_entries(fixture, 2, &file);
	begin_answers(fixture, &answers);
	put_done(fixture, &answers, id_of(fixture, &file, 1), 12);
	put_done(fixture, &answers, id_of(fixture, &file, 0), 11);
	end_file(&answers);
	assert_int_equal(import_file(fixture, &answers, &result), 0);
	assert_int_equal(result.answered, 1);
	assert_int_equal(result.known, 1);
	assert_int_equal(state_of(fixture, 1), MTR_CLIENT_ENTRY_DONE);
	assert_int_equal(state_of(fixture, 2), MTR_CLIENT_ENTRY_EXPORTED);
}

/* A carrier who hands the desk its own box back. */
static void test_entries_are_no_answers(void **state)
{
	struct fixture *fixture = *state;
	struct mtr_client_import result;
	struct file file, answers;

	export_entries(fixture, 1, &file);
	Mtr__Relay *relay = mtr__relay__unpack(NULL, u32(file.bytes + HEADER), file.bytes + HEADER + 4);
	Mtr__Relayed relayed = MTR__RELAYED__INIT;
	uint8_t item[4096];

	relayed.nonce = relay->nonce;
	relayed.box = relay->box;
	size_t size = mtr__relayed__pack(&relayed, item);
	begin_answers(fixture, &answers);
	put_u32(&answers, (uint32_t)size);
	put(&answers, item, size);
	end_file(&answers);
	mtr__relay__free_unpacked(relay, NULL);
	assert_int_equal(import_file(fixture, &answers, &result), MTR_CLIENT_BUNDLE_DAMAGED);
	assert_int_equal(import_file(fixture, &file, &result), MTR_CLIENT_BUNDLE_KIND);
}

static void test_what_ends_an_outbox(void **state)
{
	static const struct {
		Mtr__ErrorCode code;
		uint64_t number;
		int error;
	} cases[] = {
		{MTR__ERROR_CODE__ERROR_CODE_REVOKED, 0, MTR_CLIENT_KEY_REFUSED},
		{MTR__ERROR_CODE__ERROR_CODE_NOT_REGISTERED, 0, MTR_CLIENT_KEY_REFUSED},
		{MTR__ERROR_CODE__ERROR_CODE_SEQUENCE_GAP, 0, MTR_CLIENT_SERVER_BEHIND},
		{MTR__ERROR_CODE__ERROR_CODE_HELLO_REQUIRED, 0, MTR_CLIENT_PROTOCOL},
		{MTR__ERROR_CODE__ERROR_CODE_OUTBOX_FORKED, 2, MTR_CLIENT_HALTED},
	};
	struct fixture *fixture = *state;
	struct mtr_client_import result;
	struct file file, answers;
	uint64_t count;

	export_entries(fixture, 1, &file);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		begin_answers(fixture, &answers);
		put_error(fixture, &answers, id_of(fixture, &file, 0), 0, cases[i].code, cases[i].number);
		end_file(&answers);
		assert_int_equal(import_file(fixture, &answers, &result), cases[i].error);
		assert_int_equal(desk_queued(&fixture->desk), 1);
	}
	unlink(fixture->bundle);
	assert_int_equal(mtr_client_outbox_export(fixture->desk.client, fixture->bundle, &count), MTR_CLIENT_HALTED);
}

/* Each byte changed, with the hash as it was and with one that fits again: never an answer, always a reason. */
static void test_every_byte_counts(void **state)
{
	struct fixture *fixture = *state;
	struct mtr_client_import result;
	struct file file, answers, changed;

	export_entries(fixture, 1, &file);
	begin_answers(fixture, &answers);
	put_done(fixture, &answers, id_of(fixture, &file, 0), 11);
	end_file(&answers);
	for (size_t i = 0; i < answers.size; i++) {
		changed = answers;
		changed.bytes[i] ^= 0x10;
		int error = import_file(fixture, &changed, &result);
		assert_in_range(error, MTR_CLIENT_BUNDLE_DAMAGED, MTR_CLIENT_BUNDLE_NEWER);
		if (i >= answers.size - MTR_HASH_BYTES)
			continue;
		hash_again(&changed);
		error = import_file(fixture, &changed, &result);
		assert_in_range(error, MTR_CLIENT_BUNDLE_DAMAGED, MTR_CLIENT_BUNDLE_DESK);
		if (i >= 16 && i < 48)
			assert_int_equal(error, MTR_CLIENT_BUNDLE_SERVER);
		if (i >= 48 && i < HEADER)
			assert_int_equal(error, MTR_CLIENT_BUNDLE_DESK);
		assert_int_equal(desk_queued(&fixture->desk), 1);
	}
	for (size_t size = 0; size < answers.size; size++) {
		changed = answers;
		changed.size = size;
		assert_int_equal(import_file(fixture, &changed, &result), MTR_CLIENT_BUNDLE_DAMAGED);
	}
	changed = answers;
	put(&changed, "", 1);
	assert_int_equal(import_file(fixture, &changed, &result), MTR_CLIENT_BUNDLE_DAMAGED);
	assert_int_equal(desk_queued(&fixture->desk), 1);
	assert_int_equal(import_file(fixture, &answers, &result), 0);
	assert_int_equal(result.answered, 1);
}

/* A length nobody would allocate. */
static void test_oversized(void **state)
{
	struct fixture *fixture = *state;
	struct mtr_client_import result;
	struct file answers;

	desk_enqueue(&fixture->desk, 1);
	begin_answers(fixture, &answers);
	put_u32(&answers, UINT32_MAX);
	end_file(&answers);
	assert_int_equal(import_file(fixture, &answers, &result), MTR_CLIENT_BUNDLE_DAMAGED);
}

static void test_files(void **state)
{
	struct fixture *fixture = *state;
	struct mtr_client *client = fixture->desk.client;
	struct mtr_client_import result;
	struct file file;
	uint64_t count = 7;

	assert_int_equal(mtr_client_outbox_export(client, fixture->bundle, &count), 0);
	assert_int_equal(count, 0);
	assert_int_equal(access(fixture->bundle, F_OK), -1);
	export_entries(fixture, 1, &file);
	assert_int_equal(mtr_client_outbox_export(client, fixture->bundle, &count), MTR_CLIENT_BUNDLE_EXISTS);
	assert_int_equal(mtr_client_outbox_export(client, "/nowhere/bundle", &count), MTR_CLIENT_BUNDLE_FILE);
	assert_int_equal(mtr_client_outbox_import(client, fixture->desk.directory, NULL, NULL, &result),
			 MTR_CLIENT_BUNDLE_FILE);
	assert_int_equal(mtr_client_outbox_import(client, "/nowhere/answers", NULL, NULL, &result),
			 MTR_CLIENT_BUNDLE_FILE);
	assert_int_equal(mtr_client_bundle_apply(client, "/nowhere/bundle", NULL, &count), MTR_CLIENT_BUNDLE_FILE);
	/* A server that isn't there: no file of answers. */
	assert_int_equal(mtr_client_bundle_apply(client, fixture->bundle, fixture->answers, &count),
			 MTR_CLIENT_NO_LINK);
	assert_int_equal(count, 0);
	assert_int_equal(access(fixture->answers, F_OK), -1);
}

static void test_dismissal(void **state)
{
	struct fixture *fixture = *state;
	struct mtr_client *client = fixture->desk.client;
	struct mtr_client_outbox_summary summary;
	struct mtr_client_import result;
	struct file file, answers;

	export_entries(fixture, 2, &file);
	begin_answers(fixture, &answers);
	put_error(fixture, &answers, id_of(fixture, &file, 0), 12, MTR__ERROR_CODE__ERROR_CODE_OUT_OF_SCOPE, 0);
	put_done(fixture, &answers, id_of(fixture, &file, 1), 13);
	end_file(&answers);
	assert_int_equal(mtr_client_outbox_dismiss(client, &(uint64_t){1}, 1), MTR_CLIENT_NO_ENTRY);
	assert_int_equal(import_file(fixture, &answers, &result), 0);
	assert_int_equal(mtr_client_outbox_summary(client, &summary), 0);
	assert_int_equal(summary.entries, 2);
	assert_int_equal(summary.unanswered, 0);
	assert_int_equal(summary.refused, 1);
	assert_int_equal(mtr_client_outbox_dismiss(client, (uint64_t[]){1, 2}, 2), MTR_CLIENT_NO_ENTRY);
	assert_int_equal(mtr_client_outbox_summary(client, &summary), 0);
	assert_int_equal(summary.refused, 1);
	assert_int_equal(mtr_client_outbox_dismiss(client, &(uint64_t){1}, 1), 0);
	assert_int_equal(mtr_client_outbox_dismiss(client, &(uint64_t){1}, 1), 0);
	desk_close(&fixture->desk);
	desk_open(&fixture->desk, &fixture->server, 500);
	assert_int_equal(mtr_client_outbox_summary(fixture->desk.client, &summary), 0);
	assert_int_equal(summary.refused, 0);
	assert_int_equal(summary.entries, 2);
}

/* The client hears of this backup and lets go of what it covers. */
static void hear_of_backup(struct fixture *fixture, uint64_t revision, struct mtr_client_outbox_summary *ret_summary)
{
	desk_close(&fixture->desk);
	fixture->server.backed_up_revision = revision;
	fake_server_start(&fixture->server);
	desk_open(&fixture->desk, &fixture->server, 20000);
	assert_int_equal(desk_hello(&fixture->desk), 0);
	assert_int_equal(desk_flush(&fixture->desk), 0);
	fake_server_stop(&fixture->server);
	assert_int_equal(mtr_client_outbox_summary(fixture->desk.client, ret_summary), 0);
}

static void test_a_backup_leaves_open_refusals(void **state)
{
	struct fixture *fixture = *state;
	struct mtr_client_outbox_summary summary;
	struct mtr_client_import result;
	struct file file, answers;

	export_entries(fixture, 3, &file);
	begin_answers(fixture, &answers);
	put_done(fixture, &answers, id_of(fixture, &file, 0), 11);
	put_error(fixture, &answers, id_of(fixture, &file, 1), 12, MTR__ERROR_CODE__ERROR_CODE_OUT_OF_SCOPE, 0);
	put_done(fixture, &answers, id_of(fixture, &file, 2), 13);
	end_file(&answers);
	assert_int_equal(import_file(fixture, &answers, &result), 0);
	fixture->server.port = 0;
	fixture->server.next = 4;
	hear_of_backup(fixture, 12, &summary);
	assert_int_equal(summary.backed_up_revision, 12);
	assert_int_equal(summary.entries, 2);
	assert_int_equal(state_of(fixture, 2), MTR_CLIENT_ENTRY_REFUSED);
	hear_of_backup(fixture, 13, &summary);
	assert_int_equal(summary.entries, 1);
	assert_int_equal(summary.refused, 1);
	assert_int_equal(mtr_client_outbox_dismiss(fixture->desk.client, &(uint64_t){2}, 1), 0);
	hear_of_backup(fixture, 13, &summary);
	assert_int_equal(summary.entries, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_entries_as_the_server_sees_them),
		TEST(test_answers),
		TEST(test_answers_in_another_order),
		TEST(test_entries_are_no_answers),
		TEST(test_what_ends_an_outbox),
		TEST(test_every_byte_counts),
		TEST(test_oversized),
		TEST(test_files),
		TEST(test_dismissal),
		TEST(test_a_backup_leaves_open_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
