#include "redaction/redaction.h"

#include "contract/durable.h"
#include "contract/lines.h"
#include "engine/inspect.h"
#include "engine/segment.h"
#include "redaction/rewrite.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Names, numbers and nominations of those who are redacted between two starts. */
#define SUBJECTS_ARENA (64u * 1024u * 1024u)
/* One record, unpacked and made anew. */
#define RECORD_ARENA (16u * MTR_RECORD_MAX)
#define STATE_BYTES 96u
/* There while the new files may take the places of the old ones. */
#define READY_NAME "redacted-all"

/* *ret_done is 0 without a state; one that can't be read counts as none: to do it over does no harm. */
static void read_state(const char *path, uint64_t *ret_done)
{
	char text[STATE_BYTES];
	FILE *file = fopen(path, "re");

	*ret_done = 0;
	if (!file)
		return;
	size_t size = fread(text, 1, sizeof text, file);

	(void)fclose(file);
	if (!mtr_lines_unseal(text, &size))
		return;
	struct mtr_lines lines = mtr_lines_of(text, size);

	if (!mtr_lines_word(&lines, "matricula-redactions") || mtr_lines_number(&lines) != 1 ||
	    !mtr_lines_word(&lines, "done"))
		return;
	const uint64_t done = mtr_lines_number(&lines);

	if (mtr_lines_done(&lines))
		*ret_done = done;
}

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	int error = mtr_write_all(fd, text, strlen(text), 0);

	if (!error && fsync(fd) < 0)
		error = -errno;
	close(fd);
	return error;
}

static int write_state(const char *path, uint64_t done)
{
	char text[STATE_BYTES], *fresh = malloc(strlen(path) + 5);

	if (!fresh)
		return -ENOMEM;
	(void)sprintf(fresh, "%s.new", path);
	(void)snprintf(text, sizeof text, "matricula-redactions 1\ndone %" PRIu64 "\n", done);
	(void)mtr_lines_seal(text, sizeof text);
	int error = write_text(fresh, text);

	if (!error && rename(fresh, path) < 0)
		error = -errno;
	free(fresh);
	return error ? error : mtr_flush_entry(path);
}

static int read_subjects(const struct mtr_redaction_options *options, struct mtr_subjects *subjects)
{
	struct mtr_txn txn;
	uint64_t done;

	read_state(options->state, &done);
	subjects->arena = mtr_arena_new(SUBJECTS_ARENA);
	if (!subjects->arena)
		return -ENOMEM;
	mtr_txn_begin_read(&txn, options->store);
	const enum mtr_store_error error = mtr_subjects_read(subjects, &txn, done);

	mtr_txn_abort(&txn);
	return !error ? 0 : error == MTR_STORE_MEMORY ? -ENOMEM : -EIO;
}

int mtr_redaction_pending(const struct mtr_redaction_options *options, bool *ret_pending)
{
	struct mtr_subjects subjects = {0};
	int error = read_subjects(options, &subjects);

	if (!error)
		*ret_pending = subjects.count;
	mtr_arena_free(&subjects.arena);
	return error;
}

struct run {
	const struct mtr_redaction_options *options;
	struct mtr_subjects subjects;
	struct mtr_arena *scratch;
	int directory;
	uint64_t last; /* revision of the latest redaction */
	uint64_t leaves;
};

static int learn(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES], const uint8_t *record,
		 size_t size)
{
	struct run *run = context;

	(void)chain_after;
	return mtr_subjects_learn(&run->subjects, run->scratch, revision, (struct mtr_bytes){record, size});
}

/* Who they were, from the whole journal, which must be without damage. */
static int learn_all(struct run *run)
{
	const struct mtr_inspection_options options = {
		.directory = run->options->journal, .quiet = true, .each = learn, .context = run};
	struct mtr_inspection inspection;
	int error = mtr_inspect(&options, &inspection);

	return !error && inspection.damaged ? -EBADMSG : error;
}

/* Ends what an earlier run began: its files are all there, or none is used. */
static int finish(const struct run *run)
{
	const bool ready = faccessat(run->directory, READY_NAME, F_OK, 0) == 0;
	int error = mtr_segments_replace(run->directory, ready);

	if (!error && ready && unlinkat(run->directory, READY_NAME, 0) < 0)
		error = -errno;
	return !error && ready && fsync(run->directory) < 0 ? -errno : error;
}

static int mark_ready(const struct run *run)
{
	int fd = openat(run->directory, READY_NAME, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	int error = fd < 0 || fsync(fd) < 0 || fsync(run->directory) < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return error;
}

static int rewrite_all(struct run *run)
{
	uint64_t *firsts = NULL;
	size_t count = 0;
	int error = mtr_segment_list(run->directory, &firsts, &count);

	for (size_t i = 0; !error && i < count && firsts[i] < run->last; i++) {
		uint64_t leaves = 0;

		error = mtr_segment_redact(run->directory, firsts[i], i + 1 == count, &run->subjects, run->scratch,
					   &leaves);
		run->leaves += leaves;
	}
	free(firsts);
	if (!error && run->leaves && fsync(run->directory) < 0)
		error = -errno;
	return error;
}

static int redact(struct run *run)
{
	for (size_t i = 0; i < run->subjects.count; i++)
		if (run->subjects.all[i].revision > run->last)
			run->last = run->subjects.all[i].revision;
	int error = finish(run);

	if (!error)
		error = learn_all(run);
	if (!error)
		error = rewrite_all(run);
	if (!error && run->leaves)
		error = mark_ready(run);
	/* After a failure the new files go: the old ones are as they were. */
	int finished = finish(run);

	return error ? error : finished ? finished : write_state(run->options->state, run->last);
}

int mtr_redaction_run(const struct mtr_redaction_options *options, struct mtr_redaction_result *ret_result)
{
	struct run run = {.options = options, .directory = -1, .scratch = mtr_arena_new(RECORD_ARENA)};
	int error = run.scratch ? read_subjects(options, &run.subjects) : -ENOMEM;

	if (!error) {
		run.directory = open(options->journal, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		error = run.directory < 0 ? -errno : 0;
	}
	if (!error && run.subjects.count)
		error = redact(&run);
	if (!error)
		*ret_result = (struct mtr_redaction_result){run.subjects.count, run.leaves};
	if (run.directory >= 0)
		close(run.directory);
	mtr_arena_free(&run.subjects.arena);
	mtr_arena_free(&run.scratch);
	return error;
}
