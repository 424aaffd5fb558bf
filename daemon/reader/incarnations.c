#include "reader/query.h"
#include "store/incarnation.h"

bool mtr_query_incarnations(struct mtr_query *q)
{
	const uint32_t count = mtr_incarnation_count(q->txn);
	Mtr__IncarnationList *list = mtr_arena_alloc(q->arena, sizeof *list);

	if (!list)
		return false;
	mtr__incarnation_list__init(list);
	list->statements = mtr_arena_array(q->arena, count, sizeof *list->statements);
	if (!list->statements)
		return false;
	for (uint32_t i = 1; i <= count; i++) {
		const Mtr__Incarnation *statement = mtr_read_incarnation(q->txn, q->arena, i);

		if (!statement)
			return false;
		/* protobuf-c has no const; packing doesn't write. */
		list->statements[list->n_statements++] = (Mtr__Incarnation *)(uintptr_t)statement;
	}
	q->answer->body_case = MTR__ANSWER__BODY_INCARNATIONS;
	q->answer->incarnations = list;
	return true;
}
