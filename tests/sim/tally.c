#include "tally.h"

#include <inttypes.h>
#include <stdio.h>

static const struct {
	const char *name;
	uint64_t floor; /* in a thousand seeds */
} rows[EVENTS] = {
	[EVENT_SEEDS] = {"seeds", 1000},
	[EVENT_STEPS] = {"steps", 220000},
	[EVENT_ENTRIES] = {"entries written", 16000},
	[EVENT_RECORDS] = {"records", 38000},
	[EVENT_DONE] = {"commands done", 31000},
	[EVENT_REFUSED] = {"commands refused", 7600},
	[EVENT_PROPOSED] = {"nominations", 3100},
	[EVENT_LATE] = {"late nominations", 360},
	[EVENT_DISPLACED] = {"displaced", 180},
	[EVENT_PROMOTED] = {"promoted", 170},
	[EVENT_FROZEN] = {"lists frozen", 420},
	[EVENT_DECIDED] = {"decisions", 1},
	[EVENT_SERVER_CRASHES] = {"power failures of the register", 1800},
	[EVENT_START_CRASHES] = {"… while it started", 140},
	[EVENT_DESK_CRASHES] = {"power failures of desks", 1800},
	[EVENT_WRITES_DROPPED] = {"unflushed writes lost", 40},
	[EVENT_WRITES_KEPT] = {"unflushed writes kept", 40},
	[EVENT_WRITES_TORN] = {"unflushed writes torn", 39},
	[EVENT_TAILS_ZEROED] = {"torn tails found", 17},
	[EVENT_TAILS_TAKEN] = {"records nobody was told of", 730},
	[EVENT_RENAMES_UNDONE] = {"segments that vanished", 3},
	[EVENT_SEGMENTS] = {"segments begun", 740},
	[EVENT_REPLAYED] = {"records replayed", 1600},
	[EVENT_MESSAGES] = {"messages", 83000},
	[EVENT_LOST] = {"messages lost", 2400},
	[EVENT_DOUBLED] = {"messages doubled", 2300},
	[EVENT_OVERTAKEN] = {"requests overtaken", 2300},
	[EVENT_CUTS] = {"links cut", 1900},
	[EVENT_CUT_DAYS] = {"links cut for days", 280},
	[EVENT_CONNECTIONS] = {"connections", 7700},
	[EVENT_HELLOS_REQUIRED] = {"hellos required", 32},
	[EVENT_GAPS] = {"gaps answered", 490},
	[EVENT_BUSY] = {"busy answered", 290},
	[EVENT_REPEATED] = {"stored answers repeated", 6400},
	[EVENT_RESENT] = {"entries sent again", 20000},
	[EVENT_REPORTED_TWICE] = {"answers reported again", 260},
	[EVENT_FLUSHES_DONE] = {"outboxes sent", 3700},
	[EVENT_FLUSHES_FAILED] = {"outboxes sent in part", 5900},
	[EVENT_PAGES] = {"pages", 2800},
	[EVENT_ROWS] = {"rows", 79000},
	[EVENT_TOMBSTONES] = {"tombstones", 99},
	[EVENT_SCOPE_CHANGES] = {"pages with a change of scope", 89},
	[EVENT_MIRRORS_CHECKED] = {"mirrors compared", 1700},
	[EVENT_SCOPE_CHECKS] = {"rows held against scopes", 79000},
	[EVENT_REVOKED] = {"keys revoked", 130},
	[EVENT_CLOCK_BACK] = {"clocks set back", 980},
	[EVENT_BACKUPS] = {"backups", 0},
	[EVENT_RESTORES] = {"restores", 0},
	[EVENT_UNSIGNED] = {"restores nobody signed", 0},
	[EVENT_AGAIN] = {"entries decided again", 0},
	[EVENT_DIVERGENCES] = {"… otherwise", 0},
	[EVENT_ALL_REPORTED] = {"gatherings complete", 0},
	[EVENT_ENDED] = {"gatherings ended by the operator", 0},
	[EVENT_OUTBOXES_CLOSED] = {"outboxes closed", 0},
	[EVENT_LOST_ENTRIES] = {"entries lost with them", 0},
};

