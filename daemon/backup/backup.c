#include "backup/backup.h"

#include "backup/history.h"
#include "backup/prune.h"
#include "backup/restoring.h"
#include "backup/set.h"
#include "backup/settings.h"
#include "backup/state.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PATH_BYTES 4352u
#define PIECE_BYTES (256u * 1024u)

struct run {
	const struct mtr_backup_options *options;
	struct mtr_problem *problem;
	struct mtr_backup_set set;
	struct mtr_key_pair server;
	struct mtr_backup_list former; /* the newest list; without files when there is none */
	struct mtr_backup_list list;
	struct mtr_history history;
	struct mtr_backup_outcome outcome;
	char journal[PATH_BYTES], store[PATH_BYTES];
	int journal_fd;
	uint64_t *firsts; /* of the segments */
	size_t count;
	uint64_t least; /* the journal holds all up to here, or it has lost something */
	bool cleared;   /* leftovers are this register's own */
};

static void tell(const struct run *run, const char *what, uint64_t done, uint64_t total)
{
	if (run->options->progress.tell)
		run->options->progress.tell(run->options->progress.context, what, done, total);
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

static enum mtr_exit_status check_whole(struct run *run)
{
	return mtr_restoring_check_whole(run->options->data, run->problem);
}

static enum mtr_exit_status read_server_key(struct run *run)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof path, "%s/server.key", run->options->data);
	switch (mtr_key_file_read(path, &run->server)) {
	case MTR_KEY_FILE_OK:
		return MTR_EXIT_OK;
	case MTR_KEY_FILE_MISSING:
		return mtr_problem(run->problem, MTR_EXIT_MISSING,
				   "there is no register in %s; set [storage] data_directory", run->options->data);
	case MTR_KEY_FILE_EXPOSED:
		return mtr_problem(run->problem, MTR_EXIT_SECURITY, "%s is open to others; run: chmod 600 %s", path,
				   path);
	case MTR_KEY_FILE_DAMAGED:
		return mtr_problem(run->problem, MTR_EXIT_DAMAGED, "%s is damaged; restore it from a backup", path);
	case MTR_KEY_FILE_UNREADABLE:
	case MTR_KEY_FILE_EXISTS:
		break;
	}
	return mtr_problem_reading(run->problem, errno, path);
}

static enum mtr_exit_status list_segments(struct run *run)
{
	free(run->firsts);
	run->firsts = NULL;
	run->count = 0;
	int error = mtr_segment_list(run->journal_fd, &run->firsts, &run->count);

	if (error == 0 && run->count == 0)
		error = -ENOENT;
	if (error)
		return mtr_problem_reading(run->problem, -error, run->journal);
	return mtr_segments_check_order(run->journal_fd, run->journal, run->firsts, run->count, run->problem);
}

static enum mtr_exit_status open_journal(struct run *run)
{
	snprintf(run->journal, sizeof run->journal, "%s/journal", run->options->data);
	snprintf(run->store, sizeof run->store, "%s/register", run->options->data);
	run->journal_fd = open(run->journal, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (run->journal_fd < 0)
		return mtr_problem_reading(run->problem, errno, run->journal);
	return list_segments(run);
}

/* Backups of another register may lie there: nothing is mixed. */
static enum mtr_exit_status read_former(struct run *run)
{
	uint8_t mac[MTR_HASH_BYTES];

	size_t i = run->set.count;

	/* One that is damaged is no use, and no harm: whatever it named is written again. */
	while (i > 0 &&
	       mtr_list_read(run->set.fd, run->set.path, run->set.ats[i - 1], &run->former, mac, run->problem) != 0)
		i--;
	if (i == 0)
		return MTR_EXIT_OK;
	if (memcmp(run->former.server, run->server.public_key, MTR_KEY_BYTES) == 0 &&
	    mtr_list_authentic(&run->former, mac, &run->server))
		return MTR_EXIT_OK;
	return mtr_problem(run->problem, MTR_EXIT_USAGE,
			   "%s holds backups of another register, or a list that was changed; name another directory, "
			   "or move those files away",
			   run->set.path);
}

/* It may have lost what the backups hold. */
static enum mtr_exit_status check_adopted(struct run *run)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof path, "%s/" MTR_RESTORED_NAME, run->options->data);
	if (!run->former.count || access(path, F_OK) != 0)
		return MTR_EXIT_OK;
	return mtr_problem(run->problem, MTR_EXIT_DAMAGED,
			   "%s was restored from a backup, and nobody has answered for that yet, but %s holds backups "
			   "of the register before; sign and adopt the restore first, or name another directory",
			   run->options->data, run->set.path);
}

