/* A desk follows the history of a register that pages, breaks off, and lies. */
#include "unit/mirror/served.h"

#include "contract/checkpoint.h"
#include "contract/known_history.h"

#include <sodium.h>
#include <sys/stat.h>

#define RECORDS 40000u

enum lie {
	HONEST,
	ANOTHER_DIGEST, /* one record is another than it was */
	FORGED_SIGNATURE,
	NO_CHECKPOINT,
	SHORTER, /* ends before what was told earlier */
	HALF_DIGEST,
	NOTHING, /* no digests at all */
};

struct told {
	struct served *served;
	struct mtr_key_pair pair;
	uint8_t (*digests)[MTR_HASH_BYTES]; /* of revision 1 and on */
	uint8_t (*chains)[MTR_HASH_BYTES];  /* after it */
	uint64_t head;
	enum lie lie;
	unsigned pages, cut_after;
};

/* A checkpoint is every thousandth record. */
static void sign(const struct told *told, uint64_t revision, Mtr__Checkpoint *checkpoint, uint8_t *signature)
{
	mtr__checkpoint__init(checkpoint);
	checkpoint->incarnation = INCARNATION;
	checkpoint->revision = revision - 1;
	checkpoint->chain = (ProtobufCBinaryData){MTR_HASH_BYTES, told->chains[revision - 1]};
	checkpoint->public_key = (ProtobufCBinaryData){MTR_KEY_BYTES, (uint8_t *)(uintptr_t)told->pair.public_key};
	checkpoint->signature = (ProtobufCBinaryData){MTR_SIGNATURE_BYTES, signature};
	mtr_checkpoint_sign(checkpoint, &told->pair, signature);
	if (told->lie == FORGED_SIGNATURE)
		signature[5] ^= 1;
}

static uint8_t *tell(struct told *told, uint64_t from, size_t *ret_size)
{
	uint8_t signature[MTR_SIGNATURE_BYTES];
	Mtr__Checkpoint checkpoint;
	Mtr__HistoryPage page = MTR__HISTORY_PAGE__INIT;
	Mtr__Answer answer = MTR__ANSWER__INIT;
	uint64_t last = told->head;

	page.from_revision = from;
	if (from && last - from + 1 > MTR_HISTORY_RECORDS_MAX)
		last = from + MTR_HISTORY_RECORDS_MAX - 1;
	if (from && from <= last && told->lie != NOTHING)
		page.digests = (ProtobufCBinaryData){(size_t)(last - from + 1) * MTR_HASH_BYTES, told->digests[from]};
	if (told->lie == HALF_DIGEST && page.digests.len)
		page.digests.len--;
	const uint64_t signed_at = last / 1000 * 1000;

	if (signed_at >= 1000 && signed_at >= from && (told->lie != NO_CHECKPOINT || !from)) {
		sign(told, signed_at, &checkpoint, signature);
		page.checkpoint = &checkpoint;
	}
	answer.revision = told->head;
	answer.body_case = MTR__ANSWER__BODY_HISTORY;
	answer.history = &page;
	told->pages += from != 0;
	return served_pack(&answer, ret_size);
}

static uint8_t *answer_query(struct fake_server *server, const Mtr__Query *query, size_t *ret_size)
{
	struct told *told = server->context;
	uint8_t *answer;

	if (query->body_case == MTR__QUERY__BODY_HISTORY)
		return tell(told, query->history->from_revision, ret_size);
	server->context = told->served;
	answer = served_query(server, query, ret_size);
	server->context = told;
	return answer;
}

static enum fake_action cut(struct fake_server *server, const Mtr__Request *request, unsigned turn)
{
	const struct told *told = server->context;

	(void)turn;
	return request->body_case == MTR__REQUEST__BODY_QUERY && told->cut_after && told->pages >= told->cut_after
		       ? FAKE_IGNORE
		       : FAKE_ANSWER;
}

static void make_chain(struct told *told)
{
	for (uint64_t revision = 1; revision <= RECORDS; revision++) {
		uint8_t both[2 * MTR_HASH_BYTES];

		memcpy(both, told->chains[revision - 1], MTR_HASH_BYTES);
		memcpy(both + MTR_HASH_BYTES, told->digests[revision], MTR_HASH_BYTES);
		crypto_generichash(told->chains[revision], MTR_HASH_BYTES, both, sizeof both, NULL, 0);
	}
}

static int set_up(void **state)
{
	struct told *told = calloc(1, sizeof *told);
	void *served;

	served_setup(&served);
	told->served = served;
	told->head = 1500;
	told->digests = calloc(RECORDS + 1, MTR_HASH_BYTES);
	told->chains = calloc(RECORDS + 1, MTR_HASH_BYTES);
	assert_true(mtr_signing_pair_make(&told->pair));
	randombytes_buf(told->digests, (RECORDS + 1) * MTR_HASH_BYTES);
	make_chain(told);
	struct fake_server *server = &told->served->server;

	fake_server_stop(server);
	server->context = told;
	server->query = answer_query;
	server->hook = cut;
	server->audit_key = told->pair.public_key;
	fake_server_start(server);
	served_reopen(told->served, 2000);
	*state = told;
	return 0;
}

static int tear_down(void **state)
{
	struct told *told = *state;
	void *served = told->served;
	char path[160];

	(void)snprintf(path, sizeof path, "%s/history", told->served->desk.state);
	remove(path);
	served_teardown(&served);
	free(told->digests);
	free(told->chains);
	free(told);
	return 0;
}

