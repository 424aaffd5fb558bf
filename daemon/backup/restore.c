#include "backup/restore.h"

#include "backup/set.h"
#include "backup/settings.h"
#include "engine/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4352u

struct run {
	const struct mtr_restore_options *options;
	struct mtr_problem *problem;
	struct mtr_backup_set set;
	struct mtr_backup_list list;
	uint8_t mac[MTR_HASH_BYTES];
	struct mtr_restored restored;
	/* The file that is being written. */
	char path[PATH_BYTES];
	int file;
};

/* The newest list that holds nothing beyond the revision asked for; *damaged is the newest of the damaged ones on the
 * way to it, 0 when there was none. MISSING when there is no such list. */
static enum mtr_exit_status find_list(struct run *run, uint64_t *damaged)
{
	const uint64_t most = run->options->at_most;

	*damaged = 0;
	for (size_t i = run->set.count; i > 0; i--) {
		const uint64_t at = run->set.ats[i - 1];
		enum mtr_exit_status status =
			mtr_list_read(run->set.fd, run->set.path, at, &run->list, run->mac, run->problem);

		if (status && status != MTR_EXIT_DAMAGED)
			return status;
		if (status && !*damaged)
			*damaged = at;
		if (!status && (!most || run->list.revision <= most))
			return MTR_EXIT_OK;
		mtr_list_free(&run->list);
	}
	return MTR_EXIT_MISSING;
}

static enum mtr_exit_status explain_none(struct run *run)
{
	if (!run->set.count)
		return mtr_problem(run->problem, MTR_EXIT_MISSING, "there is no backup in %s; name its directory",
				   run->set.path);
	return mtr_problem(run->problem, MTR_EXIT_MISSING,
			   "no backup in %s ends at revision %" PRIu64 " or before; give a greater --revision",
			   run->set.path, run->options->at_most);
}

/* Whoever wants the newest backup is not given another one unasked. */
static enum mtr_exit_status explain_damaged(struct run *run, uint64_t damaged, bool older)
{
	char name[MTR_LIST_NAME_BYTES];

	mtr_list_name(damaged, name);
	if (!older)
		return mtr_problem(run->problem, MTR_EXIT_DAMAGED,
				   "%s/%s is damaged; use another backup, or another copy of this one", run->set.path,
				   name);
	return mtr_problem(run->problem, MTR_EXIT_DAMAGED,
			   "%s/%s is damaged; use another backup: the one before, up to revision %" PRIu64
			   ", with --revision %" PRIu64 ", or another copy of this one",
			   run->set.path, name, run->list.revision, run->list.revision);
}

static enum mtr_exit_status choose_list(struct run *run)
{
	uint64_t damaged;
	enum mtr_exit_status status = find_list(run, &damaged);

	if (status && status != MTR_EXIT_MISSING)
		return status;
	if (damaged && (status || !run->options->at_most))
		return explain_damaged(run, damaged, !status);
	if (damaged)
		mtr_list_name(damaged, run->restored.passed_over);
	return status ? explain_none(run) : MTR_EXIT_OK;
}

static enum mtr_exit_status make_directory(struct run *run, const char *name)
{
	snprintf(run->path, sizeof run->path, "%s%s", run->options->into, name);
	if (mkdir(run->path, 0700) == 0)
		return MTR_EXIT_OK;
	return mtr_problem_writing(run->problem, errno, run->path);
}

static enum mtr_exit_status flush_directory(struct run *run, const char *name)
{
	snprintf(run->path, sizeof run->path, "%s%s", run->options->into, name);
	int fd = open(run->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = fd < 0 || fsync(fd) < 0 ? errno : 0;

	if (fd >= 0)
		close(fd);
	return error ? mtr_problem_writing(run->problem, error, run->path) : MTR_EXIT_OK;
}

static enum mtr_exit_status make_directories(struct run *run)
{
	static const char *const names[] = {"/journal", "/register"};
	enum mtr_exit_status status = MTR_EXIT_OK;

	for (size_t i = 0; i < sizeof names / sizeof *names && !status; i++)
		status = make_directory(run, names[i]);
	return status;
}

/* Whose backup it is follows from the server's keys in it. */
static enum mtr_exit_status restore_settings(struct run *run)
{
	struct mtr_settings settings;
	struct mtr_key_pair server = {{0}, {0}};
	char name[MTR_LIST_NAME_BYTES];
	enum mtr_exit_status status =
		mtr_settings_unseal(&settings, run->set.fd, run->set.path, &run->list, run->options->key, run->problem);

