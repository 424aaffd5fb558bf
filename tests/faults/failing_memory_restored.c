/* Entries sent again after the register was restored, and the outbox looked at, while memory is short: what comes out
 * the same is never told as having come out otherwise, nor the other way round. */
#include "desk_bundles.h"
#include "shortage.h"

#include "contract/incarnation.h"
#include "matricula/outbox.h"

#define ENTRIES 3u
#define DIVERGED 2u /* refused before the restore, and done after it */

struct again {
	struct served *served;
	struct mtr_key_pair signer;
	bool restored;
	uint64_t seen;
};

/* The statement that the register went on from a backup. */
static uint8_t *tell_statement(const struct again *again, size_t *ret_size)
{
	Mtr__Incarnation statement = MTR__INCARNATION__INIT, *list[] = {&statement};
	Mtr__IncarnationList statements = MTR__INCARNATION_LIST__INIT;
	Mtr__Answer answer = MTR__ANSWER__INIT;
	uint8_t chain[MTR_HASH_BYTES] = {1}, signature[MTR_SIGNATURE_BYTES];
	char reason[] = "đĩa hỏng";

	statement.former = INCARNATION;
	statement.incarnation = INCARNATION + 1;
	statement.fork_revision = 1;
	statement.fork_chain = (ProtobufCBinaryData){sizeof chain, chain};
	statement.reason = reason;
	statement.at = 1700000000001;
	statement.public_key = (ProtobufCBinaryData){MTR_KEY_BYTES, (uint8_t *)(uintptr_t)again->signer.public_key};
	statement.signature = (ProtobufCBinaryData){sizeof signature, signature};
	mtr_incarnation_sign(&statement, &again->signer, signature);
	statements.statements = list;
	statements.n_statements = again->restored;
	answer.body_case = MTR__ANSWER__BODY_INCARNATIONS;
	answer.incarnations = &statements;
	return served_pack(&answer, ret_size);
}

static uint8_t *answer_query(struct fake_server *server, const Mtr__Query *query, size_t *ret_size)
{
	return query->body_case == MTR__QUERY__BODY_INCARNATIONS ? tell_statement(server->context, ret_size) : NULL;
}

/* The register as it was, or as it went on from a backup that has none of the desk's entries. */
static void start_register(struct again *again, bool restored)
{
	struct fake_server *server = &again->served->server;

	fake_server_stop(server);
	again->restored = restored;
	server->context = again;
	server->hook = NULL;
	server->query = answer_query;
	server->recovery_key = again->signer.public_key;
	server->incarnation = restored ? INCARNATION + 1 : INCARNATION;
	server->next = 1;
	server->forgotten = 0;
	fake_server_start(server);
}

/* A new desk that had its answers before the restore, by file. */
static void begin_desk(struct again *again)
{
	struct desk *desk = &again->served->desk;
	struct mtr_client_import result;
	char entries[128], answers[128];
	uint64_t count;

	desk_end(desk);
	start_register(again, false);
	desk_begin(desk);
	desk_open(desk, &again->served->server, 0);
	assert_int_equal(desk_hello(desk), 0);
	(void)snprintf(entries, sizeof entries, "%s/entries", desk->directory);
	(void)snprintf(answers, sizeof answers, "%s/answers", desk->directory);
	desk_enqueue_count(desk, ENTRIES);
	assert_int_equal(mtr_client_outbox_export(desk->client, entries, &count), 0);
	answer_bundle(&again->served->server.keys, entries, answers, DIVERGED);
	assert_int_equal(mtr_client_outbox_import(desk->client, answers, NULL, NULL, &result), 0);
	assert_int_equal(result.answered, ENTRIES);
	start_register(again, true);
	served_reopen(again->served, 0);
}

/* That there is something to send is learnt at the contact. */
static int flush(void *context)
{
	struct desk *desk = &((struct again *)context)->served->desk;
	int error = desk_hello(desk);

	return error ? error : mtr_client_flush(desk->client, NULL, NULL);
}

static bool look(void *context, const struct mtr_client_entry *entry)
{
	struct again *again = context;

	assert_int_equal(entry->sequence, ++again->seen);
	assert_int_equal(entry->state, MTR_CLIENT_ENTRY_DONE);
	assert_true(entry->again && entry->former_answer_size && entry->answer_size);
	assert_int_equal(entry->diverged, entry->sequence == DIVERGED);
	return true;
}

static int list(void *context)
{
	struct again *again = context;

	again->seen = 0;
	int error = mtr_client_outbox_each(again->served->desk.client, 1, look, again);

	if (!error)
		assert_int_equal(again->seen, ENTRIES);
	return error;
}

static void expect_told_rightly(struct again *again)
{
	struct mtr_client_outbox_summary summary;

	assert_int_equal(list(again), 0);
	assert_int_equal(mtr_client_outbox_summary(again->served->desk.client, &summary), 0);
	assert_int_equal(summary.refused, 1);
	assert_int_equal(summary.unanswered, 0);
}

void sending_again(void **state)
{
	struct again again = {.served = *state};
	bool was = true;
	int error;

	assert_true(mtr_signing_pair_make(&again.signer));
	for (uint32_t n = 1; was; n++) {
		begin_desk(&again);
		was = refused(&again, flush, n, &error);
		assert_int_equal(flush(&again), 0);
		expect_told_rightly(&again);
	}
	refuse_each(&again, list);
	assert_false(again.served->server.violated);
}
