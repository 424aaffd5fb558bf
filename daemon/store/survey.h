/* What a scope looks like in one transaction: which of its homes there are, their sum, what has changed. */
#ifndef MTR_STORE_SURVEY_H
#define MTR_STORE_SURVEY_H

#include "store/cursor.h"

struct mtr_survey {
	uint8_t hash_from[MTR_SCOPE_HASH_BYTES]; /* of the homes there were at the cursor's revision */
	uint8_t hash_head[MTR_SCOPE_HASH_BYTES]; /* of those there are now */
	uint64_t homes;                          /* how many there are now */
	bool news;                               /* one of them has a head beyond `from` */
	uint8_t digest[MTR_HASH_BYTES];
	uint64_t live;
};

/* Goes through the homes of the scope that exist, in order, from the first that is >= `from`. Stops when the callback
 * returns false. */
typedef bool (*mtr_home_row_fn)(void *context, struct mtr_home home, const struct mtr_home_row *row);
void mtr_each_home_row(struct mtr_txn *txn, const struct mtr_scope *scope, struct mtr_home from, mtr_home_row_fn,
		       void *context);

void mtr_survey(struct mtr_txn *txn, const struct mtr_scope *scope, uint64_t from, struct mtr_survey *ret_survey);

#endif
