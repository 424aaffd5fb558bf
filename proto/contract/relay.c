#include "contract/relay.h"

#include <sodium.h>
#include <string.h>

#define PREFIX_BYTES 8u

_Static_assert(PREFIX_BYTES + MTR_RELAY_NONCE_BYTES == crypto_box_NONCEBYTES, "prefix and nonce fill a nonce");
_Static_assert(MTR_RELAY_MAC_BYTES == crypto_box_MACBYTES, "length of a box");
_Static_assert(MTR_KEY_BYTES == crypto_box_PUBLICKEYBYTES, "keys of a link fit a box");

static void full_nonce(enum mtr_relay_direction direction, const uint8_t nonce[MTR_RELAY_NONCE_BYTES],
		       uint8_t ret_full[crypto_box_NONCEBYTES])
{
	memcpy(ret_full, direction == MTR_RELAY_TO_SERVER ? "MTR-ASK-" : "MTR-TELL", PREFIX_BYTES);
	memcpy(ret_full + PREFIX_BYTES, nonce, MTR_RELAY_NONCE_BYTES);
}

bool mtr_relay_seal(enum mtr_relay_direction direction, const struct mtr_key_pair *own,
		    const uint8_t other_public_key[MTR_KEY_BYTES], struct mtr_bytes plain,
		    uint8_t ret_nonce[MTR_RELAY_NONCE_BYTES], uint8_t *ret_box)
{
	uint8_t nonce[crypto_box_NONCEBYTES];

	randombytes_buf(ret_nonce, MTR_RELAY_NONCE_BYTES);
	full_nonce(direction, ret_nonce, nonce);
	return crypto_box_easy(ret_box, plain.data, plain.size, nonce, other_public_key, own->secret_key) == 0;
}

bool mtr_relay_open(enum mtr_relay_direction direction, const struct mtr_key_pair *own,
		    const uint8_t other_public_key[MTR_KEY_BYTES], struct mtr_bytes nonce, struct mtr_bytes box,
		    uint8_t *ret_plain)
{
	uint8_t full[crypto_box_NONCEBYTES];

	if (nonce.size != MTR_RELAY_NONCE_BYTES || box.size < MTR_RELAY_MAC_BYTES)
		return false;
	full_nonce(direction, nonce.data, full);
	return crypto_box_open_easy(ret_plain, box.data, box.size, full, other_public_key, own->secret_key) == 0;
}
