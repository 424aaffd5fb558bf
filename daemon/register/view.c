#include "register/view.h"

void mtr_view_init(struct mtr_view *view, struct mtr_txn *txn, struct mtr_arena *arena)
{
	view->txn = txn;
	view->arena = arena;
	view->programme = NULL;
	view->unit_count = 0;
	view->title_count = 0;
}

bool mtr_view_good(const struct mtr_view *view)
{
	return view->txn->error == MTR_STORE_OK && !mtr_arena_exhausted(view->arena);
}

/* A row that must be there and isn't: rows have parted from each other. */
static void miss(struct mtr_view *view)
{
	if (mtr_view_good(view))
		view->txn->error = MTR_STORE_CORRUPT;
}

const Mtr__Unit *mtr_view_unit(struct mtr_view *view, uint32_t id)
{
	for (size_t i = 0; i < view->unit_count; i++)
		if (view->units[i]->id == id)
			return view->units[i];

	const Mtr__Unit *unit = mtr_read_unit(view->txn, view->arena, id);

	if (!unit)
		miss(view);
	else if (view->unit_count < MTR_VIEW_ROWS)
		view->units[view->unit_count++] = unit;
	return unit;
}

const Mtr__Title *mtr_view_title(struct mtr_view *view, uint32_t id)
{
	for (size_t i = 0; i < view->title_count; i++)
		if (view->titles[i]->id == id)
			return view->titles[i];

	const Mtr__Title *title = mtr_read_title(view->txn, view->arena, id);

	if (!title)
		miss(view);
	else if (view->title_count < MTR_VIEW_ROWS)
		view->titles[view->title_count++] = title;
	return title;
}

const Mtr__Programme *mtr_view_programme(struct mtr_view *view, uint32_t id)
{
	if (view->programme && view->programme->id == id)
		return view->programme;
	view->programme = mtr_read_programme(view->txn, view->arena, id);
	if (!view->programme)
		miss(view);
	return view->programme;
}
