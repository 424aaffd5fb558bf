/* What a nomination's own row doesn't say about where it stands: its place among those who wait, a frozen list. */
#ifndef MTR_CLI_STANDINGS_H
#define MTR_CLI_STANDINGS_H

#include "matricula/v1/queries.pb-c.h"
#include "program/call.h"

struct mtr_standings;

/* Reads them for the nominations a list filters by plan, programme and unit. Enum mtr_exit. */
int mtr_standings_read(struct mtr_call *call, const Mtr__List *like, struct mtr_standings **ret_standings);
void mtr_standings_free(struct mtr_standings **standings);

/* From 1; 0 when the nomination doesn't wait. */
uint32_t mtr_standings_waiting(const struct mtr_standings *standings, const Mtr__Nomination *nomination);
bool mtr_standings_frozen(const struct mtr_standings *standings, const Mtr__Nomination *nomination);

#endif
