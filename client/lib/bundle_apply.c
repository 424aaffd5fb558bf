/* Another desk's bundle, delivered over this desk's link. */
#include "bundle.h"
#include "matricula/outbox.h"
#include "unreadable.h"

#include <string.h>

struct delivery {
	struct mtr_client *client;
	struct mtr_bundle_reader *reader;
	struct mtr_bundle_writer *answers; /* NULL: they go nowhere */
	struct mtr_bundle_header header;
	struct mtr_arena *arena; /* of the item being delivered */
	uint64_t count;
};

/* An error in the open is about the delivery, not about what is in the box. */
static int judge(const Mtr__Answer *answer)
{
	if (answer->body_case == MTR__ANSWER__BODY_RELAYED)
		return 0;
	if (answer->body_case != MTR__ANSWER__BODY_ERROR)
		return MTR_CLIENT_PROTOCOL;
	switch ((int)answer->error->code) {
	case MTR__ERROR_CODE__ERROR_CODE_STORAGE_FULL:
		return MTR_CLIENT_BUSY;
	case MTR__ERROR_CODE__ERROR_CODE_MALFORMED:
	case MTR__ERROR_CODE__ERROR_CODE_TOO_LARGE:
		return MTR_CLIENT_BUNDLE_DAMAGED;
	case MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_REQUEST:
		return MTR_CLIENT_VERSION;
	default:
		return MTR_CLIENT_PROTOCOL;
	}
}

static int keep_answer(struct delivery *delivery, const Mtr__Relayed *relayed)
{
	size_t size = mtr__relayed__get_packed_size(relayed);
	uint8_t *packed;

	if (!delivery->answers)
		return 0;
	packed = mtr_arena_alloc(delivery->arena, size + 1);
	if (!packed)
		return MTR_CLIENT_MEMORY;
	mtr__relayed__pack(relayed, packed);
	return mtr_bundle_add(delivery->answers, (struct mtr_bytes){packed, size});
}

static int deliver(struct delivery *delivery, struct mtr_bytes item)
{
	struct mtr_client *client = delivery->client;
	Mtr__Request request = MTR__REQUEST__INIT;
	struct mtr_bytes packed;
	Mtr__Answer *answer;
	int error;

	mtr_arena_reset(delivery->arena);
	request.body_case = MTR__REQUEST__BODY_RELAY;
	request.relay = mtr__relay__unpack(mtr_arena_allocator(delivery->arena), item.size, item.data);
	if (!request.relay)
		return mtr_unreadable(delivery->arena, MTR_CLIENT_BUNDLE_DAMAGED);
	if (request.relay->sender.len != MTR_KEY_BYTES ||
	    memcmp(request.relay->sender.data, delivery->header.desk, MTR_KEY_BYTES) != 0)
		return MTR_CLIENT_BUNDLE_DAMAGED;
	error = mtr_session_ask(client, &request, mtr_moment_after(mtr_moment_now(), client->timeout_ms), &packed);
	if (error == MTR_CLIENT_TOO_LARGE)
		return MTR_CLIENT_BUNDLE_DAMAGED;
	if (error)
		return mtr_session_drop(client, error);
	answer = mtr__answer__unpack(mtr_arena_allocator(client->arena), packed.size, packed.data);
	if (!answer)
		return mtr_unreadable(client->arena, MTR_CLIENT_PROTOCOL);
	error = judge(answer);
	return error ? error : keep_answer(delivery, answer->relayed);
}

static int deliver_all(struct delivery *delivery)
{
	struct mtr_bytes item;
	int error;

	for (;;) {
		error = mtr_bundle_next(delivery->reader, &item);
		if (error || item.size == 0)
			return error;
		error = deliver(delivery, item);
		if (error)
			return error;
		delivery->count++;
	}
}

static int apply(struct delivery *delivery, const char *answers_path)
{
	struct mtr_bundle_header answers = delivery->header;
	int error = 0;

	if (memcmp(delivery->header.server, delivery->client->server_key, MTR_KEY_BYTES) != 0)
		return MTR_CLIENT_BUNDLE_SERVER;
	answers.kind = MTR_BUNDLE_ANSWERS;
	if (answers_path)
		error = mtr_bundle_create(&delivery->answers, answers_path, &answers);
	if (!error)
		error = deliver_all(delivery);
	if (!error && delivery->answers)
		return mtr_bundle_finish(&delivery->answers);
	mtr_bundle_discard(&delivery->answers);
	return error;
}

int mtr_client_bundle_apply(struct mtr_client *client, const char *path, const char *answers_path, uint64_t *ret_count)
{
	struct delivery delivery = {.client = client};
	int error;

	if (!path || !ret_count)
		return MTR_CLIENT_USAGE;
	*ret_count = 0;
	delivery.arena = mtr_arena_new(MTR_REQUEST_ARENA);
	if (!delivery.arena)
		return MTR_CLIENT_MEMORY;
	error = mtr_bundle_open(&delivery.reader, path, MTR_BUNDLE_ENTRIES, &delivery.header);
	if (!error)
		error = apply(&delivery, answers_path);
	mtr_bundle_close(&delivery.reader);
	mtr_arena_free(&delivery.arena);
	*ret_count = delivery.count;
	return error;
}
