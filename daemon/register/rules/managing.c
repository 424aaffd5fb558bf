#include "register/rules/managing.h"

#include "register/tree.h"

/* Along the state line, the unit itself included; the root when nobody else does. */
static uint32_t nearest(struct mtr_view *view, uint32_t unit_id)
{
	const Mtr__Unit *unit = mtr_view_unit(view, mtr_tree_living(view, unit_id));

	while (unit && !unit->manages_people && unit->parent_id)
		unit = mtr_view_unit(view, unit->parent_id);
	return unit ? unit->id : 0;
}

static uint32_t body_of_title(struct mtr_view *view, const Mtr__Title *title, uint32_t unit_id)
{
	return title->managing_unit_id ? mtr_tree_living(view, title->managing_unit_id) : nearest(view, unit_id);
}

/* The one nearer to the root; of equals the smaller id. */
static uint32_t higher(struct mtr_view *view, uint32_t x, uint32_t y)
{
	if (x == y || y == 0)
		return x;
	if (x == 0)
		return y;

	uint32_t x_depth = mtr_tree_depth(view, x), y_depth = mtr_tree_depth(view, y);

	if (x_depth != y_depth)
		return x_depth < y_depth ? x : y;
	return x < y ? x : y;
}

uint32_t mtr_managing_body(struct mtr_view *view, const struct mtr_candidate *candidate)
{
	const Mtr__Person *person = candidate->person;
	uint32_t body = 0;

	if (person->n_held == 0)
		return nearest(view, person->unit_id);
	for (size_t i = 0; i < person->n_held; i++)
		body = higher(view, body, body_of_title(view, candidate->held[i], person->held[i]->unit_id));
	return mtr_view_good(view) ? body : 0;
}
