/* failing_actions redaction|rebuild|restore|adopt EIO|TORN|FULL|SHORT: one call of the system fails while that is done,
 * the first, the second, the third, ... until an attempt meets none. After each, what lies there is looked at, as it is
 * and, for those that rename no directory, as a power cut leaves it at its worst; then the next attempt must succeed.
 */
#include "actions.h"
#include "faults.h"
#include "platter.h"
#include "scratch.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define STRUCK_LEAST 3u /* in each round: fewer mean that it wasn't done at all */

struct run {
	char scratch[PATH_MAX], origin[PATH_MAX], root[PATH_MAX];
	const struct action *action;
	struct material material;
	struct random random;
	uint32_t attempts, told; /* in which a call failed; of these, how many were told done none the less */
	char what[96];
};

static bool wrong(const struct run *run, const char *what)
{
	fprintf(stderr, "failing_actions: %s, %s: %s\n", run->action->name, run->what, what);
	return false;
}

static bool inspect_here(struct run *run, const char *root, bool done, const char *when)
{
	if (run->action->inspect(&run->material, root, done))
		return true;
	wrong(run, when);
	return wrong(run, run->material.reason);
}

static bool inspect_copy(struct run *run, bool done)
{
	char copy[PATH_MAX];

	(void)snprintf(copy, sizeof copy, "%.*s/copy", PATH_MAX - 8, run->scratch);
	scratch_copy(run->root, copy);
	const bool good = inspect_here(run, copy, done, "as it was left");

	scratch_remove(copy);
	return good;
}

/* With nothing on the disk that wasn't flushed. */
static bool inspect_cut(struct run *run, const struct trace *trace, bool done)
{
	const struct cut worst = {SECTORS_NONE, ENTRIES_NONE, true};
	struct platter *platter = platter_new(trace);
	char root[PATH_MAX];

	for (size_t i = 0; i < trace->count; i++)
		platter_step(platter, &trace->events[i]);
	struct image *image = platter_cut(platter, &worst, &run->random);

	(void)snprintf(root, sizeof root, "%.*s/image", PATH_MAX - 8, run->scratch);
	if (mkdir(root, 0700) < 0)
		abort();
	image_write(image, root);
	image_free(&image);
	platter_free(&platter);
	const bool good = inspect_here(run, root, done, "after a power cut");

	scratch_remove(root);
	return good;
}

static bool look(struct run *run, const struct trace *trace, bool done)
{
	/* Done, it is looked at where it is. */
	return (done || inspect_copy(run, done)) && (!run->action->cut || inspect_cut(run, trace, done));
}

/* Where the first attempt has been told done there is nothing to do again. */
static bool try_again(struct run *run, bool done)
{
	if (!done && run->action->run(&run->material, run->root)) {
		wrong(run, "the next attempt fails");
		return wrong(run, town_said());
	}
	return inspect_here(run, run->root, true, "after the next attempt");
}

static bool attempt(struct run *run, enum fault fault, uint32_t number, bool *ret_struck)
{
	(void)snprintf(run->what, sizeof run->what, "%s at call %u", fault_name(fault), number);
	scratch_copy(run->origin, run->root);
	trace_begin(run->root);
	fault_arm(fault, number, "", false);
	const bool done = run->action->run(&run->material, run->root) == MTR_EXIT_OK;

	*ret_struck = fault_disarm();
	struct trace *trace = trace_end();

	run->attempts += *ret_struck;
	run->told += *ret_struck && done;
	const bool good =
		(done || *ret_struck || wrong(run, town_said())) && look(run, trace, done) && try_again(run, done);

	trace_free(&trace);
	scratch_remove(run->root);
	return good;
}

static bool fail_each(struct run *run, enum fault fault)
{
	bool struck = true;
	uint32_t number;

	for (number = 1; struck; number++)
		if (!attempt(run, fault, number, &struck))
			return false;
	return number > STRUCK_LEAST + 1 || wrong(run, "few calls were met");
}

static enum fault fault_of(const char *name)
{
	static const struct {
		const char *name;
		enum fault fault;
	} faults[] = {{"EIO", FAULT_EIO}, {"TORN", FAULT_TORN}, {"FULL", FAULT_FULL}, {"SHORT", FAULT_SHORT}};

	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		if (strcmp(name, faults[i].name) == 0)
			return faults[i].fault;
	return FAULT_NONE;
}

static bool prepare(struct run *run)
{
	(void)snprintf(run->what, sizeof run->what, "before anything fails");
	(void)snprintf(run->origin, sizeof run->origin, "%.*s/origin", PATH_MAX - 8, run->scratch);
	(void)snprintf(run->root, sizeof run->root, "%.*s/run", PATH_MAX - 8, run->scratch);
	if (mkdir(run->origin, 0700) < 0)
		abort();
	run->material.scratch = run->scratch;
	return run->action->prepare(&run->material, run->origin) || wrong(run, run->material.reason);
}

int main(int argc, char **argv)
{
	static struct run run = {.random = {7}};

	run.action = argc == 3 ? action_named(argv[1]) : NULL;
	const enum fault fault = argc == 3 ? fault_of(argv[2]) : FAULT_NONE;

	if (!run.action || fault == FAULT_NONE)
		return 2;
	FILE *report = scratch_silence();

	if (sodium_init() < 0 || !report)
		abort();
	scratch_make(run.scratch);
	const bool good = prepare(&run) && fail_each(&run, fault);

	fprintf(report, "%s, %s: %u attempts in which a call failed, %u told done\n", argv[1], argv[2], run.attempts,
		run.told);
	fclose(report);
	script_free(&run.material.script);
	scratch_remove(run.scratch);
	return good ? 0 : 1;
}
