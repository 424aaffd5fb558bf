/* Checkpoints (audit.proto): the register's signature over where its chain of records stands. */
#ifndef MTR_CONTRACT_CHECKPOINT_H
#define MTR_CONTRACT_CHECKPOINT_H

#include "contract/key_file.h"
#include "matricula/v1/audit.pb-c.h"

/* Records after which a checkpoint is due, and the time after which one is due when there was any record: a page of
 * history (MTR_HISTORY_RECORDS_MAX) always holds one, and a desk never trusts more than an hour that nobody signed. */
#define MTR_CHECKPOINT_RECORDS 4096u
#define MTR_CHECKPOINT_MS (60u * 60u * 1000u)

/* Largest packed Checkpoint. */
#define MTR_CHECKPOINT_BYTES 192u

/* True if every field that is signed has its length and the revision isn't 0. */
bool mtr_checkpoint_complete(const Mtr__Checkpoint *checkpoint);

/* The signature of a complete checkpoint by a signing pair (mtr_signing_pair_make). */
void mtr_checkpoint_sign(const Mtr__Checkpoint *checkpoint, const struct mtr_key_pair *signer,
			 uint8_t ret_signature[MTR_SIGNATURE_BYTES]);

/* True if the checkpoint is complete, names `key` as its signer's, and is signed by it. */
bool mtr_checkpoint_signed(const Mtr__Checkpoint *checkpoint, const uint8_t key[MTR_KEY_BYTES]);

#endif
