#include "contract/checkpoint.h"

#include <sodium.h>
#include <string.h>

#define TAG "MTR-CHECKPOINT-1"
#define TAG_BYTES (sizeof TAG - 1)
#define SIGNED_BYTES (TAG_BYTES + 8u + 8u + MTR_HASH_BYTES + 8u)

static uint8_t *put_u64(uint8_t *at, uint64_t value)
{
	for (unsigned shift = 64; shift > 0; shift -= 8)
		*at++ = (uint8_t)(value >> (shift - 8));
	return at;
}

/* What is signed. */
static void lay_out(const Mtr__Checkpoint *checkpoint, uint8_t ret_bytes[SIGNED_BYTES])
{
	uint8_t *at = ret_bytes;

	memcpy(at, TAG, TAG_BYTES);
	at = put_u64(at + TAG_BYTES, checkpoint->incarnation);
	at = put_u64(at, checkpoint->revision);
	memcpy(at, checkpoint->chain.data, MTR_HASH_BYTES);
	put_u64(at + MTR_HASH_BYTES, checkpoint->at);
}

bool mtr_checkpoint_complete(const Mtr__Checkpoint *checkpoint)
{
	return checkpoint->revision && checkpoint->chain.len == MTR_HASH_BYTES;
}

void mtr_checkpoint_sign(const Mtr__Checkpoint *checkpoint, const struct mtr_key_pair *signer,
			 uint8_t ret_signature[MTR_SIGNATURE_BYTES])
{
	uint8_t bytes[SIGNED_BYTES];

	lay_out(checkpoint, bytes);
	mtr_signing_pair_sign(signer, bytes, sizeof bytes, ret_signature);
}

bool mtr_checkpoint_signed(const Mtr__Checkpoint *checkpoint, const uint8_t key[MTR_KEY_BYTES])
{
	uint8_t bytes[SIGNED_BYTES];

	if (!mtr_checkpoint_complete(checkpoint) || checkpoint->public_key.len != MTR_KEY_BYTES ||
	    checkpoint->signature.len != MTR_SIGNATURE_BYTES ||
	    memcmp(checkpoint->public_key.data, key, MTR_KEY_BYTES) != 0)
		return false;
	lay_out(checkpoint, bytes);
	return crypto_sign_verify_detached(checkpoint->signature.data, bytes, sizeof bytes, key) == 0;
}
