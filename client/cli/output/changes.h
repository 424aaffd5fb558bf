/* What a sync changed, in words: who moved from where to where, and why. */
#ifndef MTR_CLI_CHANGES_H
#define MTR_CLI_CHANGES_H

#include "program/call.h"

struct mtr_client_change;
struct mtr_changes;

/* At most so many are shown at once; of more only the number. */
#define MTR_CHANGES_MAX 5000u

struct mtr_changes *mtr_changes_new(void);
/* From now on lines (not rows) leave out who a nomination, a person or an enrolment is about, and reasons people wrote:
 * for a place where nobody looks, such as a log. */
void mtr_changes_leave_names_out(struct mtr_changes *changes);
void mtr_changes_free(struct mtr_changes **changes);

/* Notes a change as the library tells it (mtr_client_sync_options.change); what it points to is copied. */
void mtr_changes_note(void *context, const struct mtr_client_change *change);

/* Shows what was noted, a line or row each, by the mirror as it is now, and forgets it. */
void mtr_changes_show(struct mtr_call *call, struct mtr_changes *changes);

/* The list that mtr_changes_show adds rows to, in CSV and JSON. */
void mtr_changes_begin(struct mtr_call *call);
void mtr_changes_end(struct mtr_call *call);

#endif
