/* Bringing the mirror forward, and what is said of it. */
#ifndef MTR_CLI_SYNCING_H
#define MTR_CLI_SYNCING_H

#include "output/changes.h"
#include "program/call.h"

struct mtr_syncing {
	struct mtr_call *call;
	struct mtr_changes *changes; /* NULL: nobody shall see them */
	uint64_t rows_told;
	void (*alive)(void); /* after each page; NULL: nobody wants to know */
};

/* To the head; waits so long for news there. Enum mtr_client_error. */
int mtr_sync_once(struct mtr_syncing *syncing, uint32_t wait_ms);
/* Shows the changes so far, with names from the mirror as it is now. */
void mtr_sync_show_changes(struct mtr_syncing *syncing);
/* Says how the mirror is. Enum mtr_exit. */
int mtr_sync_tell_state(struct mtr_call *call);
/* Says an error of mtr_sync_once; the exit code. */
int mtr_sync_failed(struct mtr_call *call, int error);

#endif
