/* What a desk remembers of a register's history, and the file in which it lies and goes to auditors.
 *
 *	matricula-history 1
 *	server-key 40 characters of Z85
 *	audit-key 40 characters of Z85
 *	recovery-key 40 characters of Z85          when the register has one
 *	incarnation NUMBER                         from here on once there was a checkpoint
 *	revision NUMBER
 *	chain 64 hexadecimal digits
 *	at NUMBER
 *	signature 128 hexadecimal digits */
#ifndef MTR_CONTRACT_KNOWN_HISTORY_H
#define MTR_CONTRACT_KNOWN_HISTORY_H

#include "contract/checkpoint.h"

#include <stdbool.h>
#include <stddef.h>

/* Any such file is smaller, its zero included. */
#define MTR_KNOWN_HISTORY_MAX 1024u

struct mtr_known_history {
	uint8_t server_key[MTR_KEY_BYTES]; /* of the register's CURVE key pair */
	uint8_t audit_key[MTR_KEY_BYTES];
	bool has_recovery_key;
	uint8_t recovery_key[MTR_KEY_BYTES];
	/* The newest checkpoint that was verified; revision 0: none was. */
	uint64_t incarnation, revision, at;
	uint8_t chain[MTR_HASH_BYTES];
	uint8_t signature[MTR_SIGNATURE_BYTES];
};

/* The file's text, with a zero after it; returns its size. */
size_t mtr_known_history_print(const struct mtr_known_history *known, char ret_text[MTR_KNOWN_HISTORY_MAX]);

/* False when the text isn't exactly one, or its checkpoint isn't signed by its audit key. */
bool mtr_known_history_parse(const char *text, size_t size, struct mtr_known_history *ret_known);

/* Remembers this checkpoint, which is signed by the audit key. */
void mtr_known_history_take(struct mtr_known_history *known, const Mtr__Checkpoint *checkpoint);

#endif
