#include "engine/local_state.h"

#include "engine/fetch.h"
#include "engine/frame.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct mtr_chain_point read_head(struct mtr_local *local)
{
	pthread_mutex_lock(&local->lock);
	struct mtr_chain_point head = local->head;

	pthread_mutex_unlock(&local->lock);
	return head;
}

static struct mtr_chain_point local_head(const struct mtr_engine *engine)
{
	return read_head(mtr_local_of((struct mtr_engine *)(uintptr_t)engine));
}

/* Goes on to the segment that was prepared. */
static int rotate(struct mtr_local *local)
{
	struct mtr_segment next = {.incarnation = local->segment.incarnation,
				   .size = local->segment_bytes,
				   .first = local->head.revision + 1,
				   .previous = local->segment.first,
				   .seed = randombytes_random()};
	int fd;

	memcpy(next.chain_before, local->head.chain, MTR_HASH_BYTES);
	int error = mtr_segment_begin(local->directory, &next, &fd);

	if (error < 0)
		return error;
	close(local->fd);
	local->fd = fd;
	mtr_segment_go_direct(fd);
	local->segment = next;
	local->offset = MTR_FRAME_ALIGN;
	mtr_preparer_taken(local->preparer);
	pthread_mutex_lock(&local->lock);
	error = mtr_index_add(&local->index, next.first);
	pthread_mutex_unlock(&local->lock);
	return error;
}

static int local_tick(struct mtr_engine *engine)
{
	struct mtr_local *local = mtr_local_of(engine);

	if (local->outcome == MTR_APPEND_UNKNOWN)
		return -EIO;
	if (local->segment.size - local->offset >= MTR_FRAME_MAX) {
		mtr_preparer_want(local->preparer);
		return 0;
	}
	int error = mtr_preparer_wait(local->preparer);

	if (error < 0)
		return error;
	error = rotate(local);
	if (error == 0)
		mtr_preparer_want(local->preparer);
	else if (error != -ENOSPC)
		local->outcome = MTR_APPEND_UNKNOWN;
	return error;
}

/* The frame and the zeros behind it in one write, then one flush. */
static int write_frame(const struct mtr_local *local, size_t size)
{
	ssize_t written = pwrite(local->fd, local->frame, size, (off_t)local->offset);

	if (written < 0 || (size_t)written != size)
		return -EIO;
	return fdatasync(local->fd) < 0 ? -EIO : 0;
}

static bool follows(const struct mtr_local *local, const struct mtr_batch *batch)
{
	return batch->before.revision == local->head.revision &&
	       memcmp(batch->before.chain, local->head.chain, MTR_HASH_BYTES) == 0;
}

static int local_submit(struct mtr_engine *engine, const struct mtr_batch *batch)
{
	struct mtr_local *local = mtr_local_of(engine);

	if (local->outcome == MTR_APPEND_UNKNOWN)
		return -EIO;
	if (!follows(local, batch))
		return -EINVAL;
	int error = mtr_frame_encode(batch, local->segment.seed, local->frame);

	if (error < 0)
		return error;
	const struct mtr_frame extent = {.length = (uint32_t)batch->size + MTR_FRAME_HEADER_BYTES};

	if (extent.length > local->segment.size - local->offset)
		return -ENOSPC;
	const size_t span = (size_t)mtr_frame_span(&extent);

	memcpy(local->frame + MTR_FRAME_HEADER_BYTES, batch->records, batch->size);
	memset(local->frame + extent.length, 0, span - extent.length);
	if (write_frame(local, span) < 0) {
		local->outcome = MTR_APPEND_UNKNOWN;
		return 0;
	}
	pthread_mutex_lock(&local->lock);
	mtr_index_note(&local->index, local->segment.first, batch->before.revision + 1, local->offset);
	local->head = batch->after;
	pthread_mutex_unlock(&local->lock);
	local->offset += span;
	return 0;
}

static enum mtr_append local_poll(struct mtr_engine *engine, bool wait)
{
	(void)wait;
	return mtr_local_of(engine)->outcome;
}

static int local_fetch(struct mtr_engine *engine, uint64_t from, mtr_record_fn each, void *context)
{
	struct mtr_local *local = mtr_local_of(engine);
	const struct mtr_journal_map map = {local->directory, &local->lock, &local->index};
	struct mtr_chain_point head = read_head(local);
	struct mtr_damage damage = {0};
	int error = mtr_fetch(&map, &head, from, each, context, &damage);

	if (damage.file[0]) {
		pthread_mutex_lock(&local->lock);
		local->damage = damage;
		pthread_mutex_unlock(&local->lock);
	}
	return error;
}

static int local_trim(struct mtr_engine *engine, uint64_t revision)
{
	(void)engine;
	(void)revision;
	return -ENOTSUP;
}

void mtr_local_close(struct mtr_engine **engine)
{
	struct mtr_local *local = engine && *engine ? mtr_local_of(*engine) : NULL;

	if (!local)
		return;
	mtr_preparer_stop(&local->preparer);
	mtr_index_free(&local->index);
	if (local->fd >= 0)
		close(local->fd);
	if (local->directory >= 0)
		close(local->directory);
	pthread_mutex_destroy(&local->lock);
	free(local->frame);
	free(local);
	*engine = NULL;
}

const struct mtr_engine_operations mtr_local_operations = {
	.head = local_head,
	.tick = local_tick,
	.submit = local_submit,
	.poll = local_poll,
	.fetch = local_fetch,
	.trim = local_trim,
	.close = mtr_local_close,
};

uint64_t mtr_local_incarnation(const struct mtr_engine *engine)
{
	return ((const struct mtr_local *)(const void *)engine)->incarnation;
}

uint64_t mtr_local_segments(struct mtr_engine *engine)
{
	struct mtr_local *local = mtr_local_of(engine);

	pthread_mutex_lock(&local->lock);
	uint64_t count = local->index.count;

	pthread_mutex_unlock(&local->lock);
	return count;
}

void mtr_local_damage(struct mtr_engine *engine, struct mtr_damage *ret_damage)
{
	struct mtr_local *local = mtr_local_of(engine);

	pthread_mutex_lock(&local->lock);
	*ret_damage = local->damage;
	pthread_mutex_unlock(&local->lock);
}
