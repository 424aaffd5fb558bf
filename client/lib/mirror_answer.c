#include "mirror_answer.h"

#include "query/query.h"
#include "unreadable.h"

static bool answer_from_rows(struct mtr_query *q)
{
	const mtr_query_fn handle = mtr_query_of_rows(q->query->body_case);

	if (!handle) {
		mtr_query_refuse(q, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_REQUEST, "query", NULL, 0);
		return mtr_query_good(q);
	}
	if (q->query->least_revision > q->revision) {
		mtr_query_refuse(q, MTR__ERROR_CODE__ERROR_CODE_TIMED_OUT, NULL, NULL, q->revision);
		return mtr_query_good(q);
	}
	q->principal = mtr_mirror_principal(q->txn, q->arena);
	if (!q->principal && !q->txn->error)
		q->txn->error = MTR_STORE_CORRUPT;
	return mtr_query_good(q) && mtr_query_run(q, handle);
}

static bool pack(struct mtr_query *q, struct mtr_bytes *ret_answer)
{
	const size_t size = mtr_query_room(q);
	uint8_t *room = size ? mtr_arena_alloc(q->arena, size) : NULL;

	return room && mtr_query_pack(q, room, size, ret_answer);
}

/* An answer too large for its arena is an answer too, as a register's. */
static int answer_failure(struct mtr_query *q, struct mtr_bytes *ret_answer)
{
	if (q->txn->error)
		return mtr_mirror_file_error(q->txn->error);
	mtr_arena_reset(q->arena);
	mtr_query_refuse(q, MTR__ERROR_CODE__ERROR_CODE_TOO_LARGE, NULL, NULL, 0);
	return mtr_query_good(q) && pack(q, ret_answer) ? 0 : MTR_CLIENT_MEMORY;
}

static int answer(struct mtr_query *q, struct mtr_bytes *ret_answer)
{
	struct mtr_store_state state;

	mtr_txn_state(q->txn, &state);
	q->revision = state.revision;
	q->answer->revision = state.revision;
	if (q->txn->error || !answer_from_rows(q) || !pack(q, ret_answer))
		return answer_failure(q, ret_answer);
	return 0;
}

int mtr_mirror_answer(struct mtr_mirror_file *mirror, struct mtr_arena *arena, struct mtr_bytes query,
		      struct mtr_bytes *ret_answer)
{
	Mtr__Answer message = MTR__ANSWER__INIT;
	struct mtr_mirror_state state = {.revision = 0};
	struct mtr_txn txn;
	struct mtr_query q = {.txn = &txn, .arena = arena, .answer = &message};
	int error;

	mtr_arena_reset(arena);
	q.query = mtr__query__unpack(mtr_arena_allocator(arena), query.size, query.data);
	if (!q.query)
		return mtr_unreadable(arena, MTR_CLIENT_USAGE);
	q.scratch = mtr_arena_new(MTR_QUERY_SCRATCH);
	if (!q.scratch)
		return MTR_CLIENT_MEMORY;
	mtr_txn_begin_read(&txn, mirror->store);
	error = mtr_mirror_read(&txn, &state) ? 0 : mtr_mirror_file_error(txn.error);
	if (!error && state.settling)
		error = MTR_CLIENT_STATE_BUSY;
	else if (!error && !state.revision)
		error = MTR_CLIENT_NO_MIRROR;
	if (!error)
		error = answer(&q, ret_answer);
	mtr_txn_abort(&txn);
	mtr_arena_free(&q.scratch);
	return error;
}
