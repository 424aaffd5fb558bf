/* power_cuts [--seed S] [--images N] [--keep]: has a register made, worked with, killed and restarted while every write
 * and flush is noted; then puts together what a power cut at each moment could have left on the disk, and starts on it.
 * So are the starts themselves cut off, for some of the images. */
#include "backups.h"
#include "census.h"
#include "inspect.h"
#include "life.h"
#include "must.h"
#include "platter.h"
#include "scratch.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROUNDS_MAX 40u
#define STARTS_CUT 25u /* of so many images one has its start cut off too */
#define CUTS_OF_A_START 10u

struct seen {
	uint8_t hash[IMAGE_HASH_BYTES];
	uint32_t promise; /* what was checked of it: more when more had been answered */
};

struct power_cuts {
	struct random random;
	uint32_t wanted;
	bool keep;
	char scratch[PATH_MAX];
	struct script script;
	struct life life;
	struct seen *seen; /* a hash table */
	size_t seen_room;
	uint32_t distinct, checked, starts;
	uint32_t backups;
	struct census census;
	char at[256]; /* which image it is */
	FILE *report;
};

static bool wrong(const struct power_cuts *run, const char *what)
{
	fprintf(stderr, "power_cuts: %s\n%s\n", what, run->at);
	return false;
}

/* True when this image has been seen with as much promised of it; else it is counted. */
static bool know(struct power_cuts *run, const uint8_t hash[IMAGE_HASH_BYTES], uint32_t promise, uint32_t *counted)
{
	size_t at;

	memcpy(&at, hash, sizeof at);
	for (at %= run->seen_room; run->seen[at].promise; at = (at + 1) % run->seen_room) {
		if (memcmp(run->seen[at].hash, hash, IMAGE_HASH_BYTES) != 0)
			continue;
		if (run->seen[at].promise >= promise)
			return true;
		run->seen[at].promise = promise;
		return false;
	}
	memcpy(run->seen[at].hash, hash, IMAGE_HASH_BYTES);
	run->seen[at].promise = promise;
	*counted += 1;
	return false;
}

struct moment {
	bool made;
	size_t answered;
	uint64_t backed_up;
	size_t event;
	enum stage stage;
};

static struct promise promise_of(const struct power_cuts *run, const struct moment *moment)
{
	return (struct promise){&run->script, &run->life.history, moment->made, moment->answered, moment->backed_up};
}

static bool cut_starts(struct power_cuts *run, const char *root, const struct moment *moment);

/* What there is of backups, unless it has been looked at. */
static bool check_backups(struct power_cuts *run, const struct image *image, const char *root,
			  const struct promise *promise, char *ret_reason, size_t room)
{
	uint8_t hash[IMAGE_HASH_BYTES];

	image_hash(image, BACKUPS_NAME, hash);
	if (!promise->made || know(run, hash, (uint32_t)promise->backed_up + 1, &run->backups))
		return true;
	return backups_inspect(root, promise, ret_reason, room);
}

/* Puts the image together and starts on it. With `deep` the start itself is cut off. */
static bool check_image(struct power_cuts *run, const struct image *image, const struct moment *moment, bool deep)
{
	const struct promise promise = promise_of(run, moment);
	char root[PATH_MAX], reason[900];
	bool good;

	(void)snprintf(root, sizeof root, "%.*s/image%d", PATH_MAX - 16, run->scratch, deep);
	if (mkdir(root, 0700) < 0)
		abort();
	image_write(image, root);
	run->checked++;
	good = deep ? cut_starts(run, root, moment)
		    : inspect(root, &promise, reason, sizeof reason) &&
			       check_backups(run, image, root, &promise, reason, sizeof reason);
	if (!good && !deep)
		wrong(run, reason);
	if (good || !run->keep)
		scratch_remove(root);
	return good;
}

static bool check_cut(struct power_cuts *run, const struct platter *platter, const struct cut *cut,
		      const struct moment *moment, bool within)
{
	struct image *image = platter_cut(platter, cut, &run->random);
	const uint32_t before = run->distinct;
	uint8_t hash[IMAGE_HASH_BYTES];
	char described[160];
	bool good = true;

	image_hash(image, "", hash);
	if (!know(run, hash, (uint32_t)(moment->answered + moment->backed_up) + 1 + moment->made, &run->distinct)) {
		cut_describe(cut, described, sizeof described);
		if (!within)
			(void)snprintf(run->at, sizeof run->at, "cut before event %zu, %zu entries answered; %s",
				       moment->event, moment->answered, described);
		if (!within && run->distinct > before)
			census_take(&run->census, platter, image, moment->stage);
		good = check_image(run, image, moment, false);
		if (good && !within && run->checked % STARTS_CUT == 0)
			good = check_image(run, image, moment, true);
	}
	image_free(&image);
	return good;
}

static struct cut draw_cut(struct random *random)
{
	return (struct cut){.sectors = (enum sectors)random_below(random, SECTOR_CHOICES),
			    .entries = (enum entries)random_below(random, ENTRY_CHOICES),
			    .old_sizes = random_percent(random, 50)};
}

/* The extremes first; then at random. */
static struct cut choose_cut(struct random *random, uint32_t round)
{
	static const struct cut extremes[] = {{SECTORS_NONE, ENTRIES_NONE, true},
					      {SECTORS_ALL, ENTRIES_ALL, false},
					      {SECTORS_NONE, ENTRIES_ALL, false},
					      {SECTORS_ALL, ENTRIES_NONE, true},
					      {SECTORS_SOME, ENTRIES_ALL, false}};

	return round < sizeof extremes / sizeof *extremes ? extremes[round] : draw_cut(random);
}

