#include "life.h"

#include "backups.h"
#include "census.h"
#include "faults.h"
#include "forgotten.h"
#include "scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* By the entries answered: some in the register alone, some before and some after the redaction. */
#define FIRST_BACKUP 62u
#define SECOND_BACKUP 112u
/* At which there is a checkpoint in every life. */
#define CHECKPOINT_TURN 24u

struct living {
	struct life *life;
	struct drive drive;
	char root[PATH_MAX];
	bool committed; /* LMDB has, since the register was made */
	bool forgotten; /* the redaction has reached the journal */
	uint64_t noted; /* revision up to which `history` knows what the register was like */
};

static bool wrong(struct living *of, const char *what)
{
	(void)snprintf(of->life->reason, sizeof of->life->reason, "%s", what);
	return false;
}

/* While nobody has the register open, as a process of its own does it beside the daemon. */
static bool back_up(struct living *of)
{
	struct life *life = of->life;
	uint64_t revision;

	town_close(&of->drive.town);
	trace_promise(EVENT_STAGE, STAGE_BACKUP);
	if (backups_make(of->root, &revision, life->reason, sizeof life->reason))
		return false;
	trace_promise(EVENT_STAGE, STAGE_WORK);
	trace_promise(EVENT_BACKED_UP, revision);
	life->backups++;
	return drive_open(&of->drive) || wrong(of, of->drive.reason);
}

/* What the register was like before is told by the journal only as long as it is whole. */
static bool forget(struct living *of)
{
	struct life *life = of->life;
	const char *data = of->drive.town.config.data_directory;
	char journal[PATH_MAX];

	(void)snprintf(journal, sizeof journal, "%s/journal", data);
	if (!forgotten_is_in(journal))
		return wrong(of, "the journal never told of who is to be forgotten");
	if (!history_fetch(&life->history, of->drive.town.data.engine, life->scratch, 1))
		return wrong(of, "the journal can't be applied");
	of->noted = life->history.revisions;
	of->forgotten = true;
	trace_promise(EVENT_STAGE, STAGE_REDACTION);
	if (!drive_kill(&of->drive))
		return wrong(of, of->drive.reason);
	trace_promise(EVENT_STAGE, STAGE_WORK);
	return !forgotten_is_in(journal) || wrong(of, "the journal still tells of who was redacted");
}

static bool mishap(struct living *of, size_t turn)
{
	switch (turn) {
	case 12: /* a flush of the journal fails: what was written reads back fine and isn't on the disk */
		fault_arm(FAULT_EIO, 1, "journal/journal-0", true);
		return true;
	case 20: /* a commit of the register fails */
		fault_arm(FAULT_EIO, 1, "register/", true);
		return true;
	case 28: /* half a frame */
		fault_arm(FAULT_TORN, 1, "journal/journal-0", false);
		return true;
	case 8:
	case 36:
		return drive_kill(&of->drive) || wrong(of, of->drive.reason);
	default:
		return true;
	}
}

/* What comes once, when so much is done. */
static bool event(struct living *of)
{
	const struct life *life = of->life;
	const size_t answered = life->history.answered;

	if (answered > FORGOTTEN_REDACTED && !of->forgotten)
		return forget(of);
	if ((answered > FIRST_BACKUP && !life->backups) || (answered > SECOND_BACKUP && life->backups == 1))
		return back_up(of);
	return true;
}

static void commit(struct living *of)
{
	trace_promise(EVENT_STAGE, of->committed ? STAGE_WORK : STAGE_FIRST_COMMIT);
	town_commit(&of->drive.town);
	trace_promise(EVENT_STAGE, STAGE_WORK);
	of->committed = true;
}

static bool checkpoint(struct living *of)
{
	trace_promise(EVENT_STAGE, STAGE_CHECKPOINT);
	of->life->checkpoints++;
	const bool good = drive_checkpoint(&of->drive);

	trace_promise(EVENT_STAGE, STAGE_WORK);
	return good || wrong(of, of->drive.reason);
}

static bool turn(struct living *of, size_t number)
{
	struct life *life = of->life;
	const size_t left = LIFE_ENTRIES - 1 - life->history.answered;
	const uint32_t most = life->history.answered < SCRIPT_SET_UP ? 8 : 3;
	const size_t entries = random_between(life->random, 1, most);

	if (!event(of) || !mishap(of, number))
		return false;
	if (!drive_turn(&of->drive, entries < left ? entries : left))
		return wrong(of, of->drive.reason);
	if (random_percent(life->random, 40) || number == 0)
		commit(of);
	return (!random_percent(life->random, 12) && number != CHECKPOINT_TURN) || checkpoint(of);
}

static bool live(struct living *of)
{
	trace_promise(EVENT_STAGE, STAGE_MAKING);
	if (!drive_make(&of->drive) || !drive_open(&of->drive))
		return wrong(of, of->drive.reason);
	trace_promise(EVENT_STAGE, STAGE_WORK);
	for (size_t number = 0; of->life->history.answered < LIFE_ENTRIES - 1; number++)
		if (!turn(of, number))
			return false;
	return true;
}

struct trace *life_record(struct life *life)
{
	struct living of = {.life = life};
	char backups[PATH_MAX];
	bool good;

	(void)snprintf(of.root, sizeof of.root, "%.*s/run", PATH_MAX - 24, life->scratch);
	(void)snprintf(backups, sizeof backups, "%.*s/" BACKUPS_NAME, PATH_MAX - 16, of.root);
	if (mkdir(of.root, 0700) < 0 || mkdir(backups, 0700) < 0)
		abort();
	drive_begin(&of.drive, of.root, life->script, &life->history);
	trace_begin(of.root);
	good = live(&of);
	town_close(&of.drive.town);
	struct trace *trace = trace_end();

	life->restarts = of.drive.restarts;
	good = good && (history_replay(&life->history, &of.drive.town, life->scratch, of.noted + 1) ||
			wrong(&of, "the journal can't be applied"));
	scratch_remove(of.root);
	if (!good)
		trace_free(&trace);
	return trace;
}
