#include "load/session.h"

#include "common/fail.h"

#include <inttypes.h>

#define HELLO_ID 1u
#define ARENA (32u * 1024u * 1024u)

size_t session_pack(const Mtr__Request *request, uint8_t ret_frame[LOOP_FRAME_MAX])
{
	if (mtr__request__get_packed_size(request) > LOOP_FRAME_MAX)
		bench_fail("request", "too large");
	return mtr__request__pack(request, ret_frame);
}

size_t session_hello(const uint8_t *outbox, uint8_t ret_frame[LOOP_FRAME_MAX])
{
	Mtr__Hello hello = MTR__HELLO__INIT;
	Mtr__Request request = MTR__REQUEST__INIT;

	hello.protocol_minimum = MTR_PROTOCOL_MINIMUM;
	hello.protocol_maximum = MTR_PROTOCOL_MAXIMUM;
	hello.software = session_text("bench_load");
	if (outbox)
		hello.outbox = (ProtobufCBinaryData){MTR_OUTBOX_BYTES, (uint8_t *)(uintptr_t)outbox};
	request.request_id = HELLO_ID;
	request.body_case = MTR__REQUEST__BODY_HELLO;
	request.hello = &hello;
	return session_pack(&request, ret_frame);
}

_Noreturn static void refused(const Mtr__Error *error)
{
	const ProtobufCEnumValue *code =
		protobuf_c_enum_descriptor_get_value(&mtr__error_code__descriptor, (int)error->code);

	fprintf(stderr, "bench: %s %s %" PRIu64 "\n", code ? code->name : "error", error->field, error->number);
	exit(1);
}

const Mtr__Answer *session_answer(struct mtr_arena *arena, struct mtr_bytes frame, uint64_t request_id)
{
	mtr_arena_reset(arena);
	const Mtr__Reply *reply = mtr__reply__unpack(mtr_arena_allocator(arena), frame.size, frame.data);
	const Mtr__Answer *answer =
		reply ? mtr__answer__unpack(mtr_arena_allocator(arena), reply->answer.len, reply->answer.data) : NULL;

	if (!answer)
		bench_fail("answer", "not one of the register");
	if (reply->request_id != (request_id ? request_id : HELLO_ID))
		bench_fail("answer", "to another request");
	if (answer->body_case == MTR__ANSWER__BODY_ERROR)
		refused(answer->error);
	if (reply->repeated_answer)
		bench_fail("answer", "repeated, though asked for once");
	return answer;
}

struct mtr_arena *session_arena(void)
{
	struct mtr_arena *arena = mtr_arena_new(ARENA);

	if (!arena)
		bench_fail("load", "no memory");
	return arena;
}
