/* One query while it is answered: from a snapshot, in an arena, by the function of its kind. */
#ifndef MTR_READER_QUERY_H
#define MTR_READER_QUERY_H

#include "contract/arena.h"
#include "matricula/v1/wire.pb-c.h"
#include "reader/reader.h"
#include "store/feed.h"
#include "store/read.h"

/* Bytes of an answer's rows; the rest of MTR_REPLY_MAX is for what is around them. */
#define MTR_ROWS_BYTES (MTR_REPLY_MAX - 16u * 1024u)

struct mtr_query {
	const struct mtr_readers_options *options;
	struct mtr_txn *txn;
	struct mtr_arena *arena;   /* what the answer is made of */
	struct mtr_arena *scratch; /* one row at a time; reset by whoever needs it */
	const Mtr__Query *query;
	const Mtr__Principal *principal;
	const struct mtr_scope *scope;
	uint64_t revision;   /* of the snapshot */
	Mtr__Answer *answer; /* what is in it so far */
	bool may_wait;
	uint32_t wait_ms; /* set: nothing to say yet, ask again when there is news or after this long */
};

/* Each fills the answer (which may be an error) or sets wait_ms. False when the transaction or an arena has failed. */
bool mtr_query_list(struct mtr_query *q);
bool mtr_query_feed(struct mtr_query *q);
bool mtr_query_tallies(struct mtr_query *q);
bool mtr_query_nomination_status(struct mtr_query *q);
bool mtr_query_log(struct mtr_query *q);
bool mtr_query_server_status(struct mtr_query *q);

/* Makes the answer an error; the texts may be NULL and live as long as the arena. */
void mtr_query_refuse(struct mtr_query *q, Mtr__ErrorCode code, const char *field, const char *wanted, uint64_t number);
/* True once refuse was called. */
bool mtr_query_refused(const struct mtr_query *q);
/* True while neither the transaction nor the arena of the answer has failed. */
bool mtr_query_good(const struct mtr_query *q);

/* The ids of what filters name; an empty code gives 0. False when it was refused or an error came up: UNKNOWN_*, or
 * OUT_OF_SCOPE for a unit of another's subtree, a programme that the organiser doesn't organise, a class the school
 * doesn't run. `field` is the filter's. */
bool mtr_filter_plan(struct mtr_query *q, const char *field, const char *code, uint32_t *ret_id);
bool mtr_filter_programme(struct mtr_query *q, const char *field, const char *code, uint32_t *ret_id);
bool mtr_filter_unit(struct mtr_query *q, const char *field, const char *code, bool people, uint32_t *ret_id);
bool mtr_filter_class(struct mtr_query *q, const char *field, const char *code, uint32_t *ret_id);
/* Exists, without regard to scope. */
bool mtr_filter_code(struct mtr_query *q, Mtr__EntityType type, const char *field, const char *code, uint32_t *ret_id);

/* What became of an attempt to answer. */
enum mtr_attempt {
	MTR_ATTEMPT_ANSWERED, /* the work holds its answer */
	MTR_ATTEMPT_REVISION, /* the snapshot is older than least_revision, which is *ret_revision */
	MTR_ATTEMPT_NEWS,     /* at the head; *ret_revision is the next, *ret_wait_ms how long the query waits */
	MTR_ATTEMPT_MEMORY,   /* not even an error could be packed */
};

/* Answers from a snapshot of now. With `may_wait` false the answer is final: TIMED_OUT, or a page without rows. */
enum mtr_attempt mtr_query_attempt(const struct mtr_readers_options *options, struct mtr_arena *arena,
				   struct mtr_arena *scratch, struct mtr_work *work, bool may_wait,
				   uint64_t *ret_revision, uint32_t *ret_wait_ms);

/* An error as the work's answer, without a snapshot. False without memory. */
bool mtr_query_answer_error(struct mtr_work *work, Mtr__ErrorCode code, uint64_t number);

#endif
