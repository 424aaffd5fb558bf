#include "query/query.h"

#include "contract/commands.h"
#include "query/page_pack.h"
#include "query/scopes.h"
#include "register/scope.h"

mtr_query_fn mtr_query_of_rows(Mtr__Query__BodyCase body)
{
	switch (body) {
	case MTR__QUERY__BODY_LIST:
		return mtr_query_list;
	case MTR__QUERY__BODY_TALLIES:
		return mtr_query_tallies;
	case MTR__QUERY__BODY_NOMINATION_STATUS:
		return mtr_query_nomination_status;
	case MTR__QUERY__BODY_FEED:
	case MTR__QUERY__BODY_LOG:
	case MTR__QUERY__BODY_SERVER_STATUS:
	case MTR__QUERY__BODY_HISTORY:
	case MTR__QUERY__BODY_INCARNATIONS:
	case MTR__QUERY__BODY__NOT_SET:
	case _MTR__QUERY__BODY__CASE_IS_INT_SIZE:
		break;
	}
	return NULL;
}

void mtr_query_refuse(struct mtr_query *q, Mtr__ErrorCode code, const char *field, const char *wanted, uint64_t number)
{
	Mtr__Error *error = mtr_arena_alloc(q->arena, sizeof *error);

	if (!error)
		return;
	mtr__error__init(error);
	error->code = code;
	error->number = number;
	if (field)
		error->field = mtr_arena_text(q->arena, field);
	if (wanted)
		error->wanted = mtr_arena_text(q->arena, wanted);
	q->answer->body_case = MTR__ANSWER__BODY_ERROR;
	q->answer->error = error;
}

bool mtr_query_refused(const struct mtr_query *q)
{
	return q->answer->body_case == MTR__ANSWER__BODY_ERROR;
}

bool mtr_query_good(const struct mtr_query *q)
{
	return !q->txn->error && !mtr_arena_exhausted(q->arena);
}

bool mtr_query_run(struct mtr_query *q, mtr_query_fn handle)
{
	const struct mtr_command_info *info = mtr_query_by_tag((uint32_t)q->query->body_case);

	if (!info || !mtr_command_allows(info, q->principal->role)) {
		mtr_query_refuse(q, MTR__ERROR_CODE__ERROR_CODE_ROLE_REFUSED, NULL, NULL, 0);
		return mtr_query_good(q);
	}
	q->scope = q->scopes ? mtr_scopes_get(q->scopes, q) : mtr_scope_of(q->txn, q->arena, q->principal);
	return q->scope && handle(q) && mtr_query_good(q);
}

static bool is_page(const struct mtr_query *q)
{
	return q->answer->body_case == MTR__ANSWER__BODY_PAGE;
}

static bool refuse_size(struct mtr_query *q)
{
	mtr_query_refuse(q, MTR__ERROR_CODE__ERROR_CODE_TOO_LARGE, "query", NULL, MTR_REPLY_MAX);
	return mtr_query_good(q);
}

size_t mtr_query_room(struct mtr_query *q)
{
	if (is_page(q))
		return mtr_page_pack_room(q->answer->page);
	const size_t size = mtr__answer__get_packed_size(q->answer);

	if (size <= MTR_REPLY_MAX)
		return size;
	return refuse_size(q) ? mtr__answer__get_packed_size(q->answer) : 0;
}

bool mtr_query_pack(struct mtr_query *q, uint8_t *room, size_t size, struct mtr_bytes *ret_packed)
{
	struct mtr_bytes packed = {room, 0};

	if (is_page(q)) {
		packed.data = mtr_page_pack(q->answer, room + size);
		packed.size = (size_t)(room + size - packed.data);
		if (packed.size > MTR_REPLY_MAX && !refuse_size(q))
			return false;
	}
	if (!is_page(q))
		packed = (struct mtr_bytes){room, mtr__answer__pack(q->answer, room)};
	*ret_packed = packed;
	return true;
}
