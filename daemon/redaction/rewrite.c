#include "redaction/rewrite.h"

#include "engine/big_endian.h"
#include "engine/frame.h"
#include "engine/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME_BYTES 32u

struct rewriting {
	const struct mtr_subjects *subjects;
	struct mtr_arena *scratch;
	struct mtr_segment segment;
	int from, to;
	uint64_t read_at, write_at;
	uint8_t *in, *out; /* a frame each */
	size_t size;       /* of the records in `out` */
	uint64_t leaves;   /* taken out */
};

static void name_of(uint64_t first, char ret_name[NAME_BYTES])
{
	(void)snprintf(ret_name, NAME_BYTES, "redacted-%016" PRIx64, first);
}

static int add_record(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES],
		      const uint8_t *record, size_t size)
{
	struct rewriting *r = context;
	struct mtr_bytes made;
	size_t count;
	int error =
		mtr_subjects_redact(r->subjects, r->scratch, revision, (struct mtr_bytes){record, size}, &made, &count);

	(void)chain_after;
	if (error)
		return error;
	if (made.size + 4 > MTR_BATCH_BYTES_MAX - r->size)
		return -EMSGSIZE;
	uint8_t *at = r->out + MTR_FRAME_HEADER_BYTES + r->size;

	mtr_store_be32(&at, (uint32_t)made.size);
	memcpy(at, made.data, made.size);
	r->size += made.size + 4;
	r->leaves += count;
	return 0;
}

static int write_frame(struct rewriting *r, const struct mtr_frame *former)
{
	struct mtr_batch batch = {.before.revision = former->first - 1,
				  .after.revision = former->last,
				  .records = r->out + MTR_FRAME_HEADER_BYTES,
				  .size = r->size,
				  .count = former->count};
	struct mtr_frame frame = {.length = (uint32_t)r->size + MTR_FRAME_HEADER_BYTES};

	memcpy(batch.before.chain, former->chain_before, MTR_HASH_BYTES);
	int error = mtr_frame_encode(&batch, r->segment.seed, r->out);

	if (!error)
		error = mtr_write_all(r->to, r->out, frame.length, r->write_at);
	r->write_at += mtr_frame_span(&frame);
	return error;
}

/* 1 and the next frame in `in`, 0 when there is none. */
static int read_frame(struct rewriting *r, struct mtr_frame *ret_frame)
{
	const uint64_t rest = r->segment.size - r->read_at;
	struct mtr_frame frame;

	if (r->read_at >= r->segment.size || rest < MTR_FRAME_HEADER_BYTES)
		return 0;
	int error = mtr_read_all(r->from, r->in, MTR_FRAME_HEADER_BYTES, r->read_at);

	if (error || !mtr_frame_decode(r->in, &frame) || frame.length > rest)
		return error;
	error = mtr_read_all(r->from, r->in, frame.length, r->read_at);
	return error ? error : mtr_frame_valid(r->in, frame.length, r->segment.seed, ret_frame);
}

static int rewrite_frames(struct rewriting *r)
{
	struct mtr_frame frame;
	int found;

	r->read_at = r->write_at = MTR_FRAME_ALIGN;
	while ((found = read_frame(r, &frame)) > 0) {
		uint8_t chain[MTR_HASH_BYTES];

		memcpy(chain, frame.chain_before, sizeof chain);
		r->size = 0;
		int error = mtr_frame_records(r->in, &frame, chain, 0, add_record, r);

		if (!error)
			error = write_frame(r, &frame);
		if (error)
			return error;
		r->read_at += mtr_frame_span(&frame);
	}
	return found;
}

/* What is appended to must be zeros that lie on the disk. */
static int write_rest(struct rewriting *r, bool last)
{
	int error = 0;

	if (r->write_at > r->segment.size)
		r->segment.size = r->write_at;
	if (ftruncate(r->to, (off_t)r->segment.size) < 0)
		return -errno;
	memset(r->out, 0, MTR_FRAME_MAX);
	while (last && !error && r->write_at < r->segment.size) {
		const uint64_t rest = r->segment.size - r->write_at;
		const size_t size = rest < MTR_FRAME_MAX ? (size_t)rest : MTR_FRAME_MAX;

		error = mtr_write_all(r->to, r->out, size, r->write_at);
		r->write_at += size;
	}
	if (!error)
		error = mtr_segment_rewrite_header(r->to, &r->segment);
	return !error && fsync(r->to) < 0 ? -errno : error;
}

static int rewrite(struct rewriting *r, bool last)
{
	int error = rewrite_frames(r);

	return error || r->leaves == 0 ? error : write_rest(r, last);
}

int mtr_segment_redact(int directory, uint64_t first, bool last, const struct mtr_subjects *subjects,
		       struct mtr_arena *scratch, uint64_t *ret_leaves)
{
	struct rewriting r = {.subjects = subjects, .scratch = scratch, .from = -1, .to = -1};
	char name[NAME_BYTES];
	uint64_t offset;
	int error = mtr_segment_open(directory, first, false, &r.segment, &r.from, &offset);

	if (error)
		return error;
	name_of(first, name);
	r.in = malloc(MTR_FRAME_MAX);
	r.out = malloc(MTR_FRAME_MAX);
	if (!r.in || !r.out)
		error = -ENOMEM;
	if (!error) {
		r.to = openat(directory, name, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
		error = r.to < 0 ? -errno : rewrite(&r, last);
	}
	if (r.to >= 0)
		close(r.to);
	close(r.from);
	free(r.in);
	free(r.out);
	/* What is left of it here would take the segment's place. */
	if ((error || r.leaves == 0) && unlinkat(directory, name, 0) < 0 && errno != ENOENT && !error)
		error = -errno;
	if (!error)
		*ret_leaves = r.leaves;
	return error;
}

static int replace_one(int directory, uint64_t first, bool keep)
{
	char made[NAME_BYTES], name[MTR_SEGMENT_NAME_BYTES];

	name_of(first, made);
	mtr_segment_name(first, name);
	if ((keep ? renameat(directory, made, directory, name) : unlinkat(directory, made, 0)) == 0)
		return 0;
	return errno == ENOENT ? 0 : -errno;
}

int mtr_segments_replace(int directory, bool keep)
{
	uint64_t *firsts = NULL;
	size_t count = 0;
	int error = mtr_segment_list(directory, &firsts, &count);

	for (size_t i = 0; !error && i < count; i++)
		error = replace_one(directory, firsts[i], keep);
	free(firsts);
	return !error && fsync(directory) < 0 ? -errno : error;
}
