#include "backups.h"

#include "backup/backup.h"
#include "backup/restore.h"
#include "scratch.h"
#include "sim/commands.h"
#include "sim/keys.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

const struct mtr_key_pair *backups_keeper(void)
{
	return key_pair(PRINCIPAL_AUDITOR);
}

enum mtr_exit_status backups_make(const char *root, uint64_t *ret_revision, char *ret_reason, size_t room)
{
	char data[PATH_MAX], to[PATH_MAX];
	struct mtr_backup_options options = {.data = data, .to = to, .map_bytes = 32u << 20, .keep = 1};
	struct mtr_backup_outcome outcome;
	struct mtr_problem problem = {0};

	(void)snprintf(data, sizeof data, "%s/data", root);
	(void)snprintf(to, sizeof to, "%s/" BACKUPS_NAME, root);
	memcpy(options.recipient, backups_keeper()->public_key, MTR_KEY_BYTES);
	const enum mtr_exit_status status = mtr_backup(&options, &outcome, &problem);

	if (status)
		(void)snprintf(ret_reason, room, "no backup is made (%d): %s", (int)status, problem.text);
	else
		*ret_revision = outcome.revision;
	return status;
}

static bool open_restored(const char *root, const struct promise *promise, uint64_t revision, char *ret_reason,
			  size_t room)
{
	struct town town;
	bool good = false;

	town_settle(&town, root);
	if (town_open(&town))
		(void)snprintf(ret_reason, room, "what was restored doesn't open: %s", town_said());
	else
		good = inspect_state(&town, promise, revision, ret_reason, room);
	town_close(&town);
	return good;
}

static bool restore(const char *root, const char *scratch, const struct promise *promise, char *ret_reason, size_t room)
{
	char from[PATH_MAX], into[PATH_MAX];
	const struct mtr_restore_options options = {.from = from, .into = into, .key = backups_keeper()};
	struct mtr_restored restored;
	struct mtr_problem problem = {0};

	(void)snprintf(from, sizeof from, "%s/" BACKUPS_NAME, root);
	(void)snprintf(into, sizeof into, "%.*s/data", PATH_MAX - 8, scratch);
	if (mkdir(into, 0700) < 0) {
		(void)snprintf(ret_reason, room, "%s can't be made", into);
		return false;
	}
	const enum mtr_exit_status status = mtr_restore(&options, &restored, &problem);

	if (status == MTR_EXIT_MISSING && !promise->backed_up)
		return true;
	if (status)
		(void)snprintf(ret_reason, room, "the backup doesn't restore (%d): %s", (int)status, problem.text);
	else if (restored.revision < promise->backed_up)
		(void)snprintf(ret_reason, room, "the backup is of revision %" PRIu64 ", one of %" PRIu64 " was made",
			       restored.revision, promise->backed_up);
	else
		return open_restored(scratch, promise, restored.revision, ret_reason, room);
	return false;
}

/* Files that no backup names. */
static bool is_tidy(const char *root)
{
	char path[PATH_MAX];
	const struct dirent *entry;
	bool tidy = true;

	(void)snprintf(path, sizeof path, "%s/" BACKUPS_NAME, root);
	DIR *directory = opendir(path);

	while (directory && (entry = readdir(directory)))
		tidy = tidy && !strstr(entry->d_name, ".part");
	if (directory)
		closedir(directory);
	return tidy && directory;
}

static bool again(const char *root, const struct promise *promise, char *ret_reason, size_t room)
{
	uint64_t revision;

	if (backups_make(root, &revision, ret_reason, room))
		return false;
	if (revision < promise->backed_up)
		(void)snprintf(ret_reason, room, "a new backup holds less than the one before");
	else if (!is_tidy(root))
		(void)snprintf(ret_reason, room, "a backup leaves what another began");
	else
		return true;
	return false;
}

bool backups_inspect(const char *root, const struct promise *promise, char *ret_reason, size_t room)
{
	char scratch[PATH_MAX];

	scratch_make(scratch);
	const bool good = restore(root, scratch, promise, ret_reason, room) && again(root, promise, ret_reason, room);

	scratch_remove(scratch);
	return good;
}
