#include "writer/writer.h"

#include "writer/state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void free_works(struct mtr_work *work)
{
	while (work) {
		struct mtr_work *next = work->next;

		mtr_work_free(&work);
		work = next;
	}
}

/* Does the works, in order, until one fails. */
static void do_all(struct mtr_writer *writer, struct mtr_work *work)
{
	while (work) {
		struct mtr_work *next = work->next;

		if (!mtr_writer_do(writer, work)) {
			free_works(next);
			return;
		}
		work = next;
	}
}

static void begin_turn(struct mtr_writer *writer, struct mtr_work *works)
{
	atomic_fetch_add(&writer->progress, 1);
	writer->room_checked = false;
	if (works)
		do_all(writer, works);
	else if (!writer->has_room)
		mtr_writer_check_room(writer);
}

/* Does what comes before the batch is flushed. */
static void take_siblings(struct mtr_writer *writer)
{
	uint64_t waited_us = 0, wait_us;

	while (!writer->dead && writer->gather.batch.count &&
	       (wait_us = mtr_siblings_wait_us(&writer->siblings, writer->pending_count, waited_us))) {
		const uint64_t since = mtr_monotime_us();
		struct mtr_work *works = mtr_queue_take(writer->queue, MTR_WRITER_TURN, (int64_t)wait_us);

		waited_us += mtr_monotime_us() - since;
		do_all(writer, works);
	}
}

static void end_turn(struct mtr_writer *writer, bool worked)
{
	mtr_writer_flush(writer);
	if (worked)
		writer->last_work = mtr_monotime_now();
	mtr_writer_reconcile_if_complete(writer);
	mtr_writer_checkpoint_if_due(writer);
	mtr_writer_commit_if_due(writer);
}

void mtr_writer_turn(struct mtr_writer *writer, struct mtr_work *works)
{
	begin_turn(writer, works);
	end_turn(writer, works);
}

static void take_turn(struct mtr_writer *writer, struct mtr_work *works)
{
	begin_turn(writer, works);
	take_siblings(writer);
	end_turn(writer, works);
}

static void *run(void *context)
{
	struct mtr_writer *writer = context;
	bool closing = false;

	pthread_setname_np(pthread_self(), "mtr-writer");
	while (!writer->dead) {
		struct mtr_work *works =
			mtr_queue_take(writer->queue, MTR_WRITER_TURN, 1000 * (int64_t)mtr_writer_patience(writer));

		if (works || !atomic_load(&writer->stopping)) {
			take_turn(writer, works);
			continue;
		}
		/* What was put before the queue closed is taken by now, but for what came in between. */
		if (closing)
			break;
		closing = true;
	}
	mtr_writer_checkpoint_last(writer);
	mtr_writer_commit(writer);
	return NULL;
}

/* Where the store stands; it must be where the engine's head is. */
static int take_over_state(struct mtr_writer *writer)
{
	struct mtr_engine *engine = writer->options.engine;
	struct mtr_chain_point head = engine->operations->head(engine);
	struct mtr_store_state state;
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, writer->options.store);
	mtr_txn_state(&txn, &state);
	mtr_read_checkpoint(&txn, &writer->checkpoint);
	int error = txn.error ? -EIO : mtr_writer_reconcile_begin(writer, &txn);

	mtr_txn_abort(&txn);
	if (error < 0)
		return error;
	if (state.revision != head.revision || memcmp(state.chain, head.chain, MTR_HASH_BYTES) != 0)
		return -EINVAL;
	writer->committed = state.revision;
	writer->at = state.at;
	if (!writer->checkpoint.revision)
		writer->checkpoint.at = state.at;
	atomic_store(&writer->durable_figure, state.revision);
	atomic_store(&writer->committed_figure, state.revision);
	return mtr_gather_init(&writer->gather, &head) ? 0 : -ENOMEM;
}

void mtr_writer_free(struct mtr_writer **freed)
{
	struct mtr_writer *writer = freed ? *freed : NULL;

	if (!writer)
		return;
	if (writer->open)
		mtr_txn_abort(&writer->txn);
	free_works(writer->pending);
	mtr_gather_free(&writer->gather);
	mtr_answers_free(&writer->answers);
	mtr_recollection_free(&writer->recollection);
	mtr_arena_free(&writer->arena);
	mtr_arena_free(&writer->request_arena);
	mtr_queue_free(&writer->queue);
	free(writer->changes);
	free(writer);
	*freed = NULL;
}

static int prepare(struct mtr_writer *writer)
{
	writer->queue = mtr_queue_new(MTR_QUEUE_MAX);
	writer->arena = mtr_arena_new(MTR_DECISION_ARENA);
	writer->request_arena = mtr_arena_new(MTR_REQUEST_ARENA);
	writer->answers = mtr_answers_new();
	if (!writer->queue || !writer->arena || !writer->request_arena || !writer->answers)
		return -ENOMEM;
	int error = take_over_state(writer);

	/* Before the thread runs, so that whoever looks at the figures first doesn't see a full disk. */
	if (error == 0 && !mtr_writer_check_room(writer))
		error = -EIO;
	return error;
}

int mtr_writer_new(struct mtr_writer **ret_writer, const struct mtr_writer_options *options)
{
	struct mtr_writer *writer = calloc(1, sizeof *writer);

	if (!writer)
		return -ENOMEM;
	writer->options = *options;
	writer->pending_end = &writer->pending;
	int error = prepare(writer);

	if (error < 0)
		mtr_writer_free(&writer);
	else
		*ret_writer = writer;
	return error;
}

int mtr_writer_start(struct mtr_writer **ret_writer, const struct mtr_writer_options *options)
{
	struct mtr_writer *writer;
	int error = mtr_writer_new(&writer, options);

	if (error < 0)
		return error;
	error = -pthread_create(&writer->thread, NULL, run, writer);
	if (error < 0)
		mtr_writer_free(&writer);
	else
		*ret_writer = writer;
	return error;
}

void mtr_writer_stop(struct mtr_writer **writer)
{
	if (!writer || !*writer)
		return;
	mtr_queue_close((*writer)->queue);
	atomic_store(&(*writer)->stopping, true);
	mtr_queue_wake((*writer)->queue);
	pthread_join((*writer)->thread, NULL);
	mtr_writer_free(writer);
}

bool mtr_writer_submit(struct mtr_writer *writer, struct mtr_work *work)
{
	return mtr_queue_put(writer->queue, work);
}

void mtr_writer_wish_commit(struct mtr_writer *writer, uint64_t revision)
{
	uint_fast64_t before = atomic_load(&writer->wish);

	while (before < revision && !atomic_compare_exchange_weak(&writer->wish, &before, revision)) {
	}
	if (before < revision)
		mtr_queue_wake(writer->queue);
}

void mtr_writer_figures(struct mtr_writer *writer, struct mtr_writer_figures *ret_figures)
{
	*ret_figures = (struct mtr_writer_figures){
		.durable_revision = atomic_load(&writer->durable_figure),
		.committed_revision = atomic_load(&writer->committed_figure),
		.commands = atomic_load(&writer->commands),
		.refused = atomic_load(&writer->refused),
		.batches = atomic_load(&writer->batches),
		.commits = atomic_load(&writer->commits),
		.progress = atomic_load(&writer->progress),
		.queue = mtr_queue_count(writer->queue),
		.missing = (uint32_t)atomic_load(&writer->missing_figure),
		.accepts_changes = atomic_load(&writer->accepts_changes),
	};
}
