/* Entries that come through another desk's connection: opened, done as if their sender had sent them, and answered in a
 * box that only the sender can open. The one who carries them learns that they were taken, and nothing of what is in
 * them. */
#include "net/state.h"

#include "contract/arena.h"
#include "contract/limits.h"
#include "contract/relay.h"

#include <stdlib.h>
#include <string.h>

/* What says that the server can't take the request just now is for the one who carries: it is to ask again. So is every
 * answer that there is no memory to look at, or to seal: it says BUSY instead. */
enum reader { READ_BY_SENDER, READ_BY_CARRIER, READ_BY_NOBODY };

static enum reader reader_of(struct mtr_bytes packed)
{
	struct mtr_arena *arena = mtr_arena_new(MTR_DECISION_ARENA);
	const Mtr__Answer *answer =
		arena ? mtr__answer__unpack(mtr_arena_allocator(arena), packed.size, packed.data) : NULL;
	enum reader reader = READ_BY_SENDER;

	if (!arena || mtr_arena_starved(arena))
		reader = READ_BY_NOBODY;
	else if (answer && answer->body_case == MTR__ANSWER__BODY_ERROR &&
		 (answer->error->code == MTR__ERROR_CODE__ERROR_CODE_BUSY ||
		  answer->error->code == MTR__ERROR_CODE__ERROR_CODE_STOPPING ||
		  answer->error->code == MTR__ERROR_CODE__ERROR_CODE_STORAGE_FULL))
		reader = READ_BY_CARRIER;
	mtr_arena_free(&arena);
	return reader;
}

static struct mtr_bytes packed_answer(const uint8_t nonce[MTR_RELAY_NONCE_BYTES], uint8_t *box, size_t size)
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__Relayed relayed = MTR__RELAYED__INIT;

	relayed.nonce = (ProtobufCBinaryData){MTR_RELAY_NONCE_BYTES, (uint8_t *)(uintptr_t)nonce};
	relayed.box = (ProtobufCBinaryData){size, box};
	answer.body_case = MTR__ANSWER__BODY_RELAYED;
	answer.relayed = &relayed;

	size_t packed_size = mtr__answer__get_packed_size(&answer);
	uint8_t *packed = malloc(packed_size);

	if (packed)
		mtr__answer__pack(&answer, packed);
	return (struct mtr_bytes){packed, packed ? packed_size : 0};
}

/* The reply boxed for its sender, as a packed Answer on the heap; no data without memory. */
static struct mtr_bytes seal(const struct mtr_net *net, const struct mtr_sender *sender, const Mtr__Reply *reply)
{
	const size_t size = mtr__reply__get_packed_size(reply);
	uint8_t nonce[MTR_RELAY_NONCE_BYTES];
	uint8_t *plain = malloc(size + 1), *box = malloc(size + MTR_RELAY_MAC_BYTES);
	struct mtr_bytes answer = {0};

	if (plain && box) {
		mtr__reply__pack(reply, plain);
		if (mtr_relay_seal(MTR_RELAY_TO_DESK, net->keys, sender->key, (struct mtr_bytes){plain, size}, nonce,
				   box))
			answer = packed_answer(nonce, box, size + MTR_RELAY_MAC_BYTES);
	}
	free(plain);
	free(box);
	return answer;
}

void mtr_net_send_sealed(struct mtr_net *net, const struct mtr_address *to, struct mtr_bytes answer,
			 const struct mtr_work *work)
{
	const enum reader reader = reader_of(answer);
	struct mtr_address open = *to;
	Mtr__Reply reply = MTR__REPLY__INIT;
	uint8_t receipt[MTR_RECEIPT_BYTES];

	open.sender = NULL;
	if (reader == READ_BY_CARRIER) {
		mtr_net_send(net, &open, answer, NULL);
		return;
	}
	reply.request_id = to->sender->request_id;
	if (work)
		mtr_net_vouch(net, work, &reply, receipt);
	reply.answer = (ProtobufCBinaryData){answer.size, (uint8_t *)(uintptr_t)answer.data};

	struct mtr_bytes sealed = {0};

	if (reader == READ_BY_SENDER)
		sealed = seal(net, to->sender, &reply);
	if (sealed.data)
		mtr_net_send(net, &open, sealed, NULL);
	else
		mtr_net_refuse(net, &open, MTR__ERROR_CODE__ERROR_CODE_BUSY, NULL, NULL, 0);
	free((void *)(uintptr_t)sealed.data);
}

/* The Request in the box; NULL when it can't be opened or read, which has been answered. */
static const Mtr__Request *open_box(struct mtr_net *net, const struct mtr_address *from, const Mtr__Relay *relay)
{
	const struct mtr_bytes nonce = {relay->nonce.data, relay->nonce.len}, box = {relay->box.data, relay->box.len};
	const char *field = NULL;
	uint8_t *plain = mtr_arena_alloc(net->arena, box.size + 1);
	const Mtr__Request *request = NULL;

	if (relay->sender.len != MTR_KEY_BYTES)
		field = "relay.sender";
	else if (nonce.size != MTR_RELAY_NONCE_BYTES)
		field = "relay.nonce";
	else if (!plain || !mtr_relay_open(MTR_RELAY_TO_SERVER, net->keys, relay->sender.data, nonce, box, plain))
		field = "relay.box";
	else
		request = mtr__request__unpack(mtr_arena_allocator(net->arena), box.size - MTR_RELAY_MAC_BYTES, plain);
	if (!request && mtr_arena_starved(net->arena))
		mtr_net_refuse(net, from, MTR__ERROR_CODE__ERROR_CODE_BUSY, NULL, NULL, 0);
	else if (!request)
		mtr_net_refuse(net, from, MTR__ERROR_CODE__ERROR_CODE_MALFORMED, field ? field : "relay.box", NULL, 0);
	return request;
}

void mtr_net_take_relay(struct mtr_net *net, struct mtr_session *session, const struct mtr_address *from,
			const Mtr__Relay *relay)
{
	const Mtr__Request *request = open_box(net, from, relay);
	struct mtr_principal principal;

	if (!request)
		return;

	struct mtr_sender sender = {.request_id = request->request_id};
	struct mtr_address to = *from;

	memcpy(sender.key, relay->sender.data, MTR_KEY_BYTES);
	to.sender = &sender;
	if (!mtr_principals_find(net->principals, sender.key, &principal))
		mtr_net_refuse(net, &to, MTR__ERROR_CODE__ERROR_CODE_NOT_REGISTERED, NULL, NULL, 0);
	else if (principal.revoked)
		mtr_net_refuse(net, &to, MTR__ERROR_CODE__ERROR_CODE_REVOKED, NULL, NULL, 0);
	else if (request->body_case != MTR__REQUEST__BODY_COMMAND || request->dry_run)
		mtr_net_refuse(net, &to, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_REQUEST, NULL, NULL, 0);
	else
		mtr_net_take_command(net, session, &to, principal.id, request);
}
