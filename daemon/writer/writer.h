/* The one thread that writes: drains what has arrived, decides and applies it in a transaction that stays open across
 * batches, makes the batch durable in the engine, and only then answers.
 *
 * LMDB commits when nothing came for commit_idle_ms, commit_longest_ms after the transaction began, or after
 * commit_puts puts, and only when the applied revision is the durable one. While commits take more than an eighth of
 * the time, up to four times commit_longest_ms. */
#ifndef MTR_WRITER_WRITER_H
#define MTR_WRITER_WRITER_H

#include "contract/key_file.h"
#include "engine/engine.h"
#include "store/store.h"
#include "work/work.h"

struct mtr_writer;

struct mtr_writer_options {
	struct mtr_store *store; /* both outlive the writer */
	struct mtr_engine *engine;
	uint32_t commit_idle_ms;             /* 5 */
	uint32_t commit_longest_ms;          /* 100 */
	uint32_t commit_puts;                /* 50,000 */
	uint8_t receipt_key[MTR_HASH_BYTES]; /* work/receipt.h */
	uint64_t margin_bytes;               /* of store that must be free before each batch; 0: 64 MiB */
	/* Of checkpoints: a pair that signs, outlives the writer; NULL: none are written. */
	const struct mtr_key_pair *signer;
	uint64_t incarnation; /* the register's, for checkpoints */
	mtr_reply_fn reply;
	/* A principal's row changed; the new table is read from the store at or after `revision`. Called before the
	 * command that changed it is answered. */
	void (*principals_changed)(void *context, uint64_t revision, uint32_t principal_id, bool revoked);
	/* LMDB has committed up to this revision. */
	void (*committed)(void *context, uint64_t revision);
	/* The outcome of a write is unclear or the store is damaged: the process must end. Called once; nothing is
	 * answered afterwards. `reason` is for a log line. */
	void (*fatal)(void *context, const char *reason);
	void *context;
	uint64_t (*now_ms)(void *context); /* wall clock; NULL: the system's */
};

/* Starts the thread; the store has been brought up to the engine's head (recover.h). 0 or -errno. */
int mtr_writer_start(struct mtr_writer **ret_writer, const struct mtr_writer_options *options);

/* Answers what has been submitted, commits, joins the thread, frees and nulls. */
void mtr_writer_stop(struct mtr_writer **writer);

/* False when the queue is full or the writer stops: answer BUSY or STOPPING; the work stays the caller's. */
bool mtr_writer_submit(struct mtr_writer *writer, struct mtr_work *work);

/* A reader waits for `revision`: commits no sooner than max(20 ms, 4 × the last commit's duration) after the one
 * before. Thread-safe. */
void mtr_writer_wish_commit(struct mtr_writer *writer, uint64_t revision);

struct mtr_writer_figures {
	uint64_t durable_revision, committed_revision;
	uint64_t commands, refused, batches, commits;
	uint64_t progress; /* grows while the thread is alive, also when idle: feed the watchdog from it */
	uint32_t queue;
	uint32_t missing; /* outboxes that haven't reported after a restore, at least 1 until that is over; else 0 */
	bool accepts_changes; /* false while there is no room for the worst batch */
};
/* Thread-safe. */
void mtr_writer_figures(struct mtr_writer *writer, struct mtr_writer_figures *ret_figures);

#endif
