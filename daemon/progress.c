#include "progress.h"

#include "work/monotime.h"

#include <stdio.h>
#include <unistd.h>

#define PAUSE_MS 100u
/* 20 digits, 6 commas and the end. */
#define GROUPED_BYTES 27u

struct mtr_progress mtr_progress_start(void)
{
	return (struct mtr_progress){.terminal = isatty(STDERR_FILENO)};
}

/* "1,234,567" */
static const char *grouped(uint64_t number, char text[GROUPED_BYTES])
{
	char *at = text + GROUPED_BYTES - 1;
	unsigned digits = 0;

	*at = '\0';
	do {
		if (digits > 0 && digits % 3 == 0)
			*--at = ',';
		*--at = (char)('0' + number % 10);
		number /= 10;
		digits++;
	} while (number > 0);
	return at;
}

void mtr_progress_show(struct mtr_progress *progress, const char *step, uint64_t done, uint64_t total)
{
	const uint64_t now = progress->terminal ? mtr_monotime_now().ms : 0;
	char so_far[GROUPED_BYTES], all[GROUPED_BYTES];

	if (!progress->terminal || (progress->shown && now - progress->shown_at < PAUSE_MS))
		return;
	progress->shown = true;
	progress->shown_at = now;
	if (total)
		dprintf(STDERR_FILENO, "\r\033[K%s: %s of %s", step, grouped(done, so_far), grouped(total, all));
	else
		dprintf(STDERR_FILENO, "\r\033[K%s", step);
}

void mtr_progress_clear(struct mtr_progress *progress)
{
	if (progress->shown)
		dprintf(STDERR_FILENO, "\r\033[K");
	progress->shown = false;
}
