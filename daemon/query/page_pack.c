#include "query/page_pack.h"

#include "contract/backward.h"

enum { ANSWER_REVISION = 1, ANSWER_PAGE = 6 };
enum {
	PAGE_ROWS = 1,
	PAGE_CURSOR,
	PAGE_MORE,
	PAGE_REVISION_COMPLETE,
	PAGE_AT_HEAD,
	PAGE_HOMES_ADDED,
	PAGE_HOMES_REMOVED,
	PAGE_DIGEST,
	PAGE_COUNT,
};
enum { ROW_HOME = 1, ROW_TYPE, ROW_ID, ROW_REVISION, ROW_ORDINAL, ROW_ROW, ROW_TOMBSTONE };
enum { HOME_KIND = 1, HOME_A, HOME_B };
enum { TOMBSTONE_REASON = 1 };

/* What is in them and around them but a row's content, the cursor and the digest. Enumerators may be negative. */
#define HOME_ROOM (3u * MTR_BACK_U32 + MTR_BACK_U64)
#define ROW_ROOM (HOME_ROOM + 4u * MTR_BACK_U32 + 3u * MTR_BACK_U64)
#define ANSWER_ROOM (11u * MTR_BACK_U64)

static size_t content_bytes(const Mtr__FeedRow *row)
{
	if (row->content_case == MTR__FEED_ROW__CONTENT_ROW)
		return row->row.len;
	return row->content_case == MTR__FEED_ROW__CONTENT_TOMBSTONE ? strlen(row->tombstone->reason) : 0;
}

size_t mtr_page_pack_room(const Mtr__FeedPage *page)
{
	size_t size = ANSWER_ROOM + page->cursor.len + page->digest.len;

	size += page->n_rows * ROW_ROOM + (page->n_homes_added + page->n_homes_removed) * HOME_ROOM;
	for (size_t i = 0; i < page->n_rows; i++)
		size += content_bytes(page->rows[i]);
	return size;
}

static uint8_t *pack_home(uint8_t *at, unsigned field, const Mtr__Home *home)
{
	const uint8_t *end = at;

	at = mtr_back_number(at, HOME_B, home->b);
	at = mtr_back_number(at, HOME_A, home->a);
	at = mtr_back_number(at, HOME_KIND, (uint64_t)home->kind);
	return mtr_back_head(at, field, end);
}

static uint8_t *pack_homes(uint8_t *at, unsigned field, Mtr__Home *const *homes, size_t count)
{
	while (count)
		at = pack_home(at, field, homes[--count]);
	return at;
}

static uint8_t *pack_tombstone(uint8_t *at, const Mtr__Tombstone *tombstone)
{
	const uint8_t *end = at;
	const size_t size = strlen(tombstone->reason);

	if (size)
		at = mtr_back_bytes(at, TOMBSTONE_REASON, tombstone->reason, size);
	return mtr_back_head(at, ROW_TOMBSTONE, end);
}

static uint8_t *pack_row(uint8_t *at, const Mtr__FeedRow *row)
{
	const uint8_t *end = at;

	if (row->content_case == MTR__FEED_ROW__CONTENT_TOMBSTONE)
		at = pack_tombstone(at, row->tombstone);
	else if (row->content_case == MTR__FEED_ROW__CONTENT_ROW)
		at = mtr_back_bytes(at, ROW_ROW, row->row.data, row->row.len);
	at = mtr_back_number(at, ROW_ORDINAL, row->ordinal);
	at = mtr_back_number(at, ROW_REVISION, row->revision);
	at = mtr_back_number(at, ROW_ID, row->id);
	at = mtr_back_number(at, ROW_TYPE, (uint64_t)row->type);
	if (row->home)
		at = pack_home(at, ROW_HOME, row->home);
	return mtr_back_head(at, PAGE_ROWS, end);
}

static uint8_t *pack_bytes(uint8_t *at, unsigned field, const ProtobufCBinaryData *bytes)
{
	return bytes->len ? mtr_back_bytes(at, field, bytes->data, bytes->len) : at;
}

static uint8_t *pack_page(uint8_t *at, const Mtr__FeedPage *page)
{
	at = mtr_back_number(at, PAGE_COUNT, page->count);
	at = pack_bytes(at, PAGE_DIGEST, &page->digest);
	at = pack_homes(at, PAGE_HOMES_REMOVED, page->homes_removed, page->n_homes_removed);
	at = pack_homes(at, PAGE_HOMES_ADDED, page->homes_added, page->n_homes_added);
	at = mtr_back_number(at, PAGE_AT_HEAD, page->at_head != 0);
	at = mtr_back_number(at, PAGE_REVISION_COMPLETE, page->revision_complete != 0);
	at = mtr_back_number(at, PAGE_MORE, page->more != 0);
	at = pack_bytes(at, PAGE_CURSOR, &page->cursor);
	for (size_t i = page->n_rows; i; i--)
		at = pack_row(at, page->rows[i - 1]);
	return at;
}

uint8_t *mtr_page_pack(const Mtr__Answer *answer, uint8_t *end)
{
	uint8_t *at = mtr_back_head(pack_page(end, answer->page), ANSWER_PAGE, end);

	return mtr_back_number(at, ANSWER_REVISION, answer->revision);
}
