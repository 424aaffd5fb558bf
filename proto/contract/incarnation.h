/* Statements that a register was set back to a backup (audit.proto), and their signatures. */
#ifndef MTR_CONTRACT_INCARNATION_H
#define MTR_CONTRACT_INCARNATION_H

#include "contract/key_file.h"
#include "matricula/v1/audit.pb-c.h"

/* True if every field that is signed has its length and a value that can be: two different incarnations, the later one
 * not 0, a fork behind revision 1, a reason of at most MTR_TEXT_MAX bytes. */
bool mtr_incarnation_complete(const Mtr__Incarnation *statement);

/* The signature of a complete statement by a signing pair (mtr_signing_pair_make). */
void mtr_incarnation_sign(const Mtr__Incarnation *statement, const struct mtr_key_pair *signer,
			  uint8_t ret_signature[MTR_SIGNATURE_BYTES]);

/* True if the statement is complete, names `key` as its signer's, and is signed by it. */
bool mtr_incarnation_signed(const Mtr__Incarnation *statement, const uint8_t key[MTR_KEY_BYTES]);

#endif
