#include "check/again.h"
#include "check/state.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char restore[] = "stop matriculad and restore this file from a backup; if none has it, restore the newest "
			      "backup as a whole";
static const char put_back[] = "stop matriculad, leave the register where it is, and put the journal's missing files "
			       "back; if they are lost, restore the newest backup as a whole (\"matriculad restore\", "
			       "then \"matriculad adopt\")";
static const char apart[] = "put register and journal that belong together back, or restore the newest backup as a "
			    "whole (\"matriculad restore\", then \"matriculad adopt\")";

#define PROGRESS_RECORDS 20000u

enum walk_end {
	WALK_SECOND = 1, /* the second register can't go on */
};

struct walk {
	struct mtr_check *check;
	struct mtr_again *again; /* NULL: no second register */
};

static void on_damage(void *context, const struct mtr_damage *damage, const char *what)
{
	const struct walk *walk = context;
	char file[sizeof damage->file + 8];
	const struct mtr_finding finding = {.file = file,
					    .placed = damage->kind == MTR_DAMAGE_BYTES,
					    .offset = damage->offset,
					    .what = what,
					    .remedy = damage->kind == MTR_DAMAGE_SHORT ? put_back : restore};

	snprintf(file, sizeof file, "journal%s%s", damage->file[0] ? "/" : "", damage->file);
	mtr_check_found(walk->check, &finding);
}

/* The record that the register ends with proves that both are of one history. */
static void check_history(struct mtr_check *check, const uint8_t chain_after[MTR_HASH_BYTES])
{
	char what[MTR_CHECK_PATH + 96];
	const struct mtr_finding finding = {.file = "register/data.mdb", .what = what, .remedy = apart};

	if (memcmp(chain_after, check->state.chain, MTR_HASH_BYTES) == 0)
		return;
	snprintf(what, sizeof what,
		 "is of another history than %s/journal: revision %" PRIu64 ", its last, isn't the journal's",
		 check->options->directory, check->state.revision);
	mtr_check_found(check, &finding);
}

static int on_record(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES], const uint8_t *record,
		     size_t size)
{
	const struct walk *walk = context;

	if (revision % PROGRESS_RECORDS == 0)
		mtr_check_progress(walk->check, "journal, records", revision, walk->check->state.revision);
	if (revision == walk->check->state.revision)
		check_history(walk->check, chain_after);
	if (walk->again && !mtr_again_record(walk->again, revision, chain_after, record, size))
		return WALK_SECOND;
	return 0;
}

/* What made the second register end. */
static enum mtr_check_status explain_second(struct walk *walk)
{
	char text[96];
	const struct mtr_finding finding = {
		.file = "journal",
		.what = text,
		.remedy = "keep a copy of the data directory and report it; restore the newest backup meanwhile"};

	switch (walk->again->replay.error) {
	case MTR_STORE_CORRUPT:
		snprintf(text, sizeof text, "revision %" PRIu64 " can't be applied to what was before it",
			 walk->check->result->applied);
		mtr_check_found(walk->check, &finding);
		return MTR_CHECK_DONE;
	case MTR_STORE_OK:
	case MTR_STORE_MEMORY:
	case MTR_STORE_LIMIT:
		return MTR_CHECK_MEMORY;
	case MTR_STORE_FULL:
	case MTR_STORE_NEWER:
	case MTR_STORE_OLDER:
	case MTR_STORE_READ_ONLY:
	case MTR_STORE_IN_USE:
	case MTR_STORE_IO:
	case MTR_STORE_MISSING:
		break;
	}
	return MTR_CHECK_SCRATCH;
}

static enum mtr_check_status explain(struct walk *walk, int error)
{
	switch (error) {
	case 0:
		return MTR_CHECK_DONE;
	case WALK_SECOND:
		return explain_second(walk);
	case -ENOENT:
		return MTR_CHECK_MISSING;
	case -EPROTONOSUPPORT:
		return MTR_CHECK_NEWER;
	case -ENOMEM:
		return MTR_CHECK_MEMORY;
	default:
		return MTR_CHECK_IO;
	}
}

/* What lies behind the last frame, when no daemon writes there. */
static enum mtr_check_status check_tail(struct walk *walk, const char *directory)
{
	const struct mtr_inspection_options options = {.directory = directory,
						       .least_revision = walk->check->state.revision,
						       .quiet = true,
						       .last_only = true,
						       .damaged = on_damage,
						       .context = walk};
	const int hold = mtr_check_hold(walk->check);
	struct mtr_inspection tail = {0};
	int error = 0;

	if (hold >= 0) {
		error = mtr_inspect(&options, &tail);
		close(hold);
	}
	walk->check->result->journal.torn = tail.torn;
	return explain(walk, error);
}

static enum mtr_check_status check_all(struct walk *walk, const char *directory)
{
	struct mtr_check_result *result = walk->check->result;
	const struct mtr_inspection_options options = {.directory = directory,
						       .least_revision = walk->check->state.revision,
						       .each = on_record,
						       .damaged = on_damage,
						       .context = walk};
	enum mtr_check_status status = explain(walk, mtr_inspect(&options, &result->journal));

	if (status == MTR_CHECK_DONE && !result->journal.damaged)
		status = check_tail(walk, directory);
	if (status == MTR_CHECK_DONE && walk->again && result->applied == walk->check->state.revision)
		status = mtr_again_compare(walk->again);
	return status;
}

enum mtr_check_status mtr_check_journal(struct mtr_check *check)
{
	struct walk walk = {.check = check};
	char directory[MTR_CHECK_PATH];
	struct mtr_again again;

	if (!mtr_check_path(check, "journal", directory))
		return MTR_CHECK_MISSING;
	if (check->options->scratch && check->result->readable) {
		const enum mtr_check_status status = mtr_again_open(&again, check);

		if (status)
			return status;
		walk.again = &again;
	}
	const enum mtr_check_status status = check_all(&walk, directory);

	if (walk.again)
		mtr_again_close(walk.again);
	return status;
}

enum mtr_check_status mtr_check_whole_journal(const struct mtr_check_options *options,
					      const struct mtr_check_result *database,
					      struct mtr_check_result *ret_result)
{
	struct mtr_check_result result = {.served = false};
	struct mtr_check check = {.options = options, .result = &result, .state = {.revision = database->revision}};
	struct walk walk = {.check = &check};
	char directory[MTR_CHECK_PATH];

	if (!mtr_check_path(&check, "journal", directory))
		return MTR_CHECK_MISSING;
	memcpy(check.state.chain, database->chain, MTR_HASH_BYTES);
	const struct mtr_inspection_options inspection = {.directory = directory,
							  .least_revision = database->revision,
							  .quiet = true,
							  .each = on_record,
							  .damaged = on_damage,
							  .context = &walk};
	const enum mtr_check_status status = explain(&walk, mtr_inspect(&inspection, &result.journal));

	if (status == MTR_CHECK_DONE)
		*ret_result = result;
	return status;
}
