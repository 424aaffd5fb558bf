#include "commands/gather.h"
#include "output/view.h"
#include "program/must.h"

#include <string.h>

void mtr_ids_add(struct mtr_call *call, struct mtr_ids *ids, uint64_t id)
{
	if (ids->count == ids->room) {
		size_t room = ids->room * 2 + 64;
		uint64_t *bigger = mtr_must_array(call->arena, room, sizeof *bigger);
		if (ids->count > 0)
			memcpy(bigger, ids->ids, ids->count * sizeof *bigger);
		ids->ids = bigger;
		ids->room = room;
	}
	ids->ids[ids->count++] = id;
}

bool mtr_ids_have(const struct mtr_ids *ids, uint64_t id)
{
	for (size_t i = 0; i < ids->count; i++) {
		if (ids->ids[i] == id)
			return true;
	}
	return false;
}

void mtr_ids_given(struct mtr_call *call, const char *name, struct mtr_ids *ids)
{
	const struct mtr_value *value;

	for (size_t i = 0; (value = mtr_value_at(&call->arguments, name, i)); i++)
		mtr_ids_add(call, ids, value->number);
}

struct gathering {
	struct mtr_call *call;
	mtr_wanted_fn wanted;
	void *context;
	struct mtr_ids *ids;
};

static int on_nomination(void *context, const ProtobufCMessage *message)
{
	struct gathering *gathering = context;
	const Mtr__Nomination *nomination = (const Mtr__Nomination *)message;

	if (gathering->wanted && !gathering->wanted(gathering->call, nomination, gathering->context))
		return MTR_EXIT_OK;
	if (!mtr_ids_have(gathering->ids, nomination->id))
		mtr_ids_add(gathering->call, gathering->ids, nomination->id);
	return MTR_EXIT_OK;
}

int mtr_gather(struct mtr_call *call, const char *programme_code, const char *unit_code, const Mtr__State *states,
	       size_t state_count, mtr_wanted_fn wanted, void *context, struct mtr_ids *ids)
{
	struct gathering gathering = {.call = call, .wanted = wanted, .context = context, .ids = ids};
	Mtr__List list = MTR__LIST__INIT;

	list.type = MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION;
	list.programme_code = mtr_field_text(call, programme_code);
	list.unit_code = mtr_field_text(call, unit_code);
	list.n_states = state_count;
	list.states = mtr_must_array(call->arena, state_count, sizeof *list.states);
	memcpy(list.states, states, state_count * sizeof *list.states);
	return mtr_each(call, &list, &mtr__nomination__descriptor, on_nomination, &gathering);
}
