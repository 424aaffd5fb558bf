/* The writer's inside. All but the queue and the atomics belongs to its thread. */
#ifndef MTR_WRITER_STATE_H
#define MTR_WRITER_STATE_H

#include "register/decide.h"
#include "store/read.h"
#include "work/monotime.h"
#include "writer/answers.h"
#include "writer/gather.h"
#include "writer/recollection.h"
#include "writer/sequencing.h"
#include "writer/siblings.h"
#include "writer/writer.h"

#include <pthread.h>
#include <stdatomic.h>

/* Works taken at a time: enough to fill a batch with small commands, few enough that a commit is never late. */
#define MTR_WRITER_TURN 1024u

struct mtr_principal_change {
	uint64_t revision;
	uint32_t principal_id;
	bool revoked;
};

struct mtr_writer {
	struct mtr_writer_options options;
	struct mtr_queue *queue;
	pthread_t thread;
	bool dead; /* fatal was called */

	struct mtr_txn txn;
	bool open;                              /* txn is */
	uint64_t committed;                     /* revision */
	uint64_t at;                            /* of the last record */
	struct mtr_checkpoint_place checkpoint; /* the newest; without one: where the counting began */
	struct mtr_arena *arena, *request_arena;
	struct mtr_answers *answers;
	struct mtr_recollection *recollection; /* while what a restore lost is gathered; else NULL */

	/* The batch: its records, who waits for it, and what else follows from it. */
	struct mtr_gather gather;
	struct mtr_work *pending, **pending_end;
	uint32_t pending_count;
	struct mtr_siblings siblings;
	struct mtr_principal_change *changes;
	size_t change_count, change_room;

	bool has_room, room_checked; /* in this turn */
	struct mtr_monotime begun, last_work, committed_at;
	uint64_t commit_took; /* ms */

	atomic_uint_fast64_t wish; /* revision that a reader waits for */
	atomic_uint_fast64_t durable_figure, committed_figure, commands, refused, batches, commits, progress;
	atomic_uint_fast32_t missing_figure;
	atomic_bool accepts_changes, stopping;
};

/* The revision up to which everything is applied in the open transaction. */
static inline uint64_t mtr_writer_applied(const struct mtr_writer *writer)
{
	return writer->gather.batch.after.revision;
}

/* writer.c */

/* As mtr_writer_start, but without the thread: whoever made it takes its turns. */
int mtr_writer_new(struct mtr_writer **ret_writer, const struct mtr_writer_options *options);
/* One turn: does the works, which it takes over, in order; makes their batch durable, answers, commits if that is due.
 * `works` may be NULL: nothing came in time. The thread's turns also take what comes while they last, when a flush is
 * slow (siblings.h). */
void mtr_writer_turn(struct mtr_writer *writer, struct mtr_work *works);
/* Forgets what isn't durable and what isn't committed; frees and nulls. */
void mtr_writer_free(struct mtr_writer **writer);

/* commit.c */

/* The process must end: nothing is committed or answered any more. Always false. */
bool mtr_writer_fail(struct mtr_writer *writer, const char *reason);
/* Each of these is false after a failure. */
bool mtr_writer_begin(struct mtr_writer *writer);
bool mtr_writer_commit(struct mtr_writer *writer);
bool mtr_writer_commit_if_due(struct mtr_writer *writer);
/* Sees to it that the worst batch fits, and notes in has_room whether it does. The batch must be empty. */
bool mtr_writer_check_room(struct mtr_writer *writer);
/* How long to wait for work before something is due; at most a second, so that progress shows. */
int mtr_writer_patience(struct mtr_writer *writer);

/* flush.c */

/* Answers the work, now finished, after the batch; takes it over. */
void mtr_writer_pend(struct mtr_writer *writer, struct mtr_work *work);
/* Takes note of principals among the effects. */
bool mtr_writer_note_changes(struct mtr_writer *writer, const struct mtr_outcome *outcome, uint64_t revision);
/* Makes the batch durable and answers all who wait. */
bool mtr_writer_flush(struct mtr_writer *writer);

/* checkpoint.c */

/* Signs where the history stands, with a record of its own, when enough was written since the last checkpoint or long
 * enough ago. The batch must be empty. False after a failure. */
bool mtr_writer_checkpoint_if_due(struct mtr_writer *writer);
/* The same when anything was written since, before the end. */
bool mtr_writer_checkpoint_last(struct mtr_writer *writer);

/* turn.c */

/* Time by the wall clock, or that of the last record if that is later. */
uint64_t mtr_writer_now(const struct mtr_writer *writer);

/* Before each work: memory for it, room in the batch, and a transaction. False after a failure. */
bool mtr_writer_prepare(struct mtr_writer *writer);
/* Decides an entry that is the next of its outbox and records it, unless there is no room. The work has its answer, or
 * false after a failure; so with a refusal. */
bool mtr_writer_change(struct mtr_writer *writer, struct mtr_work *work, const struct mtr_place_found *place);
bool mtr_writer_refuse(struct mtr_writer *writer, struct mtr_work *work, Mtr__ErrorCode code, const char *field,
		       uint64_t number);
/* Does one work, which it takes over. */
bool mtr_writer_do(struct mtr_writer *writer, struct mtr_work *work);

/* reconcile.c: after a restore. Each is false after a failure. */

/* Begins to gather when the store says that the register reconciles; before the first turn, in any transaction. 0 or
 * -errno. */
int mtr_writer_reconcile_begin(struct mtr_writer *writer, struct mtr_txn *txn);
/* An entry that the register hasn't got. */
bool mtr_writer_is_beyond(const struct mtr_place_found *place);
/* While it is gathered: keeps, refuses or does such an entry, and the work has its answer. */
bool mtr_writer_recollect(struct mtr_writer *writer, struct mtr_work *work, const struct mtr_place_found *place);
/* Takes over a work that reports. */
bool mtr_writer_take_report(struct mtr_writer *writer, struct mtr_work *work);
/* This record was applied. */
void mtr_writer_reconcile_note(struct mtr_writer *writer, const Mtr__RecordHeader *header);
/* Ends it when nothing is missing any more. */
bool mtr_writer_reconcile_if_complete(struct mtr_writer *writer);

/* own_record.c */

/* Writes a record of the register itself, which answers nobody and changes no row. `at` isn't before the last one's. */
bool mtr_writer_record_own(struct mtr_writer *writer, uint32_t command_tag, uint64_t at, struct mtr_bytes command);

#endif
