/* Whether a register that isn't the one this desk knows may go on from a backup: only when the restore was signed with
 * the recovery key that was told at the first contact. */
#ifndef MTR_CLIENT_RESTORED_H
#define MTR_CLIENT_RESTORED_H

#include "client.h"

enum mtr_restored {
	MTR_RESTORED_KNOWN, /* it is the register as it was */
	MTR_RESTORED_MEET,  /* it is the first one met: ask for its statements, to take note of it */
	MTR_RESTORED_ASK,   /* it was restored, or says so: ask for its statements */
};
/* By a hello. STATE, MEMORY. */
int mtr_restored_look(struct mtr_client *client, const Mtr__HelloReply *hello, enum mtr_restored *ret_restored);

/* Takes note of a register at the first contact; `list` is NULL when it has no statements to tell. STATE, MEMORY. */
int mtr_restored_meet(struct mtr_client *client, const Mtr__IncarnationList *list, uint64_t incarnation,
		      const uint8_t *recovery_key);

/* What the client adopts, when the statements lead from an incarnation it has met to the one that `hello` tells, each
 * signed, and nothing that was stated before is said again. UNSIGNED, STATE, STATE_FULL, MEMORY. */
int mtr_restored_adopt(struct mtr_client *client, const Mtr__IncarnationList *list, uint64_t incarnation,
		       uint64_t outbox_next);

#endif
