#include "backup/journal.h"

#include "engine/frame.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum mtr_exit_status damaged(const char *path, uint64_t first, uint64_t offset, struct mtr_problem *problem)
{
	char name[MTR_SEGMENT_NAME_BYTES];

	mtr_segment_name(first, name);
	return mtr_problem(problem, MTR_EXIT_DAMAGED,
			   "the journal is damaged: %s/%s at byte %" PRIu64
			   "; run \"matriculad verify\", and restore this file from a backup",
			   path, name, offset);
}

static enum mtr_exit_status explain(const char *path, uint64_t first, int error, uint64_t offset,
				    struct mtr_problem *problem)
{
	if (error == -EBADMSG || error == -EPROTO)
		return damaged(path, first, offset, problem);
	if (error == -EPROTONOSUPPORT)
		return mtr_problem(problem, MTR_EXIT_NEWER,
				   "%s was written by a newer version of matriculad; install that version", path);
	return mtr_problem_reading(problem, -error, path);
}

enum mtr_exit_status mtr_segment_look_open(int journal, const char *path, uint64_t first,
					   struct mtr_segment_look *ret_look, struct mtr_problem *problem)
{
	struct mtr_segment_look look = {.file = -1};
	struct stat about;
	uint64_t offset = 0;
	int error = mtr_segment_open(journal, first, false, &look.segment, &look.file, &offset);

	if (error == 0 && fstat(look.file, &about) < 0) {
		error = -errno;
		close(look.file);
	}
	if (error < 0)
		return explain(path, first, error, offset, problem);
	look.mark = (struct mtr_source_mark){
		(uint64_t)about.st_ino, (uint64_t)about.st_mtim.tv_sec * 1000000000u + (uint64_t)about.st_mtim.tv_nsec,
		(uint64_t)about.st_size};
	*ret_look = look;
	return MTR_EXIT_OK;
}

static enum mtr_exit_status explain_gap(const char *path, const struct mtr_segment *segment, uint64_t before,
					struct mtr_problem *problem)
{
	char name[MTR_SEGMENT_NAME_BYTES], missing[MTR_SEGMENT_NAME_BYTES], last[MTR_SEGMENT_NAME_BYTES + 16] = "";

	if (segment->previous <= before)
		return damaged(path, segment->first, 0, problem);
	mtr_segment_name(segment->first, name);
	mtr_segment_name(segment->previous, missing);
	if (before) {
		snprintf(last, sizeof last, " and behind ");
		mtr_segment_name(before, last + strlen(last));
	}
	return mtr_problem(problem, MTR_EXIT_DAMAGED,
			   "the journal has a gap: %s/%s is missing, before %s%s; put it back, or restore an earlier "
			   "backup into another directory and copy it from the journal there",
			   path, missing, name, last);
}

enum mtr_exit_status mtr_segments_check_order(int journal, const char *path, const uint64_t *firsts, size_t count,
					      struct mtr_problem *problem)
{
	for (size_t i = 0; i < count; i++) {
		const uint64_t before = i ? firsts[i - 1] : 0;
		struct mtr_segment_look look;
		enum mtr_exit_status status = mtr_segment_look_open(journal, path, firsts[i], &look, problem);

		if (status)
			return status;
		close(look.file);
		if (look.segment.previous != before)
			return explain_gap(path, &look.segment, before, problem);
	}
	return MTR_EXIT_OK;
}

/* The frame at the look's end: 1 and *ret_frame when it is valid, 0 when it isn't one, or -errno. */
static int load_frame(const struct mtr_segment_look *look, uint8_t *buffer, struct mtr_frame *ret_frame)
{
	const uint64_t rest = look->segment.size - look->end;
	int error;

	if (rest < MTR_FRAME_HEADER_BYTES)
		return 0;
	error = mtr_read_all(look->file, buffer, MTR_FRAME_HEADER_BYTES, look->end);
	if (error < 0)
		return error;
	if (!mtr_frame_decode(buffer, ret_frame) || ret_frame->length > rest)
		return 0;
	error = mtr_read_all(look->file, buffer, ret_frame->length, look->end);
	if (error < 0)
		return error;
	return mtr_frame_valid(buffer, ret_frame->length, look->segment.seed, ret_frame);
}

static int note(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES], const uint8_t *record,
		size_t size)
{
	struct mtr_chain_point *noted = context;

	(void)record;
	(void)size;
	if (revision == noted->revision)
		memcpy(noted->chain, chain_after, MTR_HASH_BYTES);
	return 0;
}

/* 1 when there was a frame, 0 at the end, or -errno. */
static int look_at_frame(struct mtr_segment_look *look, uint8_t *buffer)
{
	struct mtr_frame frame;
	int found = load_frame(look, buffer, &frame);

	if (found <= 0)
		return found;
	if (frame.first != look->head.revision + 1 || memcmp(frame.chain_before, look->head.chain, MTR_HASH_BYTES) != 0)
		return -EPROTO;
	int error = mtr_frame_records(buffer, &frame, look->head.chain, look->noted.revision, note, &look->noted);

	if (error < 0)
		return error;
	look->head.revision = frame.last;
	look->end += mtr_frame_span(&frame);
	return 1;
}

/* What follows the last frame of a segment that is complete is zeros. */
static int check_rest(const struct mtr_segment_look *look, uint8_t *buffer)
{
	uint64_t at = look->end;

	while (at < look->segment.size) {
		const uint64_t rest = look->segment.size - at;
		const size_t size = rest < MTR_FRAME_MAX ? (size_t)rest : MTR_FRAME_MAX;
		int error = mtr_read_all(look->file, buffer, size, at);

		if (error < 0)
			return error;
		if (buffer[0] || memcmp(buffer, buffer + 1, size - 1) != 0)
			return -EBADMSG;
		at += size;
	}
	return 0;
}

enum mtr_exit_status mtr_segment_look_through(struct mtr_segment_look *look, const char *path, bool open,
					      const struct mtr_chain_point *point, struct mtr_problem *problem)
{
	uint8_t *buffer = malloc(MTR_FRAME_MAX);
	int error = 1;

	if (!buffer)
		return mtr_problem_reading(problem, ENOMEM, path);
	look->end = MTR_FRAME_ALIGN;
	look->head.revision = look->segment.first - 1;
	memcpy(look->head.chain, look->segment.chain_before, MTR_HASH_BYTES);
	if (point->revision &&
	    (point->revision != look->head.revision || memcmp(point->chain, look->head.chain, MTR_HASH_BYTES) != 0))
		error = -EPROTO;
	while (error > 0)
		error = look_at_frame(look, buffer);
	if (error == 0 && !open)
		error = check_rest(look, buffer);
	if (error == 0 && fdatasync(look->file) < 0)
		error = -errno;
	free(buffer);
	return error < 0 ? explain(path, look->segment.first, error, look->end, problem) : MTR_EXIT_OK;
}
