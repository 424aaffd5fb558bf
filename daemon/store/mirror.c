#include "store/mirror.h"

#include "store/change.h"
#include "store/internal.h"
#include "store/mirror_rows.h"
#include "store/mirror_state.h"

#include <string.h>

/* Of disk: what one row's change touches in all tables, and the pages above. */
#define ROOM_FIXED (1024u * 1024u)
#define ROOM_ROW (32u * 1024u)

uint64_t mtr_mirror_room(size_t rows)
{
	return ROOM_FIXED + (uint64_t)rows * ROOM_ROW;
}

static bool home_good(const Mtr__Home *home)
{
	return home && home->kind > 0 && (unsigned)home->kind <= UINT8_MAX;
}

static struct mtr_home home_of(const Mtr__Home *home)
{
	return (struct mtr_home){.kind = (uint8_t)home->kind, .a = home->a, .b = home->b};
}

static bool content_good(struct mtr_arena *scratch, const Mtr__FeedRow *row)
{
	struct mtr_derivation derivation;

	if (row->content_case == MTR__FEED_ROW__CONTENT_TOMBSTONE)
		return strlen(row->tombstone->reason) <= MTR_TEXT_MAX;
	if (row->content_case != MTR__FEED_ROW__CONTENT_ROW || !row->row.len || row->row.len > MTR_ROW_MAX)
		return false;
	mtr_arena_reset(scratch);
	return mtr_derive(scratch, row->type, row->id, mtr_bytes_of(row->row.data, row->row.len), &derivation) ==
		       MTR_STORE_OK &&
	       mtr_share_at_home(&derivation.share, home_of(row->home));
}

static bool row_good(struct mtr_arena *scratch, const Mtr__FeedRow *row, uint64_t revision)
{
	return home_good(row->home) && row->type > 0 && (unsigned)row->type <= UINT8_MAX && row->id && row->revision &&
	       row->revision <= revision && content_good(scratch, row);
}

static bool in_order(const Mtr__FeedRow *x, const Mtr__FeedRow *y)
{
	return x->revision != y->revision ? x->revision < y->revision : x->ordinal < y->ordinal;
}

bool mtr_mirror_page_good(struct mtr_arena *scratch, const struct mtr_mirror_page *p)
{
	const Mtr__FeedPage *page = p->page;

	if (page->n_rows > MTR_MIRROR_ROWS_MAX || !page->cursor.len || page->cursor.len > MTR_MIRROR_CURSOR_MAX)
		return false;
	if (page->at_head && (page->digest.len != MTR_HASH_BYTES || page->more || !page->revision_complete))
		return false;
	for (size_t i = 0; i < page->n_rows; i++) {
		if (!row_good(scratch, page->rows[i], p->revision) ||
		    (i && !in_order(page->rows[i - 1], page->rows[i])))
			return false;
	}
	for (size_t i = 0; i < page->n_homes_removed; i++) {
		if (!home_good(page->homes_removed[i]) && !mtr_mirror_page_starts_anew(page))
			return false;
	}
	return true;
}

bool mtr_mirror_page_starts_anew(const Mtr__FeedPage *page)
{
	return page->n_homes_removed == 1 && page->homes_removed[0]->kind == MTR__HOME_KIND__HOME_KIND_UNSPECIFIED;
}

static void take_rows(struct mtr_txn *txn, const Mtr__FeedPage *page, const struct mtr_mirror_watch *watch)
{
	for (size_t i = 0; i < page->n_rows && !txn->error; i++) {
		const Mtr__FeedRow *row = page->rows[i];
		struct mtr_feed_item item = {
			.home = home_of(row->home),
			.revision = row->revision,
			.ordinal = row->ordinal,
			.type = row->type,
			.id = row->id,
			.live = row->content_case == MTR__FEED_ROW__CONTENT_ROW,
		};

		if (item.live) {
			item.content = mtr_bytes_of(row->row.data, row->row.len);
			mtr_mirror_put(txn, &item, watch);
		} else {
			mtr_mirror_end(txn, &item, row->tombstone->reason, watch);
		}
	}
}

static struct mtr_mirror_head head_of(const struct mtr_mirror_page *p)
{
	struct mtr_mirror_head head = {
		.revision = p->revision,
		.server_time = p->server_time,
		.local_time = p->local_time,
		.count = p->page->count,
	};

