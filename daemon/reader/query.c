#include "reader/query.h"

static mtr_query_fn handler_of(Mtr__Query__BodyCase body)
{
	switch (body) {
	case MTR__QUERY__BODY_FEED:
		return mtr_query_feed;
	case MTR__QUERY__BODY_LOG:
		return mtr_query_log;
	case MTR__QUERY__BODY_SERVER_STATUS:
		return mtr_query_server_status;
	case MTR__QUERY__BODY_HISTORY:
		return mtr_query_history;
	case MTR__QUERY__BODY_INCARNATIONS:
		return mtr_query_incarnations;
	case MTR__QUERY__BODY_LIST:
	case MTR__QUERY__BODY_TALLIES:
	case MTR__QUERY__BODY_NOMINATION_STATUS:
	case MTR__QUERY__BODY__NOT_SET:
	case _MTR__QUERY__BODY__CASE_IS_INT_SIZE:
		break;
	}
	return mtr_query_of_rows(body);
}

/* Who asks, by the snapshot: a key that was revoked meanwhile learns nothing. */
static bool identify(struct mtr_query *q, uint32_t principal_id)
{
	q->principal = mtr_read_principal(q->txn, q->arena, principal_id);
	if (!mtr_query_good(q))
		return false;
	if (!q->principal)
		mtr_query_refuse(q, MTR__ERROR_CODE__ERROR_CODE_NOT_REGISTERED, NULL, NULL, 0);
	else if (q->principal->revoked)
		mtr_query_refuse(q, MTR__ERROR_CODE__ERROR_CODE_REVOKED, NULL, NULL, 0);
	return mtr_query_good(q);
}

static bool answer_from_snapshot(struct mtr_query *q, uint32_t principal_id)
{
	const mtr_query_fn handle = handler_of(q->query->body_case);

	if (!handle) {
		mtr_query_refuse(q, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_REQUEST, "query", NULL, 0);
		return mtr_query_good(q);
	}
	if (!identify(q, principal_id))
		return false;
	return mtr_query_refused(q) || mtr_query_run(q, handle);
}

static bool pack(struct mtr_query *q, struct mtr_work *work)
{
	const size_t size = mtr_query_room(q);
	uint8_t *room = size ? mtr_work_room(work, size) : NULL;
	struct mtr_bytes packed;

	if (!room || !mtr_query_pack(q, room, size, &packed))
		return false;
	mtr_work_answered(work, packed);
	return true;
}

bool mtr_query_answer_error(struct mtr_work *work, Mtr__ErrorCode code, uint64_t number)
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__Error error = MTR__ERROR__INIT;
	uint8_t bytes[64];

	error.code = code;
	error.number = number;
	answer.body_case = MTR__ANSWER__BODY_ERROR;
	answer.error = &error;
	return mtr_work_answer(work, bytes, mtr__answer__pack(&answer, bytes));
}

static enum mtr_attempt answer_error(struct mtr_work *work, Mtr__ErrorCode code, uint64_t number)
{
	return mtr_query_answer_error(work, code, number) ? MTR_ATTEMPT_ANSWERED : MTR_ATTEMPT_MEMORY;
}

/* What can't be read now: a register without room for readers is busy, and so is one about to end. */
static enum mtr_attempt answer_failure(const struct mtr_query *q, struct mtr_work *work)
{
	if (!q->txn->error && mtr_arena_exhausted(q->arena))
		return answer_error(work, MTR__ERROR_CODE__ERROR_CODE_TOO_LARGE, 0);
	return answer_error(work, MTR__ERROR_CODE__ERROR_CODE_BUSY, 0);
}

/* Without memory for it nothing is read ahead. */
static struct mtr_bytes next_question(const struct mtr_query *q)
{
	const bool more = q->answer->body_case == MTR__ANSWER__BODY_PAGE &&
			  q->query->body_case == MTR__QUERY__BODY_FEED && q->answer->page->more;
	Mtr__Query query = *q->query;
	Mtr__Feed feed;
	uint8_t *bytes;

	if (!more)
		return (struct mtr_bytes){.size = 0};
	feed = *q->query->feed;
	feed.cursor = q->answer->page->cursor;
	query.feed = &feed;
	bytes = mtr_arena_alloc(q->arena, mtr__query__get_packed_size(&query));
	return (struct mtr_bytes){bytes, bytes ? mtr__query__pack(&query, bytes) : 0};
}

static enum mtr_attempt attempt(struct mtr_query *q, struct mtr_work *work, struct mtr_attempted *ret)
{
	struct mtr_store_state state;

	mtr_txn_state(q->txn, &state);
	q->revision = state.revision;
	if (!q->txn->error && state.revision < q->query->least_revision) {
		if (!q->may_wait)
			return answer_error(work, MTR__ERROR_CODE__ERROR_CODE_TIMED_OUT, state.revision);
		ret->awaited = q->query->least_revision;
		return MTR_ATTEMPT_REVISION;
	}
	q->answer->revision = state.revision;
	if (q->txn->error || !answer_from_snapshot(q, work->principal_id))
		return answer_failure(q, work);
	if (q->wait_ms) {
		ret->awaited = state.revision + 1;
		ret->wait_ms = q->wait_ms;
		return MTR_ATTEMPT_NEWS;
	}
	if (!pack(q, work))
		return answer_failure(q, work);
	ret->snapshot = state.revision;
	ret->next = next_question(q);
	return MTR_ATTEMPT_ANSWERED;
}

enum mtr_attempt mtr_query_attempt(const struct mtr_readers_options *options, struct mtr_arena *arena,
				   struct mtr_arena *scratch, struct mtr_scopes *scopes, struct mtr_work *work,
				   bool may_wait, struct mtr_attempted *ret_attempted)
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	struct mtr_txn txn;
	struct mtr_query q = {
		.options = options,
		.txn = &txn,
		.arena = arena,
		.scratch = scratch,
		.scopes = scopes,
		.answer = &answer,
		.may_wait = may_wait,
	};
	struct mtr_writer_figures figures;
	enum mtr_attempt result;

	*ret_attempted = (struct mtr_attempted){.snapshot = 0};
	mtr_arena_reset(arena);
	q.query = mtr__query__unpack(mtr_arena_allocator(arena), work->body_size, work->body);
	if (!q.query)
		return answer_error(work, MTR__ERROR_CODE__ERROR_CODE_MALFORMED, 0);
	if (q.query->least_revision) {
		mtr_writer_figures(options->writer, &figures);
		if (q.query->least_revision > figures.durable_revision)
			return answer_error(work, MTR__ERROR_CODE__ERROR_CODE_AHEAD_OF_REGISTER,
					    figures.durable_revision);
	}
	mtr_txn_begin_read(&txn, options->store);
	result = attempt(&q, work, ret_attempted);
	ret_attempted->damaged = txn.error == MTR_STORE_CORRUPT;
	mtr_txn_abort(&txn);
	return result;
}
