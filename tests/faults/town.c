#include "town.h"

#include "audit_key.h"
#include "engine/frame.h"
#include "engine/local.h"
#include "options.h"
#include "sim/sim.h"
#include "writer/state.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NEVER_MS 100000000u

static char said[1024];

void __wrap_mtr_log(const struct mtr_log *log, enum mtr_log_level level, const char *format, ...);

/* In place of the log: what it said last. */
__attribute__((format(printf, 3, 4))) void __wrap_mtr_log(const struct mtr_log *log, enum mtr_log_level level,
							  const char *format, ...)
{
	va_list arguments;

	if (level > log->level)
		return;
	va_start(arguments, format);
	(void)vsnprintf(said, sizeof said, format, arguments);
	va_end(arguments);
}

int __real_clock_gettime(clockid_t clock, struct timespec *ret_time);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ret_time);

/* A register is made when the script begins; who looks again finds that some time has passed. */
int __wrap_clock_gettime(clockid_t clock, struct timespec *ret_time)
{
	static atomic_uint passed_ms;

	if (clock != CLOCK_REALTIME)
		return __real_clock_gettime(clock, ret_time);
	const uint64_t now = SIM_START_MS + atomic_fetch_add(&passed_ms, 1);

	*ret_time = (struct timespec){.tv_sec = (time_t)(now / 1000), .tv_nsec = (long)(now % 1000) * 1000000};
	return 0;
}

const char *town_said(void)
{
	return said;
}

enum mtr_exit_status town_init(const struct town *town)
{
	const struct mtr_options options = {.values[MTR_OPTION_OPERATOR_KEY] = script_operator_key()};
	const struct mtr_log log = {MTR_LOG_ERROR, false};

	said[0] = '\0';
	return mtr_init(&town->config, &options, &log);
}

static void take_reply(void *context, struct mtr_work *work)
{
	struct town *town = context;

	work->next = NULL;
	*town->replies_end = work;
	town->replies_end = &work->next;
}

void town_settle(struct town *town, const char *root)
{
	*town = (struct town){.now = SIM_START_MS, .turn = mtr_writer_turn, .reply = take_reply};
	mtr_config_defaults(&town->config);
	(void)snprintf(town->config.data_directory, sizeof town->config.data_directory, "%s/data", root);
	town->config.map_size = 32u << 20;
	town->config.journal_segment_size = MTR_SEGMENT_BYTES_MIN + 4 * MTR_FRAME_ALIGN;
	town->replies_end = &town->replies;
}

static void take_principal(void *context, uint64_t revision, uint32_t principal_id, bool revoked)
{
	(void)context;
	(void)revision;
	(void)principal_id;
	(void)revoked;
}

static void take_committed(void *context, uint64_t revision)
{
	(void)context;
	(void)revision;
}

static void take_fatal(void *context, const char *reason)
{
	struct town *town = context;

	(void)snprintf(said, sizeof said, "%s", reason);
	town->failed = true;
}

static uint64_t tell_time(void *context)
{
	return ((struct town *)context)->now;
}

static enum mtr_exit_status open_all(struct town *town, const struct mtr_log *log)
{
	struct mtr_key_pair pair;
	enum mtr_exit_status status = mtr_directory_open(&town->directory, town->config.data_directory, false, log);

	if (status)
		return status;
	town->is_open = true;
	status = mtr_directory_read_key(&town->directory, &pair, log);
	if (!status)
		status = mtr_data_open(&town->data, &town->directory, &town->config, false, log);
	if (!status)
		status = mtr_audit_key(&town->directory, &town->data, &town->signer, log);
	if (status)
		return status;
	const struct mtr_writer_options options = {.store = town->data.store,
						   .engine = town->data.engine,
						   .commit_idle_ms = NEVER_MS,
						   .commit_longest_ms = NEVER_MS,
						   .commit_puts = UINT32_MAX,
						   .margin_bytes = 4u << 20,
						   .signer = &town->signer,
						   .incarnation = town->data.incarnation,
						   .reply = town->reply,
						   .principals_changed = take_principal,
						   .committed = take_committed,
						   .fatal = take_fatal,
						   .context = town,
						   .now_ms = tell_time};

	return mtr_writer_new(&town->writer, &options) ? MTR_EXIT_SYSTEM : MTR_EXIT_OK;
}

enum mtr_exit_status town_open(struct town *town)
{
	const struct mtr_log log = {MTR_LOG_ERROR, false};

	said[0] = '\0';
	town->failed = false;
	enum mtr_exit_status status = open_all(town, &log);

	if (status)
		town_close(town);
	return status;
}

void town_turn(struct town *town, struct mtr_work *works)
{
	town->turn(town->writer, works);
}

void town_commit(struct town *town)
{
	if (!town->failed)
		mtr_writer_commit(town->writer);
}

void town_checkpoint(struct town *town)
{
	if (!town->failed)
		mtr_writer_checkpoint_last(town->writer);
}

struct mtr_work *town_reply(struct town *town)
{
	struct mtr_work *work = town->replies;

	if (!work)
		return NULL;
	town->replies = work->next;
	if (!town->replies)
		town->replies_end = &town->replies;
	work->next = NULL;
	return work;
}

void town_close(struct town *town)
{
	struct mtr_work *work;

	while ((work = town_reply(town)))
		mtr_work_free(&work);
	mtr_writer_free(&town->writer);
	mtr_data_close(&town->data);
	if (town->is_open)
		mtr_directory_close(&town->directory);
	town->is_open = false;
}
