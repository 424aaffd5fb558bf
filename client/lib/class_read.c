/* A class as the register has it at one moment, proved by count and digest. */
#include "client.h"
#include "store/cursor.h"
#include "store/digest.h"
#include "store/feed.h"
#include "unreadable.h"

#include <stdlib.h>
#include <string.h>

/* Rows of the largest classes, several times over. */
#define ROWS_ARENA (64u * 1024u * 1024u)

struct kept {
	uint32_t type;
	uint64_t id;
	struct mtr_bytes row; /* in the arena */
	uint8_t digest[MTR_HASH_BYTES];
};

struct reading {
	struct mtr_client *client;
	const char *class_code;
	struct mtr_arena *arena, *page;
	struct kept *rows;
	size_t count, room;
	uint8_t cursor[MTR_CURSOR_MAX];
	size_t cursor_size;
	bool at_head, agreed;
};

static int ask(struct reading *reading, struct mtr_bytes *ret_answer)
{
	Mtr__Query query = MTR__QUERY__INIT;
	Mtr__Feed feed = MTR__FEED__INIT;
	uint8_t *bytes;

	feed.cursor = (ProtobufCBinaryData){reading->cursor_size, reading->cursor};
	feed.class_code = (char *)(uintptr_t)reading->class_code;
	query.body_case = MTR__QUERY__BODY_FEED;
	query.feed = &feed;
	bytes = mtr_arena_alloc(reading->page, mtr__query__get_packed_size(&query));
	if (!bytes)
		return MTR_CLIENT_MEMORY;
	return mtr_client_query(reading->client, bytes, mtr__query__pack(&query, bytes), &ret_answer->data,
				&ret_answer->size);
}

static struct kept *find(struct reading *reading, const Mtr__FeedRow *row)
{
	for (size_t i = 0; i < reading->count; i++)
		if (reading->rows[i].type == (uint32_t)row->type && reading->rows[i].id == row->id)
			return &reading->rows[i];
	return NULL;
}

static struct kept *add(struct reading *reading)
{
	if (reading->count == reading->room) {
		const size_t room = reading->room ? 2 * reading->room : 256;
		struct kept *rows = reallocarray(reading->rows, room, sizeof *rows);

		if (!rows)
			return NULL;
		reading->rows = rows;
		reading->room = room;
	}
	return &reading->rows[reading->count++];
}

static int keep(struct reading *reading, const Mtr__FeedRow *row)
{
	struct kept *kept = find(reading, row);
	uint8_t *bytes;

	if (row->content_case == MTR__FEED_ROW__CONTENT_TOMBSTONE) {
		if (kept)
			*kept = reading->rows[--reading->count];
		return 0;
	}
	if (row->content_case != MTR__FEED_ROW__CONTENT_ROW || !row->home)
		return MTR_CLIENT_PROTOCOL;
	bytes = mtr_arena_copy(reading->arena, row->row.data, row->row.len);
	kept = kept ? kept : add(reading);
	if (!kept || (!bytes && row->row.len))
		return MTR_CLIENT_MEMORY;

	const struct mtr_home home = {(uint8_t)row->home->kind, row->home->a, row->home->b};

	*kept = (struct kept){.type = (uint32_t)row->type, .id = row->id, .row = {bytes, row->row.len}};
	mtr_digest_row(home, row->type, row->id, row->revision, kept->row, kept->digest);
	return 0;
}

static bool agrees(const struct reading *reading, const Mtr__FeedPage *page)
{
	uint8_t sum[MTR_HASH_BYTES] = {0};

	for (size_t i = 0; i < reading->count; i++)
		mtr_digest_add(sum, reading->rows[i].digest);
	return page->count == reading->count && page->digest.len == sizeof sum &&
	       memcmp(page->digest.data, sum, sizeof sum) == 0;
}

static int take(struct reading *reading, const Mtr__FeedPage *page)
{
	const ProtobufCBinaryData *next = &page->cursor;
	int error = 0;

	if (page->n_homes_removed)
		reading->count = 0;
	for (size_t i = 0; i < page->n_rows && !error; i++)
		error = keep(reading, page->rows[i]);
	/* A page that leads nowhere would be asked for for ever. */
	if (error || !next->len || next->len > sizeof reading->cursor ||
	    (!page->at_head && next->len == reading->cursor_size &&
	     memcmp(next->data, reading->cursor, next->len) == 0))
		return error ? error : MTR_CLIENT_PROTOCOL;
	memcpy(reading->cursor, next->data, next->len);
	reading->cursor_size = next->len;
	reading->at_head = page->at_head;
	reading->agreed = page->at_head && agrees(reading, page);
	return 0;
}

/* From the start to the head. */
static int read_whole(struct reading *reading, struct mtr_bytes *ret_refusal)
{
	struct mtr_bytes packed = {0};
	int error = 0;

	mtr_arena_reset(reading->arena);
	reading->count = reading->cursor_size = 0;
	reading->at_head = false;
	while (!error && !reading->at_head) {
		mtr_arena_reset(reading->page);
		error = ask(reading, &packed);
		if (error)
			break;

		const Mtr__Answer *answer =
			mtr__answer__unpack(mtr_arena_allocator(reading->page), packed.size, packed.data);

		if (!answer)
			return mtr_unreadable(reading->page, MTR_CLIENT_PROTOCOL);
		if (answer->body_case == MTR__ANSWER__BODY_ERROR) {
			*ret_refusal = packed;
			return 0;
		}
		error = answer->body_case == MTR__ANSWER__BODY_PAGE ? take(reading, answer->page) : MTR_CLIENT_PROTOCOL;
	}
	return error;
}

static int read_and_prove(struct reading *reading, struct mtr_bytes *ret_refusal)
{
	int error = read_whole(reading, ret_refusal);

	if (error || ret_refusal->size || reading->agreed)
		return error;
	error = read_whole(reading, ret_refusal);
	return error || ret_refusal->size || reading->agreed ? error : MTR_CLIENT_CLASS_DIFFERS;
}

int mtr_client_read_class(struct mtr_client *client, const char *class_code, mtr_client_row_fn each, void *context,
			  const uint8_t **ret_refusal, size_t *ret_size)
{
	struct reading *reading;
	struct mtr_bytes refusal = {0};
	int error = MTR_CLIENT_MEMORY;

	if (!class_code || !*class_code || strlen(class_code) > MTR_CODE_MAX)
		return MTR_CLIENT_USAGE;
	reading = calloc(1, sizeof *reading);
	if (!reading)
		return MTR_CLIENT_MEMORY;
	reading->client = client;
	reading->class_code = class_code;
	reading->arena = mtr_arena_new(ROWS_ARENA);
	reading->page = mtr_arena_new(MTR_ANSWER_ARENA);
	if (reading->arena && reading->page)
		error = read_and_prove(reading, &refusal);
	for (size_t i = 0; i < reading->count && !error && !refusal.size; i++)
		each(context, reading->rows[i].type, reading->rows[i].id, reading->rows[i].row.data,
		     reading->rows[i].row.size);
	if (!error) {
		*ret_refusal = refusal.data;
		*ret_size = refusal.size;
	}
	mtr_arena_free(&reading->arena);
	mtr_arena_free(&reading->page);
	free(reading->rows);
	free(reading);
	return error;
}
