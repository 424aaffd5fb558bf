#include "query/query.h"

#include "register/decide.h"

/* One outside the scope is unknown: nobody learns that it exists. */
bool mtr_query_nomination_status(struct mtr_query *q)
{
	const uint64_t id = q->query->nomination_status->nomination_id;
	const Mtr__Nomination *nomination = NULL;
	struct mtr_row row;

	if (mtr_read_row(q->txn, MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION, id, &row) &&
	    mtr_scope_has(q->scope, row.home))
		nomination = mtr_read_nomination(q->txn, q->arena, id);
	if (!mtr_query_good(q))
		return false;
	if (!nomination) {
		mtr_query_refuse(q, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_NOMINATION, "nomination_status.nomination_id",
				 NULL, 0);
		return true;
	}
	q->answer->body_case = MTR__ANSWER__BODY_ACKNOWLEDGEMENT;
	q->answer->acknowledgement = mtr_acknowledge(q->txn, q->arena, nomination);
	return q->answer->acknowledgement;
}