/* Another moment of the server's, which holds still meanwhile. */
static void become(struct told *told, uint64_t head, enum lie lie)
{
	fake_server_stop(&told->served->server);
	told->head = head;
	told->lie = lie;
	told->pages = 0;
	fake_server_start(&told->served->server);
}

static int follow(struct told *told)
{
	return mtr_client_sync(told->served->desk.client, NULL);
}

static uint64_t remembered(struct told *told)
{
	struct mtr_known_history known;
	const char *text;
	size_t size;

	assert_int_equal(mtr_client_known_history(told->served->desk.client, &text, &size), 0);
	if (size == 0)
		return 0;
	assert_true(mtr_known_history_parse(text, size, &known));
	assert_memory_equal(known.audit_key, told->pair.public_key, MTR_KEY_BYTES);
	return known.revision;
}

static void many_pages_are_followed(void **state)
{
	struct told *told = *state;

	assert_int_equal(remembered(told), 0);
	assert_int_equal(follow(told), 0);
	assert_int_equal(remembered(told), 999);
	become(told, RECORDS, HONEST);
	assert_int_equal(follow(told), 0);
	assert_int_equal(remembered(told), RECORDS - 1);
	fake_server_stop(&told->served->server);
	assert_int_equal(told->pages, 6);
	fake_server_start(&told->served->server);
	/* And nothing is asked for twice. */
	become(told, RECORDS, HONEST);
	assert_int_equal(follow(told), 0);
	fake_server_stop(&told->served->server);
	assert_int_equal(told->pages, 0);
	fake_server_start(&told->served->server);
}

static void a_broken_link_loses_at_most_a_page(void **state)
{
	struct told *told = *state;

	assert_int_equal(follow(told), 0);
	told->cut_after = 3;
	become(told, RECORDS, HONEST);
	assert_int_equal(follow(told), MTR_CLIENT_NO_LINK);
	const uint64_t reached = remembered(told);

	assert_true(reached > 14000 && reached < RECORDS);
	told->cut_after = 0;
	become(told, RECORDS, HONEST);
	served_reopen(told->served, 2000);
	assert_int_equal(remembered(told), reached);
	assert_int_equal(follow(told), 0);
	assert_int_equal(remembered(told), RECORDS - 1);
	fake_server_stop(&told->served->server);
	assert_true(told->pages <= 4);
	fake_server_start(&told->served->server);
}

static void lies_are_refused(void **state)
{
	static const struct {
		enum lie lie;
		uint64_t head;
		int error;
	} rows[] = {
		{FORGED_SIGNATURE, 20000, MTR_CLIENT_HISTORY},
		{NO_CHECKPOINT, 20000, MTR_CLIENT_HISTORY},
		{SHORTER, 900, MTR_CLIENT_HISTORY},
		{SHORTER, 2500, MTR_CLIENT_HISTORY},
		{HALF_DIGEST, 20000, MTR_CLIENT_PROTOCOL},
		{NOTHING, 20000, MTR_CLIENT_HISTORY},
	};
	struct told *told = *state;

	become(told, 5000, HONEST);
	assert_int_equal(follow(told), 0);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		become(told, rows[i].head, rows[i].lie);
		told->served->server.incarnation = INCARNATION;
		assert_int_equal(follow(told), rows[i].error);
		assert_int_equal(remembered(told), 4999);
	}
	become(told, 20000, HONEST);
	assert_int_equal(follow(told), 0);
	assert_int_equal(remembered(told), 19999);
}

static void another_past_is_refused(void **state)
{
	struct told *told = *state;

	become(told, 5000, HONEST);
	assert_int_equal(follow(told), 0);
	fake_server_stop(&told->served->server);
	told->digests[3000][7] ^= 1;
	make_chain(told);
	fake_server_start(&told->served->server);
	/* The same revision with another chain; then further on. */
	assert_int_equal(follow(told), MTR_CLIENT_HISTORY);
	become(told, 30000, ANOTHER_DIGEST);
	assert_int_equal(follow(told), MTR_CLIENT_HISTORY);
	assert_int_equal(remembered(told), 4999);
}

static void another_key_or_none_is_refused(void **state)
{
	struct told *told = *state;
	struct mtr_key_pair kept, other;

	assert_int_equal(follow(told), 0);
	assert_true(mtr_signing_pair_make(&other));
	kept = told->pair;
	fake_server_stop(&told->served->server);
	told->pair = other;
	fake_server_start(&told->served->server);
	assert_int_equal(follow(told), MTR_CLIENT_AUDIT_KEY);
	fake_server_stop(&told->served->server);
	told->pair = kept;
	told->served->server.audit_key = NULL;
	fake_server_start(&told->served->server);
	assert_int_equal(follow(told), MTR_CLIENT_AUDIT_KEY);
	assert_int_equal(remembered(told), 999);
}

static void what_is_remembered_must_be_whole(void **state)
{
	struct told *told = *state;
	char path[160];

	assert_int_equal(follow(told), 0);
	(void)snprintf(path, sizeof path, "%s/history", told->served->desk.state);
	FILE *file = fopen(path, "r+e");

	assert_non_null(file);
	assert_int_equal(fseek(file, -20, SEEK_END), 0);
	assert_int_equal(fputs("00000", file) >= 0, 1);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(follow(told), MTR_CLIENT_STATE);
}

#define HISTORY_TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HISTORY_TEST(many_pages_are_followed),
		HISTORY_TEST(a_broken_link_loses_at_most_a_page),
		HISTORY_TEST(lies_are_refused),
		HISTORY_TEST(another_past_is_refused),
		HISTORY_TEST(another_key_or_none_is_refused),
		HISTORY_TEST(what_is_remembered_must_be_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
