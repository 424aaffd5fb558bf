/* The boxes in which entries travel through another desk's connection: encrypted and authenticated between the keys of
 * a desk and of the server, which are X25519 keys (crypto_box of libsodium). */
#ifndef MTR_CONTRACT_RELAY_H
#define MTR_CONTRACT_RELAY_H

#include "contract/bytes.h"
#include "contract/key_file.h"

#define MTR_RELAY_NONCE_BYTES 16u
#define MTR_RELAY_MAC_BYTES 16u /* a box is so much longer than what is in it */

/* A box made for one direction can't be opened as one of the other. */
enum mtr_relay_direction {
	MTR_RELAY_TO_SERVER,
	MTR_RELAY_TO_DESK,
};

/* Fills nonce and box, which has room for plain.size + MTR_RELAY_MAC_BYTES. False for a key that is no key. */
bool mtr_relay_seal(enum mtr_relay_direction direction, const struct mtr_key_pair *own,
		    const uint8_t other_public_key[MTR_KEY_BYTES], struct mtr_bytes plain,
		    uint8_t ret_nonce[MTR_RELAY_NONCE_BYTES], uint8_t *ret_box);

/* Opens it; `ret_plain` has room for box.size - MTR_RELAY_MAC_BYTES. False when nonce or box are of the wrong size, or
 * the box wasn't made by the other key for this one in this direction; then nothing is written. */
bool mtr_relay_open(enum mtr_relay_direction direction, const struct mtr_key_pair *own,
		    const uint8_t other_public_key[MTR_KEY_BYTES], struct mtr_bytes nonce, struct mtr_bytes box,
		    uint8_t *ret_plain);

#endif
