#include "register/tree.h"

#include <string.h>

/* A set of unit ids that remembers the order in which they came. */
struct unit_set {
	struct mtr_view *view;
	uint8_t *present; /* a bit an id */
	uint32_t *ids;
	size_t count, room;
	uint32_t bound; /* ids are below */
};

static bool set_open(struct unit_set *set, struct mtr_view *view)
{
	uint64_t bound = mtr_next_id(view->txn, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT);

	*set = (struct unit_set){.view = view, .bound = (uint32_t)bound, .room = 16};
	set->present = mtr_arena_alloc(view->arena, bound / 8 + 1);
	set->ids = mtr_arena_array(view->arena, set->room, sizeof *set->ids);
	return set->present && set->ids && mtr_view_good(view);
}

static bool set_has(const struct unit_set *set, uint32_t id)
{
	return id < set->bound && (set->present[id / 8] >> (id % 8) & 1);
}

static bool set_add(struct unit_set *set, uint32_t id)
{
	if (id == 0 || id >= set->bound || set_has(set, id))
		return true;
	if (set->count == set->room) {
		uint32_t *ids = mtr_arena_array(set->view->arena, set->room * 2, sizeof *ids);

		if (!ids)
			return false;
		memcpy(ids, set->ids, set->count * sizeof *ids);
		set->ids = ids;
		set->room *= 2;
	}
	set->present[id / 8] |= (uint8_t)(1u << (id % 8));
	set->ids[set->count++] = id;
	return true;
}

static void set_clear(struct unit_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		set->present[set->ids[i] / 8] &= (uint8_t) ~(1u << (set->ids[i] % 8));
	set->count = 0;
}

static bool add_link(void *context, uint64_t b)
{
	return set_add(context, (uint32_t)b);
}

static bool add_live_link(void *context, uint64_t b)
{
	struct unit_set *set = context;
	const Mtr__Unit *unit = set_has(set, (uint32_t)b) ? NULL : mtr_view_unit(set->view, (uint32_t)b);

	return !unit || unit->dissolved || set_add(set, (uint32_t)b);
}

uint32_t mtr_tree_living(struct mtr_view *view, uint32_t unit_id)
{
	const Mtr__Unit *unit = mtr_view_unit(view, unit_id);

	while (unit && unit->dissolved)
		unit = mtr_view_unit(view, unit->successor_id);
	return unit ? unit->id : 0;
}

/* What lies directly above: the parents, or the successor of a dissolved unit. */
static bool add_above(struct unit_set *set, uint32_t unit_id)
{
	const Mtr__Unit *unit = mtr_view_unit(set->view, unit_id);

	if (!unit)
		return false;
	if (unit->dissolved)
		return set_add(set, unit->successor_id);
	return set_add(set, unit->parent_id) && set_add(set, unit->party_parent_id);
}

bool mtr_tree_within(struct mtr_view *view, uint32_t unit_id, uint32_t root_id)
{
	struct unit_set set;

	if (unit_id == root_id)
		return true;
	if (root_id == 0 || !set_open(&set, view) || !set_add(&set, unit_id))
		return false;
	for (size_t i = 0; i < set.count; i++)
		if (set.ids[i] == root_id)
			return true;
		else if (!add_above(&set, set.ids[i]))
			return false;
	return false;
}

uint32_t mtr_tree_acting_root(struct mtr_view *view, uint32_t unit_id)
{
	const Mtr__Unit *unit = mtr_view_unit(view, mtr_tree_living(view, unit_id));

	if (!unit)
		return 0;
	return unit->acts_for_parent && unit->parent_id ? unit->parent_id : unit->id;
}

uint32_t mtr_tree_depth(struct mtr_view *view, uint32_t unit_id)
{
	uint32_t depth = 0;
	const Mtr__Unit *unit = mtr_view_unit(view, unit_id);

	while (unit && unit->parent_id && depth <= MTR_TREE_DEPTH_MAX) {
		unit = mtr_view_unit(view, unit->parent_id);
		depth++;
	}
	return unit ? depth : 0;
}

static bool add_below(struct unit_set *set, uint32_t unit_id)
{
	mtr_each_link(set->view->txn, MTR_LINK_CHILD, unit_id, add_live_link, set);
	mtr_each_link(set->view->txn, MTR_LINK_PARTY_CHILD, unit_id, add_live_link, set);
	return mtr_view_good(set->view);
}

/* Level by level, so that a unit reached by many ways costs no more than once a level. */
static uint32_t levels(struct mtr_view *view, uint32_t unit_id, bool (*step)(struct unit_set *, uint32_t))
{
	struct unit_set sets[2];
	uint32_t count = 0;

	if (!set_open(&sets[0], view) || !set_open(&sets[1], view) || !set_add(&sets[0], unit_id))
		return 0;
	while (sets[count % 2].count && count <= MTR_TREE_DEPTH_MAX) {
		struct unit_set *here = &sets[count % 2], *there = &sets[(count + 1) % 2];

		set_clear(there);
		for (size_t i = 0; i < here->count; i++)
			if (!step(there, here->ids[i]))
				return 0;
		count++;
	}
	return count;
}

uint32_t mtr_tree_levels_up(struct mtr_view *view, uint32_t unit_id)
{
	return levels(view, unit_id, add_above);
}

uint32_t mtr_tree_levels_down(struct mtr_view *view, uint32_t unit_id)
{
	return levels(view, unit_id, add_below);
}

const uint32_t *mtr_tree_subtree(struct mtr_view *view, uint32_t root_id, size_t *ret_count)
{
	struct unit_set set;

	if (!set_open(&set, view) || !set_add(&set, root_id))
		return NULL;
	for (size_t i = 0; i < set.count; i++) {
		if (!add_below(&set, set.ids[i]))
			return NULL;
		mtr_each_link(view->txn, MTR_LINK_SUCCESSION, set.ids[i], add_link, &set);
	}
	if (!mtr_view_good(view))
		return NULL;
	*ret_count = set.count;
	return set.ids;
}

void mtr_tree_each_predecessor(struct mtr_view *view, uint32_t unit_id, mtr_unit_fn call, void *context)
{
	struct unit_set set;

	if (!set_open(&set, view) || !set_add(&set, unit_id))
		return;
	for (size_t i = 0; i < set.count; i++) {
		if (!call(context, set.ids[i]))
			return;
		mtr_each_link(view->txn, MTR_LINK_SUCCESSION, set.ids[i], add_link, &set);
	}
}

bool mtr_tree_has_live_children(struct mtr_view *view, uint32_t unit_id)
{
	struct unit_set set;

	return set_open(&set, view) && add_below(&set, unit_id) && set.count > 0;
}
