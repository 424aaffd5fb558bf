#include "engine/local_state.h"

#include "contract/durable.h"
#include "engine/frame.h"
#include "engine/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

static int create_first(struct mtr_local *local)
{
	struct mtr_segment first = {.size = local->segment_bytes, .first = 1, .seed = randombytes_random()};
	const atomic_bool cancel = false;

	while (first.incarnation == 0)
		randombytes_buf(&first.incarnation, sizeof first.incarnation);
	int error = mtr_segment_prepare(local->directory, first.size, &cancel);

	return error < 0 ? error : mtr_segment_begin(local->directory, &first, &local->fd);
}

/* The segment is of this journal, and follows the one before. */
static int check_order(const struct mtr_local *local, const struct mtr_segment *segment, uint64_t previous,
		       struct mtr_damage *damage)
{
	const bool other = previous && segment->incarnation != local->segment.incarnation;

	damage->offset = 0;
	if (segment->previous == previous && !other)
		return 0;
	if (segment->previous > previous && !other) {
		damage->kind = MTR_DAMAGE_MISSING;
		mtr_segment_name(segment->previous, damage->file);
	}
	return -EPROTO;
}

/* Opens each segment in turn, the last one writable, and checks that the headers link. */
static int open_segments(struct mtr_local *local, const uint64_t *firsts, size_t count, struct mtr_damage *damage)
{
	uint64_t previous = 0;

	for (size_t i = 0; i < count; i++) {
		struct mtr_segment segment;
		int fd;

		mtr_segment_name(firsts[i], damage->file);
		int error =
			mtr_segment_open(local->directory, firsts[i], i + 1 == count, &segment, &fd, &damage->offset);

		if (error < 0)
			return error;
		if (i + 1 < count)
			close(fd);
		else
			local->fd = fd;
		error = check_order(local, &segment, previous, damage);
		if (error < 0)
			return error;
		error = mtr_index_add(&local->index, segment.first);
		if (error < 0)
			return error;
		local->segment = segment;
		previous = segment.first;
	}
	return 0;
}

static void note_frame(void *context, uint64_t first, uint64_t offset)
{
	struct mtr_local *local = context;

	mtr_index_note(&local->index, local->segment.first, first, offset);
}

static int scan_last(struct mtr_local *local, uint64_t committed_revision, struct mtr_damage *damage)
{
	struct mtr_scan scan = {.fd = local->fd,
				.segment = &local->segment,
				.committed_revision = committed_revision,
				.frame = note_frame,
				.context = local};
	int error = mtr_scan(&scan);

	damage->offset = scan.damage_offset;
	if (error < 0)
		return error;
	local->incarnation = local->segment.incarnation;
	local->head = scan.head;
	local->offset = scan.end;
	mtr_segment_go_direct(local->fd);
	return fsync(local->directory) < 0 ? -errno : 0;
}

static int open_journal(struct mtr_local *local, const struct mtr_local_options *options, struct mtr_damage *damage)
{
	uint64_t *firsts = NULL;
	size_t count = 0;
	int error = options->create ? mtr_make_directory(options->directory) : 0;

	if (error < 0)
		return error;
	local->directory = open(options->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (local->directory < 0)
		return -errno;
	error = mtr_segment_list(local->directory, &firsts, &count);
	if (error == 0 && count == 0 && options->create) {
		error = create_first(local);
		if (error == 0) {
			close(local->fd);
			local->fd = -1;
			error = mtr_segment_list(local->directory, &firsts, &count);
		}
	}
	if (error == 0 && count == 0)
		error = -ENOENT;
	if (error == 0)
		error = open_segments(local, firsts, count, damage);
	if (error == 0)
		error = scan_last(local, options->committed_revision, damage);
	free(firsts);
	if (error == 0)
		error = mtr_preparer_start(&local->preparer, local->directory, local->segment_bytes);
	return error;
}

int mtr_local_open(struct mtr_engine **ret_engine, const struct mtr_local_options *options,
		   struct mtr_damage *ret_damage)
{
	uint64_t segment_bytes = options->segment_bytes ? options->segment_bytes : MTR_SEGMENT_BYTES_DEFAULT;
	struct mtr_damage damage = {0};

	if (segment_bytes < MTR_SEGMENT_BYTES_MIN || segment_bytes > INT64_MAX)
		return -EINVAL;
	if (sodium_init() < 0)
		return -EIO;
	struct mtr_local *local = malloc(sizeof *local);

	if (!local)
		return -ENOMEM;
	*local = (struct mtr_local){.engine = {&mtr_local_operations},
				    .directory = -1,
				    .fd = -1,
				    .segment_bytes = segment_bytes,
				    .outcome = MTR_APPEND_DURABLE};
	pthread_mutex_init(&local->lock, NULL);
	local->frame = aligned_alloc(MTR_FRAME_ALIGN, MTR_FRAME_MAX);
	int error = local->frame ? open_journal(local, options, &damage) : -ENOMEM;
	struct mtr_engine *engine = &local->engine;

	if (error < 0) {
		mtr_local_close(&engine);
		if (ret_damage && (error == -EBADMSG || error == -EPROTO))
			*ret_damage = damage;
		return error;
	}
	*ret_engine = engine;
	return 0;
}
