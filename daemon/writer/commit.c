#include "writer/state.h"

#include <errno.h>

#define DEFAULT_MARGIN_BYTES (64u * 1024u * 1024u)
#define LEAST_PATIENCE_MS 1000u
/* Between commits that a reader wished for: without it one reader takes everybody's time. */
#define WISH_LEAST_MS 20u
#define WISH_TIMES 4u
/* Under full load each command dirties pages that others of the same part of a programme dirty too, so that the longer
 * the transaction, the fewer pages a command: it stays open until commits take no more than an eighth of the time, but
 * not for ever, since nobody is answered meanwhile. */
#define STRETCH_TIMES 7u
#define STRETCH_MOST 4u

bool mtr_writer_fail(struct mtr_writer *writer, const char *reason)
{
	if (writer->dead)
		return false;
	writer->dead = true;
	if (writer->open)
		mtr_txn_abort(&writer->txn);
	writer->open = false;
	mtr_queue_close(writer->queue);
	atomic_store(&writer->accepts_changes, false);
	writer->options.fatal(writer->options.context, reason);
	return false;
}

static bool fail_store(struct mtr_writer *writer, enum mtr_store_error error)
{
	return mtr_writer_fail(writer, mtr_store_error_name(error));
}

bool mtr_writer_begin(struct mtr_writer *writer)
{
	if (writer->dead)
		return false;
	if (writer->open)
		return true;
	mtr_txn_begin_write(&writer->txn, writer->options.store);
	if (writer->txn.error)
		return fail_store(writer, writer->txn.error);
	writer->open = true;
	writer->begun = mtr_monotime_now();
	return true;
}

bool mtr_writer_commit(struct mtr_writer *writer)
{
	struct mtr_monotime start = mtr_monotime_now();

	if (!writer->open)
		return !writer->dead;
	if (mtr_writer_applied(writer) != writer->options.engine->operations->head(writer->options.engine).revision)
		return mtr_writer_fail(writer, "what is applied is not what is durable");
	writer->open = false;
	if (mtr_writer_applied(writer) == writer->committed) {
		mtr_txn_abort(&writer->txn);
		return true;
	}
	enum mtr_store_error error = mtr_txn_commit(&writer->txn);

	if (error)
		return fail_store(writer, error);
	writer->committed_at = mtr_monotime_now();
	writer->commit_took = mtr_monotime_since(start, writer->committed_at);
	writer->committed = mtr_writer_applied(writer);
	atomic_store(&writer->committed_figure, writer->committed);
	atomic_fetch_add(&writer->commits, 1);
	writer->options.committed(writer->options.context, writer->committed);
	return true;
}

static uint64_t least(uint64_t x, uint64_t y)
{
	return x < y ? x : y;
}

/* How long the transaction may stay open. */
static uint64_t longest(const struct mtr_writer *writer)
{
	uint64_t given = writer->options.commit_longest_ms, stretched = STRETCH_TIMES * writer->commit_took;

	return stretched > given ? least(stretched, STRETCH_MOST * given) : given;
}

/* The moment at which the open transaction is to be committed. */
static uint64_t commit_due(const struct mtr_writer *writer)
{
	uint64_t due = least(writer->begun.ms + longest(writer), writer->last_work.ms + writer->options.commit_idle_ms);
	uint64_t pause = WISH_TIMES * writer->commit_took;

	if (atomic_load(&writer->wish) > writer->committed)
		due = least(due, writer->committed_at.ms + (pause > WISH_LEAST_MS ? pause : WISH_LEAST_MS));
	return writer->txn.puts >= writer->options.commit_puts ? 0 : due;
}

bool mtr_writer_commit_if_due(struct mtr_writer *writer)
{
	if (writer->dead || !writer->open || commit_due(writer) > mtr_monotime_now().ms)
		return !writer->dead;
	return mtr_writer_commit(writer);
}

int mtr_writer_patience(struct mtr_writer *writer)
{
	uint64_t now = mtr_monotime_now().ms, due = writer->open ? commit_due(writer) : now + LEAST_PATIENCE_MS;

	return due <= now ? 0 : (int)least(due - now, LEAST_PATIENCE_MS);
}

/* The map can't grow under an open transaction. */
static enum mtr_store_error reserve(struct mtr_writer *writer)
{
	uint64_t margin = writer->options.margin_bytes ? writer->options.margin_bytes : DEFAULT_MARGIN_BYTES;
	enum mtr_store_error error = mtr_store_reserve(writer->options.store, margin);

	if (error == MTR_STORE_LIMIT && writer->open && mtr_writer_commit(writer))
		error = mtr_store_reserve(writer->options.store, margin);
	return error;
}

bool mtr_writer_check_room(struct mtr_writer *writer)
{
	struct mtr_engine *engine = writer->options.engine;
	int ticked = engine->operations->tick(engine);

	if (ticked != 0 && ticked != -ENOSPC)
		return mtr_writer_fail(writer, "the journal can't be written");
	enum mtr_store_error error = ticked == 0 ? reserve(writer) : MTR_STORE_FULL;

	if (writer->dead || (error && error != MTR_STORE_FULL))
		return fail_store(writer, error);
	writer->has_room = error == MTR_STORE_OK;
	writer->room_checked = true;
	atomic_store(&writer->accepts_changes, writer->has_room);
	return true;
}
