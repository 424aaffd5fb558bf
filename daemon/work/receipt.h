/* Receipts: with each final answer goes a MAC that only this server can make, so that after a restore from a backup a
 * desk can prove what it had been answered, and when in the order of things.
 *
 * receipt = BLAKE2b-256 under the receipt key of: outbox (16) ‖ sequence (8) ‖ entry hash (32) ‖ revision (8) ‖
 * BLAKE2b-256 of the packed Answer. Numbers are big-endian. */
#ifndef MTR_WORK_RECEIPT_H
#define MTR_WORK_RECEIPT_H

#include "contract/bytes.h"
#include "contract/key_file.h"

#define MTR_RECEIPT_BYTES MTR_HASH_BYTES

/* The key of receipts follows from the server's secret key: BLAKE2b-256 under it of a tag. */
void mtr_receipt_key(const struct mtr_key_pair *server, uint8_t ret_key[MTR_HASH_BYTES]);

/* What a receipt says. */
struct mtr_receipt_of {
	const uint8_t *outbox; /* MTR_OUTBOX_BYTES */
	uint64_t sequence;
	const uint8_t *entry_hash; /* MTR_HASH_BYTES */
	uint64_t revision;         /* of the answer */
	struct mtr_bytes answer;   /* packed Answer */
};
void mtr_receipt_make(const uint8_t key[MTR_HASH_BYTES], const struct mtr_receipt_of *of,
		      uint8_t ret_receipt[MTR_RECEIPT_BYTES]);

/* Compares in constant time; false also for a receipt of another size. */
bool mtr_receipt_proves(const uint8_t key[MTR_HASH_BYTES], const struct mtr_receipt_of *of, struct mtr_bytes receipt);

#endif
