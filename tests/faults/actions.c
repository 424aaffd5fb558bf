#include "actions.h"

#include "drive.h"
#include "forgotten.h"
#include "rebuild.h"
#include "scratch.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ANSWERED (FORGOTTEN_REDACTED + 1u)
#define AT_ONCE 8u

bool material_wrong(struct material *material, const char *what)
{
	(void)snprintf(material->reason, sizeof material->reason, "%s: %.500s", what, town_said());
	return false;
}

static bool work(struct drive *drive)
{
	for (size_t number = 0; drive->history->answered < ANSWERED; number++) {
		const size_t left = ANSWERED - drive->history->answered;

		if (!drive_turn(drive, left < AT_ONCE ? left : AT_ONCE))
			return false;
		if (number % 2)
			town_commit(&drive->town);
	}
	return true;
}

bool material_live(struct material *material, const char *root, bool cleared)
{
	struct drive drive;

	script_write(&material->script, 11, ANSWERED + 2);
	drive_begin(&drive, root, &material->script, &material->history);
	/* What it was like at each revision is told by the journal only as long as that is whole. */
	const bool good = drive_make(&drive) && drive_open(&drive) && work(&drive) &&
			  history_fetch(&material->history, drive.town.data.engine, material->scratch, 1) &&
			  (!cleared || drive_kill(&drive));

	town_close(&drive.town);
	material->promise = (struct promise){
		.script = &material->script, .history = &material->history, .made = true, .answered = ANSWERED};
	return good || material_wrong(material, drive.reason);
}

static bool prepare_redacted(struct material *material, const char *root)
{
	char journal[PATH_MAX];

	(void)snprintf(journal, sizeof journal, "%s/data/journal", root);
	return material_live(material, root, false) &&
	       (forgotten_is_in(journal) ||
		material_wrong(material, "the journal doesn't tell of who is to be forgotten"));
}

static enum mtr_exit_status start(const struct material *material, const char *root)
{
	struct town town;

	(void)material;
	town_settle(&town, root);
	const enum mtr_exit_status status = town_open(&town);

	town_close(&town);
	return status;
}

static bool inspect_register(struct material *material, const char *root, bool done)
{
	(void)done;
	return inspect(root, &material->promise, material->reason, sizeof material->reason);
}

static bool prepare_lived(struct material *material, const char *root)
{
	return material_live(material, root, true);
}

static enum mtr_exit_status rebuild(const struct material *material, const char *root)
{
	const struct mtr_options options = {.action = "rebuild"};
	const struct mtr_log log = {MTR_LOG_ERROR, false};
	struct town town;

	(void)material;
	town_settle(&town, root);
	return mtr_rebuild(&town.config, &options, &log);
}

static bool inspect_rebuilt(struct material *material, const char *root, bool done)
{
	char fresh[PATH_MAX];

	(void)snprintf(fresh, sizeof fresh, "%s/data/register.new", root);
	if (done && access(fresh, F_OK) == 0)
		return material_wrong(material, "a rebuild that was told done leaves register.new");
	return inspect_register(material, root, done);
}

static const struct action redaction_action = {"redaction", true, prepare_redacted, start, inspect_register},
			   rebuild_action = {"rebuild", false, prepare_lived, rebuild, inspect_rebuilt};

const struct action *action_named(const char *name)
{
	static const struct action *const actions[ACTIONS] = {&redaction_action, &rebuild_action, &restore_action,
							      &adopt_action};

	for (size_t i = 0; i < ACTIONS; i++)
		if (strcmp(actions[i]->name, name) == 0)
			return actions[i];
	return NULL;
}
