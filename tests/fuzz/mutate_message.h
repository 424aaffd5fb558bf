/* Changes packed messages so that they stay messages. For the fuzzer's mutators only. */
#ifndef MTR_FUZZ_MUTATE_MESSAGE_H
#define MTR_FUZZ_MUTATE_MESSAGE_H

#include "contract/arena.h"
#include "contract/bytes.h"
#include "random.h"

/* libFuzzer's own: changes bytes in place; returns how many there are then. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* Unpacks (an empty message if that fails), changes a few fields, packs into `ret_bytes`. Also goes into messages that
 * lie packed in fields of bytes. Returns the size; 0 when the result is longer than `most`. `arena` is reset. */
size_t fuzz_mutate_message(struct mtr_arena *arena, const ProtobufCMessageDescriptor *shape, struct mtr_bytes packed,
			   struct random *random, uint8_t *ret_bytes, size_t most);

#endif