	if (status)
		return status;
	status = mtr_settings_write(&settings, run->options->into, run->problem);
	mtr_settings_free(&settings);
	if (status)
		return status;
	mtr_list_name(run->list.at, name);
	snprintf(run->path, sizeof run->path, "%s/server.key", run->options->into);
	if (mtr_key_file_read(run->path, &server) != MTR_KEY_FILE_OK ||
	    memcmp(server.public_key, run->list.server, MTR_KEY_BYTES) != 0 ||
	    !mtr_list_authentic(&run->list, run->mac, &server))
		status = mtr_problem(run->problem, MTR_EXIT_SECURITY,
				     "%s/%s wasn't made by the server whose keys the backup holds; use another backup",
				     run->set.path, name);
	mtr_key_pair_wipe(&server);
	return status;
}

static enum mtr_exit_status take(void *context, const uint8_t *bytes, size_t size, struct mtr_problem *problem)
{
	struct run *run = context;

	run->restored.bytes += size;
	while (size) {
		ssize_t written = write(run->file, bytes, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return mtr_problem_writing(problem, errno, run->path);
		bytes += written;
		size -= (size_t)written;
	}
	return MTR_EXIT_OK;
}

/* Behind a segment's frames come zeros up to the size in its header. Of the one that goes on they get blocks. */
static int fill_segment(const struct run *run, const struct mtr_backup_file *file)
{
	uint64_t size = 0;
	uint8_t header[24];
	int error = mtr_read_all(run->file, header, sizeof header, 0);

	for (size_t i = 16; i < sizeof header; i++)
		size = size << 8 | header[i];
	if (error || size > INT64_MAX)
		return EBADMSG;
	if (ftruncate(run->file, (off_t)size) < 0)
		return errno;
	return file->whole ? 0 : posix_fallocate(run->file, 0, (off_t)size);
}

static void name_file(struct run *run, const struct mtr_backup_file *file)
{
	char name[MTR_SEGMENT_NAME_BYTES];

	mtr_segment_name(file->first, name);
	if (file->kind == MTR_SEALED_SEGMENT)
		snprintf(run->path, sizeof run->path, "%s/journal/%s", run->options->into, name);
	else
		snprintf(run->path, sizeof run->path, "%s/register/data.mdb", run->options->into);
}

static enum mtr_exit_status restore_file(struct run *run, const struct mtr_backup_file *file)
{
	const struct mtr_sealed_head head = mtr_list_head(&run->list, file);
	int error = 0;

	name_file(run, file);
	run->file = open(run->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (run->file < 0)
		return mtr_problem_writing(run->problem, errno, run->path);
	enum mtr_exit_status status =
		mtr_unseal(run->set.fd, run->set.path, &file->file, &head, run->options->key, take, run, run->problem);

	if (!status && file->kind == MTR_SEALED_SEGMENT)
		error = fill_segment(run, file);
	if (!status && !error && fsync(run->file) < 0)
		error = errno;
	close(run->file);
	if (error == EBADMSG)
		return mtr_problem(run->problem, MTR_EXIT_DAMAGED, "%s/%s doesn't hold a segment of a journal",
				   run->set.path, file->file.name);
	return error ? mtr_problem_writing(run->problem, error, run->path) : status;
}

static enum mtr_exit_status restore_files(struct run *run)
{
	enum mtr_exit_status status = MTR_EXIT_OK;

	for (size_t i = 0; i < run->list.count && !status; i++) {
		const struct mtr_backup_file *file = &run->list.files[i];

		if (file->kind == MTR_SEALED_SETTINGS)
			continue;
		status = restore_file(run, file);
		run->restored.segments += file->kind == MTR_SEALED_SEGMENT;
		if (run->options->progress.tell)
			run->options->progress.tell(run->options->progress.context, "files of the backup", i + 1,
						    run->list.count);
	}
	return status;
}

static enum mtr_exit_status flush_directories(struct run *run)
{
	static const char *const names[] = {"/journal", "/register", ""};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		enum mtr_exit_status status = flush_directory(run, names[i]);

		if (status)
			return status;
	}
	return MTR_EXIT_OK;
}

enum mtr_exit_status mtr_restore(const struct mtr_restore_options *options, struct mtr_restored *ret_restored,
				 struct mtr_problem *problem)
{
	static enum mtr_exit_status (*const steps[])(struct run *) = {choose_list, make_directories, restore_settings,
								      restore_files, flush_directories};
	struct run run = {.options = options, .problem = problem};
	enum mtr_exit_status status = mtr_set_open(&run.set, options->from, false, problem);

	if (status)
		return status;
	for (size_t i = 0; i < sizeof steps / sizeof *steps && !status; i++)
		status = steps[i](&run);
	if (!status) {
		run.restored.at = run.list.at;
		run.restored.journal = run.list.journal;
		run.restored.incarnation = run.list.incarnation;
		run.restored.revision = run.list.revision;
		memcpy(run.restored.chain, run.list.chain, MTR_HASH_BYTES);
		memcpy(run.restored.server, run.list.server, MTR_KEY_BYTES);
		*ret_restored = run.restored;
	}
	mtr_list_free(&run.list);
	mtr_set_close(&run.set);
	return status;
}
