/* How far something long has come, on a terminal; nothing where there is none. */
#ifndef MTR_PROGRESS_H
#define MTR_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct mtr_progress {
	bool terminal, shown;
	uint64_t shown_at; /* ms */
};

struct mtr_progress mtr_progress_start(void);
/* One line, at most ten times a second. `step` says what is counted; with `total` 0 it isn't known how much there is.
 */
void mtr_progress_show(struct mtr_progress *progress, const char *step, uint64_t done, uint64_t total);
/* Takes the line away, before something else is written. */
void mtr_progress_clear(struct mtr_progress *progress);

#endif
