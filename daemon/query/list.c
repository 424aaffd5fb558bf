#include "query/list.h"

#include "store/survey.h"

#include <stdlib.h>
#include <string.h>

/* Of a packed FeedRow, beyond its content. */
#define ROW_OVERHEAD 64u
/* Rows looked at for one page: a filter that matches little gives a short page and goes on with the next. */
#define EXAMINED_MAX 20000u

/* cursor = format u8 · type u8 · home 9 · id u64: of the last row, which the next page comes after. Rows that were
 * asked for by number have no home there. */
#define CURSOR_FORMAT 2u
#define CURSOR_BYTES (2u + MTR_HOME_BYTES + 8u)

static bool read_cursor(struct mtr_listing *l)
{
	const uint8_t *at = l->list->after.data;

	if (!l->list->after.len)
		return true;
	if (l->list->after.len != CURSOR_BYTES || mtr_get_u8(&at) != CURSOR_FORMAT ||
	    mtr_get_u8(&at) != (unsigned)l->list->type) {
		mtr_query_refuse(l->q, MTR__ERROR_CODE__ERROR_CODE_CURSOR_INVALID, "list.after", NULL, 0);
		return false;
	}
	l->after_home = mtr_get_home(&at);
	l->after_id = mtr_get_u64(&at);
	return true;
}

static bool write_cursor(struct mtr_listing *l, ProtobufCBinaryData *ret_cursor)
{
	struct mtr_key key = mtr_key_start();

	mtr_key_u8(&key, CURSOR_FORMAT);
	mtr_key_u8(&key, (uint8_t)l->list->type);
	mtr_key_home(&key, l->last_home);
	mtr_key_u64(&key, l->last_id);
	ret_cursor->data = mtr_arena_copy(l->q->arena, key.data, key.size);
	ret_cursor->len = key.size;
	return ret_cursor->data;
}

/* Examines a row that comes next in order. False when the page is full, or memory short. */
static bool take(struct mtr_listing *l, const struct mtr_row *row, struct mtr_home place)
{
	const size_t bytes = row->bytes.size + ROW_OVERHEAD;

	if (l->examined == EXAMINED_MAX) {
		l->full = true;
		return false;
	}
	if (mtr_listing_takes_row(l, row)) {
		if (l->count == l->limit || (l->count && bytes > MTR_ROWS_BYTES - l->bytes)) {
			l->full = true;
			return false;
		}
		l->bytes += bytes;
		l->rows[l->count++] = mtr_row_message(l->q->arena, row);
	}
	l->examined++;
	l->last_home = place;
	l->last_id = row->id;
	return mtr_query_good(l->q);
}

/* The rows of one home, to be put in order. */
struct gathering {
	struct mtr_listing *l;
	struct mtr_row *rows;
	size_t count, room;
	bool disorder; /* they aren't in order of their ids */
	uint64_t after_id;
};

static bool gather(void *context, const struct mtr_row *row)
{
	struct gathering *g = context;

	if (row->type != g->l->list->type || row->id <= g->after_id)
		return true;
	if (g->count == g->room) {
		const size_t room = g->room ? 2 * g->room : 256;
		struct mtr_row *rows = mtr_arena_array(g->l->q->arena, room, sizeof *rows);

		if (!rows)
			return false;
		if (g->count)
			memcpy(rows, g->rows, g->count * sizeof *rows);
		g->rows = rows;
		g->room = room;
	}
	if (g->count && row->id < g->rows[g->count - 1].id)
		g->disorder = true;
	g->rows[g->count++] = *row;
	return true;
}

static int by_id(const void *x, const void *y)
{
	const struct mtr_row *a = x, *b = y;

	return (a->id > b->id) - (a->id < b->id);
}

static bool list_home(void *context, struct mtr_home home, const struct mtr_home_row *row)
{
	struct gathering *g = context;
	struct mtr_listing *l = g->l;
	bool more = true;

	if (mtr_listing_beyond(l, home))
		return false;
	if (!row->live || !mtr_listing_takes_home(l, home))
		return mtr_query_good(l->q);
	g->count = 0;
	g->disorder = false;
	g->after_id = mtr_home_compare(home, l->after_home) == 0 ? l->after_id : 0;
	mtr_each_row(l->q->txn, home, gather, g);
	if (g->disorder)
		qsort(g->rows, g->count, sizeof *g->rows, by_id);
	for (size_t i = 0; more && i < g->count && mtr_query_good(l->q); i++)
		more = take(l, &g->rows[i], home);
	return more && mtr_query_good(l->q);
}

