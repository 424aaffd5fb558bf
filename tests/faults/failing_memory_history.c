/* The register's history followed while memory is short: it is no reason to distrust it, and no checkpoint is lost. */
#include "shortage.h"

#include "contract/checkpoint.h"
#include "contract/known_history.h"
#include "engine/record.h"

#include <unistd.h>

struct told {
	struct served *served;
	struct mtr_key_pair pair;
	uint64_t head;
};

/* After records that are all alike. */
static void chain_at(uint64_t revision, uint8_t ret_chain[MTR_HASH_BYTES])
{
	static const uint8_t digest[MTR_HASH_BYTES] = {7};

	memset(ret_chain, 0, MTR_HASH_BYTES);
	for (uint64_t i = 0; i < revision; i++)
		mtr_chain_extend(ret_chain, digest);
}

/* All that is behind `from`, and a checkpoint at the head. */
static uint8_t *tell(const struct told *told, uint64_t from, size_t *ret_size)
{
	uint8_t digests[64][MTR_HASH_BYTES] = {{0}}, chain[MTR_HASH_BYTES], signature[MTR_SIGNATURE_BYTES];
	Mtr__Checkpoint checkpoint = MTR__CHECKPOINT__INIT;
	Mtr__HistoryPage page = MTR__HISTORY_PAGE__INIT;
	Mtr__Answer answer = MTR__ANSWER__INIT;
	const uint64_t count = from ? told->head - from + 1 : 0;

	assert_true(count <= 64);
	for (uint64_t i = 0; i < count; i++)
		digests[i][0] = 7;
	chain_at(told->head, chain);
	checkpoint.incarnation = INCARNATION;
	checkpoint.revision = told->head;
	checkpoint.chain = (ProtobufCBinaryData){sizeof chain, chain};
	checkpoint.public_key = (ProtobufCBinaryData){MTR_KEY_BYTES, (uint8_t *)(uintptr_t)told->pair.public_key};
	checkpoint.signature = (ProtobufCBinaryData){sizeof signature, signature};
	mtr_checkpoint_sign(&checkpoint, &told->pair, signature);
	page.from_revision = from;
	page.digests = (ProtobufCBinaryData){(size_t)count * MTR_HASH_BYTES, digests[0]};
	page.checkpoint = &checkpoint;
	answer.revision = told->head;
	answer.body_case = MTR__ANSWER__BODY_HISTORY;
	answer.history = &page;
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

static void serve(struct told *told)
{
	struct fake_server *server = &told->served->server;

	fake_server_stop(server);
	server->context = told;
	server->hook = NULL;
	server->query = answer_query;
	server->audit_key = told->pair.public_key;
	fake_server_start(server);
}

static int follow(void *context)
{
	return mtr_client_sync(((struct told *)context)->served->desk.client, NULL);
}

static int show(void *context)
{
	const char *text;
	size_t size;

	return mtr_client_known_history(((struct told *)context)->served->desk.client, &text, &size);
}

static void expect_followed(struct told *told)
{
	struct mtr_known_history known;
	const char *text;
	size_t size;

	assert_int_equal(mtr_client_known_history(told->served->desk.client, &text, &size), 0);
	assert_true(mtr_known_history_parse(text, size, &known));
	assert_int_equal(known.revision, told->head);
	assert_memory_equal(known.audit_key, told->pair.public_key, MTR_KEY_BYTES);
}

void following(void **state)
{
	struct told told = {.served = *state, .head = 10};
	bool was = true, first_contact = true;
	char path[160];
	int error;

	(void)snprintf(path, sizeof path, "%s/history", told.served->desk.state);
	assert_true(mtr_signing_pair_make(&told.pair));
	for (uint32_t n = 1; was || first_contact; n += first_contact) {
		first_contact = !first_contact;
		fake_server_stop(&told.served->server);
		told.head += 2;
		serve(&told);
		if (first_contact)
			unlink(path);
		served_reopen(told.served, 0);
		was = refused(&told, follow, n, &error);
		assert_int_equal(follow(&told), 0);
		expect_followed(&told);
	}
	refuse_each(&told, show);
}