/* Only these change what a cut may leave, or what is promised of it. */
static bool matters(const struct event *event)
{
	return event->kind != EVENT_ANSWERED && event->kind != EVENT_BACKED_UP && event->kind != EVENT_STAGE;
}

static void pass(struct moment *moment, const struct event *event)
{
	moment->event++;
	if (event->kind == EVENT_BACKED_UP)
		moment->backed_up = event->size;
	if (event->kind == EVENT_STAGE)
		moment->stage = (enum stage)event->size;
	if (event->kind != EVENT_ANSWERED)
		return;
	moment->made = true;
	moment->answered = event->size;
}

/* A start on an image, noted, and cut off in turn at moments of its own. */
static bool cut_starts(struct power_cuts *run, const char *root, const struct moment *moment)
{
	char outer[sizeof run->at];
	struct town town;
	bool good = true;

	memcpy(outer, run->at, sizeof outer);
	trace_begin(root);
	town_settle(&town, root);
	if (!town_open(&town))
		town_close(&town);
	struct trace *trace = trace_end();

	struct platter *platter = platter_new(trace);

	run->starts++;
	for (size_t at = 0; good && at < trace->count; at++) {
		const struct cut cut = draw_cut(&run->random);

		platter_step(platter, &trace->events[at]);
		(void)snprintf(run->at, sizeof run->at, "%.200s; its start cut off after call %zu", outer, at);
		if (random_below(&run->random, trace->count) < CUTS_OF_A_START)
			good = check_cut(run, platter, &cut, moment, true);
	}
	platter_free(&platter);
	memcpy(run->at, outer, sizeof run->at);
	trace_free(&trace);
	return good;
}

/* Of stages that are short there are as many images as of the long ones. */
static uint32_t cuts_at(enum stage stage)
{
	switch (stage) {
	case STAGE_MAKING:
		return 6;
	case STAGE_FIRST_COMMIT:
		return 10;
	case STAGE_CHECKPOINT:
		return 5;
	case STAGE_WORK:
	case STAGE_REDACTION:
	case STAGE_BACKUP:
		break;
	}
	return 1;
}

static bool cut_here(struct power_cuts *run, const struct platter *platter, const struct moment *moment, uint32_t round)
{
	const uint32_t cuts = cuts_at(moment->stage);

	for (uint32_t i = 0; i < cuts; i++) {
		const struct cut cut = choose_cut(&run->random, round * cuts + i);

		if (!check_cut(run, platter, &cut, moment, false))
			return false;
	}
	return true;
}

static bool cut_everywhere(struct power_cuts *run, const struct trace *trace, uint32_t round)
{
	struct platter *platter = platter_new(trace);
	struct moment moment = {0};
	bool good = true;

	for (size_t i = 0; good && i <= trace->count; i++) {
		if (i == trace->count || matters(&trace->events[i]))
			good = cut_here(run, platter, &moment, round);
		if (i < trace->count) {
			platter_step(platter, &trace->events[i]);
			pass(&moment, &trace->events[i]);
		}
	}
	platter_free(&platter);
	return good;
}

static bool lacks(struct power_cuts *run, const char *kind)
{
	(void)snprintf(run->at, sizeof run->at, "%s", kind);
	return wrong(run, "too few of the images are");
}

static bool work(struct power_cuts *run)
{
	run->life = (struct life){.script = &run->script, .random = &run->random, .scratch = run->scratch};
	struct trace *trace = life_record(&run->life);
	bool good = trace || wrong(run, run->life.reason);

	for (uint32_t round = 0; good && round < ROUNDS_MAX && run->distinct < run->wanted; round++)
		good = cut_everywhere(run, trace, round);
	if (trace)
		fprintf(run->report,
			"%u images of power cuts, %u distinct; %u starts cut off too; "
			"%u of backups, restored; %zu calls noted, %u restarts, %u checkpoints, revision %" PRIu64 "\n",
			run->checked, run->distinct, run->starts, run->backups, trace->count, run->life.restarts,
			run->life.checkpoints, run->life.history.revisions);
	if (good && run->distinct < run->wanted)
		good = wrong(run, "fewer distinct images than there should be");
	const char *lacking = run->wanted < CENSUS_IMAGES ? NULL : census_lacking(&run->census);

	if (good && lacking)
		good = lacks(run, lacking);
	census_print(&run->census, run->report);
	trace_free(&trace);
	return good;
}

int main(int argc, char **argv)
{
	static const struct option known[] = {{"seed", required_argument, NULL, 's'},
					      {"images", required_argument, NULL, 'n'},
					      {"keep", no_argument, NULL, 'k'},
					      {0}};
	static struct power_cuts run = {.random.state = 1, .wanted = 1100};
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) >= 0) {
		if (option == 's')
			run.random.state = strtoull(optarg, NULL, 10);
		else if (option == 'n')
			run.wanted = (uint32_t)strtoul(optarg, NULL, 10);
		else if (option == 'k')
			run.keep = true;
		else
			return 2;
	}
	if (sodium_init() < 0 || !(run.report = scratch_silence()))
		abort();
	run.seen_room = 16 * (size_t)run.wanted + 65536;
	run.seen = must(calloc(run.seen_room, sizeof *run.seen));
	scratch_make(run.scratch);
	script_write(&run.script, run.random.state, LIFE_ENTRIES);
	const bool good = work(&run);

	script_free(&run.script);
	free(run.seen);
	fclose(run.report);
	if (good || !run.keep)
		scratch_remove(run.scratch);
	else
		fprintf(stderr, "the image is left in %s\n", run.scratch);
	return good ? 0 : 1;
}
