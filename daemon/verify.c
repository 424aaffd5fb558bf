#include "verify.h"

#include "directory.h"
#include "scratch_run.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

void mtr_verify_found(void *context, const struct mtr_finding *finding)
{
	struct mtr_verify_view *view = context;
	char place[48] = "";

	mtr_progress_clear(&view->progress);
	if (finding->placed)
		snprintf(place, sizeof place, " at byte %" PRIu64, finding->offset);
	mtr_log(view->log, MTR_LOG_ERROR, "%s/%s%s: %s; %s", view->directory, finding->file, place, finding->what,
		finding->remedy);
}

void mtr_verify_progress(void *context, const char *step, uint64_t done, uint64_t total)
{
	mtr_progress_show(&((struct mtr_verify_view *)context)->progress, step, done, total);
}

enum mtr_exit_status mtr_verify_explain(enum mtr_check_status status, const struct mtr_check_options *options,
					const struct mtr_log *log)
{
	const char *directory = options->directory;

	switch (status) {
	case MTR_CHECK_DONE:
		return MTR_EXIT_OK;
	case MTR_CHECK_MISSING:
		mtr_log(log, MTR_LOG_ERROR,
			"there is no register in %s, or it has no journal; name its data directory, or restore it",
			directory);
		return MTR_EXIT_MISSING;
	case MTR_CHECK_NEWER:
		mtr_log(log, MTR_LOG_ERROR, "%s was written by a newer version of matriculad; install that version",
			directory);
		return MTR_EXIT_NEWER;
	case MTR_CHECK_SCRATCH:
		mtr_log(log, MTR_LOG_ERROR,
			"%s can't take a second register: %s; name a directory with as much room as the register takes "
			"with --scratch",
			options->scratch, strerror(errno));
		return MTR_EXIT_WRITE;
	case MTR_CHECK_MEMORY:
		mtr_log(log, MTR_LOG_ERROR, "%s can't be checked: no memory; see what the process may use", directory);
		return MTR_EXIT_SYSTEM;
	case MTR_CHECK_IO:
		break;
	}
	mtr_log(log, MTR_LOG_ERROR,
		"%s can't be read: %s; run this as the daemon's user, and look at the kernel's log and the disk",
		directory, strerror(errno));
	return MTR_EXIT_UNCLEAR;
}

static bool same_sum(const struct mtr_table_sum *x, const struct mtr_table_sum *y)
{
	return x->rows == y->rows && memcmp(x->digest, y->digest, MTR_HASH_BYTES) == 0;
}

static void print_table(const struct mtr_check_result *result, enum mtr_table table)
{
	const struct mtr_table_sum *sum = &result->sums[table];
	char digest[2 * MTR_HASH_BYTES + 1];
	const char *second = "";

	sodium_bin2hex(digest, sizeof digest, sum->digest, MTR_HASH_BYTES);
	if (result->replayed)
		second = same_sum(sum, &result->replayed_sums[table]) ? "  same" : "  OTHERWISE";
	printf("%-8s %10" PRIu64 "  %s%s\n", mtr_table_name(table), sum->rows, digest, second);
}

static void print_result(const struct mtr_check_options *options, const struct mtr_check_result *result)
{
	printf("%s, %s\n", options->directory, result->served ? "served meanwhile" : "not served");
	if (result->readable) {
		printf("database: revision %" PRIu64 ", %" PRIu64 " pages in use, %" PRIu64 " free\n", result->revision,
		       result->pages.used, result->pages.free);
		for (unsigned table = 0; table < MTR_TABLES; table++)
			print_table(result, (enum mtr_table)table);
	}
	printf("journal: revision %" PRIu64 ", %" PRIu64 " segments, %" PRIu64 " frames, %" PRIu64 " bytes%s\n",
	       result->journal.head.revision, result->journal.segments, result->journal.frames, result->journal.bytes,
	       result->journal.torn ? "; its last frame was never finished, and the next start clears it" : "");
	if (result->applied)
		printf("second register: %" PRIu64 " records applied, %" PRIu64 " decided again, %" PRIu64
		       " otherwise; not decided again: %" PRIu64 " of the register itself, %" PRIu64
		       " by rules of another version, %" PRIu64 " redacted, %" PRIu64
		       " that can't be, since a row of somebody redacted is missing\n",
		       result->applied, result->decided, result->otherwise, result->of_register, result->of_other_rules,
		       result->redacted, result->unclear);
	if (result->findings)
		printf("things that are wrong: %" PRIu64 "\n", result->findings);
	else
		puts("nothing is wrong");
}

struct verification {
	const char *directory; /* of the register */
	const char *place;     /* where a second register is built; NULL: there is to be none */
	const struct mtr_log *log;
};

/* `scratch` is NULL without a second register. */
static enum mtr_exit_status check(const void *context, const char *scratch)
{
	const struct verification *verification = context;
	struct mtr_verify_view view = {
		.log = verification->log,
		.directory = verification->directory,
		.progress = mtr_progress_start(),
	};
	struct mtr_check_options options = {
		.directory = view.directory,
		.scratch = scratch,
		.found = mtr_verify_found,
		.progress = mtr_verify_progress,
		.context = &view,
	};
	struct mtr_check_result result = {.served = false};
	const enum mtr_check_status status = mtr_check(&options, &result);

	mtr_progress_clear(&view.progress);
	options.scratch = verification->place;
	if (status)
		return mtr_verify_explain(status, &options, view.log);
	print_result(&options, &result);
	return result.findings ? MTR_EXIT_DAMAGED : MTR_EXIT_OK;
}

enum mtr_exit_status mtr_verify(const struct mtr_config *config, const struct mtr_options *options,
				const struct mtr_log *log)
{
	const char *replay = options->values[MTR_OPTION_REPLAY];
	const struct verification verification = {
		.directory = options->operand ? options->operand : config->data_directory,
		.place = replay ? mtr_scratch_place(options) : NULL,
		.log = log,
	};
	const struct mtr_scratch_work work = {.kind = MTR_SCRATCH_VERIFY,
					      .place = verification.place,
					      .work = check,
					      .context = &verification,
					      .name = "the check",
					      .worthless = "and says nothing about the register"};
	struct mtr_directory directory;

	if (options->values[MTR_OPTION_SCRATCH] && !replay) {
		mtr_log(log, MTR_LOG_ERROR, "--scratch goes with --replay; try --help");
		return MTR_EXIT_USAGE;
	}
	mtr_directory_name(&directory, verification.directory);
	const enum mtr_exit_status whole = mtr_directory_check_whole(&directory, log);

	if (whole)
		return whole;
	return replay ? mtr_scratch_run(&work, log) : check(&verification, NULL);
}
