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
	MTR_FEED_CURSOR_INVALID, /* not one of ours, or beyond the head */
	MTR_FEED_STORE_ERROR,    /* txn->error says which */
	MTR_FEED_MEMORY,         /* the arena is exhausted */
};

/* The page after `cursor` (empty: from the start), at most `limit` rows and about MTR_REPLY_MAX bytes, in the order
 * of (revision, ordinal) by a merge of the homes whose head lies beyond the cursor. Rows point into the map: pack
 * before the transaction ends. A first read skips tombstones. When the scope isn't the one the cursor was made for,
 * homes added are read from their start and both lists are filled. At the head, digest and count are those of the
 * same transaction.
 *
 * cursor = format u8 · incarnation u64 · scope hash 16 · revision u64 · ordinal u32 · start revision u64 [ · homes
 * behind, each home 9 · from revision u64 ]; opaque to clients. To name homes added and removed after a change of scope
 * the cursor carries the homes themselves when they are at most 256; beyond that the reader starts anew: all homes
 * removed, all added. */
enum mtr_feed_status mtr_feed_page(struct mtr_txn *txn, struct mtr_arena *arena, const struct mtr_scope *scope,
				   uint64_t incarnation, struct mtr_bytes cursor, uint32_t limit,
				   Mtr__FeedPage **ret_page);

/* Digest and number of live rows of a scope. */
void mtr_scope_digest(struct mtr_txn *txn, const struct mtr_scope *scope, uint8_t ret_digest[MTR_HASH_BYTES],
		      uint64_t *ret_count);

/* Every home there is, in order. */
typedef bool (*mtr_home_fn)(void *context, struct mtr_home home);
void mtr_each_home(struct mtr_txn *txn, struct mtr_bytes prefix, mtr_home_fn, void *context);

/* The live rows of one home in order of (revision, ordinal). */
struct mtr_row;
typedef bool (*mtr_row_fn)(void *context, const struct mtr_row *row);
void mtr_each_row(struct mtr_txn *txn, struct mtr_home home, mtr_row_fn, void *context);

#endif
