/* Homes read as a feed. From revision 0 a page sequence is a snapshot, from a cursor it is what changed. */
#ifndef MTR_STORE_FEED_H
#define MTR_STORE_FEED_H

#include "contract/arena.h"
#include "matricula/v1/queries.pb-c.h"
#include "store/schema.h"
#include "store/store.h"

/* A set of homes, sorted, without doubles. */
struct mtr_scope {
	struct mtr_home *homes;
	size_t count;
	bool everything; /* auditor: every home there is; homes unused */
};

enum mtr_feed_status {
	MTR_FEED_OK,
	MTR_FEED_CURSOR_INVALID, /* not one of ours, of another incarnation, or beyond the head */
	MTR_FEED_STORE_ERROR,    /* txn->error says which */
	MTR_FEED_MEMORY,         /* the arena is exhausted */
};

/* The page after `cursor` (empty: from the start): at most `limit` rows (0: MTR_PAGE_ROWS_MAX) and about MTR_REPLY_MAX
 * bytes. Rows point into the map: pack before the transaction ends.
 *
 * A feed is read in sweeps: each goes once through the scope's homes in their order and gives what came after the
 * revision the sweep before ended at, up to the head when it began; so a page costs what it holds, however many homes
 * there are. Within a page rows are in order of (revision, ordinal). `revision_complete` says that a sweep has ended,
 * `at_head` that it ended at the head of this transaction; digest and count are of the same transaction.
 * The first sweep, and a home's first, skip tombstones. A tombstone ends an entity only if it still stands in that
 * home.
 *
 * When the scope isn't the one the cursor was made for, homes_added (read from their start) and homes_removed are
 * filled. Where that would take more than MTR_FEED_HOMES_NAMED homes, homes_removed holds one home without a kind: all
 * of them; and reading starts anew. Homes that first came into being after the cursor are no change of scope.
 *
 * The cursor is opaque to clients and harmless if forged: the scope is always the caller's. */
#define MTR_FEED_HOMES_NAMED 256u
enum mtr_feed_status mtr_feed_page(struct mtr_txn *txn, struct mtr_arena *arena, const struct mtr_scope *scope,
				   uint64_t incarnation, struct mtr_bytes cursor, uint32_t limit,
				   Mtr__FeedPage **ret_page);

/* A row as the feed and lists send it; points into the map. NULL when the arena is exhausted. */
struct mtr_row;
Mtr__FeedRow *mtr_row_message(struct mtr_arena *arena, const struct mtr_row *row);

bool mtr_scope_has(const struct mtr_scope *scope, struct mtr_home home);

/* Digest and number of live rows of a scope. */
void mtr_scope_digest(struct mtr_txn *txn, const struct mtr_scope *scope, uint8_t ret_digest[MTR_HASH_BYTES],
		      uint64_t *ret_count);

/* Every home there is, in order. */
typedef bool (*mtr_home_fn)(void *context, struct mtr_home home);
void mtr_each_home(struct mtr_txn *txn, struct mtr_bytes prefix, mtr_home_fn, void *context);

/* The live rows of one home in order of (revision, ordinal). */
typedef bool (*mtr_row_fn)(void *context, const struct mtr_row *row);
void mtr_each_row(struct mtr_txn *txn, struct mtr_home home, mtr_row_fn, void *context);

#endif