static const char *const points[CRASH_POINTS] = {
	[CRASH_IDLE] = "between steps",
	[CRASH_BEFORE_WRITE] = "before a write",
	[CRASH_BEFORE_FLUSH] = "before a flush",
	[CRASH_AFTER_FLUSH] = "after a flush",
	[CRASH_BEFORE_COMMIT] = "before a commit",
	[CRASH_IN_COMMIT] = "in a commit",
	[CRASH_AFTER_COMMIT] = "after a commit",
	[CRASH_BEFORE_REPLY] = "before a reply",
	[CRASH_AFTER_REPLY] = "after a reply",
	[CRASH_BEFORE_SEND] = "before a request",
	[CRASH_AFTER_SEND] = "after a request",
};

/* In a thousand seeds; 0 where that computer has no such point. */
static const uint64_t server_floors[CRASH_POINTS] = {
	[CRASH_IDLE] = 350,         [CRASH_BEFORE_WRITE] = 160,  [CRASH_BEFORE_FLUSH] = 170,
	[CRASH_AFTER_FLUSH] = 170,  [CRASH_BEFORE_COMMIT] = 110, [CRASH_IN_COMMIT] = 110,
	[CRASH_AFTER_COMMIT] = 120, [CRASH_BEFORE_REPLY] = 330,  [CRASH_AFTER_REPLY] = 310,
};
static const uint64_t desk_floors[CRASH_POINTS] = {
	[CRASH_IDLE] = 470,         [CRASH_BEFORE_COMMIT] = 220, [CRASH_IN_COMMIT] = 220,
	[CRASH_AFTER_COMMIT] = 210, [CRASH_BEFORE_SEND] = 330,   [CRASH_AFTER_SEND] = 320,
};

const char *crash_point_name(enum crash_point point)
{
	return points[point];
}

void tally_print(const struct tally *tally)
{
	for (int i = 0; i < EVENTS; i++)
		printf("%10" PRIu64 " %s\n", tally->events[i], rows[i].name);
	for (int i = 0; i < CRASH_POINTS; i++)
		printf("%10" PRIu64 " power failures of the register, %10" PRIu64 " of desks %s\n",
		       tally->server_crashes[i], tally->desk_crashes[i], points[i]);
}

/* Rounded down: a run of one seed asks for nothing. */
static bool meets(uint64_t count, uint64_t floor, uint64_t seeds, const char *name, const char *whose)
{
	const uint64_t least = floor * seeds / 1000;

	if (count >= least)
		return true;
	fprintf(stderr, "%s%s: %" PRIu64 ", and at least %" PRIu64 " are expected\n", name, whose, count, least);
	return false;
}

bool tally_meets_floors(const struct tally *tally)
{
	const uint64_t seeds = tally->events[EVENT_SEEDS];
	bool good = true;

	for (int i = 0; i < EVENTS; i++)
		good &= meets(tally->events[i], rows[i].floor, seeds, rows[i].name, "");
	for (int i = 0; i < CRASH_POINTS; i++) {
		good &= meets(tally->server_crashes[i], server_floors[i], seeds, points[i], ", register");
		good &= meets(tally->desk_crashes[i], desk_floors[i], seeds, points[i], ", desks");
	}
	return good;
}

bool tally_meets_restore_floors(const struct tally *tally)
{
	static const struct {
		enum event event;
		uint64_t floor; /* in a thousand seeds */
	} floors[] = {
		{EVENT_BACKUPS, 2500}, {EVENT_RESTORES, 1000},      {EVENT_UNSIGNED, 25},
		{EVENT_AGAIN, 1000},   {EVENT_DIVERGENCES, 20},     {EVENT_ALL_REPORTED, 400},
		{EVENT_ENDED, 10},     {EVENT_OUTBOXES_CLOSED, 50}, {EVENT_LOST_ENTRIES, 100},
	};
	bool good = true;

	for (size_t i = 0; i < sizeof floors / sizeof *floors; i++)
		good &= meets(tally->events[floors[i].event], floors[i].floor, tally->events[EVENT_SEEDS],
			      rows[floors[i].event].name, "");
	return good;
}