static void list_homes(struct mtr_listing *l)
{
	struct gathering g = {.l = l};
	struct mtr_home first = mtr_listing_first_home(l);

	if (mtr_home_compare(first, l->after_home) < 0)
		first = l->after_home;
	mtr_each_home_row(l->q->txn, l->q->scope, first, list_home, &g);
}

/* False when there is no such row in scope. */
static bool list_one(struct mtr_listing *l, uint64_t id)
{
	const struct mtr_home nowhere = {0, 0, 0};
	struct mtr_row row;

	if (!mtr_read_row(l->q->txn, l->list->type, id, &row) || !mtr_scope_has(l->q->scope, row.home))
		return false;
	if (id > l->after_id && mtr_listing_takes_home(l, row.home))
		take(l, &row, nowhere);
	return true;
}

struct nominations {
	struct mtr_listing *l;
	bool any; /* in scope */
};

static bool list_nomination(void *context, uint64_t id)
{
	struct nominations *nominations = context;

	nominations->any |= list_one(nominations->l, id);
	return !nominations->l->full && mtr_query_good(nominations->l->q);
}

/* Those put forward may have a record elsewhere: they are known by their nominations. */
static bool list_nominations_of(struct mtr_listing *l)
{
	struct nominations nominations = {.l = l};
	struct mtr_row person;

	mtr_each_nomination_of(l->q->txn, l->person_id, list_nomination, &nominations);
	return nominations.any ||
	       (mtr_read_row(l->q->txn, MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON, l->person_id, &person) &&
		mtr_scope_has(l->q->scope, person.home));
}

static bool is_persons(struct mtr_listing *l, uint64_t id)
{
	return l->list->type == MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION
		       ? mtr_is_nomination_of(l->q->txn, l->person_id, id)
		       : id == l->person_id;
}

static void list_direct(struct mtr_listing *l)
{
	if (l->list->type == MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION && !l->list->id) {
		if (!list_nominations_of(l) && mtr_query_good(l->q))
			mtr_query_refuse(l->q, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_PERSON, "list.citizen_number", NULL,
					 0);
		return;
	}
	if (l->list->id) {
		if ((l->code_id && l->code_id != l->list->id) || (l->person_id && !is_persons(l, l->list->id)))
			return;
		if (!list_one(l, l->list->id) && mtr_query_good(l->q) && mtr_listing_unknown(l))
			mtr_query_refuse(l->q, mtr_listing_unknown(l), "list.id", NULL, 0);
		return;
	}
	if (!list_one(l, l->code_id ? l->code_id : l->person_id) && mtr_query_good(l->q) && l->person_id)
		mtr_query_refuse(l->q, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_PERSON, "list.citizen_number", NULL, 0);
}

static bool finish(struct mtr_listing *l)
{
	Mtr__FeedPage *page = mtr_arena_alloc(l->q->arena, sizeof *page);

	if (!page)
		return false;
	mtr__feed_page__init(page);
	page->rows = l->rows;
	page->n_rows = l->count;
	page->more = l->full;
	l->q->answer->body_case = MTR__ANSWER__BODY_PAGE;
	l->q->answer->page = page;
	return !l->full || write_cursor(l, &page->cursor);
}

bool mtr_query_list(struct mtr_query *q)
{
	const Mtr__List *list = q->query->list;
	struct mtr_listing l = {.q = q, .list = list};

	l.limit = list->limit && list->limit < MTR_PAGE_ROWS_MAX ? list->limit : MTR_PAGE_ROWS_MAX;
	l.rows = mtr_arena_array(q->arena, l.limit, sizeof *l.rows);
	if (!l.rows || !mtr_listing_resolve(&l) || !read_cursor(&l))
		return l.rows && mtr_query_refused(q);
	if (mtr_listing_direct(&l))
		list_direct(&l);
	else
		list_homes(&l);
	return mtr_query_good(q) && (mtr_query_refused(q) || finish(&l));
}
