#include "reader/ahead.h"
#include "reader/park.h"
#include "reader/query.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define THREADS_MAX 64u
/* How long a query waits for least_revision: many times the longest pause between commits. */
#define REVISION_WAIT_MS 5000u
/* A query that waits for news is asked again after this long at the soonest, and after so many times what the last
 * attempt took: waiting costs a twentieth of a thread at the most. */
#define NEWS_PAUSE_MS 100u
#define NEWS_PAUSE_TIMES 20u

struct reader {
	struct mtr_readers *readers;
	struct mtr_arena *arena, *scratch;
	struct mtr_scopes *scopes;
	pthread_t thread;
	bool started;
};

struct mtr_readers {
	struct mtr_readers_options options;
	struct mtr_queue *queue;
	struct mtr_park *park;
	struct mtr_ahead *ahead;
	atomic_bool stopping;
	atomic_uint_fast64_t damaged;
	uint32_t count;
	struct reader readers[];
};

static uint64_t monotonic_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static uint64_t monotonic_ms(void)
{
	return monotonic_us() / 1000;
}

static void reply(struct mtr_readers *readers, struct mtr_work *work)
{
	work->next = NULL;
	readers->options.reply(readers->options.context, work);
}

static void reply_error(struct mtr_readers *readers, struct mtr_work *work, Mtr__ErrorCode code)
{
	/* Without memory for an answer of a few bytes the work goes back without one. */
	(void)mtr_query_answer_error(work, code, 0);
	reply(readers, work);
}

/* The deadline counts from when the query first waits for this. */
static void set_wait(struct mtr_work *work, enum mtr_attempt attempt, const struct mtr_attempted *attempted,
		     uint64_t began_us)
{
	const uint64_t now_us = monotonic_us();
	const int reason = attempt == MTR_ATTEMPT_NEWS ? MTR_WAIT_NEWS : MTR_WAIT_REVISION;

	if ((int)work->wait.reason != reason)
		work->wait.deadline = now_us / 1000 + (reason == MTR_WAIT_NEWS ? attempted->wait_ms : REVISION_WAIT_MS);
	work->wait.reason = reason == MTR_WAIT_NEWS ? MTR_WAIT_NEWS : MTR_WAIT_REVISION;
	work->wait.revision = attempted->awaited;
	work->wait.not_before = 0;
	if (reason == MTR_WAIT_NEWS)
		work->wait.not_before = now_us / 1000 + NEWS_PAUSE_MS + NEWS_PAUSE_TIMES * (now_us - began_us) / 1000;
}

static enum mtr_attempt attempt(struct reader *reader, struct mtr_work *work, bool may_wait,
				struct mtr_attempted *ret_attempted)
{
	struct mtr_readers *readers = reader->readers;
	const uint64_t began_us = monotonic_us();
	const enum mtr_attempt result = mtr_query_attempt(&readers->options, reader->arena, reader->scratch,
							  reader->scopes, work, may_wait, ret_attempted);

	if (ret_attempted->damaged)
		atomic_fetch_add(&readers->damaged, 1);
	if (result == MTR_ATTEMPT_REVISION || result == MTR_ATTEMPT_NEWS)
		set_wait(work, result, ret_attempted, began_us);
	return result;
}

static bool may_wait(const struct mtr_readers *readers, const struct mtr_work *work)
{
	return !atomic_load(&readers->stopping) &&
	       (work->wait.reason == MTR_WAIT_NOT || monotonic_ms() < work->wait.deadline);
}

static uint64_t revision_now(const struct mtr_readers *readers)
{
	struct mtr_store_state state;

	return mtr_store_state_read(readers->options.store, &state) ? 0 : state.revision;
}

/* With what was read ahead, if that is still how the register is. */
static bool answer_from_ahead(struct mtr_readers *readers, struct mtr_work *work, struct mtr_work **ret_next)
{
	struct mtr_ahead_page page;
	bool good;

	if (!mtr_ahead_take(readers->ahead, work, &page))
		return false;
	good = page.revision == revision_now(readers);
	if (good) {
		mtr_work_answer_with(work, page.work);
		*ret_next = page.next;
		page.next = NULL;
	}
	mtr_ahead_drop(&page);
	return good;
}

static struct mtr_work *question_work(const struct mtr_attempted *attempted, uint32_t principal_id)
{
	struct mtr_work *question = NULL;

	if (attempted->next.size)
		question = mtr_work_new(attempted->next.data, attempted->next.size);
	if (question)
		question->principal_id = principal_id;
	return question;
}

/* Only while nobody waits for a reader. */
static void read_ahead(struct reader *reader, struct mtr_work *question)
{
	struct mtr_readers *readers = reader->readers;
	struct mtr_ahead_page page = {.work = question};
	struct mtr_attempted attempted;

	if (!question || mtr_queue_count(readers->queue) ||
	    !mtr_ahead_begin(readers->ahead, question, mtr_monotime_now())) {
		mtr_work_free(&question);
		return;
	}
	if (mtr_query_attempt(&readers->options, reader->arena, reader->scratch, reader->scopes, question, true,
			      &attempted) == MTR_ATTEMPT_ANSWERED) {
		page.revision = attempted.snapshot;
		page.next = question_work(&attempted, question->principal_id);
	}
	mtr_ahead_end(readers->ahead, &page);
}

