#include "contract/entry_hash.h"

#include <sodium.h>

void mtr_entry_hash(const uint8_t previous_hash[MTR_HASH_BYTES], uint64_t sequence, struct mtr_bytes command,
		    uint8_t ret_hash[MTR_HASH_BYTES])
{
	crypto_generichash_state state;
	uint8_t number[8];

	for (int i = 0; i < 8; i++)
		number[i] = (uint8_t)(sequence >> (56 - 8 * i));
	crypto_generichash_init(&state, NULL, 0, MTR_HASH_BYTES);
	crypto_generichash_update(&state, previous_hash, MTR_HASH_BYTES);
	crypto_generichash_update(&state, number, sizeof number);
	crypto_generichash_update(&state, command.data, command.size);
	crypto_generichash_final(&state, ret_hash, MTR_HASH_BYTES);
}
