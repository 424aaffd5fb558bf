#include "query/scopes.h"

#include "register/scope.h"

#include <stdlib.h>
#include <string.h>

/* Desks that ask between two commits, on one thread. */
#define KEPT 32u
/* A wider scope isn't kept: 3 MiB a thread at the most. */
#define HOMES_MAX 8192u

struct kept {
	uint32_t principal_id;
	uint64_t revision;
	struct mtr_scope scope;
	struct mtr_home *homes; /* the scope's; owned */
};

struct mtr_scopes {
	struct kept kept[KEPT]; /* at the principal's id modulo their number */
};

struct mtr_scopes *mtr_scopes_new(void)
{
	return calloc(1, sizeof(struct mtr_scopes));
}

void mtr_scopes_free(struct mtr_scopes **scopes)
{
	if (!scopes || !*scopes)
		return;
	for (size_t i = 0; i < KEPT; i++)
		free((*scopes)->kept[i].homes);
	free(*scopes);
	*scopes = NULL;
}

/* Without memory it isn't kept. */
static void keep(struct kept *kept, const struct mtr_query *q, const struct mtr_scope *scope)
{
	struct mtr_home *homes = NULL;

	if (scope->count > HOMES_MAX)
		return;
	if (scope->count && !(homes = malloc(scope->count * sizeof *homes)))
		return;
	if (scope->count)
		memcpy(homes, scope->homes, scope->count * sizeof *homes);
	free(kept->homes);
	*kept = (struct kept){
		.principal_id = q->principal->id, .revision = q->revision, .scope = *scope, .homes = homes};
	kept->scope.homes = homes;
}

const struct mtr_scope *mtr_scopes_get(struct mtr_scopes *scopes, struct mtr_query *q)
{
	struct kept *kept = &scopes->kept[q->principal->id % KEPT];

	if (q->revision && kept->revision == q->revision && kept->principal_id == q->principal->id)
		return &kept->scope;
	const struct mtr_scope *scope = mtr_scope_of(q->txn, q->arena, q->principal);

	if (scope)
		keep(kept, q, scope);
	return scope;
}
