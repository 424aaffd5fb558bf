#include "drive.h"

#include "trace.h"

#include <stdio.h>
#include <string.h>

/* One call fails; so what is done a third time must come to something. */
#define TRIES 3u

/* An answer counts from the moment at which it is given. */
static void take_reply(void *context, struct mtr_work *work)
{
	struct drive *drive = context;

	if (drive->stopped) {
		mtr_work_free(&work);
	} else if (history_take(drive->history, work)) {
		trace_promise(EVENT_ANSWERED, ++drive->history->answered);
	} else {
		drive->stopped = true;
		drive->turned_away++;
	}
}

void drive_begin(struct drive *drive, const char *root, const struct script *script, struct history *history)
{
	*drive = (struct drive){.script = script, .history = history};
	memset(history, 0, sizeof *history);
	town_settle(&drive->town, root);
	drive->town.reply = take_reply;
}

static bool wrong(struct drive *drive, const char *what)
{
	(void)snprintf(drive->reason, sizeof drive->reason, "%s: %.200s", what, town_said());
	return false;
}

bool drive_make(struct drive *drive)
{
	enum mtr_exit_status status = MTR_EXIT_OK;

	for (uint32_t i = 0; i < TRIES; i++) {
		status = town_init(&drive->town);
		/* USAGE: the register is there, an earlier try has come so far. */
		if (!status || (i && status == MTR_EXIT_USAGE)) {
			trace_promise(EVENT_ANSWERED, 0);
			return true;
		}
	}
	return wrong(drive, "no register can be made");
}

bool drive_open(struct drive *drive)
{
	for (uint32_t i = 0; i < TRIES; i++)
		if (!town_open(&drive->town))
			return true;
	return wrong(drive, "it doesn't start");
}

static bool start_again(struct drive *drive)
{
	drive->restarts++;
	town_close(&drive->town);
	return drive_open(drive);
}

bool drive_turn(struct drive *drive, size_t entries)
{
	struct mtr_work *works = NULL, **end = &works;

	for (size_t i = 0; i < entries; i++) {
		*end = script_work(drive->script, drive->history->answered + i);
		end = &(*end)->next;
	}
	drive->town.now += 1000;
	drive->stopped = false;
	town_turn(&drive->town, works);
	return !drive->town.failed || start_again(drive);
}

bool drive_kill(struct drive *drive)
{
	return start_again(drive);
}

bool drive_checkpoint(struct drive *drive)
{
	town_checkpoint(&drive->town);
	return !drive->town.failed || start_again(drive);
}
