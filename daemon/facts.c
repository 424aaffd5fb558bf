/* What becomes known while the daemon runs: how far backups reach, and the recovery key. */
#include "backup/state.h"
#include "daemon_state.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

/* True if the file isn't the one that was read last. */
static bool is_new(struct mtr_facts_seen *seen, const char *path)
{
	struct stat about;
	uint64_t inode = 0, modified = 0;

	if (lstat(path, &about) == 0) {
		inode = (uint64_t)about.st_ino;
		modified = (uint64_t)about.st_mtim.tv_sec * 1000000000u + (uint64_t)about.st_mtim.tv_nsec;
	}
	if (seen->state_inode == inode && seen->state_modified == modified)
		return false;
	seen->state_inode = inode;
	seen->state_modified = modified;
	return true;
}

/* What is said of another incarnation, or of what this one hasn't got yet, isn't about this register. */
static uint64_t backed_up(const struct mtr_daemon *daemon)
{
	struct mtr_backup_state state = {0};
	int error = mtr_backup_state_read(daemon->directory.path, &state);
	const uint64_t head = daemon->data.engine->operations->head(daemon->data.engine).revision;

	if (error == -ENOENT)
		return 0;
	if (!error && state.incarnation == daemon->data.incarnation && state.revision <= head)
		return state.revision;
	mtr_log(&daemon->log, MTR_LOG_WARNING,
		"%s isn't about this register and isn't taken up; make a backup with \"matriculad backup\"",
		daemon->directory.backup_state);
	return 0;
}

/* True if how far backups reach has changed. */
static bool look_at_backups(struct mtr_daemon *daemon)
{
	struct mtr_facts_seen *seen = &daemon->facts;

	if (!is_new(seen, daemon->directory.backup_state))
		return false;
	seen->facts.backed_up_revision = backed_up(daemon);
	atomic_store(&daemon->backed_up_revision, seen->facts.backed_up_revision);
	return true;
}

static void warn_of_no_key(const struct mtr_daemon *daemon)
{
	static const char harm[] = "desks couldn't accept that the register is restored from a backup";
	uint8_t key[MTR_KEY_BYTES];
	const char *path = daemon->directory.recovery_key;
	const enum mtr_key_file_status read = mtr_public_file_read(path, key);

	if (read == MTR_KEY_FILE_MISSING)
		mtr_log(&daemon->log, MTR_LOG_WARNING,
			"there is no recovery key: %s; set one with \"matriculad recovery-key\"", harm);
	else
		mtr_log(&daemon->log, MTR_LOG_WARNING,
			"%s can't be used (%s): %s; move it away, and set the key that desks know again with "
			"\"matriculad recovery-key\"",
			path, mtr_key_file_status_name(read), harm);
}

static bool look_at_key(struct mtr_daemon *daemon)
{
	struct mtr_net_facts *facts = &daemon->facts.facts;

	if (facts->has_recovery_key)
		return false;
	facts->has_recovery_key =
		mtr_public_file_read(daemon->directory.recovery_key, facts->recovery_key) == MTR_KEY_FILE_OK;
	return facts->has_recovery_key;
}

void mtr_daemon_look_for_facts(struct mtr_daemon *daemon)
{
	struct mtr_facts_seen *seen = &daemon->facts;
	const bool backups = look_at_backups(daemon), key = look_at_key(daemon);

	if (backups || key)
		mtr_net_set_facts(daemon->net, &seen->facts);
	if (backups && seen->facts.backed_up_revision)
		mtr_log(&daemon->log, MTR_LOG_INFO, "backed up to revision %" PRIu64, seen->facts.backed_up_revision);
	if (key && seen->looked)
		mtr_log(&daemon->log, MTR_LOG_NOTICE, "a recovery key has been set");
	if (!seen->looked && !seen->facts.has_recovery_key)
		warn_of_no_key(daemon);
	seen->looked = true;
}
