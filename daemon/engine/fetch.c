#include "engine/fetch.h"

#include "engine/frame.h"
#include "engine/segment.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fetch {
	const struct mtr_journal_map *map;
	const struct mtr_chain_point *head;
	mtr_record_fn each;
	void *context;
	struct mtr_damage *damage;
	uint8_t *buffer; /* of MTR_FRAME_MAX bytes */
	uint64_t next;   /* revision */
	bool chained;    /* `chain` stands before `next` */
	uint8_t chain[MTR_HASH_BYTES];
	struct mtr_segment segment;
	int fd;
	uint64_t offset;
};

static void note(const struct fetch *fetch, const struct mtr_frame *frame)
{
	pthread_mutex_lock(fetch->map->lock);
	mtr_index_note(fetch->map->index, fetch->segment.first, frame->first, fetch->offset);
	pthread_mutex_unlock(fetch->map->lock);
}

/* Reads the header of the frame at the offset; what is below the durable head must be there. */
static int read_header(const struct fetch *fetch, struct mtr_frame *ret_frame)
{
	uint8_t header[MTR_FRAME_HEADER_BYTES];

	if (fetch->offset + sizeof header > fetch->segment.size)
		return -EBADMSG;
	int error = mtr_read_all(fetch->fd, header, sizeof header, fetch->offset);

	if (error < 0)
		return error;
	if (!mtr_frame_decode(header, ret_frame) || fetch->offset + ret_frame->length > fetch->segment.size)
		return -EBADMSG;
	return 0;
}

/* Steps over frames that end before the revision wanted. */
static int find_frame(struct fetch *fetch, struct mtr_frame *ret_frame)
{
	for (;;) {
		struct mtr_frame frame;
		int error = read_header(fetch, &frame);

		if (error < 0)
			return error;
		note(fetch, &frame);
		if (frame.first > fetch->next)
			return -EPROTO;
		if (frame.last >= fetch->next) {
			*ret_frame = frame;
			return 0;
		}
		fetch->offset += mtr_frame_span(&frame);
	}
}

static int check_link(struct fetch *fetch, const struct mtr_frame *frame)
{
	const uint8_t *before = fetch->chained ? fetch->chain : frame->chain_before;

	if (fetch->chained && frame->first != fetch->next)
		return -EPROTO;
	if (memcmp(frame->chain_before, before, MTR_HASH_BYTES) != 0)
		return -EPROTO;
	if (fetch->offset == MTR_FRAME_ALIGN && memcmp(before, fetch->segment.chain_before, MTR_HASH_BYTES) != 0)
		return -EPROTO;
	memcpy(fetch->chain, frame->chain_before, MTR_HASH_BYTES);
	fetch->chained = true;
	return 0;
}

static int fetch_frame(struct fetch *fetch)
{
	struct mtr_frame frame;
	int error = find_frame(fetch, &frame);

	if (error == 0)
		error = mtr_read_all(fetch->fd, fetch->buffer, frame.length, fetch->offset);
	if (error == 0 && !mtr_frame_valid(fetch->buffer, frame.length, fetch->segment.seed, &frame))
		error = -EBADMSG;
	if (error == 0)
		error = check_link(fetch, &frame);
	if (error == 0)
		error = mtr_frame_records(fetch->buffer, &frame, fetch->chain, fetch->next, fetch->each,
					  fetch->context);
	if (error == 0 && frame.last == fetch->head->revision &&
	    memcmp(fetch->chain, fetch->head->chain, MTR_HASH_BYTES) != 0)
		error = -EPROTO;
	if (error == 0) {
		fetch->next = frame.last + 1;
		fetch->offset += mtr_frame_span(&frame);
	}
	return error;
}

/* The records of one segment. */
static int fetch_segment(struct fetch *fetch)
{
	pthread_mutex_lock(fetch->map->lock);
	struct mtr_place place = mtr_index_find(fetch->map->index, fetch->next);

	pthread_mutex_unlock(fetch->map->lock);
	mtr_segment_name(place.segment, fetch->damage->file);
	int error = mtr_segment_open(fetch->map->directory, place.segment, false, &fetch->segment, &fetch->fd,
				     &fetch->damage->offset);

	if (error < 0)
		return error;
	uint64_t last = place.next ? place.next - 1 : fetch->head->revision;

	if (last > fetch->head->revision)
		last = fetch->head->revision;
	fetch->offset = place.offset;
	while (error == 0 && fetch->next <= last)
		error = fetch_frame(fetch);
	fetch->damage->offset = fetch->offset;
	close(fetch->fd);
	return error;
}

int mtr_fetch(const struct mtr_journal_map *map, const struct mtr_chain_point *head, uint64_t from, mtr_record_fn each,
	      void *context, struct mtr_damage *ret_damage)
{
	struct mtr_damage damage = {0};
	struct fetch fetch = {
		.map = map, .head = head, .each = each, .context = context, .damage = &damage, .next = from};
	int error = 0;

	if (from == 0)
		return -EINVAL;
	if (from > head->revision)
		return -ENOENT;
	fetch.buffer = malloc(MTR_FRAME_MAX);
	if (!fetch.buffer)
		return -ENOMEM;
	while (error == 0 && fetch.next <= head->revision)
		error = fetch_segment(&fetch);
	free(fetch.buffer);
	if (error == -EBADMSG || error == -EPROTO)
		*ret_damage = damage;
	return error;
}
