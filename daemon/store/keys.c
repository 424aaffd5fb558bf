#include "contract/text.h"
#include "store/index.h"

#include <sodium.h>
#include <string.h>

struct mtr_key mtr_code_key(uint8_t kind, const void *code, size_t size)
{
	struct mtr_key key = mtr_key_start();

	mtr_key_u8(&key, kind);
	mtr_key_bytes(&key, code, size);
	return key;
}

struct mtr_key mtr_link_key(enum mtr_link_kind kind, uint64_t a, uint64_t b)
{
	struct mtr_key key = mtr_key_start();

	mtr_key_u8(&key, (uint8_t)kind);
	mtr_key_u64(&key, a);
	mtr_key_u64(&key, b);
	return key;
}

struct mtr_key mtr_person_nomination_key(uint32_t person_id, uint64_t nomination_id)
{
	const uint64_t block = nomination_id >> MTR_NOMINATION_BLOCK_BITS;

	return mtr_link_key(MTR_LINK_PERSON_NOMINATION, block << 32 | person_id, nomination_id);
}

/* The programme comes first: few are open at a time, so that a commit's keys lie together. */
struct mtr_key mtr_once_key(uint32_t person_id, uint32_t programme_id)
{
	struct mtr_key key = mtr_key_start();

	mtr_key_u32(&key, programme_id);
	mtr_key_u32(&key, person_id);
	return key;
}

struct mtr_key mtr_order_key(uint32_t programme_id, uint32_t unit_id, enum mtr_bucket bucket, struct mtr_bytes rank_key)
{
	struct mtr_key key = mtr_key_start();

	mtr_key_u32(&key, programme_id);
	mtr_key_u32(&key, unit_id);
	mtr_key_u8(&key, (uint8_t)bucket);
	mtr_key_bytes(&key, rank_key.data, rank_key.size);
	return key;
}

bool mtr_name_hash(const char *full_name, uint32_t birth, uint32_t unit_id, uint64_t *ret_hash)
{
	char folded[MTR_FOLDED_MAX(MTR_NAME_MAX)];
	uint8_t hash[crypto_generichash_BYTES_MIN];
	struct mtr_key rest = mtr_key_start();
	crypto_generichash_state state;
	const uint8_t *at = hash;

	if (!*full_name || !mtr_text_fold(full_name, folded, sizeof folded))
		return false;
	mtr_key_u32(&rest, birth);
	mtr_key_u32(&rest, unit_id);
	crypto_generichash_init(&state, NULL, 0, sizeof hash);
	crypto_generichash_update(&state, (const uint8_t *)folded, strlen(folded));
	crypto_generichash_update(&state, rest.data, rest.size);
	crypto_generichash_final(&state, hash, sizeof hash);
	*ret_hash = mtr_get_u64(&at);
	return true;
}
