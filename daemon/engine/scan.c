#include "engine/scan.h"

#include "engine/frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As much of the file from `offset` as a frame may take. */
static int load(const struct mtr_scan *scan, uint64_t offset, uint8_t *buffer, size_t most, size_t *ret_size)
{
	uint64_t rest = scan->segment->size - offset;
	size_t size = rest < most ? (size_t)rest : most;
	int error = mtr_read_all(scan->fd, buffer, size, offset);

	if (error == 0)
		*ret_size = size;
	return error;
}

/* 1 and the whole frame in the buffer if a valid one begins at `offset`, else 0 or -errno. */
static int load_frame(const struct mtr_scan *scan, uint64_t offset, uint8_t *buffer, struct mtr_frame *ret_frame)
{
	size_t size;
	struct mtr_frame frame;
	int error = load(scan, offset, buffer, MTR_FRAME_ALIGN, &size);

	if (error)
		return error;
	if (size < MTR_FRAME_HEADER_BYTES || !mtr_frame_decode(buffer, &frame))
		return 0;
	error = load(scan, offset, buffer, frame.length, &size);
	if (error)
		return error;
	return mtr_frame_valid(buffer, size, scan->segment->seed, ret_frame);
}

static int check_frame(struct mtr_scan *scan, const uint8_t *buffer, const struct mtr_frame *frame)
{
	if (frame->first != scan->head.revision + 1 ||
	    memcmp(frame->chain_before, scan->head.chain, MTR_HASH_BYTES) != 0)
		return -EPROTO;
	int error = mtr_frame_records(buffer, frame, scan->head.chain, 0, NULL, NULL);

	if (error == 0)
		scan->head.revision = frame->last;
	return error;
}

/* All frames up to the first that isn't valid. */
static int read_frames(struct mtr_scan *scan, uint8_t *buffer)
{
	struct mtr_frame frame;

	while (scan->end < scan->segment->size) {
		int found = load_frame(scan, scan->end, buffer, &frame);

		if (found <= 0)
			return found;
		int error = check_frame(scan, buffer, &frame);

		if (error == 0 && frame.last > scan->committed_revision)
			error = mtr_write_all(scan->fd, buffer, frame.length, scan->end);
		if (error < 0)
			return error;
		scan->frame(scan->context, frame.first, scan->end);
		scan->end += mtr_frame_span(&frame);
	}
	return 0;
}

static bool is_zero(const uint8_t *bytes, size_t size)
{
	return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

/* What lies behind the last valid frame: zeros, or one torn frame, which *ret_torn then tells. Anything else, and
 * whatever lies where the store says that there was more, is damage. */
static int judge_tail(struct mtr_scan *scan, uint8_t *buffer, bool *ret_torn)
{
	bool torn = false;

	for (uint64_t at = scan->end; at < scan->segment->size; at += MTR_FRAME_ALIGN) {
		struct mtr_frame frame;
		size_t size;
		int error = load(scan, at, buffer, MTR_FRAME_ALIGN, &size);

		if (error)
			return error;
		if (is_zero(buffer, size))
			continue;
		torn = true;
		if (at >= scan->end + MTR_FRAME_MAX || scan->head.revision < scan->committed_revision)
			return -EBADMSG;
		error = at == scan->end ? 0 : load_frame(scan, at, buffer, &frame);
		if (error)
			return error < 0 ? error : -EBADMSG;
	}
	*ret_torn = torn;
	return 0;
}

static int zero_tail(const struct mtr_scan *scan, uint8_t *buffer)
{
	uint64_t rest = scan->segment->size - scan->end;
	size_t size = rest < MTR_FRAME_MAX ? (size_t)rest : MTR_FRAME_MAX;

	memset(buffer, 0, size);
	return mtr_write_all(scan->fd, buffer, size, scan->end);
}

static int scan_with(struct mtr_scan *scan, uint8_t *buffer)
{
	bool torn = false;
	int error = read_frames(scan, buffer);

	if (error == 0)
		error = judge_tail(scan, buffer, &torn);
	if (error == 0 && torn)
		error = zero_tail(scan, buffer);
	if (error == 0)
		error = mtr_segment_rewrite_header(scan->fd, scan->segment);
	if (error == 0 && fsync(scan->fd) < 0)
		error = -errno;
	return error;
}

int mtr_scan(struct mtr_scan *scan)
{
	uint8_t *buffer = malloc(MTR_FRAME_MAX);

	if (!buffer)
		return -ENOMEM;
	scan->end = MTR_FRAME_ALIGN;
	scan->head.revision = scan->segment->first - 1;
	memcpy(scan->head.chain, scan->segment->chain_before, MTR_HASH_BYTES);
	int error = scan_with(scan, buffer);

	scan->damage_offset = scan->end;
	free(buffer);
	return error;
}
