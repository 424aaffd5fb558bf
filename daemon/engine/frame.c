#include "engine/frame.h"

#include "contract/crc32c.h"
#include "engine/big_endian.h"
#include "engine/record.h"

#include <errno.h>

#define MAGIC 0x4d545246u
#define CRC_AT 64u

static uint32_t frame_crc(uint32_t seed, const uint8_t *header, const uint8_t *records, size_t size)
{
	uint8_t seed_bytes[4], *at = seed_bytes;

	mtr_store_be32(&at, seed);
	uint32_t crc = mtr_crc32c(0, seed_bytes, sizeof seed_bytes);

	crc = mtr_crc32c(crc, header, CRC_AT);
	return mtr_crc32c(crc, records, size);
}

/* True when the records' lengths fill `size` bytes exactly. */
static bool records_fit(const uint8_t *at, size_t size, uint32_t count)
{
	for (; count; count--) {
		if (size < 4)
			return false;
		uint32_t length = mtr_load_be32(&at);

		if (length == 0 || length > size - 4)
			return false;
		at += length;
		size -= length + 4;
	}
	return size == 0;
}

int mtr_frame_encode(const struct mtr_batch *batch, uint32_t seed, uint8_t ret_header[MTR_FRAME_HEADER_BYTES])
{
	uint8_t header[MTR_FRAME_HEADER_BYTES], *at = header;

	if (batch->count == 0 || batch->size > MTR_BATCH_BYTES_MAX ||
	    batch->after.revision != batch->before.revision + batch->count ||
	    !records_fit(batch->records, batch->size, batch->count))
		return -EINVAL;
	mtr_store_be32(&at, MAGIC);
	mtr_store_be32(&at, MTR_FRAME_VERSION);
	mtr_store_be32(&at, (uint32_t)batch->size + MTR_FRAME_HEADER_BYTES);
	mtr_store_be32(&at, batch->count);
	mtr_store_be64(&at, batch->before.revision + 1);
	mtr_store_be64(&at, batch->after.revision);
	mtr_store_octets(&at, batch->before.chain, MTR_HASH_BYTES);
	mtr_store_be32(&at, frame_crc(seed, header, batch->records, batch->size));
	memcpy(ret_header, header, sizeof header);
	return 0;
}

bool mtr_frame_decode(const uint8_t header[MTR_FRAME_HEADER_BYTES], struct mtr_frame *ret_frame)
{
	struct mtr_frame frame;
	const uint8_t *at = header;

	if (mtr_load_be32(&at) != MAGIC || mtr_load_be32(&at) != MTR_FRAME_VERSION)
		return false;
	frame.length = mtr_load_be32(&at);
	frame.count = mtr_load_be32(&at);
	frame.first = mtr_load_be64(&at);
	frame.last = mtr_load_be64(&at);
	mtr_load_octets(&at, frame.chain_before, MTR_HASH_BYTES);
	frame.crc = mtr_load_be32(&at);
	if (frame.length <= MTR_FRAME_HEADER_BYTES || frame.length > MTR_FRAME_MAX || frame.count == 0 ||
	    frame.first == 0 || frame.last < frame.first || frame.last - frame.first != frame.count - 1)
		return false;
	*ret_frame = frame;
	return true;
}

bool mtr_frame_valid(const uint8_t *bytes, size_t size, uint32_t seed, struct mtr_frame *ret_frame)
{
	struct mtr_frame frame;

	if (size < MTR_FRAME_HEADER_BYTES || !mtr_frame_decode(bytes, &frame) || frame.length > size)
		return false;
	const uint8_t *records = bytes + MTR_FRAME_HEADER_BYTES;
	size_t records_size = frame.length - MTR_FRAME_HEADER_BYTES;

	if (frame.crc != frame_crc(seed, bytes, records, records_size) ||
	    !records_fit(records, records_size, frame.count))
		return false;
	*ret_frame = frame;
	return true;
}

int mtr_frame_records(const uint8_t *bytes, const struct mtr_frame *frame, uint8_t chain[MTR_HASH_BYTES], uint64_t from,
		      mtr_record_fn each, void *context)
{
	const uint8_t *at = bytes + MTR_FRAME_HEADER_BYTES;

	/* By the count: after the last revision there can be comes 0. */
	for (uint32_t i = 0; i < frame->count; i++) {
		const uint64_t revision = frame->first + i;
		uint8_t digest[MTR_HASH_BYTES];
		uint32_t size = mtr_load_be32(&at);
		int error = mtr_record_digest(at, size, digest);

		if (error < 0)
			return error;
		mtr_chain_extend(chain, digest);
		error = each && revision >= from ? each(context, revision, chain, at, size) : 0;
		if (error)
			return error;
		at += size;
	}
	return 0;
}
