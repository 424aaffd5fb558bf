#include "engine/inspect.h"

#include "engine/frame.h"
#include "engine/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEADER_BYTES 80u

struct inspect {
	const struct mtr_inspection_options *options;
	struct mtr_inspection result;
	int directory;
	uint8_t *buffer; /* MTR_FRAME_MAX bytes */
	/* Of the segment being read. */
	struct mtr_segment segment;
	int fd;
	uint64_t offset;
	bool last;
	uint64_t previous; /* first revision of the segment before */
};

static void tell(struct inspect *inspect, const struct mtr_damage *damage, const char *what)
{
	inspect->result.damaged = true;
	if (inspect->options->damaged)
		inspect->options->damaged(inspect->options->context, damage, what);
}

/* Says so, and is -EBADMSG: nothing more of this segment is looked at. */
static int damaged(struct inspect *inspect, uint64_t first, uint64_t offset, const char *what)
{
	struct mtr_damage damage = {.offset = offset};

	mtr_segment_name(first, damage.file);
	tell(inspect, &damage, what);
	return -EBADMSG;
}

static int damaged_here(struct inspect *inspect, const char *what)
{
	return damaged(inspect, inspect->segment.first, inspect->offset, what);
}

static bool is_zero(const uint8_t *bytes, size_t size)
{
	return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

/* 1 when the bytes of the file are zeros, 0 when not, or -errno; the buffer is overwritten. */
static int all_zero(struct inspect *inspect, uint64_t from, uint64_t to)
{
	while (from < to) {
		const size_t size = to - from < MTR_FRAME_MAX ? (size_t)(to - from) : MTR_FRAME_MAX;
		const int error = mtr_read_all(inspect->fd, inspect->buffer, size, from);

		if (error < 0)
			return error;
		if (!is_zero(inspect->buffer, size))
			return 0;
		from += size;
	}
	return 1;
}

/* 1 and the frame in the buffer if a whole valid one begins at `offset`, else 0 or -errno. */
static int load_frame(struct inspect *inspect, uint64_t offset, struct mtr_frame *ret_frame)
{
	const uint64_t rest = inspect->segment.size - offset;
	struct mtr_frame frame;

	if (rest < MTR_FRAME_HEADER_BYTES)
		return 0;
	int error = mtr_read_all(inspect->fd, inspect->buffer, MTR_FRAME_HEADER_BYTES, offset);

	if (error < 0 || !mtr_frame_decode(inspect->buffer, &frame) || frame.length > rest)
		return error;
	error = mtr_read_all(inspect->fd, inspect->buffer, frame.length, offset);
	if (error < 0)
		return error;
	return mtr_frame_valid(inspect->buffer, frame.length, inspect->segment.seed, ret_frame);
}

static int check_frame(struct inspect *inspect, const struct mtr_frame *frame)
{
	struct mtr_inspection *result = &inspect->result;
	const mtr_record_fn each = result->damaged ? NULL : inspect->options->each;

	if (frame->first != result->head.revision + 1 ||
	    memcmp(frame->chain_before, result->head.chain, MTR_HASH_BYTES) != 0)
		return damaged_here(inspect, MTR_INSPECT_FRAME_UNCHAINED);
	if (inspect->options->where) {
		mtr_segment_name(inspect->segment.first, inspect->options->where->file);
		inspect->options->where->offset = inspect->offset;
	}
	const int error =
		mtr_frame_records(inspect->buffer, frame, result->head.chain, 0, each, inspect->options->context);

	if (error)
		return error == -EBADMSG ? damaged_here(inspect, "a record of the frame can't be read") : error;
	const uint64_t end = inspect->offset + frame->length, next = inspect->offset + mtr_frame_span(frame);
	const int zeros = all_zero(inspect, end, next < inspect->segment.size ? next : inspect->segment.size);

	if (zeros <= 0)
		return zeros < 0 ? zeros : damaged_here(inspect, "behind the frame there are bytes that mean nothing");
	result->head.revision = frame->last;
	result->frames++;
	result->bytes += frame->length;
	inspect->offset = next;
	return 0;
}

/* What lies behind the last frame of a segment to which nothing is appended any more. */
static int check_rest(struct inspect *inspect)
{
	const int zeros = all_zero(inspect, inspect->offset, inspect->segment.size);

	if (zeros <= 0)
		return zeros < 0 ? zeros : damaged_here(inspect, "a frame is damaged");
	return 0;
}

/* The same in the last segment: a frame that was never finished is no damage. */
static int check_tail(struct inspect *inspect)
{
	const uint64_t reach = inspect->offset + MTR_FRAME_MAX, size = inspect->segment.size;
	const int zeros = all_zero(inspect, inspect->offset, size);

	if (zeros)
		return zeros < 0 ? zeros : 0;
	if (inspect->result.head.revision < inspect->options->least_revision)
		return damaged_here(inspect, "a frame is damaged");
	const int beyond = reach < size ? all_zero(inspect, reach, size) : 1;

	if (beyond <= 0)
		return beyond < 0 ? beyond
				  : damaged_here(inspect, "behind the frames there are bytes that mean nothing");
	for (uint64_t at = inspect->offset + MTR_FRAME_ALIGN; at < size && at < reach; at += MTR_FRAME_ALIGN) {
		struct mtr_frame frame;
		const int found = load_frame(inspect, at, &frame);

		if (found)
			return found < 0 ? found : damaged_here(inspect, "a frame is damaged, and one follows it");
	}
	inspect->result.torn = true;
	return 0;
}

/* The same while somebody may be writing: what the store has was written before. Where nothing is, nothing was: the end
 * lies in a file that is missing. */
static int check_reach(struct inspect *inspect)
{
	return inspect->result.head.revision < inspect->options->least_revision ? check_rest(inspect) : 0;
}

static int check_frames(struct inspect *inspect)
{
	struct mtr_frame frame;
	int found, error = 0;

	inspect->offset = HEADER_BYTES;
	const int zeros = all_zero(inspect, HEADER_BYTES, MTR_FRAME_ALIGN);

	if (zeros <= 0)
		return zeros < 0 ? zeros : damaged_here(inspect, "behind the header there are bytes that mean nothing");
	inspect->offset = MTR_FRAME_ALIGN;
	while (error == 0 && inspect->offset < inspect->segment.size) {
		found = load_frame(inspect, inspect->offset, &frame);
		if (found <= 0) {
			error = found;
			break;
		}
		error = check_frame(inspect, &frame);
	}
	if (error)
		return error;
	if (!inspect->last)
		return check_rest(inspect);
	return inspect->options->quiet ? check_tail(inspect) : check_reach(inspect);
}

/* The one before this segment isn't there. Its first revision is known from here, the last one that is there from
 * what comes before. */
static void tell_missing(struct inspect *inspect)
{
	const struct mtr_segment *segment = &inspect->segment;
	struct mtr_damage damage = {.kind = MTR_DAMAGE_MISSING};
	struct mtr_inspect_gap gap = {segment->previous, segment->first - 1};
	char what[160];

	mtr_segment_name(segment->previous, damage.file);
	if (!inspect->result.damaged && inspect->result.head.revision + 1 < segment->previous) {
		gap.first = inspect->result.head.revision + 1;
		snprintf(what, sizeof what,
			 "this segment and those before it are missing, with the revisions %" PRIu64 " to %" PRIu64,
			 gap.first, gap.last);
	} else {
		snprintf(what, sizeof what, "this segment is missing, with the revisions %" PRIu64 " to %" PRIu64,
			 gap.first, gap.last);
	}
	if (inspect->options->gap)
		*inspect->options->gap = gap;
	tell(inspect, &damage, what);
}

/* What the segment says of itself follows from the one before; after damage it has to be believed. */
static int check_links(struct inspect *inspect)
{
	const struct mtr_segment *segment = &inspect->segment;
	struct mtr_inspection *result = &inspect->result;

	inspect->offset = 0;
	if (inspect->options->last_only)
		return 0;
	if (segment->previous < inspect->previous ||
	    (result->incarnation && segment->incarnation != result->incarnation))
		return damaged_here(inspect, "the segment is of another journal than the one before it");
	if (segment->previous > inspect->previous)
		tell_missing(inspect);
	if (!result->damaged && (segment->first != result->head.revision + 1 ||
				 memcmp(segment->chain_before, result->head.chain, MTR_HASH_BYTES) != 0))
		return damaged_here(inspect, MTR_INSPECT_SEGMENT_UNCHAINED);
	return 0;
}

static int inspect_segment(struct inspect *inspect, uint64_t first)
{
	uint64_t offset = 0;
	int error = mtr_segment_open(inspect->directory, first, false, &inspect->segment, &inspect->fd, &offset);

	if (error == -EBADMSG)
		(void)damaged(inspect, first, offset,
			      offset ? "the file has been cut or grown" : "the header is damaged");
	if (error < 0)
		return error;
	error = check_links(inspect);
	inspect->result.incarnation = inspect->segment.incarnation;
	inspect->result.head.revision = first - 1;
	memcpy(inspect->result.head.chain, inspect->segment.chain_before, MTR_HASH_BYTES);
	if (error == 0)
		error = check_frames(inspect);
	close(inspect->fd);
	return error;
}

static void tell_short(struct inspect *inspect)
{
	const struct mtr_damage damage = {.kind = MTR_DAMAGE_SHORT};
	char what[120];

	snprintf(what, sizeof what,
		 "the journal ends with revision %" PRIu64 ", before the register does, which has %" PRIu64,
		 inspect->result.head.revision, inspect->options->least_revision);
	tell(inspect, &damage, what);
}

static int inspect_all(struct inspect *inspect, const uint64_t *firsts, size_t count)
{
	for (size_t i = inspect->options->last_only ? count - 1 : 0; i < count; i++) {
		inspect->last = i + 1 == count;
		const int error = inspect_segment(inspect, firsts[i]);

		if (error && error != -EBADMSG)
			return error;
		inspect->result.segments++;
		inspect->previous = firsts[i];
	}
	const uint64_t least = inspect->options->least_revision;

	if (!inspect->result.damaged && inspect->result.head.revision < least)
		tell_short(inspect);
	return 0;
}

int mtr_inspect(const struct mtr_inspection_options *options, struct mtr_inspection *ret_inspection)
{
	struct inspect inspect = {.options = options};
	uint64_t *firsts = NULL;
	size_t count = 0;

	inspect.directory = open(options->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (inspect.directory < 0)
		return -errno;
	int error = mtr_segment_list(inspect.directory, &firsts, &count);

	if (error == 0 && count == 0)
		error = -ENOENT;
	inspect.buffer = error == 0 ? malloc(MTR_FRAME_MAX) : NULL;
	if (error == 0)
		error = inspect.buffer ? inspect_all(&inspect, firsts, count) : -ENOMEM;
	free(inspect.buffer);
	free(firsts);
	close(inspect.directory);
	if (error == 0)
		*ret_inspection = inspect.result;
	return error;
}
