/* The threads that answer queries from LMDB snapshots, each in a read transaction of its own that ends with the answer.
 * A query that must wait (for a revision, for news at the head) is parked without a transaction. */
#ifndef MTR_READER_READER_H
#define MTR_READER_READER_H

#include "engine/engine.h"
#include "matricula/v1/queries.pb-c.h"
#include "store/store.h"
#include "work/work.h"
#include "writer/writer.h"

struct mtr_readers;

struct mtr_readers_options {
	struct mtr_store *store;
	struct mtr_engine *engine; /* for the log */
	struct mtr_writer *writer; /* figures, and to bring a commit forward */
	uint32_t threads;          /* 2 */
	uint64_t incarnation;
	mtr_reply_fn reply;
	/* Fills what only the daemon knows (software, started_at, sessions, journal_segments, backed_up_revision); what
	 * it points to outlives the readers. NULL: left empty. */
	void (*server_status)(void *context, Mtr__ServerStatusReply *status);
	void *context;
};

/* 0 or -errno. */
int mtr_readers_start(struct mtr_readers **ret_readers, const struct mtr_readers_options *options);
/* Answers STOPPING to what is parked, joins, frees and nulls. */
void mtr_readers_stop(struct mtr_readers **readers);
/* False when full or stopping: the work stays the caller's. Queries that wait are bounded too (park.h); beyond that
 * bound they are answered at once, as if their time were up. */
bool mtr_readers_submit(struct mtr_readers *readers, struct mtr_work *work);
/* LMDB has committed up to `revision`: wakes what waited for it. Thread-safe. */
void mtr_readers_committed(struct mtr_readers *readers, uint64_t revision);
/* Answers what has waited long enough; to be called at least every 100 ms. Thread-safe. */
void mtr_readers_tick(struct mtr_readers *readers);
/* Queries so far that came upon damage in the database and were answered BUSY. Thread-safe. */
uint64_t mtr_readers_damaged(const struct mtr_readers *readers);

#endif
