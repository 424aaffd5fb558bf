/* The tree of units: two routes upward, and mergers. */
#ifndef MTR_REGISTER_TREE_H
#define MTR_REGISTER_TREE_H

#include "register/view.h"

/* The first unit ever put; it has no parent and is never dissolved. */
#define MTR_ROOT_UNIT_ID 1u

/* The unit itself or, when dissolved, the one its affairs went to. 0 on an error. */
uint32_t mtr_tree_living(struct mtr_view *view, uint32_t unit_id);

/* True if `unit_id` is `root_id`, below it by any mix of both routes, or merged into such a unit.
 * A dissolved unit lies below its successor only. False on an error. */
bool mtr_tree_within(struct mtr_view *view, uint32_t unit_id, uint32_t root_id);

/* See mtr_acting_root. 0 on an error. */
uint32_t mtr_tree_acting_root(struct mtr_view *view, uint32_t unit_id);

/* Steps to the root along the state line. 0 on an error. */
uint32_t mtr_tree_depth(struct mtr_view *view, uint32_t unit_id);

/* Levels of the longest way upward or downward by any mix of both routes, the unit's own included. More than
 * MTR_TREE_DEPTH_MAX comes back as MTR_TREE_DEPTH_MAX + 1. */
uint32_t mtr_tree_levels_up(struct mtr_view *view, uint32_t unit_id);
uint32_t mtr_tree_levels_down(struct mtr_view *view, uint32_t unit_id);

/* Every unit within `root_id` (see mtr_tree_within), in no order. NULL on an error. */
const uint32_t *mtr_tree_subtree(struct mtr_view *view, uint32_t root_id, size_t *ret_count);

/* Calls for a unit and all dissolved units whose affairs came to it. */
typedef bool (*mtr_unit_fn)(void *context, uint32_t unit_id);
void mtr_tree_each_predecessor(struct mtr_view *view, uint32_t unit_id, mtr_unit_fn, void *context);

/* True if a unit that isn't dissolved lies directly below by either route. */
bool mtr_tree_has_live_children(struct mtr_view *view, uint32_t unit_id);

#endif