/* Answers the work, or lets it wait: then it may be another thread's already. */
static bool answer(struct reader *reader, struct mtr_work *work, struct mtr_work **ret_next)
{
	struct mtr_readers *readers = reader->readers;
	struct mtr_attempted attempted;
	enum mtr_attempt result = attempt(reader, work, may_wait(readers, work), &attempted);

	while (result == MTR_ATTEMPT_REVISION || result == MTR_ATTEMPT_NEWS) {
		enum mtr_parked parked;

		if (result == MTR_ATTEMPT_REVISION)
			mtr_writer_wish_commit(readers->options.writer, work->wait.revision);
		parked = mtr_park_put(readers->park, work, monotonic_ms());
		if (parked == MTR_PARKED)
			return false;
		result = attempt(reader, work, parked == MTR_PARK_READY && may_wait(readers, work), &attempted);
	}
	*ret_next = question_work(&attempted, work->principal_id);
	return true;
}

static void serve(struct reader *reader, struct mtr_work *work)
{
	struct mtr_work *next = NULL;

	if (!answer_from_ahead(reader->readers, work, &next) && !answer(reader, work, &next))
		return;
	reply(reader->readers, work);
	read_ahead(reader, next);
}

static void *run(void *context)
{
	struct reader *reader = context;
	struct mtr_work *work;

	pthread_setname_np(pthread_self(), "mtr-reader");
	while (!atomic_load(&reader->readers->stopping) || mtr_queue_count(reader->readers->queue)) {
		work = mtr_queue_take(reader->readers->queue, 1, -1);
		if (work)
			serve(reader, work);
	}
	return NULL;
}

/* Those whose time has come go back into the queue; when it is full they wait on. */
static void wake(struct mtr_readers *readers)
{
	const uint64_t now = monotonic_ms();
	struct mtr_work *work = mtr_park_take_ready(readers->park, now);

	while (work) {
		struct mtr_work *next = work->next;

		if (!mtr_queue_put(readers->queue, work)) {
			work->wait.not_before = now + 1;
			if (mtr_park_put(readers->park, work, now) != MTR_PARKED)
				reply_error(readers, work,
					    atomic_load(&readers->stopping) ? MTR__ERROR_CODE__ERROR_CODE_STOPPING
									    : MTR__ERROR_CODE__ERROR_CODE_BUSY);
		}
		work = next;
	}
}

bool mtr_readers_submit(struct mtr_readers *readers, struct mtr_work *work)
{
	return !atomic_load(&readers->stopping) && mtr_queue_put(readers->queue, work);
}

void mtr_readers_committed(struct mtr_readers *readers, uint64_t revision)
{
	mtr_park_committed(readers->park, revision);
	wake(readers);
}

void mtr_readers_tick(struct mtr_readers *readers)
{
	wake(readers);
}

static void free_readers(struct mtr_readers *readers)
{
	for (uint32_t i = 0; i < readers->count; i++) {
		mtr_arena_free(&readers->readers[i].arena);
		mtr_arena_free(&readers->readers[i].scratch);
		mtr_scopes_free(&readers->readers[i].scopes);
	}
	mtr_park_free(&readers->park);
	mtr_ahead_free(&readers->ahead);
	mtr_queue_free(&readers->queue);
	free(readers);
}

static void answer_parked(struct mtr_readers *readers)
{
	struct mtr_work *work = mtr_park_close(readers->park);

	while (work) {
		struct mtr_work *next = work->next;

		reply_error(readers, work, MTR__ERROR_CODE__ERROR_CODE_STOPPING);
		work = next;
	}
}

void mtr_readers_stop(struct mtr_readers **readers)
{
	struct mtr_readers *r;

	if (!readers || !*readers)
		return;
	r = *readers;
	atomic_store(&r->stopping, true);
	answer_parked(r);
	mtr_queue_close(r->queue);
	for (uint32_t i = 0; i < r->count; i++) {
		if (r->readers[i].started)
			pthread_join(r->readers[i].thread, NULL);
	}
	free_readers(r);
	*readers = NULL;
}

static int start_thread(struct mtr_readers *readers, struct reader *reader)
{
	int error;

	reader->readers = readers;
	reader->arena = mtr_arena_new(MTR_QUERY_ARENA);
	reader->scratch = mtr_arena_new(MTR_QUERY_SCRATCH);
	reader->scopes = mtr_scopes_new();
	if (!reader->arena || !reader->scratch || !reader->scopes)
		return -ENOMEM;
	error = pthread_create(&reader->thread, NULL, run, reader);
	reader->started = !error;
	return -error;
}

int mtr_readers_start(struct mtr_readers **ret_readers, const struct mtr_readers_options *options)
{
	struct mtr_readers *readers;
	int error = 0;

	if (!options->threads || options->threads > THREADS_MAX)
		return -EINVAL;
	readers = calloc(1, sizeof *readers + options->threads * sizeof readers->readers[0]);
	if (!readers)
		return -ENOMEM;
	readers->options = *options;
	readers->count = options->threads;
	atomic_init(&readers->stopping, false);
	atomic_init(&readers->damaged, 0);
	readers->queue = mtr_queue_new(MTR_QUEUE_MAX);
	readers->park = mtr_park_new();
	readers->ahead = mtr_ahead_new();
	if (!readers->queue || !readers->park || !readers->ahead) {
		free_readers(readers);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < readers->count && !error; i++)
		error = start_thread(readers, &readers->readers[i]);
	if (error) {
		mtr_readers_stop(&readers);
		return error;
	}
	*ret_readers = readers;
	return 0;
}

uint64_t mtr_readers_damaged(const struct mtr_readers *readers)
{
	return atomic_load(&readers->damaged);
}
