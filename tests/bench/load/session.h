/* Frames of the register's protocol. */
#ifndef BENCH_SESSION_H
#define BENCH_SESSION_H

#include "contract/arena.h"
#include "load/loop.h"
#include "matricula/v1/wire.pb-c.h"

size_t session_hello(const uint8_t *outbox, uint8_t ret_frame[LOOP_FRAME_MAX]);

/* A packed request. */
size_t session_pack(const Mtr__Request *request, uint8_t ret_frame[LOOP_FRAME_MAX]);

/* The answer in a frame, in the arena, which is reset; that it answers this request is checked. An error ends the
 * process. */
const Mtr__Answer *session_answer(struct mtr_arena *arena, struct mtr_bytes frame, uint64_t request_id);

struct mtr_arena *session_arena(void);

/* protobuf-c has no const; packing only reads. */
static inline char *session_text(const char *literal)
{
	return (char *)(uintptr_t)literal;
}

#endif