/* What is left from before must not take the room of what is written now; where it can't go, that will say so. */
static enum mtr_exit_status clear_leftovers(struct run *run)
{
	struct mtr_problem unsaid;

	run->cleared = true;
	(void)mtr_set_clear(&run->set, &unsaid);
	return MTR_EXIT_OK;
}

static bool same_recipient(const struct run *run)
{
	return memcmp(run->former.recipient, run->options->recipient, MTR_KEY_BYTES) == 0;
}

/* Later than any list there is, whatever the clock says. */
static void begin_list(struct run *run)
{
	const uint64_t newest = run->set.count ? run->set.ats[run->set.count - 1] : 0;

	run->list.at = now_ms();
	if (run->list.at <= newest)
		run->list.at = newest + 1;
	memcpy(run->list.recipient, run->options->recipient, MTR_KEY_BYTES);
	memcpy(run->outcome.former_recipient, run->former.recipient, MTR_KEY_BYTES);
	run->outcome.other_key = run->former.count && !same_recipient(run);
	memcpy(run->list.server, run->server.public_key, MTR_KEY_BYTES);
}

/* A register that was restored since may have another history than the former backup. */
static void compare_with_former(struct run *run)
{
	const bool same = run->former.journal == run->list.journal && run->former.incarnation == run->list.incarnation;

	run->history = (struct mtr_history){.set = run->set.path,
					    .journal = run->journal,
					    .former = run->former.count && same ? &run->former : NULL};
}

/* What every file names, before anything is written. */
static enum mtr_exit_status identify(struct run *run)
{
	struct mtr_segment_look look;
	enum mtr_exit_status status =
		mtr_segment_look_open(run->journal_fd, run->journal, run->firsts[0], &look, run->problem);

	if (status)
		return status;
	begin_list(run);
	run->list.journal = look.segment.incarnation;
	close(look.file);
	status = mtr_backup_incarnation(run->store, run->options->map_bytes, run->list.journal, &run->list.incarnation,
					run->problem);
	if (!status)
		compare_with_former(run);
	return status;
}

static bool add_file(struct run *run, const struct mtr_backup_file *file)
{
	if (mtr_list_add(&run->list, file))
		return true;
	mtr_problem(run->problem, MTR_EXIT_SYSTEM, "no memory for the list of the backup, or it has too many files");
	return false;
}

static enum mtr_exit_status add_written(struct run *run, const struct mtr_backup_file *file)
{
	run->outcome.written_bytes += file->file.bytes;
	return add_file(run, file) ? MTR_EXIT_OK : MTR_EXIT_SYSTEM;
}

/* Files of the former backup go into this one only for the same reader, and as long as they are history. */
static bool usable(const struct run *run)
{
	return run->history.former && same_recipient(run);
}

