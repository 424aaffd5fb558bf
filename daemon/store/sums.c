#include "store/sums.h"

#include "store/index.h"
#include "store/internal.h"
#include "store/verify.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define KEY_SHOWN 48u

static const struct mtr_bytes all = {NULL, 0};

static void hash_bytes(crypto_generichash_state *state, struct mtr_bytes bytes)
{
	struct mtr_key size = mtr_key_start();

	mtr_key_u64(&size, bytes.size);
	crypto_generichash_update(state, size.data, size.size);
	crypto_generichash_update(state, bytes.data, bytes.size);
}

static void sum_table(struct mtr_txn *txn, enum mtr_table table, struct mtr_table_sum *ret_sum)
{
	crypto_generichash_state state;
	struct mtr_bytes key, value;
	struct mtr_walk walk;

	ret_sum->rows = 0;
	crypto_generichash_init(&state, NULL, 0, MTR_HASH_BYTES);
	mtr_walk_begin(&walk, txn, table, all, all);
	while (mtr_walk_next(&walk, &key, &value)) {
		hash_bytes(&state, key);
		hash_bytes(&state, value);
		ret_sum->rows++;
	}
	mtr_walk_end(&walk);
	crypto_generichash_final(&state, ret_sum->digest, MTR_HASH_BYTES);
}

void mtr_table_sums(struct mtr_txn *txn, struct mtr_table_sum ret_sums[MTR_TABLES])
{
	for (unsigned table = 0; table < MTR_TABLES; table++)
		sum_table(txn, (enum mtr_table)table, &ret_sums[table]);
}

void mtr_table_digests(struct mtr_txn *txn, uint8_t ret_digests[MTR_TABLES][MTR_HASH_BYTES])
{
	struct mtr_table_sum sums[MTR_TABLES];

	mtr_table_sums(txn, sums);
	for (unsigned table = 0; table < MTR_TABLES; table++)
		memcpy(ret_digests[table], sums[table].digest, MTR_HASH_BYTES);
}

void mtr_row_name(enum mtr_table table, struct mtr_bytes key, struct mtr_bytes value, char ret_name[MTR_ROW_NAME_MAX])
{
	const size_t shown = key.size < KEY_SHOWN ? key.size : KEY_SHOWN;
	char hex[2 * KEY_SHOWN + 1];
	const uint8_t *id = value.data;

	if (table == MTR_TABLE_CODE && key.size && key.data[0] == MTR_CODE_CITIZEN) {
		snprintf(ret_name, MTR_ROW_NAME_MAX, "table %s, the number of person %" PRIu64, mtr_table_name(table),
			 value.size == 8 ? mtr_get_u64(&id) : 0);
		return;
	}
	sodium_bin2hex(hex, sizeof hex, key.data, shown);
	snprintf(ret_name, MTR_ROW_NAME_MAX, "table %s, key %s%s", mtr_table_name(table), hex,
		 shown < key.size ? "..." : "");
}

struct side {
	struct mtr_walk walk;
	struct mtr_bytes key, value;
	bool more;
};

static void step(struct side *side)
{
	side->more = mtr_walk_next(&side->walk, &side->key, &side->value);
}

static int order(struct mtr_bytes x, struct mtr_bytes y)
{
	const size_t least = x.size < y.size ? x.size : y.size;
	const int order = least ? memcmp(x.data, y.data, least) : 0;

	return order ? order : (x.size > y.size) - (x.size < y.size);
}

/* The side whose key comes first has the row that the other lacks. */
static const struct side *first_of(const struct side *left, const struct side *right)
{
	if (!left->more || !right->more)
		return left->more ? left : right;
	return order(left->key, right->key) <= 0 ? left : right;
}

static bool same(const struct side *left, const struct side *right)
{
	return left->more == right->more &&
	       (!left->more || (order(left->key, right->key) == 0 && order(left->value, right->value) == 0));
}

bool mtr_table_difference(struct mtr_txn *left, struct mtr_txn *right, enum mtr_table table,
			  char ret_name[MTR_ROW_NAME_MAX])
{
	struct side sides[2];

	mtr_walk_begin(&sides[0].walk, left, table, all, all);
	mtr_walk_begin(&sides[1].walk, right, table, all, all);
	do {
		step(&sides[0]);
		step(&sides[1]);
	} while (sides[0].more && same(&sides[0], &sides[1]));
	const bool differ = !left->error && !right->error && !same(&sides[0], &sides[1]);
	const struct side *first = first_of(&sides[0], &sides[1]);

	if (differ)
		mtr_row_name(table, first->key, first->value, ret_name);
	mtr_walk_end(&sides[0].walk);
	mtr_walk_end(&sides[1].walk);
	return differ;
}
