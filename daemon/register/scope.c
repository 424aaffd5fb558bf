#include "register/scope.h"

#include "register/tree.h"

#include <stdlib.h>
#include <string.h>

struct home_list {
	struct mtr_view view;
	struct mtr_home *homes;
	size_t count, room;
	uint32_t unit_id; /* whose links are being followed */
	bool decisions;   /* with the decisions of each programme met */
};

static bool add(struct home_list *list, struct mtr_home home)
{
	if (list->count == list->room) {
		size_t room = list->room ? list->room * 2 : 64;
		struct mtr_home *homes = mtr_arena_array(list->view.arena, room, sizeof *homes);

		if (!homes)
			return false;
		if (list->count)
			memcpy(homes, list->homes, list->count * sizeof *homes);
		list->homes = homes;
		list->room = room;
	}
	list->homes[list->count++] = home;
	return true;
}

static bool add_home(void *context, struct mtr_home home)
{
	return add(context, home);
}

static bool add_class(void *context, uint64_t class_id)
{
	return add(context, mtr_home_class((uint32_t)class_id));
}

static bool add_part(void *context, uint64_t programme_id)
{
	struct home_list *list = context;

	return add(list, mtr_home_part((uint32_t)programme_id, list->unit_id)) &&
	       (!list->decisions || add(list, mtr_home_programme((uint32_t)programme_id)));
}

static bool add_programme(void *context, uint64_t programme_id)
{
	struct home_list *list = context;
	struct mtr_key prefix = mtr_key_start();

	mtr_key_u8(&prefix, MTR__HOME_KIND__HOME_KIND_PART);
	mtr_key_u32(&prefix, (uint32_t)programme_id);
	mtr_each_home(list->view.txn, mtr_key_as_bytes(&prefix), add_home, list);
	mtr_each_link(list->view.txn, MTR_LINK_PROGRAMME_CLASS, programme_id, add_class, list);
	return add(list, mtr_home_programme((uint32_t)programme_id));
}

static bool add_organised(void *context, uint32_t unit_id)
{
	struct home_list *list = context;

	mtr_each_link(list->view.txn, MTR_LINK_ORGANISER_PROGRAMME, unit_id, add_programme, list);
	return mtr_view_good(&list->view);
}

static bool add_schooled(void *context, uint32_t unit_id)
{
	struct home_list *list = context;

	mtr_each_link(list->view.txn, MTR_LINK_SCHOOL_CLASS, unit_id, add_class, list);
	return mtr_view_good(&list->view);
}

static void add_subtree(struct home_list *list, uint32_t root_id, bool parts)
{
	size_t count = 0;
	const uint32_t *units = mtr_tree_subtree(&list->view, root_id, &count);

	for (size_t i = 0; units && i < count; i++) {
		add(list, mtr_home_people(units[i]));
		list->unit_id = units[i];
		if (parts)
			mtr_each_link(list->view.txn, MTR_LINK_UNIT_PROGRAMME, units[i], add_part, list);
	}
}

static int compare(const void *x, const void *y)
{
	return mtr_home_compare(*(const struct mtr_home *)x, *(const struct mtr_home *)y);
}

static void sort(struct home_list *list)
{
	size_t kept = 0;

	if (list->count == 0)
		return;
	qsort(list->homes, list->count, sizeof *list->homes, compare);
	for (size_t i = 1; i < list->count; i++)
		if (compare(&list->homes[kept], &list->homes[i]) != 0)
			list->homes[++kept] = list->homes[i];
	list->count = kept + 1;
}

static void collect(struct home_list *list, const Mtr__Principal *principal)
{
	add(list, mtr_home_public());
	switch (principal->role) {
	case MTR__ROLE__ROLE_NOMINATOR:
		add_subtree(list, principal->unit_id, true);
		break;
	case MTR__ROLE__ROLE_APPROVER:
		list->decisions = true;
		add_subtree(list, principal->unit_id, true);
		break;
	case MTR__ROLE__ROLE_ORGANISER:
		mtr_tree_each_predecessor(&list->view, principal->unit_id, add_organised, list);
		add_subtree(list, mtr_tree_acting_root(&list->view, principal->unit_id), false);
		break;
	case MTR__ROLE__ROLE_SCHOOL:
		mtr_tree_each_predecessor(&list->view, principal->unit_id, add_schooled, list);
		break;
	case MTR__ROLE__ROLE_OPERATOR:
		add(list, mtr_home_principals());
		break;
	case MTR__ROLE__ROLE_AUDITOR:
	case MTR__ROLE__ROLE_UNSPECIFIED:
	case _MTR__ROLE_IS_INT_SIZE:
		break;
	}
}

struct mtr_scope *mtr_scope_of(struct mtr_txn *txn, struct mtr_arena *arena, const Mtr__Principal *principal)
{
	struct home_list *list = mtr_arena_alloc(arena, sizeof *list);
	struct mtr_scope *scope = mtr_arena_alloc(arena, sizeof *scope);

	if (!list || !scope)
		return NULL;
	mtr_view_init(&list->view, txn, arena);
	if (principal->role == MTR__ROLE__ROLE_AUDITOR) {
		scope->everything = true;
		return scope;
	}
	collect(list, principal);
	if (!mtr_view_good(&list->view))
		return NULL;
	sort(list);
	scope->homes = list->homes;
	scope->count = list->count;
	return scope;
}

bool mtr_unit_within(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t unit_id, uint32_t root_id)
{
	struct mtr_view view;

	mtr_view_init(&view, txn, arena);
	return mtr_tree_within(&view, unit_id, root_id);
}

uint32_t mtr_acting_root(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t unit_id)
{
	struct mtr_view view;

	mtr_view_init(&view, txn, arena);
	return mtr_tree_acting_root(&view, unit_id);
}
