#include "store/survey.h"

#include "store/digest.h"
#include "store/internal.h"

#include <sodium.h>
#include <string.h>

/* Index of the first home of the scope that is >= `home`. */
static size_t lower_bound(const struct mtr_scope *scope, struct mtr_home home)
{
	size_t low = 0, high = scope->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (mtr_home_compare(scope->homes[middle], home) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool mtr_scope_has(const struct mtr_scope *scope, struct mtr_home home)
{
	const size_t at = scope->everything ? 0 : lower_bound(scope, home);

	return scope->everything || (at < scope->count && mtr_home_compare(scope->homes[at], home) == 0);
}

static void each_home_of_all(struct mtr_txn *txn, struct mtr_home from, mtr_home_row_fn each, void *context)
{
	struct mtr_key start = mtr_key_start();
	struct mtr_bytes key, value;
	struct mtr_home_row row;
	struct mtr_home home;
	struct mtr_walk walk;

	mtr_key_home(&start, from);
	mtr_walk_begin(&walk, txn, MTR_TABLE_HOME, mtr_bytes_of(NULL, 0), mtr_key_as_bytes(&start));
	while (mtr_walk_next(&walk, &key, &value) && mtr_home_decode(txn, key, value, &home, &row)) {
		if (!each(context, home, &row))
			break;
	}
	mtr_walk_end(&walk);
}

void mtr_each_home_row(struct mtr_txn *txn, const struct mtr_scope *scope, struct mtr_home from, mtr_home_row_fn each,
		       void *context)
{
	struct mtr_home_row row;

	if (scope->everything) {
		each_home_of_all(txn, from, each, context);
		return;
	}
	for (size_t i = lower_bound(scope, from); i < scope->count && !txn->error; i++) {
		if (mtr_home_read(txn, scope->homes[i], &row) && !each(context, scope->homes[i], &row))
			break;
	}
}

struct surveying {
	struct mtr_survey *out;
	uint64_t from;
	crypto_generichash_state hash_from, hash_head;
};

static bool look_at(void *context, struct mtr_home home, const struct mtr_home_row *row)
{
	struct surveying *s = context;
	struct mtr_key key = mtr_key_start();

	mtr_key_home(&key, home);
	crypto_generichash_update(&s->hash_head, key.data, key.size);
	if (row->first <= s->from)
		crypto_generichash_update(&s->hash_from, key.data, key.size);
	if (row->head > s->from)
		s->out->news = true;
	s->out->homes++;
	s->out->live += row->live;
	mtr_digest_add(s->out->digest, row->digest);
	return true;
}

void mtr_survey(struct mtr_txn *txn, const struct mtr_scope *scope, uint64_t from, struct mtr_survey *ret_survey)
{
	struct surveying s = {.out = ret_survey, .from = from};

	*ret_survey = (struct mtr_survey){.homes = 0};
	crypto_generichash_init(&s.hash_from, NULL, 0, MTR_SCOPE_HASH_BYTES);
	crypto_generichash_init(&s.hash_head, NULL, 0, MTR_SCOPE_HASH_BYTES);
	mtr_each_home_row(txn, scope, (struct mtr_home){0, 0, 0}, look_at, &s);
	crypto_generichash_final(&s.hash_from, ret_survey->hash_from, MTR_SCOPE_HASH_BYTES);
	crypto_generichash_final(&s.hash_head, ret_survey->hash_head, MTR_SCOPE_HASH_BYTES);
	/* Everything is a scope of its own, whatever homes there happen to be. */
	if (scope->everything) {
		memset(ret_survey->hash_from, 0xff, MTR_SCOPE_HASH_BYTES);
		memset(ret_survey->hash_head, 0xff, MTR_SCOPE_HASH_BYTES);
	}
}

void mtr_scope_digest(struct mtr_txn *txn, const struct mtr_scope *scope, uint8_t ret_digest[MTR_HASH_BYTES],
		      uint64_t *ret_count)
{
	struct mtr_survey survey;

	mtr_survey(txn, scope, 0, &survey);
	memcpy(ret_digest, survey.digest, MTR_HASH_BYTES);
	*ret_count = survey.live;
}
