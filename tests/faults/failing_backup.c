/* failing_backup: one call of the system fails while a backup is made, the first, the second, the third, ... until one
 * meets none; then, one file after another, the disk keeps something else than was written. What was told done
 * restores, and the next backup is none the worse. */
#include "backups.h"
#include "drive.h"
#include "faults.h"
#include "scratch.h"
#include "trace.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define ENTRIES (SCRIPT_SET_UP + 5u)
#define WHERE BACKUPS_NAME "/"

struct run {
	char scratch[PATH_MAX], root[PATH_MAX];
	struct script script;
	struct history history;
	struct promise promise;
	uint32_t backups, told; /* made while something failed; of these, how many were told done none the less */
	char what[64];
};

static bool wrong(const struct run *run, const char *what)
{
	fprintf(stderr, "failing_backup: %s: %s\n", run->what, what);
	return false;
}

static bool live(struct run *run)
{
	char backups[PATH_MAX];
	struct drive drive;
	bool good;

	(void)snprintf(run->root, sizeof run->root, "%.*s/run", PATH_MAX - 24, run->scratch);
	(void)snprintf(backups, sizeof backups, "%.*s/" BACKUPS_NAME, PATH_MAX - 16, run->root);
	if (mkdir(run->root, 0700) < 0 || mkdir(backups, 0700) < 0)
		abort();
	drive_begin(&drive, run->root, &run->script, &run->history);
	good = drive_make(&drive) && drive_open(&drive) && drive_turn(&drive, ENTRIES) && drive_kill(&drive) &&
	       history_fetch(&run->history, drive.town.data.engine, run->scratch, 1);
	town_close(&drive.town);
	run->promise =
		(struct promise){.script = &run->script, .history = &run->history, .made = true, .answered = ENTRIES};
	return good || wrong(run, drive.reason);
}

/* One backup while a call fails, the first after one that was made well. */
static bool attempt(struct run *run, enum fault fault, uint32_t number, bool *ret_struck)
{
	char reason[900];
	uint64_t revision;

	(void)snprintf(run->what, sizeof run->what, "%s at call %u", fault_name(fault), number);
	trace_begin(run->root);
	fault_arm(fault, number, WHERE, false);
	const enum mtr_exit_status status = backups_make(run->root, &revision, reason, sizeof reason);

	*ret_struck = fault_disarm();
	struct trace *trace = trace_end();

	trace_free(&trace);
	if (status && !*ret_struck)
		return wrong(run, reason);
	if (!status && *ret_struck && fault == FAULT_SPOIL)
		return wrong(run, "a backup is told done that isn't what was written");
	if (!status)
		run->promise.backed_up = revision;
	run->backups += *ret_struck;
	run->told += *ret_struck && !status;
	return backups_inspect(run->root, &run->promise, reason, sizeof reason) || wrong(run, reason);
}

static bool fail_each(struct run *run, enum fault fault)
{
	bool struck = true;

	for (uint32_t number = 1; struck; number++)
		if (!attempt(run, fault, number, &struck))
			return false;
	return true;
}

int main(void)
{
	static const enum fault faults[] = {FAULT_EIO, FAULT_FULL, FAULT_SHORT, FAULT_TORN, FAULT_SPOIL};
	static struct run run;
	FILE *report = scratch_silence();
	bool good;

	if (sodium_init() < 0 || !report)
		abort();
	scratch_make(run.scratch);
	script_write(&run.script, 3, ENTRIES);
	good = live(&run);
	for (size_t i = 0; good && i < sizeof faults / sizeof *faults; i++)
		good = fail_each(&run, faults[i]);
	fprintf(report, "%u backups of which a call failed or a file was spoilt, %u told done\n", run.backups,
		run.told);
	fclose(report);
	script_free(&run.script);
	scratch_remove(run.scratch);
	return good ? 0 : 1;
}