	memcpy(head.digest, p->page->digest.data, MTR_HASH_BYTES);
	return head;
}

static void hold(struct mtr_txn *txn, struct mtr_mirror_held *held, const struct mtr_mirror_page *p, bool settling)
{
	mtr_mirror_held_put(txn, held->next, p->answer);
	held->next++;
	held->settling = settling;
	if (p->page->at_head)
		held->head = head_of(p);
	mtr_mirror_held_write(txn, held);
}

static bool follows(struct mtr_txn *txn, struct mtr_bytes cursor)
{
	const struct mtr_bytes now = mtr_mirror_cursor(txn);

	return !txn->error && now.size == cursor.size && (!now.size || !memcmp(now.data, cursor.data, now.size));
}

bool mtr_mirror_take(struct mtr_txn *txn, const struct mtr_mirror_page *p, const struct mtr_mirror_watch *watch)
{
	const Mtr__FeedPage *page = p->page;
	struct mtr_mirror_state state;
	struct mtr_mirror_held held;
	bool filling;

	if (!mtr_mirror_read(txn, &state))
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
	if (!follows(txn, p->cursor))
		return false;
	mtr_mirror_held_read(txn, &held);
	filling = !state.revision;
	if (p->principal)
		mtr_mirror_principal_write(txn, p->principal);
	mtr_mirror_cursor_write(txn, mtr_bytes_of(page->cursor.data, page->cursor.len));
	/* Homes to be dropped may hold any number of rows: such a page is taken up in steps. */
	if (held.next > held.first || (!filling && !page->at_head) ||
	    (page->n_homes_removed && !mtr_mirror_page_starts_anew(page))) {
		hold(txn, &held, p, filling || page->at_head);
		return true;
	}
	take_rows(txn, page, filling ? NULL : watch);
	if (page->at_head) {
		const struct mtr_mirror_head head = head_of(p);

		mtr_mirror_show(txn, &head);
	}
	return true;
}

/* False when some of a home is left. */
static bool drop_homes(struct mtr_txn *txn, const Mtr__FeedPage *page, const struct mtr_mirror_watch *watch)
{
	size_t room = MTR_MIRROR_ROWS_MAX;

	for (size_t i = 0; i < page->n_homes_removed && room && !txn->error; i++)
		room -= mtr_mirror_drop(txn, home_of(page->homes_removed[i]), room, watch);
	return room;
}

static void settle_page(struct mtr_txn *txn, struct mtr_arena *arena, struct mtr_mirror_held *held,
			const struct mtr_mirror_watch *watch)
{
	const struct mtr_bytes packed = mtr_mirror_held_page(txn, held->first);
	const Mtr__Answer *answer;

	if (txn->error)
		return;
	mtr_arena_reset(arena);
	answer = mtr__answer__unpack(mtr_arena_allocator(arena), packed.size, packed.data);
	if (!answer || answer->body_case != MTR__ANSWER__BODY_PAGE) {
		mtr_txn_fail(txn, mtr_arena_exhausted(arena) ? MTR_STORE_MEMORY : MTR_STORE_CORRUPT);
		return;
	}
	/* The rows come with the end of the page: begun again, homes are dropped before there is any of them. */
	if (!drop_homes(txn, answer->page, watch))
		return;
	take_rows(txn, answer->page, watch);
	mtr_mirror_held_remove(txn, held->first);
	held->first++;
}

void mtr_mirror_settle(struct mtr_txn *txn, struct mtr_arena *arena, const struct mtr_mirror_watch *watch)
{
	struct mtr_mirror_state state;
	struct mtr_mirror_held held;

	if (!mtr_mirror_read(txn, &state))
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
	mtr_mirror_held_read(txn, &held);
	if (txn->error || !held.settling)
		return;
	if (held.first < held.next)
		settle_page(txn, arena, &held, state.revision ? watch : NULL);
	if (held.first == held.next) {
		if (held.head.revision)
			mtr_mirror_show(txn, &held.head);
		held = (struct mtr_mirror_held){.first = held.next, .next = held.next};
	}
	mtr_mirror_held_write(txn, &held);
}
