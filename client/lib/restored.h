/* Whether a register that isn't the one this desk knows may go on from a backup: only when the restore was signed with
 * the recovery key that was told at the first contact. */
#ifndef MTR_CLIENT_RESTORED_H
#define MTR_CLIENT_RESTORED_H

#include "client.h"

enum mtr_restored {
	MTR_RESTORED_KNOWN, /* it is the register as it was, or the first one met, of which note is taken */
	MTR_RESTORED_ASK,   /* it was restored, or says so: ask for the statements */
};
/* By a hello. STATE, MEMORY. */
int mtr_restored_look(struct mtr_client *client, const Mtr__HelloReply *hello, enum mtr_restored *ret_restored);

/* What the client adopts, when the statements lead from an incarnation it has met to the one that `hello` tells, each
 * signed, and nothing that was stated before is said again. UNSIGNED, STATE, STATE_FULL, MEMORY. */
int mtr_restored_adopt(struct mtr_client *client, const Mtr__IncarnationList *list, uint64_t incarnation,
		       uint64_t outbox_next);

#endif
