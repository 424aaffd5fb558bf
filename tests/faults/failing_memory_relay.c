/* What comes and goes in boxes while one request for memory is refused, the first, the second, ...: the sender's answer
 * is sealed for the sender, the carrier's is open, and short memory is BUSY to the carrier, never a verdict. */
#include "memory.h"
#include "testing.h"

#include "contract/arena.h"
#include "contract/limits.h"
#include "contract/relay.h"
#include "net/state.h"

#include <string.h>

/* What the network was given to do. */
struct seen {
	unsigned open, sealed, busy, malformed, taken;
};

static struct seen *seen_by(const struct mtr_net *net)
{
	return net->context;
}

void __wrap_mtr_net_send(struct mtr_net *net, const struct mtr_address *to, struct mtr_bytes answer,
			 const struct mtr_work *work);
void __wrap_mtr_net_refuse(struct mtr_net *net, const struct mtr_address *to, Mtr__ErrorCode code, const char *field,
			   const char *wanted, uint64_t number);
bool __wrap_mtr_principals_find(struct mtr_principals *principals, const uint8_t key[MTR_KEY_BYTES],
				struct mtr_principal *ret_principal);
void __wrap_mtr_net_take_command(struct mtr_net *net, struct mtr_session *session, const struct mtr_address *from,
				 uint32_t principal_id, const Mtr__Request *request);

void __wrap_mtr_net_send(struct mtr_net *net, const struct mtr_address *to, struct mtr_bytes answer,
			 const struct mtr_work *work)
{
	const uint32_t paused = memory_pause();
	Mtr__Answer *unpacked = mtr__answer__unpack(NULL, answer.size, answer.data);

	assert_non_null(unpacked);
	assert_null(to->sender);
	assert_null(work);
	seen_by(net)->sealed += unpacked->body_case == MTR__ANSWER__BODY_RELAYED;
	seen_by(net)->open += unpacked->body_case != MTR__ANSWER__BODY_RELAYED;
	mtr__answer__free_unpacked(unpacked, NULL);
	memory_resume(paused);
}

void __wrap_mtr_net_refuse(struct mtr_net *net, const struct mtr_address *to, Mtr__ErrorCode code, const char *field,
			   const char *wanted, uint64_t number)
{
	(void)field;
	(void)wanted;
	(void)number;
	assert_null(to->sender);
	seen_by(net)->busy += code == MTR__ERROR_CODE__ERROR_CODE_BUSY;
	seen_by(net)->malformed += code != MTR__ERROR_CODE__ERROR_CODE_BUSY;
}

bool __wrap_mtr_principals_find(struct mtr_principals *principals, const uint8_t key[MTR_KEY_BYTES],
				struct mtr_principal *ret_principal)
{
	(void)principals;
	(void)key;
	*ret_principal = (struct mtr_principal){.id = 1};
	return true;
}

void __wrap_mtr_net_take_command(struct mtr_net *net, struct mtr_session *session, const struct mtr_address *from,
				 uint32_t principal_id, const Mtr__Request *request)
{
	assert_null(session);
	assert_non_null(from->sender);
	assert_int_equal(principal_id, 1);
	assert_int_equal(request->request_id, 9);
	seen_by(net)->taken++;
}

struct ends {
	struct mtr_key_pair server, desk;
	struct seen seen;
	struct mtr_net net;
};

static void begin(struct ends *ends)
{
	*ends = (struct ends){.net = {.keys = &ends->server, .context = &ends->seen}};
	ends->net.arena = mtr_arena_new(MTR_REQUEST_ARENA);
	assert_non_null(ends->net.arena);
	assert_true(mtr_key_pair_make(&ends->server) && mtr_key_pair_make(&ends->desk));
}

static bool send_short(struct ends *ends, Mtr__ErrorCode code, uint32_t n)
{
	struct mtr_sender sender = {.request_id = 9};
	const struct mtr_address to = {.sender = &sender};
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__Error error = MTR__ERROR__INIT;
	uint8_t packed[256];

	memcpy(sender.key, ends->desk.public_key, MTR_KEY_BYTES);
	error.code = code;
	answer.body_case = MTR__ANSWER__BODY_ERROR;
	answer.error = &error;
	const size_t size = mtr__answer__pack(&answer, packed);

	ends->seen = (struct seen){0};
	memory_arm(n);
	mtr_net_send_sealed(&ends->net, &to, (struct mtr_bytes){packed, size}, NULL);
	return memory_disarm();
}

static void answering(void **state)
{
	struct ends ends;
	bool was = true;

	(void)state;
	begin(&ends);
	for (uint32_t n = 1; was; n++) {
		was = send_short(&ends, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_NOMINATION, n);
		assert_int_equal(ends.seen.sealed + ends.seen.busy, 1);
		assert_int_equal(ends.seen.open, 0);
		assert_true(was || ends.seen.sealed);
	}
	was = true;
	for (uint32_t n = 1; was; n++) {
		was = send_short(&ends, MTR__ERROR_CODE__ERROR_CODE_STORAGE_FULL, n);
		assert_int_equal(ends.seen.open + ends.seen.busy, 1);
		assert_int_equal(ends.seen.sealed, 0);
		assert_true(was || ends.seen.open);
	}
	mtr_arena_free(&ends.net.arena);
}

static size_t seal_request(const struct ends *ends, uint8_t nonce[MTR_RELAY_NONCE_BYTES], uint8_t *box)
{
	Mtr__Request request = MTR__REQUEST__INIT;
	uint8_t plain[128], command = 0;

	request.request_id = 9;
	request.body_case = MTR__REQUEST__BODY_COMMAND;
	request.command = (ProtobufCBinaryData){1, &command};
	const size_t size = mtr__request__pack(&request, plain);

	assert_true(mtr_relay_seal(MTR_RELAY_TO_SERVER, &ends->desk, ends->server.public_key,
				   (struct mtr_bytes){plain, size}, nonce, box));
	return size + MTR_RELAY_MAC_BYTES;
}

static void opening(void **state)
{
	uint8_t nonce[MTR_RELAY_NONCE_BYTES], box[256];
	const struct mtr_address from = {.request_id = 3};
	Mtr__Relay relay = MTR__RELAY__INIT;
	struct ends ends;
	bool was = true;

	(void)state;
	begin(&ends);
	relay.sender = (ProtobufCBinaryData){MTR_KEY_BYTES, ends.desk.public_key};
	relay.box = (ProtobufCBinaryData){seal_request(&ends, nonce, box), box};
	relay.nonce = (ProtobufCBinaryData){sizeof nonce, nonce};
	for (uint32_t n = 1; was; n++) {
		ends.seen = (struct seen){0};
		mtr_arena_reset(ends.net.arena);
		memory_arm(n);
		mtr_net_take_relay(&ends.net, NULL, &from, &relay);
		was = memory_disarm();
		assert_int_equal(ends.seen.malformed, 0);
		assert_int_equal(ends.seen.busy, was);
		assert_int_equal(ends.seen.taken, !was);
	}
	mtr_arena_free(&ends.net.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answering),
		cmocka_unit_test(opening),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
