#include "progress.h"

#include "work/monotime.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define PAUSE_MS 100u

struct mtr_progress mtr_progress_start(void)
{
	return (struct mtr_progress){.terminal = isatty(STDERR_FILENO)};
}

void mtr_progress_show(struct mtr_progress *progress, const char *step, uint64_t done, uint64_t total)
{
	const uint64_t now = progress->terminal ? mtr_monotime_now().ms : 0;

	if (!progress->terminal || (progress->shown && now - progress->shown_at < PAUSE_MS))
		return;
	progress->shown = true;
	progress->shown_at = now;
	if (total)
		dprintf(STDERR_FILENO, "\r\033[K%s: %" PRIu64 " of %" PRIu64, step, done, total);
	else
		dprintf(STDERR_FILENO, "\r\033[K%s", step);
}

void mtr_progress_clear(struct mtr_progress *progress)
{
	if (progress->shown)
		dprintf(STDERR_FILENO, "\r\033[K");
	progress->shown = false;
}
