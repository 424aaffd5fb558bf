/* failing_calls EIO|TORN|FULL|SHORT|full|clock: has a register made and worked with while one call of the system fails,
 * the first, the second, the third, ... until a run meets none; or while the disk is full for a time, or the clock
 * jumps. It is started again whenever it ends. Then the power is cut, and what was answered must be there. */
#include "drive.h"
#include "faults.h"
#include "inspect.h"
#include "platter.h"
#include "scratch.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define ENTRIES (SCRIPT_SET_UP + 14u)
#define SET_UP_TURN 17u
#define TURNS_MAX 200u
#define TEN_YEARS_MS UINT64_C(315576000000)

struct run {
	char scratch[PATH_MAX];
	struct script script;
	struct history history;
	struct drive drive;
	struct random random;
	FILE *report;
	uint32_t runs, restarts, turned_away, served_full;
	char what[96]; /* is done to it in this run */
};

static bool wrong(const struct run *run, const char *what)
{
	fprintf(stderr, "failing_calls: %s: %s\n", run->what, what);
	return false;
}

/* Sends a turn's entries; commits after some; is killed once. */
static bool turn(struct run *run, size_t number)
{
	const size_t answered = run->history.answered, left = ENTRIES - 1 - answered;
	const size_t entries = answered < SCRIPT_SET_UP ? SET_UP_TURN : 1;
	bool good = drive_turn(&run->drive, entries < left ? entries : left);

	if (good && number % 3 == 2)
		town_commit(&run->drive.town);
	if (good && run->drive.town.failed)
		good = drive_kill(&run->drive);
	if (good && number == 9)
		good = drive_kill(&run->drive);
	return good;
}

static bool make(struct run *run)
{
	char root[PATH_MAX];

	(void)snprintf(root, sizeof root, "%.*s/run", PATH_MAX - 8, run->scratch);
	if (mkdir(root, 0700) < 0)
		abort();
	drive_begin(&run->drive, root, &run->script, &run->history);
	trace_begin(root);
	return drive_make(&run->drive) && drive_open(&run->drive);
}

static bool inspect_cut(struct run *run, const struct platter *platter, const struct cut *cut)
{
	const struct promise promise = {&run->script, &run->history, true, run->history.answered, 0};
	struct image *image = platter_cut(platter, cut, &run->random);
	char root[PATH_MAX], reason[320], described[160];

	(void)snprintf(root, sizeof root, "%.*s/image", PATH_MAX - 8, run->scratch);
	if (mkdir(root, 0700) < 0)
		abort();
	image_write(image, root);
	image_free(&image);
	const bool good = inspect(root, &promise, reason, sizeof reason);

	scratch_remove(root);
	cut_describe(cut, described, sizeof described);
	return good || wrong(run, reason) || wrong(run, described);
}

/* What is left after a power cut at the end, at its worst and at its best. */
static bool finish(struct run *run, bool good)
{
	static const struct cut cuts[] = {{SECTORS_NONE, ENTRIES_NONE, true}, {SECTORS_ALL, ENTRIES_ALL, false}};
	char root[PATH_MAX];

	if (!good)
		wrong(run, run->drive.reason);
	town_close(&run->drive.town);
	struct trace *trace = trace_end();
	struct platter *platter = platter_new(trace);

	for (size_t i = 0; i < trace->count; i++)
		platter_step(platter, &trace->events[i]);
	good = good && history_replay(&run->history, &run->drive.town, run->scratch,
				      run->history.outcomes[run->history.answered - 1].revision);
	for (size_t i = 0; good && i < sizeof cuts / sizeof *cuts; i++)
		good = inspect_cut(run, platter, &cuts[i]);
	platter_free(&platter);
	trace_free(&trace);
	(void)snprintf(root, sizeof root, "%.*s/run", PATH_MAX - 8, run->scratch);
	scratch_remove(root);
	run->runs++;
	run->restarts += run->drive.restarts;
	run->turned_away += run->drive.turned_away;
	return good;
}

