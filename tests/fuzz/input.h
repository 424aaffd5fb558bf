/* Bytes of an input, taken one after the other; beyond its end there are zeros. */
#ifndef MTR_FUZZ_INPUT_H
#define MTR_FUZZ_INPUT_H

#include "contract/bytes.h"

struct fuzz_input {
	const uint8_t *at, *end;
};

static inline struct fuzz_input fuzz_input_of(struct mtr_bytes bytes)
{
	static const uint8_t nothing;
	const uint8_t *data = bytes.size ? bytes.data : &nothing;

	return (struct fuzz_input){data, data + bytes.size};
}

static inline size_t fuzz_left(const struct fuzz_input *input)
{
	return (size_t)(input->end - input->at);
}

static inline uint8_t fuzz_u8(struct fuzz_input *input)
{
	return input->at < input->end ? *input->at++ : 0;
}

static inline uint16_t fuzz_u16(struct fuzz_input *input)
{
	unsigned high = fuzz_u8(input);

	return (uint16_t)(high << 8 | fuzz_u8(input));
}

static inline uint32_t fuzz_u32(struct fuzz_input *input)
{
	uint32_t high = fuzz_u16(input);

	return high << 16 | fuzz_u16(input);
}

static inline uint64_t fuzz_u64(struct fuzz_input *input)
{
	uint64_t high = fuzz_u32(input);

	return high << 32 | fuzz_u32(input);
}

/* As many as there are, at most `most`. */
static inline struct mtr_bytes fuzz_take(struct fuzz_input *input, size_t most)
{
	size_t size = fuzz_left(input) < most ? fuzz_left(input) : most;
	struct mtr_bytes taken = {input->at, size};

	input->at += size;
	return taken;
}

static inline struct mtr_bytes fuzz_rest(struct fuzz_input *input)
{
	return fuzz_take(input, fuzz_left(input));
}

#endif
