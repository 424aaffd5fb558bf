/* One query while it is answered: from a snapshot, in an arena, by the function of its kind. A register's readers and a
 * desk that reads its mirror answer by the same functions. */
#ifndef MTR_QUERY_QUERY_H
#define MTR_QUERY_QUERY_H

#include "contract/arena.h"
#include "matricula/v1/wire.pb-c.h"
#include "store/feed.h"
#include "store/read.h"

/* Bytes of an answer's rows; the rest of MTR_REPLY_MAX is for what is around them. */
#define MTR_ROWS_BYTES (MTR_REPLY_MAX - 16u * 1024u)
/* Scope of the widest organiser and a page of rows; where a mirror answers, also the packed answer. */
#define MTR_QUERY_ARENA (32u * 1024u * 1024u)
#define MTR_QUERY_SCRATCH (1024u * 1024u)

struct mtr_readers_options; /* of a daemon's readers */
struct mtr_scopes;

struct mtr_query {
	struct mtr_txn *txn;
	struct mtr_arena *arena;   /* what the answer is made of */
	struct mtr_arena *scratch; /* one row at a time; reset by whoever needs it */
	const Mtr__Query *query;
	const Mtr__Principal *principal; /* who asks */
	struct mtr_scopes *scopes;       /* where scopes are kept; NULL: nowhere */
	const struct mtr_scope *scope;   /* of the principal */
	uint64_t revision;               /* of the snapshot */
	Mtr__Answer *answer;             /* what is in it so far */
	/* Only where a daemon answers. */
	const struct mtr_readers_options *options;
	bool may_wait;
	uint32_t wait_ms; /* set: nothing to say yet, ask again when there is news or after this long */
};

/* Each fills the answer (which may be an error). False when the transaction or an arena has failed. */
typedef bool (*mtr_query_fn)(struct mtr_query *q);
bool mtr_query_list(struct mtr_query *q);
bool mtr_query_tallies(struct mtr_query *q);
bool mtr_query_nomination_status(struct mtr_query *q);

/* The function for a query that is answered from rows alone; NULL for others. */
mtr_query_fn mtr_query_of_rows(Mtr__Query__BodyCase body);

/* Answers by `handle` if the principal's role may ask that, from the principal's scope. False as above. */
bool mtr_query_run(struct mtr_query *q, mtr_query_fn handle);

/* Bytes that are enough to pack the answer, or TOO_LARGE in its place when it is. 0 without memory. */
size_t mtr_query_room(struct mtr_query *q);
/* Packs the answer somewhere into a room of so many bytes. False without memory. Rows of an answer lie in the map: to
 * be done before the transaction ends. */
bool mtr_query_pack(struct mtr_query *q, uint8_t *room, size_t size, struct mtr_bytes *ret_packed);

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

#endif