/* Still there and as it was: all of it is read, but not when the journal alone is backed up, often. */
static bool still_good(struct run *run, const struct mtr_sealed_file *file)
{
	struct stat about;

	if (!run->options->journal_only)
		return mtr_sealed_check(run->set.fd, run->set.path, file, run->problem) == MTR_EXIT_OK;
	return fstatat(run->set.fd, file->name, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(about.st_mode) &&
	       (uint64_t)about.st_size == file->bytes;
}

static void expect(struct run *run, uint64_t revision)
{
	if (run->least < revision)
		run->least = revision;
}

static enum mtr_exit_status copy_register(struct run *run)
{
	struct mtr_backup_file file = {.kind = MTR_SEALED_REGISTER};
	const struct mtr_backup_file *former = mtr_list_find(&run->former, MTR_SEALED_REGISTER);

	expect(run, mtr_history_revision(&run->history));
	if (run->options->journal_only && former && usable(run) && still_good(run, &former->file))
		return add_file(run, former) ? MTR_EXIT_OK : MTR_EXIT_SYSTEM;
	snprintf(file.file.name, sizeof file.file.name, "register-%016" PRIx64, run->list.at);
	enum mtr_exit_status status =
		mtr_backup_register(run->set.fd, run->set.path, run->store, run->options->map_bytes, &run->list, &file,
				    &run->options->progress, run->problem);

	run->outcome.copied = !status;
	expect(run, file.first);
	return status ? status : add_written(run, &file);
}

/* A complete segment that the former backup has, from the very same file, and that is still there. */
static const struct mtr_backup_file *find_former(struct run *run, const struct mtr_segment_look *look)
{
	const struct mtr_backup_file *file =
		usable(run) ? mtr_history_segment(&run->history, look->segment.first) : NULL;

	return file && mtr_source_same(&file->source, &look->mark) && still_good(run, &file->file) ? file : NULL;
}

static enum mtr_exit_status seal_bytes(struct run *run, const struct mtr_segment_look *look, struct mtr_sealer *sealer)
{
	uint8_t *bytes = malloc(PIECE_BYTES);
	enum mtr_exit_status status = MTR_EXIT_OK;

	if (!bytes)
		return mtr_problem_reading(run->problem, ENOMEM, run->journal);
	for (uint64_t at = 0; at < look->end && !status; at += PIECE_BYTES) {
		const size_t size = look->end - at < PIECE_BYTES ? (size_t)(look->end - at) : PIECE_BYTES;
		int error = mtr_read_all(look->file, bytes, size, at);

		status = error ? mtr_problem_reading(run->problem, -error, run->journal)
			       : mtr_sealer_put(sealer, bytes, size, run->problem);
	}
	free(bytes);
	return status;
}

static enum mtr_exit_status seal_segment(struct run *run, const struct mtr_segment_look *look, bool open)
{
	struct mtr_backup_file file = {.kind = MTR_SEALED_SEGMENT,
				       .first = look->segment.first,
				       .last = look->head.revision,
				       .whole = !open,
				       .source = look->mark};
	struct mtr_sealer *sealer = NULL;

	snprintf(file.file.name, sizeof file.file.name, "journal-%016" PRIx64 "-%016" PRIx64, file.first, run->list.at);
	const struct mtr_sealed_head head = mtr_list_head(&run->list, &file);
	enum mtr_exit_status status =
		mtr_sealer_begin(&sealer, run->set.fd, run->set.path, file.file.name, &head, run->problem);

	if (!status)
		status = seal_bytes(run, look, sealer);
	if (!status)
		status = mtr_sealer_finish(&sealer, &file.file, run->problem);
	mtr_sealer_abandon(&sealer);
	run->outcome.written += !status;
	return status ? status : add_written(run, &file);
}

/* One that isn't what the former backup has: looked through, held against that one's history, and written. */
static enum mtr_exit_status write_segment(struct run *run, struct mtr_segment_look *look, bool open,
					  const struct mtr_chain_point *point)
{
	mtr_history_note(&run->history, look);
	look->noted.revision = mtr_history_revision(&run->history);
	enum mtr_exit_status status = mtr_segment_look_through(look, run->journal, open, point, run->problem);

	if (!status)
		status = mtr_history_check(&run->history, look, run->problem);
	return status ? status : seal_segment(run, look, open);
}

/* One segment; *point is where the history stands before it (revision 0: not known), and after it. */
static enum mtr_exit_status back_up_segment(struct run *run, uint64_t first, bool open, struct mtr_chain_point *point)
{
	struct mtr_segment_look look;
	enum mtr_exit_status status = mtr_segment_look_open(run->journal_fd, run->journal, first, &look, run->problem);

	if (status)
		return status;
	const struct mtr_backup_file *former = open ? NULL : find_former(run, &look);

	status = mtr_history_check_begin(&run->history, &look, point, run->problem);
	if (!status && former) {
		/* What is behind it has been proved when it was written; the next one is held against its header. */
		*point = (struct mtr_chain_point){.revision = 0};
		run->outcome.reused++;
		status = add_file(run, former) ? MTR_EXIT_OK : MTR_EXIT_SYSTEM;
	} else if (!status) {
		status = write_segment(run, &look, open, point);
		*point = look.head;
	}
	close(look.file);
	return status;
}

/* Segments that are missing at the end leave no gap, but the database or the former backup knows of them. */
static enum mtr_exit_status check_end(struct run *run)
{
	char name[MTR_SEGMENT_NAME_BYTES];

	if (run->list.revision >= run->least)
		return MTR_EXIT_OK;
	mtr_segment_name(run->firsts[run->count - 1], name);
	return mtr_problem(run->problem, MTR_EXIT_DAMAGED,
			   "the journal ends too early, at revision %" PRIu64 " of %" PRIu64
			   ": what comes behind %s/%s is missing; put it back, or restore an earlier backup into "
			   "another directory and copy it from the journal there",
			   run->list.revision, run->least, run->journal, name);
}

static enum mtr_exit_status back_up_journal(struct run *run)
{
	struct mtr_chain_point point = {.revision = 0};
	/* Again: what is in the copy of the database by now is in the journal. */
	enum mtr_exit_status status = list_segments(run);

	for (size_t i = 0; i < run->count && !status; i++) {
		status = back_up_segment(run, run->firsts[i], i + 1 == run->count, &point);
		tell(run, "segments of the journal", i + 1, run->count);
	}
	run->list.revision = run->outcome.revision = point.revision;
	memcpy(run->list.chain, point.chain, MTR_HASH_BYTES);
	return status ? status : check_end(run);
}

/* A restore would refuse all of the backup for it. */
static enum mtr_exit_status check_recovery_key(struct run *run)
{
	uint8_t key[MTR_KEY_BYTES];
	char path[PATH_BYTES];

	snprintf(path, sizeof path, "%s/recovery.pub", run->options->data);
	if (mtr_public_file_read(path, key) != MTR_KEY_FILE_DAMAGED)
		return MTR_EXIT_OK;
	return mtr_problem(run->problem, MTR_EXIT_DAMAGED,
			   "%s is damaged, and no backup with it could be restored; move it away, and set the key "
			   "that desks know again with \"matriculad recovery-key\"",
			   path);
}

static enum mtr_exit_status back_up_settings(struct run *run)
{
	struct mtr_backup_file file = {.kind = MTR_SEALED_SETTINGS};
	struct mtr_settings settings;
	enum mtr_exit_status status =
		mtr_settings_gather(&settings, run->options->data, run->options->config, run->problem);

	if (status)
		return status;
	snprintf(file.file.name, sizeof file.file.name, "settings-%016" PRIx64, run->list.at);
	status = mtr_settings_seal(&settings, run->set.fd, run->set.path, &run->list, &file, run->problem);
	mtr_settings_free(&settings);
	return status ? status : add_written(run, &file);
}

static enum mtr_exit_status leave_word(struct run *run)
{
	const struct mtr_backup_state state = {run->list.incarnation, run->list.revision, run->list.at};

	return mtr_backup_state_write(run->options->data, &state, run->problem);
}

/* After the list nothing can make the backup worse: what is old goes last. */
static enum mtr_exit_status finish(struct run *run)
{
	enum mtr_exit_status status =
		mtr_list_write(run->set.fd, run->set.path, &run->list, &run->server, run->problem);

	if (!status)
		status = leave_word(run);
	if (status)
		return status;
	run->outcome.unpruned = mtr_set_prune(&run->set, run->options->keep, run->problem) != MTR_EXIT_OK;
	return MTR_EXIT_OK;
}

static enum mtr_exit_status run_all(struct run *run)
{
	static enum mtr_exit_status (*const steps[])(struct run *) = {
		check_whole,     read_server_key, check_recovery_key, open_journal,    read_former,      check_adopted,
		clear_leftovers, identify,        copy_register,      back_up_journal, back_up_settings, finish,
	};
	enum mtr_exit_status status = MTR_EXIT_OK;

	for (size_t i = 0; i < sizeof steps / sizeof *steps && !status; i++)
		status = steps[i](run);
	return status;
}

/* What was written goes again; the problem that is told is the one before. */
static void remove_own(struct run *run)
{
	struct mtr_problem unsaid;

	(void)mtr_set_clear(&run->set, &unsaid);
}

enum mtr_exit_status mtr_backup(const struct mtr_backup_options *options, struct mtr_backup_outcome *ret_outcome,
				struct mtr_problem *problem)
{
	struct run run = {.options = options, .problem = problem, .journal_fd = -1};
	enum mtr_exit_status status = mtr_set_open(&run.set, options->to, true, problem);

	if (status)
		return status;
	status = run_all(&run);
	if (!status)
		*ret_outcome = run.outcome;
	else if (run.cleared)
		remove_own(&run);
	mtr_list_free(&run.former);
	mtr_list_free(&run.list);
	mtr_key_pair_wipe(&run.server);
	free(run.firsts);
	if (run.journal_fd >= 0)
		close(run.journal_fd);
	mtr_set_close(&run.set);
	return status;
}
