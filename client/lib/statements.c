#include "statements.h"

#include "matricula/matricula.h"

static const Mtr__Incarnation *find(const Mtr__IncarnationList *list, const uint8_t *key, uint64_t incarnation)
{
	for (size_t i = list->n_statements; i > 0; i--)
		if (list->statements[i - 1]->incarnation == incarnation &&
		    mtr_incarnation_signed(list->statements[i - 1], key))
			return list->statements[i - 1];
	return NULL;
}

int mtr_statements_follow(const Mtr__IncarnationList *list, const uint8_t key[MTR_KEY_BYTES], uint64_t incarnation,
			  mtr_statements_met_fn met, void *context, struct mtr_statements_way *ret_way)
{
	struct mtr_statements_way way = {.fork_revision = UINT64_MAX};
	bool arrived = false;

	for (size_t i = 0; i < list->n_statements && !arrived; i++) {
		const Mtr__Incarnation *statement = find(list, key, incarnation);
		int error;

		if (!statement)
			return MTR_CLIENT_UNSIGNED;
		if (i == 0)
			way.stated_at = statement->at;
		if (statement->fork_revision < way.fork_revision)
			way.fork_revision = statement->fork_revision;
		incarnation = statement->former;
		error = met(context, incarnation, &arrived);
		if (error)
			return error;
	}
	if (!arrived)
		return MTR_CLIENT_UNSIGNED;
	*ret_way = way;
	return 0;
}
