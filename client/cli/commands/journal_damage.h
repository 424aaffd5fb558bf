/* What is wrong with a journal's files, told to a person. */
#ifndef MTR_CLI_JOURNAL_DAMAGE_H
#define MTR_CLI_JOURNAL_DAMAGE_H

#include "engine/inspect.h"
#include "program/call.h"

/* One piece of damage as mtr_inspect tells it; `gap` counts when a segment is missing. */
void mtr_journal_damaged(struct mtr_call *call, const struct mtr_damage *damage, const struct mtr_inspect_gap *gap,
			 const char *what);

#endif
