/* Text without accents, as headings and names are compared. */
#ifndef MTR_CLI_PLAIN_H
#define MTR_CLI_PLAIN_H

#include "contract/arena.h"

#include <stdbool.h>

/* Small letters without accents, đ as d, everything but letters and digits as single spaces: "Ngày, tháng SINH" is
 * "ngay thang sinh". "" for text that isn't UTF-8. In the arena. */
const char *mtr_plain(struct mtr_arena *arena, const char *text);

/* True if `plain` is one of the '|'-separated `names`. */
bool mtr_is_named(const char *names, const char *plain);

/* True if UTF-8 text looks as if its bytes had been TCVN3 or VNI: letters or pairs that Vietnamese doesn't have. */
bool mtr_looks_legacy(struct mtr_arena *arena, const char *text);

#endif
