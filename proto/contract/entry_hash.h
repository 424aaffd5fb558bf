/* The hash that chains the entries of an outbox. */
#ifndef MTR_CONTRACT_ENTRY_HASH_H
#define MTR_CONTRACT_ENTRY_HASH_H

#include "contract/bytes.h"
#include "contract/limits.h"

/* BLAKE2b-256(previous hash ‖ sequence as 8 bytes big-endian ‖ packed command); before the first entry the previous
 * hash is zeros. */
void mtr_entry_hash(const uint8_t previous_hash[MTR_HASH_BYTES], uint64_t sequence, struct mtr_bytes command,
		    uint8_t ret_hash[MTR_HASH_BYTES]);

#endif
