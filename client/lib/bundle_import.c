/* Answers to a bundle, taken up into the outbox they belong to. */
#include "bundle.h"
#include "contract/relay.h"
#include "matricula/outbox.h"
#include "unreadable.h"

#include <string.h>

#define BATCH_BYTES (1024u * 1024u) /* of answers marked in one transaction */
#define BATCH_ARENA (BATCH_BYTES + 2 * MTR_REPLY_MAX)
#define ITEM_ARENA (8u * 1024u * 1024u)

struct taking {
	struct mtr_client *client;
	struct mtr_bundle_reader *reader;
	struct mtr_outbox_state state;
	mtr_client_answer_fn report;
	void *context;
	struct mtr_client_import result;
	/* The item at hand. */
	struct mtr_arena *item_arena;
	const Mtr__Reply *reply; /* NULL: the next is to be opened */
	bool ended;
	/* Answers reported and not yet marked. */
	struct mtr_arena *arena;
	struct mtr_outbox_answer *first, **last;
	size_t batched;
	/* What ended it before the file did. */
	uint64_t stopped_at; /* sequence; 0: nothing */
	struct mtr_bytes halt;
	int error;
};

static int open_item(struct taking *taking, struct mtr_bytes item)
{
	ProtobufCAllocator *allocator = mtr_arena_allocator(taking->item_arena);
	const Mtr__Relayed *relayed = mtr__relayed__unpack(allocator, item.size, item.data);
	uint8_t *plain = relayed ? mtr_arena_alloc(taking->item_arena, relayed->box.len + 1) : NULL;

	if (!plain)
		return mtr_unreadable(taking->item_arena, MTR_CLIENT_BUNDLE_DAMAGED);
	if (!mtr_relay_open(MTR_RELAY_TO_DESK, taking->client->keys, taking->client->server_key,
			    (struct mtr_bytes){relayed->nonce.data, relayed->nonce.len},
			    (struct mtr_bytes){relayed->box.data, relayed->box.len}, plain))
		return MTR_CLIENT_BUNDLE_DAMAGED;
	taking->reply = mtr__reply__unpack(allocator, relayed->box.len - MTR_RELAY_MAC_BYTES, plain);
	return taking->reply ? 0 : mtr_unreadable(taking->item_arena, MTR_CLIENT_PROTOCOL);
}

/* Sees to it that there is a reply at hand, unless the file has ended. */
static int need_reply(struct taking *taking)
{
	struct mtr_bytes item;
	int error;

	if (taking->reply || taking->ended)
		return 0;
	mtr_arena_reset(taking->item_arena);
	error = mtr_bundle_next(taking->reader, &item);
	taking->ended = !error && item.size == 0;
	return error || taking->ended ? error : open_item(taking, item);
}

static int accept(struct taking *taking, uint64_t sequence, const Mtr__Answer *answer)
{
	const ProtobufCBinaryData packed = taking->reply->answer;
	struct mtr_outbox_answer *kept = mtr_arena_alloc(taking->arena, sizeof *kept);
	uint8_t *bytes = mtr_arena_copy(taking->arena, packed.data, packed.len);
	const ProtobufCBinaryData proof = taking->reply->receipt;
	const uint8_t *receipt =
		proof.len == MTR_HASH_BYTES ? mtr_arena_copy(taking->arena, proof.data, MTR_HASH_BYTES) : NULL;

	if (!kept || !bytes || (proof.len == MTR_HASH_BYTES && !receipt))
		return MTR_CLIENT_MEMORY;
	*kept = (struct mtr_outbox_answer){
		.sequence = sequence,
		.revision = answer->revision,
		.refused = answer->body_case == MTR__ANSWER__BODY_ERROR,
		.bytes = {bytes, packed.len},
		.receipt = receipt,
	};
	*taking->last = kept;
	taking->last = &kept->next;
	taking->batched += packed.len;
	taking->result.answered++;
	if (taking->report)
		taking->report(taking->context, sequence, bytes, packed.len);
	return 0;
}

/* The server didn't take this entry, nor those behind it. */
static int stop(struct taking *taking, uint64_t sequence, const Mtr__Answer *answer)
{
	taking->stopped_at = sequence;
	taking->result.code = (uint32_t)answer->error->code;
	return 0;
}

static int judge(struct taking *taking, uint64_t sequence)
{
	const ProtobufCBinaryData packed = taking->reply->answer;
	const Mtr__Answer *answer =
		mtr__answer__unpack(mtr_arena_allocator(taking->item_arena), packed.len, packed.data);

	if (!answer)
		return mtr_unreadable(taking->item_arena, MTR_CLIENT_PROTOCOL);
	switch (mtr_verdict(answer)) {
	case MTR_VERDICT_FINAL:
		return accept(taking, sequence, answer);
	case MTR_VERDICT_RETRY:
		return stop(taking, sequence, answer);
	case MTR_VERDICT_GAP:
		return answer->error->number + taking->state.base < taking->state.first_unanswered
			       ? MTR_CLIENT_SERVER_BEHIND
			       : stop(taking, sequence, answer);
	case MTR_VERDICT_HALT:
		taking->halt = (struct mtr_bytes){packed.data, packed.len};
		return MTR_CLIENT_HALTED;
	case MTR_VERDICT_REFUSED:
		return MTR_CLIENT_KEY_REFUSED;
	case MTR_VERDICT_HELLO:
	case MTR_VERDICT_VERSION:
	case MTR_VERDICT_NONSENSE:
		break;
	}
	return MTR_CLIENT_PROTOCOL;
}

