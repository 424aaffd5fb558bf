/* Times and money as people write them. */
#ifndef MTR_CLI_SHOW_H
#define MTR_CLI_SHOW_H

#include "contract/arena.h"

#include <stdint.h>

/* "20/03/2025 14:05", Asia/Ho_Chi_Minh; "" for 0. */
const char *mtr_show_time(struct mtr_arena *arena, uint64_t ms);
/* "2025-03-20T07:05:00.123Z"; "" for 0. */
const char *mtr_show_time_iso(struct mtr_arena *arena, uint64_t ms);
/* "11.147.406.000" */
const char *mtr_show_money(struct mtr_arena *arena, uint64_t dong);

#endif
