#include "store/feed.h"

#include "store/feed_row.h"
#include "store/internal.h"
#include "store/survey.h"

#include <stdlib.h>
#include <string.h>

/* Of a packed FeedRow, beyond its content. */
#define ROW_OVERHEAD 64u
/* Leaves room in a reply for the cursor and the homes named. */
#define PAGE_BYTES (MTR_REPLY_MAX - 16u * 1024u)

struct paging {
	struct mtr_txn *txn;
	struct mtr_arena *arena;
	const struct mtr_scope *scope;
	struct mtr_feed_cursor cursor;
	uint64_t head;
	Mtr__FeedPage *page;
	uint32_t limit;
	size_t bytes;
	bool full;     /* a row is left that doesn't fit */
	bool surveyed; /* in this transaction */
	bool disorder; /* rows aren't in order of (revision, ordinal) */
	struct mtr_survey survey;
};

static int compare(const Mtr__FeedRow *a, const Mtr__FeedRow *b)
{
	if (a->revision != b->revision)
		return a->revision < b->revision ? -1 : 1;
	return (a->ordinal > b->ordinal) - (a->ordinal < b->ordinal);
}

static bool put(struct paging *p, const struct mtr_feed_item *item)
{
	Mtr__FeedRow **row = &p->page->rows[p->page->n_rows];

	*row = mtr_item_message(p->arena, item);
	if (!*row)
		return false;
	if (p->page->n_rows++ && compare(row[-1], row[0]) > 0)
		p->disorder = true;
	return true;
}

/* False when the page is full or memory is short. */
static bool take(struct paging *p, const struct mtr_feed_item *item)
{
	const size_t bytes = item->content.size + ROW_OVERHEAD;

	if (p->page->n_rows == p->limit || (p->page->n_rows && bytes > PAGE_BYTES - p->bytes)) {
		p->full = true;
		return false;
	}
	p->bytes += bytes;
	p->cursor.place = (struct mtr_place){item->home, item->revision, item->ordinal};
	return put(p, item);
}

/* The first key of the home that this sweep hasn't read. */
static struct mtr_key resume_at(const struct paging *p, struct mtr_home home, uint64_t lower)
{
	const struct mtr_place *place = &p->cursor.place;
	struct mtr_key key;

	if (mtr_home_compare(place->home, home) != 0)
		mtr_feed_key(&key, home, lower + 1, 0);
	else if (place->ordinal == UINT32_MAX)
		mtr_feed_key(&key, home, place->revision + 1, 0);
	else
		mtr_feed_key(&key, home, place->revision, place->ordinal + 1);
	return key;
}

static bool sweep_home(void *context, struct mtr_home home, const struct mtr_home_row *row)
{
	struct paging *p = context;
	const int named = mtr_cursor_find(&p->cursor, home);
	const uint64_t lower = named >= 0 && p->cursor.behind[named] ? 0 : p->cursor.from;
	const struct mtr_key start = resume_at(p, home, lower);
	struct mtr_bytes key, value;
	struct mtr_feed_item item;
	struct mtr_walk walk;
	bool more = true;

	if (row->head <= lower)
		return true;
	mtr_walk_begin(&walk, p->txn, MTR_TABLE_FEED, mtr_bytes_of(start.data, MTR_HOME_BYTES),
		       mtr_key_as_bytes(&start));
	while (more && mtr_walk_next(&walk, &key, &value) && mtr_feed_decode(p->txn, key, value, &item)) {
		if (item.revision > p->cursor.target)
			break;
		if (item.live || lower)
			more = take(p, &item);
	}
	mtr_walk_end(&walk);
	return more;
}

static bool name_home(struct paging *p, struct mtr_home home, Mtr__Home **homes, size_t *count)
{
	homes[*count] = mtr_home_message(p->arena, home);
	return homes[(*count)++];
}

static bool start_anew(struct paging *p)
{
	p->page->homes_removed = mtr_arena_array(p->arena, 1, sizeof *p->page->homes_removed);
	p->cursor.from = 0;
	return p->page->homes_removed &&
	       name_home(p, (struct mtr_home){0, 0, 0}, p->page->homes_removed, &p->page->n_homes_removed);
}

struct listing {
	struct paging *p;
	const struct mtr_feed_cursor *old;
	bool changed;
};

/* Notes a home of the scope in the cursor, and whether it must be read from its start. */
static bool list_home(void *context, struct mtr_home home, const struct mtr_home_row *row)
{
	struct listing *listing = context;
	struct paging *p = listing->p;
	struct mtr_feed_cursor *cursor = &p->cursor;
	const bool added = listing->changed && row->first <= cursor->from && mtr_cursor_find(listing->old, home) < 0;

	cursor->homes[cursor->count] = home;
	cursor->behind[cursor->count++] = added;
	return !added || name_home(p, home, p->page->homes_added, &p->page->n_homes_added);
}

static bool name_removed(struct paging *p, const struct mtr_feed_cursor *old)
{
	for (uint16_t i = 0; i < old->count; i++) {
		if (!mtr_scope_has(p->scope, old->homes[i]) &&
		    !name_home(p, old->homes[i], p->page->homes_removed, &p->page->n_homes_removed))
			return false;
	}
	return true;
}

