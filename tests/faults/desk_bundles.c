#include "desk_bundles.h"

#include "testing.h"

#include "bundle_file.h"
#include "contract/relay.h"

#include <string.h>

#define ITEM_MAX 4096u

struct answering {
	const struct mtr_key_pair *server;
	struct mtr_bundle_header header;
	struct mtr_bundle_writer *writer;
	uint64_t refused;
};

static Mtr__Request *open_item(const struct answering *answering, struct mtr_bytes item)
{
	Mtr__Relay *relay = mtr__relay__unpack(NULL, item.size, item.data);
	uint8_t plain[ITEM_MAX];

	assert_non_null(relay);
	assert_true(relay->box.len < sizeof plain);
	assert_true(mtr_relay_open(MTR_RELAY_TO_SERVER, answering->server, relay->sender.data,
				   (struct mtr_bytes){relay->nonce.data, relay->nonce.len},
				   (struct mtr_bytes){relay->box.data, relay->box.len}, plain));
	Mtr__Request *request = mtr__request__unpack(NULL, relay->box.len - MTR_RELAY_MAC_BYTES, plain);

	assert_non_null(request);
	mtr__relay__free_unpacked(relay, NULL);
	return request;
}

static size_t pack_answer(const struct answering *answering, uint64_t sequence, uint8_t packed[ITEM_MAX])
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__Error error = MTR__ERROR__INIT;
	Mtr__Done done = MTR__DONE__INIT;

	answer.revision = 10 + sequence;
	if (sequence == answering->refused) {
		error.code = MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_NOMINATION;
		answer.body_case = MTR__ANSWER__BODY_ERROR;
		answer.error = &error;
	} else {
		done.id = sequence;
		answer.body_case = MTR__ANSWER__BODY_DONE;
		answer.done = &done;
	}
	return mtr__answer__pack(&answer, packed);
}

static void answer_item(struct answering *answering, struct mtr_bytes item)
{
	uint8_t packed[ITEM_MAX], plain[ITEM_MAX], box[2 * ITEM_MAX], nonce[MTR_RELAY_NONCE_BYTES];
	Mtr__Request *request = open_item(answering, item);
	Mtr__Relayed relayed = MTR__RELAYED__INIT;
	Mtr__Reply reply = MTR__REPLY__INIT;

	reply.request_id = request->request_id;
	reply.answer.len = pack_answer(answering, request->sequencing->sequence, packed);
	reply.answer.data = packed;
	mtr__request__free_unpacked(request, NULL);

	const size_t size = mtr__reply__pack(&reply, plain);

	assert_true(mtr_relay_seal(MTR_RELAY_TO_DESK, answering->server, answering->header.desk,
				   (struct mtr_bytes){plain, size}, nonce, box));
	relayed.nonce = (ProtobufCBinaryData){sizeof nonce, nonce};
	relayed.box = (ProtobufCBinaryData){size + MTR_RELAY_MAC_BYTES, box};
	assert_int_equal(
		mtr_bundle_add(answering->writer, (struct mtr_bytes){packed, mtr__relayed__pack(&relayed, packed)}), 0);
}

void answer_bundle(const struct mtr_key_pair *server, const char *entries, const char *answers, uint64_t refused)
{
	struct answering answering = {.server = server, .refused = refused};
	struct mtr_bundle_reader *reader;
	struct mtr_bytes item;

	assert_int_equal(mtr_bundle_open(&reader, entries, MTR_BUNDLE_ENTRIES, &answering.header), 0);
	answering.header.kind = MTR_BUNDLE_ANSWERS;
	assert_int_equal(mtr_bundle_create(&answering.writer, answers, &answering.header), 0);
	for (;;) {
		assert_int_equal(mtr_bundle_next(reader, &item), 0);
		if (item.size == 0)
			break;
		answer_item(&answering, item);
	}
	assert_int_equal(mtr_bundle_finish(&answering.writer), 0);
	mtr_bundle_close(&reader);
}
