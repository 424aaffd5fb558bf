#include "store/digest.h"

#include <sodium.h>

void mtr_digest_row(struct mtr_home home, Mtr__EntityType type, uint64_t id, uint64_t revision, struct mtr_bytes row,
		    uint8_t ret_digest[MTR_HASH_BYTES])
{
	struct mtr_key head = mtr_key_start();
	crypto_generichash_state state;

	mtr_key_home(&head, home);
	mtr_key_u8(&head, (uint8_t)type);
	mtr_key_u64(&head, id);
	mtr_key_u64(&head, revision);
	crypto_generichash_init(&state, NULL, 0, MTR_HASH_BYTES);
	crypto_generichash_update(&state, head.data, head.size);
	crypto_generichash_update(&state, row.data, row.size);
	crypto_generichash_final(&state, ret_digest, MTR_HASH_BYTES);
}

void mtr_digest_add(uint8_t sum[MTR_HASH_BYTES], const uint8_t digest[MTR_HASH_BYTES])
{
	unsigned carry = 0;

	for (size_t i = MTR_HASH_BYTES; i-- > 0;) {
		carry += (unsigned)sum[i] + digest[i];
		sum[i] = (uint8_t)carry;
		carry >>= 8;
	}
}

void mtr_digest_subtract(uint8_t sum[MTR_HASH_BYTES], const uint8_t digest[MTR_HASH_BYTES])
{
	unsigned borrow = 0;

	for (size_t i = MTR_HASH_BYTES; i-- > 0;) {
		const unsigned take = digest[i] + borrow;

		borrow = sum[i] < take;
		sum[i] = (uint8_t)(sum[i] - take);
	}
}
