/* What a restore of the register changed, put on record. */
#ifndef MTR_REGISTER_DIVERGENCE_H
#define MTR_REGISTER_DIVERGENCE_H

#include "register/decision.h"

/* When the entry was answered before the register was restored, and its outcome differs now (another error, another
 * state of the nomination, done or not), adds a Divergence to the effects. Nothing otherwise. False without memory or
 * on an error of the transaction. */
bool mtr_note_divergence(struct mtr_decision *decision);

/* Adds one that says which entries of the outbox nobody has any more: `from` to lost_to. */
bool mtr_note_lost(struct mtr_decision *decision, const Mtr__CloseOutbox *body, uint64_t from);

#endif
