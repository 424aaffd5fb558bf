/* Rows and homes as messages. */
#ifndef MTR_STORE_FEED_ROW_H
#define MTR_STORE_FEED_ROW_H

#include "store/feed.h"
#include "store/rows.h"

/* NULL when the arena is exhausted. A row's bytes stay where they are. */
Mtr__FeedRow *mtr_item_message(struct mtr_arena *arena, const struct mtr_feed_item *item);
Mtr__Home *mtr_home_message(struct mtr_arena *arena, struct mtr_home home);

#endif
