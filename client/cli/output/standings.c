#include "output/standings.h"
#include "output/view.h"
#include "program/must.h"

#include <stdlib.h>
#include <string.h>

#define RANK_KEY_MAX 64u

struct waiter {
	uint32_t programme_id, unit_id;
	uint8_t rank_key[RANK_KEY_MAX];
	size_t rank_key_size;
	uint64_t id;
};

struct mtr_standings {
	struct waiter *waiters; /* by programme, unit, rank */
	size_t count, room;
	uint64_t *frozen; /* programme id << 32 | unit id */
	size_t frozen_count, frozen_room;
};

static int by_bytes(const uint8_t *x, size_t x_size, const uint8_t *y, size_t y_size)
{
	size_t least = x_size < y_size ? x_size : y_size;
	int order = least > 0 ? memcmp(x, y, least) : 0;

	if (order != 0)
		return order;
	return x_size < y_size ? -1 : x_size > y_size;
}

static int by_rank(const void *x, const void *y)
{
	const struct waiter *a = x;
	const struct waiter *b = y;

	if (a->programme_id != b->programme_id)
		return a->programme_id < b->programme_id ? -1 : 1;
	if (a->unit_id != b->unit_id)
		return a->unit_id < b->unit_id ? -1 : 1;
	return by_bytes(a->rank_key, a->rank_key_size, b->rank_key, b->rank_key_size);
}

static int on_waiter(void *context, const ProtobufCMessage *message)
{
	struct mtr_standings *standings = context;
	const Mtr__Nomination *nomination = (const Mtr__Nomination *)message;

	if (nomination->rank_key.len > RANK_KEY_MAX)
		return MTR_EXIT_OK;
	if (standings->count == standings->room) {
		standings->room = standings->room * 2 + 64;
		standings->waiters =
			mtr_must(realloc(standings->waiters, standings->room * sizeof *standings->waiters));
	}
	struct waiter *waiter = &standings->waiters[standings->count++];
	*waiter = (struct waiter){
		.programme_id = nomination->programme_id, .unit_id = nomination->unit_id, .id = nomination->id};
	waiter->rank_key_size = nomination->rank_key.len;
	if (nomination->rank_key.len > 0)
		memcpy(waiter->rank_key, nomination->rank_key.data, nomination->rank_key.len);
	return MTR_EXIT_OK;
}

static int on_allocation(void *context, const ProtobufCMessage *message)
{
	struct mtr_standings *standings = context;
	const Mtr__Allocation *allocation = (const Mtr__Allocation *)message;

	if (!allocation->frozen)
		return MTR_EXIT_OK;
	if (standings->frozen_count == standings->frozen_room) {
		standings->frozen_room = standings->frozen_room * 2 + 64;
		standings->frozen =
			mtr_must(realloc(standings->frozen, standings->frozen_room * sizeof *standings->frozen));
	}
	standings->frozen[standings->frozen_count++] = (uint64_t)allocation->programme_id << 32 | allocation->unit_id;
	return MTR_EXIT_OK;
}

int mtr_standings_read(struct mtr_call *call, const Mtr__List *like, struct mtr_standings **ret_standings)
{
	struct mtr_standings *standings = mtr_must(calloc(1, sizeof *standings));
	Mtr__State waiting = MTR__STATE__STATE_WAITING;
	Mtr__List list = MTR__LIST__INIT;

	list.type = MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION;
	list.plan_code = like->plan_code;
	list.programme_code = like->programme_code;
	list.unit_code = like->unit_code;
	list.n_states = 1;
	list.states = &waiting;
	int result = mtr_each(call, &list, &mtr__nomination__descriptor, on_waiter, standings);
	list.type = MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION;
	list.n_states = 0;
	if (!result)
		result = mtr_each(call, &list, &mtr__allocation__descriptor, on_allocation, standings);
	if (standings->count > 0)
		qsort(standings->waiters, standings->count, sizeof *standings->waiters, by_rank);
	if (result)
		mtr_standings_free(&standings);
	else
		*ret_standings = standings;
	return result;
}

void mtr_standings_free(struct mtr_standings **standings)
{
	if (!standings || !*standings)
		return;
	free((*standings)->waiters);
	free((*standings)->frozen);
	free(*standings);
	*standings = NULL;
}

uint32_t mtr_standings_waiting(const struct mtr_standings *standings, const Mtr__Nomination *nomination)
{
	uint32_t position = 0;

	if (nomination->state != MTR__STATE__STATE_WAITING)
		return 0;
	for (size_t i = 0; i < standings->count; i++) {
		const struct waiter *waiter = &standings->waiters[i];
		if (waiter->programme_id != nomination->programme_id || waiter->unit_id != nomination->unit_id)
			continue;
		position++;
		if (waiter->id == nomination->id)
			return position;
	}
	return 0;
}

bool mtr_standings_frozen(const struct mtr_standings *standings, const Mtr__Nomination *nomination)
{
	uint64_t part = (uint64_t)nomination->programme_id << 32 | nomination->unit_id;

	for (size_t i = 0; i < standings->frozen_count; i++) {
		if (standings->frozen[i] == part)
			return true;
	}
	return false;
}
