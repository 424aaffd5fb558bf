/* Which homes a principal may read. */
#ifndef MTR_REGISTER_SCOPE_H
#define MTR_REGISTER_SCOPE_H

#include "contract/arena.h"
#include "matricula/v1/entities.pb-c.h"
#include "store/feed.h"

/* By role, besides what is public:
 * - nominator: people and parts of its unit's subtree (both routes, dissolved predecessors included)
 * - organiser: parts, decisions and classes of the programmes its unit organises; people of the subtree it acts for
 * - approver: as a nominator, and the decisions of the programmes its subtree takes part in
 * - school: classes it provides or manages students of
 * - auditor: everything
 * - operator: principals
 * NULL with txn->error or an exhausted arena. */
struct mtr_scope *mtr_scope_of(struct mtr_txn *txn, struct mtr_arena *arena, const Mtr__Principal *principal);

/* True if `unit_id` is `root_id` or below it by either route, or merged into such a unit. */
bool mtr_unit_within(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t unit_id, uint32_t root_id);

/* The unit over whose subtree a principal's unit acts: its parent for an advising organ, else itself. */
uint32_t mtr_acting_root(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t unit_id);

#endif