/* Fills the cursor's list from the scope as it is now; with `changed`, names the differences. */
static bool list_homes(struct paging *p, bool changed)
{
	struct mtr_feed_cursor *old = mtr_arena_copy(p->arena, &p->cursor, sizeof p->cursor);
	struct listing listing = {.p = p, .old = old, .changed = changed};

	if (!old)
		return false;
	p->cursor.count = 0;
	p->cursor.listed = !p->scope->everything && p->survey.homes <= MTR_FEED_HOMES_NAMED;
	if (!p->cursor.listed)
		return true;
	if (changed) {
		p->page->homes_added = mtr_arena_array(p->arena, p->survey.homes, sizeof *p->page->homes_added);
		p->page->homes_removed = mtr_arena_array(p->arena, old->count, sizeof *p->page->homes_removed);
		if (!p->page->homes_added || !p->page->homes_removed || !name_removed(p, old))
			return false;
	}
	mtr_each_home_row(p->txn, p->scope, (struct mtr_home){0, 0, 0}, list_home, &listing);
	return !mtr_arena_exhausted(p->arena);
}

/* Begins a sweep to the head. False when memory is short. */
static bool begin_sweep(struct paging *p)
{
	bool changed;

	mtr_survey(p->txn, p->scope, p->cursor.from, &p->survey);
	p->surveyed = true;
	changed = p->cursor.from && memcmp(p->survey.hash_from, p->cursor.scope_hash, MTR_SCOPE_HASH_BYTES) != 0;
	if (changed && (!p->cursor.listed || p->scope->everything || p->survey.homes > MTR_FEED_HOMES_NAMED)) {
		if (!start_anew(p))
			return false;
		changed = false;
	}
	if (!list_homes(p, changed))
		return false;
	memcpy(p->cursor.scope_hash, p->survey.hash_head, MTR_SCOPE_HASH_BYTES);
	p->cursor.target = p->head;
	p->cursor.place = (struct mtr_place){.revision = 0};
	return true;
}

/* The survey of this sweep, begun just now, has shown that there is nothing to read. */
static bool idle(const struct paging *p)
{
	return p->surveyed && !p->survey.news && !p->page->n_homes_added && !p->page->n_homes_removed;
}

static bool sweep(struct paging *p)
{
	if (!p->cursor.target && !begin_sweep(p))
		return false;
	if (!idle(p))
		mtr_each_home_row(p->txn, p->scope, p->cursor.place.home, sweep_home, p);
	if (mtr_arena_exhausted(p->arena))
		return false;
	if (!p->full && !p->txn->error) {
		p->cursor.from = p->cursor.target;
		p->cursor.target = 0;
		p->cursor.place = (struct mtr_place){.revision = 0};
		memset(p->cursor.behind, 0, sizeof p->cursor.behind);
	}
	return true;
}

static int by_position(const void *x, const void *y)
{
	return compare(*(Mtr__FeedRow *const *)x, *(Mtr__FeedRow *const *)y);
}

static bool finish(struct paging *p)
{
	Mtr__FeedPage *page = p->page;
	uint8_t bytes[MTR_CURSOR_MAX];

	if (p->disorder)
		qsort(page->rows, page->n_rows, sizeof *page->rows, by_position);
	page->cursor.len = mtr_cursor_encode(&p->cursor, bytes);
	page->cursor.data = mtr_arena_copy(p->arena, bytes, page->cursor.len);
	page->more = p->full;
	page->revision_complete = !p->full;
	page->at_head = !p->full;
	if (page->at_head) {
		page->digest.len = MTR_HASH_BYTES;
		page->digest.data = mtr_arena_copy(p->arena, p->survey.digest, MTR_HASH_BYTES);
		page->count = p->survey.live;
	}
	return !mtr_arena_exhausted(p->arena);
}

static bool open_page(struct paging *p)
{
	p->page = mtr_arena_alloc(p->arena, sizeof *p->page);
	if (!p->page)
		return false;
	mtr__feed_page__init(p->page);
	p->page->rows = mtr_arena_array(p->arena, p->limit, sizeof *p->page->rows);
	return p->page->rows;
}

static bool set_cursor(struct paging *p, struct mtr_bytes bytes, uint64_t incarnation)
{
	if (!bytes.size) {
		p->cursor.incarnation = incarnation;
		return true;
	}
	return mtr_cursor_decode(bytes, &p->cursor) && p->cursor.incarnation == incarnation &&
	       p->cursor.from <= p->head && p->cursor.target <= p->head;
}

enum mtr_feed_status mtr_feed_page(struct mtr_txn *txn, struct mtr_arena *arena, const struct mtr_scope *scope,
				   uint64_t incarnation, struct mtr_bytes cursor, uint32_t limit,
				   Mtr__FeedPage **ret_page)
{
	struct paging p = {.txn = txn, .arena = arena, .scope = scope};
	struct mtr_store_state state;
	bool memory;

	mtr_txn_state(txn, &state);
	p.head = state.revision;
	p.limit = limit && limit < MTR_PAGE_ROWS_MAX ? limit : MTR_PAGE_ROWS_MAX;
	if (!txn->error && !set_cursor(&p, cursor, incarnation))
		return MTR_FEED_CURSOR_INVALID;
	memory = open_page(&p);
	/* After a sweep begun in an earlier transaction another, if it is an idle one: by it the head is reached, and a
	 * scope that has changed meanwhile is noticed. */
	do
		memory = memory && sweep(&p);
	while (memory && !p.full && !txn->error && !p.surveyed);
	memory = memory && finish(&p);
	if (txn->error)
		return MTR_FEED_STORE_ERROR;
	if (!memory)
		return MTR_FEED_MEMORY;
	*ret_page = p.page;
	return MTR_FEED_OK;
}
