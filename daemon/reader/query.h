/* Queries as the daemon answers them: what is answered from more than rows, and queries that wait. */
#ifndef MTR_READER_QUERY_H
#define MTR_READER_QUERY_H

#include "query/query.h"
#include "query/scopes.h"
#include "reader/reader.h"

/* As in query/query.h; they may set wait_ms instead. */
bool mtr_query_feed(struct mtr_query *q);
bool mtr_query_log(struct mtr_query *q);
bool mtr_query_server_status(struct mtr_query *q);
bool mtr_query_history(struct mtr_query *q);
bool mtr_query_incarnations(struct mtr_query *q);

/* What became of an attempt to answer. */
enum mtr_attempt {
	MTR_ATTEMPT_ANSWERED, /* the work holds its answer */
	MTR_ATTEMPT_REVISION, /* the snapshot is older than least_revision */
	MTR_ATTEMPT_NEWS,     /* at the head, and the query may wait */
	MTR_ATTEMPT_MEMORY,   /* not even an error could be packed */
};
struct mtr_attempted {
	uint64_t snapshot; /* revision of what the answer was read from; 0: it wasn't */
	uint64_t awaited;  /* REVISION, NEWS: the revision that the query waits for */
	uint32_t wait_ms;  /* NEWS: for how long */
	bool damaged;      /* something that was read isn't as it was written; the answer is BUSY */
	/* The query for what lies behind a page that isn't the last, in the arena; else empty. */
	struct mtr_bytes next;
};

/* Answers from a snapshot of now. With `may_wait` false the answer is final: TIMED_OUT, or a page without rows.
 * `scopes` may be NULL: then each is worked out anew. */
enum mtr_attempt mtr_query_attempt(const struct mtr_readers_options *options, struct mtr_arena *arena,
				   struct mtr_arena *scratch, struct mtr_scopes *scopes, struct mtr_work *work,
				   bool may_wait, struct mtr_attempted *ret_attempted);

/* An error as the work's answer, without a snapshot. False without memory. */
bool mtr_query_answer_error(struct mtr_work *work, Mtr__ErrorCode code, uint64_t number);

#endif
