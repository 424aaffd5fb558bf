/* Reads of one decision, with what is asked again and again remembered. */
#ifndef MTR_REGISTER_VIEW_H
#define MTR_REGISTER_VIEW_H

#include "contract/arena.h"
#include "store/read.h"

/* Units and titles remembered; beyond these a row is read again. */
#define MTR_VIEW_ROWS 48u

struct mtr_view {
	struct mtr_txn *txn;
	struct mtr_arena *arena;
	const Mtr__Unit *units[MTR_VIEW_ROWS];
	const Mtr__Title *titles[MTR_VIEW_ROWS];
	const Mtr__Programme *programme; /* the last one read */
	size_t unit_count, title_count;
};

void mtr_view_init(struct mtr_view *view, struct mtr_txn *txn, struct mtr_arena *arena);

/* True while neither the transaction nor the arena has failed. */
bool mtr_view_good(const struct mtr_view *view);

/* Rows that another row refers to: a missing one is CORRUPT. NULL on an error only. */
const Mtr__Unit *mtr_view_unit(struct mtr_view *view, uint32_t id);
const Mtr__Title *mtr_view_title(struct mtr_view *view, uint32_t id);
const Mtr__Programme *mtr_view_programme(struct mtr_view *view, uint32_t id);

#endif