/* The replies are in the order of the entries: what isn't this entry's is an earlier one's, or another outbox's. */
static bool on_entry(void *context, const struct mtr_outbox_entry *entry)
{
	struct taking *taking = context;
	uint64_t id = mtr_bundle_request_id(&taking->state, entry);

	taking->error = need_reply(taking);
	while (!taking->error && taking->reply && taking->reply->request_id != id) {
		taking->result.known++;
		taking->reply = NULL;
		taking->error = need_reply(taking);
	}
	if (taking->error || taking->ended)
		return false;
	taking->error = judge(taking, entry->sequence);
	taking->reply = NULL;
	return !taking->error && !taking->stopped_at && taking->batched < BATCH_BYTES;
}

static int mark_answers(struct taking *taking)
{
	int error = 0;

	if (taking->first)
		error = mtr_outbox_answered(taking->client->outbox, taking->first, mtr_time_of_day());
	taking->first = NULL;
	taking->last = &taking->first;
	taking->batched = 0;
	mtr_arena_reset(taking->arena);
	return error;
}

/* What is left in the file when nothing is looked for in it any more. */
static int count_rest(struct taking *taking)
{
	uint64_t rest = 0;
	int error = 0;

	while (!error && !taking->ended) {
		taking->reply = NULL;
		error = need_reply(taking);
		rest += !error && !taking->ended;
	}
	if (taking->stopped_at)
		taking->result.waiting = rest + 1;
	else
		taking->result.known += rest;
	return error;
}

static int note_stop(struct taking *taking)
{
	const struct mtr_outbox_attempt attempt = {
		.first = taking->stopped_at,
		.end = taking->stopped_at + 1,
		.code = taking->result.code,
		.now = mtr_time_of_day(),
	};
	int error = taking->stopped_at ? mtr_outbox_attempted(taking->client->outbox, &attempt) : 0;

	/* A convenience, as when sending. */
	return error == MTR_CLIENT_STATE_FULL ? 0 : error;
}

static int take_up(struct taking *taking)
{
	struct mtr_outbox *outbox = taking->client->outbox;
	int error = 0;

	while (!error && !taking->error && !taking->ended && !taking->stopped_at) {
		error = mtr_outbox_state(outbox, &taking->state);
		if (!error && taking->state.halted)
			error = MTR_CLIENT_HALTED;
		if (error || taking->state.first_unanswered == taking->state.next)
			break;
		error = mtr_outbox_each(outbox, taking->state.first_unanswered, on_entry, taking);
		if (!error)
			error = mark_answers(taking);
	}
	if (!error && taking->halt.size)
		error = mtr_outbox_halt(outbox, taking->halt);
	if (!error)
		error = taking->error ? taking->error : count_rest(taking);
	return error ? error : note_stop(taking);
}

static int import_file(struct taking *taking, const char *path)
{
	const struct mtr_bundle_header own = mtr_bundle_header_of(taking->client, MTR_BUNDLE_ANSWERS);
	struct mtr_bundle_header header;
	int error = mtr_bundle_open(&taking->reader, path, MTR_BUNDLE_ANSWERS, &header);

	if (error)
		return error;
	if (memcmp(header.server, own.server, MTR_KEY_BYTES) != 0)
		error = MTR_CLIENT_BUNDLE_SERVER;
	else if (memcmp(header.desk, own.desk, MTR_KEY_BYTES) != 0)
		error = MTR_CLIENT_BUNDLE_DESK;
	else
		error = take_up(taking);
	mtr_bundle_close(&taking->reader);
	return error;
}

int mtr_client_outbox_import(struct mtr_client *client, const char *path, mtr_client_answer_fn report, void *context,
			     struct mtr_client_import *ret_import)
{
	struct taking taking = {.client = client, .report = report, .context = context};
	int error;

	if (!client->outbox || !path || !ret_import)
		return MTR_CLIENT_USAGE;
	taking.last = &taking.first;
	taking.arena = mtr_arena_new(BATCH_ARENA);
	taking.item_arena = mtr_arena_new(ITEM_ARENA);
	error = taking.arena && taking.item_arena ? 0 : MTR_CLIENT_MEMORY;
	if (!error)
		error = mtr_outbox_lock(client->outbox, mtr_moment_after(mtr_moment_now(), client->timeout_ms));
	if (!error) {
		error = import_file(&taking, path);
		mtr_outbox_unlock(client->outbox);
	}
	mtr_arena_free(&taking.item_arena);
	mtr_arena_free(&taking.arena);
	*ret_import = taking.result;
	return error;
}
