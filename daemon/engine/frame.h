/* A batch as it lies in a segment file: one frame, all or nothing.
 *
 * at  size
 *  0    4  magic "MTRF"
 *  4    4  format version: 1
 *  8    4  length of the whole frame, at most MTR_FRAME_MAX
 * 12    4  count of records
 * 16    8  revision of the first record
 * 24    8  revision of the last record
 * 32   32  chain hash before the first record
 * 64    4  CRC-32C: of the segment's seed (4 bytes), bytes 0 to 63, and the records
 * 68       records, each: length (4 bytes), packed Record
 *
 * Integers are big-endian. A frame begins at a multiple of MTR_FRAME_ALIGN and the gap to the next is zeros: what is
 * written later never touches a page of the disk that holds something acknowledged. The seed is random, so no
 * contents of a record can look like a frame. */
#ifndef MTR_ENGINE_FRAME_H
#define MTR_ENGINE_FRAME_H

#include "engine/engine.h"

#define MTR_FRAME_VERSION 1u
#define MTR_FRAME_HEADER_BYTES 68u
#define MTR_FRAME_ALIGN 4096u
/* What the records of a batch, with their lengths, may take. */
#define MTR_BATCH_BYTES_MAX (MTR_FRAME_MAX - MTR_FRAME_HEADER_BYTES)

struct mtr_frame {
	uint32_t length, count;
	uint64_t first, last;
	uint8_t chain_before[MTR_HASH_BYTES];
	uint32_t crc;
};

/* The header's bytes for a batch; the batch's records follow them on disk.
 * 0, or -EINVAL when its size, count, revisions or the records' lengths don't fit each other. */
int mtr_frame_encode(const struct mtr_batch *batch, uint32_t seed, uint8_t ret_header[MTR_FRAME_HEADER_BYTES]);

/* Reads a header. False when it can't be one of a frame. Says nothing about the CRC. */
bool mtr_frame_decode(const uint8_t header[MTR_FRAME_HEADER_BYTES], struct mtr_frame *ret_frame);

/* True when a whole valid frame lies at the start of these `size` bytes. */
bool mtr_frame_valid(const uint8_t *bytes, size_t size, uint32_t seed, struct mtr_frame *ret_frame);

/* Goes through the records of a valid frame: advances `chain`, which stands before the first, over each, and calls
 * `each` (may be NULL) for those from revision `from` on.
 * 0, the callback's value, or -EBADMSG when a record can't be read. */
int mtr_frame_records(const uint8_t *bytes, const struct mtr_frame *frame, uint8_t chain[MTR_HASH_BYTES], uint64_t from,
		      mtr_record_fn each, void *context);

/* Bytes from a frame's start to the next frame's. */
static inline uint64_t mtr_frame_span(const struct mtr_frame *frame)
{
	return ((uint64_t)frame->length + MTR_FRAME_ALIGN - 1) / MTR_FRAME_ALIGN * MTR_FRAME_ALIGN;
}

#endif
