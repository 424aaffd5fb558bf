/* Digests of rows and of homes (schema.h says of what). */
#ifndef MTR_STORE_DIGEST_H
#define MTR_STORE_DIGEST_H

#include "store/schema.h"

void mtr_digest_row(struct mtr_home home, Mtr__EntityType type, uint64_t id, uint64_t revision, struct mtr_bytes row,
		    uint8_t ret_digest[MTR_HASH_BYTES]);

/* sum ± digest, as big-endian numbers mod 2^256. */
void mtr_digest_add(uint8_t sum[MTR_HASH_BYTES], const uint8_t digest[MTR_HASH_BYTES]);
void mtr_digest_subtract(uint8_t sum[MTR_HASH_BYTES], const uint8_t digest[MTR_HASH_BYTES]);

#endif
