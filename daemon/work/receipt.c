#include "work/receipt.h"

#include <sodium.h>

void mtr_receipt_key(const struct mtr_key_pair *server, uint8_t ret_key[MTR_HASH_BYTES])
{
	static const uint8_t tag[16] = "MTR-RECEIPT-KEY";

	crypto_generichash(ret_key, MTR_HASH_BYTES, tag, sizeof tag, server->secret_key, sizeof server->secret_key);
}

static void put_u64(uint8_t bytes[8], uint64_t value)
{
	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(value >> (56 - 8 * i));
}

void mtr_receipt_make(const uint8_t key[MTR_HASH_BYTES], const struct mtr_receipt_of *of,
		      uint8_t ret_receipt[MTR_RECEIPT_BYTES])
{
	uint8_t answer[MTR_HASH_BYTES], sequence[8], revision[8];
	crypto_generichash_state state;

	crypto_generichash(answer, sizeof answer, of->answer.data, of->answer.size, NULL, 0);
	put_u64(sequence, of->sequence);
	put_u64(revision, of->revision);
	crypto_generichash_init(&state, key, MTR_HASH_BYTES, MTR_RECEIPT_BYTES);
	crypto_generichash_update(&state, of->outbox, MTR_OUTBOX_BYTES);
	crypto_generichash_update(&state, sequence, sizeof sequence);
	crypto_generichash_update(&state, of->entry_hash, MTR_HASH_BYTES);
	crypto_generichash_update(&state, revision, sizeof revision);
	crypto_generichash_update(&state, answer, sizeof answer);
	crypto_generichash_final(&state, ret_receipt, MTR_RECEIPT_BYTES);
}

bool mtr_receipt_proves(const uint8_t key[MTR_HASH_BYTES], const struct mtr_receipt_of *of, struct mtr_bytes receipt)
{
	uint8_t own[MTR_RECEIPT_BYTES];

	if (receipt.size != MTR_RECEIPT_BYTES)
		return false;
	mtr_receipt_make(key, of, own);
	return sodium_memcmp(own, receipt.data, sizeof own) == 0;
}