static bool fail_each(struct run *run, enum fault fault)
{
	bool good = true, met = true;

	for (uint32_t number = 1; good && met; number++) {
		(void)snprintf(run->what, sizeof run->what, "%s at call %u", fault_name(fault), number);
		fault_arm(fault, number, "", false);
		good = make(run);
		for (size_t i = 0; good && run->history.answered < ENTRIES - 1; i++)
			good = i < TURNS_MAX ? turn(run, i) : wrong(run, "it doesn't get on");
		met = fault_disarm();
		good = finish(run, good);
	}
	return good && (run->runs > 20 || wrong(run, "few calls were met"));
}

/* Full for three turns and a start among them, at each turn of the run. */
static bool fill_disk(struct run *run, size_t when)
{
	bool good = make(run);

	for (size_t i = 0; good && run->history.answered < ENTRIES - 1; i++) {
		fault_fill(i >= when && i < when + 3);
		if (i == when + 2) {
			town_close(&run->drive.town);
			/* It serves, and turns away what would change something; or says that it needs room. */
			const enum mtr_exit_status status = town_open(&run->drive.town);

			if (status == MTR_EXIT_WRITE) {
				fault_fill(false);
				good = drive_open(&run->drive);
			} else if (status) {
				good = wrong(run, town_said());
			} else {
				run->served_full++;
			}
		}
		good = good && (i < TURNS_MAX ? turn(run, i) : wrong(run, "it doesn't get on"));
	}
	fault_fill(false);
	return finish(run, good);
}

static bool fill_disks(struct run *run)
{
	bool good = true;

	for (size_t when = 0; good && when < 12; when++) {
		(void)snprintf(run->what, sizeof run->what, "a full disk at turn %zu", when);
		good = fill_disk(run, when);
	}
	return good && ((run->turned_away && run->served_full) ||
			wrong(run, "nothing was turned away, or no start came to serve"));
}

/* The register's time doesn't go back (history_replay looks), and what was answered stays answered. */
static bool jump(struct run *run)
{
	bool good;

	(void)snprintf(run->what, sizeof run->what, "a clock that jumps");
	good = make(run);
	for (size_t i = 0; good && run->history.answered < ENTRIES - 1; i++) {
		run->drive.town.now += i % 4 == 1 ? TEN_YEARS_MS : 0;
		run->drive.town.now -= i % 4 == 3 ? TEN_YEARS_MS + TEN_YEARS_MS / 2 : 0;
		good = turn(run, i);
		if (i % 5 == 4)
			good = good && drive_kill(&run->drive);
	}
	return finish(run, good);
}

static bool do_what(struct run *run, const char *what)
{
	static const struct {
		const char *name;
		enum fault fault;
	} faults[] = {{"EIO", FAULT_EIO}, {"TORN", FAULT_TORN}, {"FULL", FAULT_FULL}, {"SHORT", FAULT_SHORT}};

	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		if (strcmp(what, faults[i].name) == 0)
			return fail_each(run, faults[i].fault);
	if (strcmp(what, "full") == 0)
		return fill_disks(run);
	return strcmp(what, "clock") == 0 ? jump(run) : wrong(run, "is nothing that can be done");
}

int main(int argc, char **argv)
{
	static struct run run = {.random = {7}};

	if (argc != 2)
		return 2;
	if (sodium_init() < 0 || !(run.report = scratch_silence()))
		abort();
	scratch_make(run.scratch);
	script_write(&run.script, 11, ENTRIES);
	const bool good = do_what(&run, argv[1]);

	fprintf(run.report, "%s: %u runs, %u restarts, %u entries turned away\n", argv[1], run.runs, run.restarts,
		run.turned_away);
	fclose(run.report);
	script_free(&run.script);
	scratch_remove(run.scratch);
	return good ? 0 : 1;
}
