/* Scopes worked out lately, each with the revision it was read at: a scope follows from the principal and the snapshot
 * alone. Belongs to one thread. */
#ifndef MTR_QUERY_SCOPES_H
#define MTR_QUERY_SCOPES_H

#include "query/query.h"

struct mtr_scopes;

/* NULL without memory. */
struct mtr_scopes *mtr_scopes_new(void);
/* Frees and nulls; NULL is fine. */
void mtr_scopes_free(struct mtr_scopes **scopes);

/* The scope of q->principal at q->revision: valid until the next call, or in q's arena. NULL when the transaction or
 * the arena has failed. */
const struct mtr_scope *mtr_scopes_get(struct mtr_scopes *scopes, struct mtr_query *q);

#endif
