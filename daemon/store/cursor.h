/* Where a reader of the feed stands.
 *
 * format u8 · incarnation u64 · scope hash 16 · from u64 · target u64 · place (home 9 · revision u64 · ordinal u32) ·
 * listed u8 · count u16 · count × (home 9 · behind u8) */
#ifndef MTR_STORE_CURSOR_H
#define MTR_STORE_CURSOR_H

#include "store/feed.h"
#include "store/rows.h"

#define MTR_SCOPE_HASH_BYTES 16u
#define MTR_CURSOR_MAX (65u + MTR_FEED_HOMES_NAMED * (MTR_HOME_BYTES + 1u))

struct mtr_feed_cursor {
	uint64_t incarnation;
	uint8_t scope_hash[MTR_SCOPE_HASH_BYTES]; /* of the homes there were when the last sweep began */
	uint64_t from;                            /* all up to this revision has been read */
	uint64_t target;                          /* where the sweep under way ends; 0: none is */
	struct mtr_place place;                   /* of the last row read in it */
	bool listed;                              /* the homes are named below */
	uint16_t count;
	struct mtr_home homes[MTR_FEED_HOMES_NAMED]; /* sorted */
	bool behind[MTR_FEED_HOMES_NAMED];           /* this sweep reads it from its start */
};

/* False when it is none of ours, or contradicts itself. */
bool mtr_cursor_decode(struct mtr_bytes bytes, struct mtr_feed_cursor *ret_cursor);
/* Bytes written. */
size_t mtr_cursor_encode(const struct mtr_feed_cursor *cursor, uint8_t ret_bytes[MTR_CURSOR_MAX]);

/* The home's index in the list, or -1. */
int mtr_cursor_find(const struct mtr_feed_cursor *cursor, struct mtr_home home);

#endif
