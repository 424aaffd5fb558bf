#include "register/commands/quota_sum.h"

#include "store/feed.h"

struct sum {
	struct mtr_view *view;
	uint64_t seats;
};

/* Transfers move seats between parts and cancel out. */
static bool add_part(void *context, struct mtr_home home)
{
	struct sum *sum = context;
	const Mtr__Allocation *row = mtr_read_allocation(sum->view->txn, sum->view->arena, home.a, home.b);

	if (row)
		sum->seats += (uint64_t)row->granted - row->returned - row->lapsed;
	return row != NULL;
}

uint64_t mtr_quota_sum(struct mtr_view *view, uint32_t programme_id)
{
	struct sum sum = {.view = view};
	struct mtr_key prefix = mtr_key_start();

	mtr_key_u8(&prefix, MTR__HOME_KIND__HOME_KIND_PART);
	mtr_key_u32(&prefix, programme_id);
	mtr_each_home(view->txn, mtr_key_as_bytes(&prefix), add_part, &sum);
	return mtr_view_good(view) ? sum.seats : 0;
}
