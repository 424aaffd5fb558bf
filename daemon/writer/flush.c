#include "writer/state.h"

#include <stdlib.h>

void mtr_writer_pend(struct mtr_writer *writer, struct mtr_work *work)
{
	work->next = NULL;
	*writer->pending_end = work;
	writer->pending_end = &work->next;
	writer->pending_count++;
}

static bool add_change(struct mtr_writer *writer, const struct mtr_principal_change *change)
{
	if (writer->change_count == writer->change_room) {
		size_t room = writer->change_room ? 2 * writer->change_room : 16;
		struct mtr_principal_change *more = reallocarray(writer->changes, room, sizeof *more);

		if (!more)
			return mtr_writer_fail(writer, "no memory");
		writer->changes = more;
		writer->change_room = room;
	}
	writer->changes[writer->change_count++] = *change;
	return true;
}

/* A row that can't be read counts as revoked: whose key it is can't be told either. */
static bool is_revoked(const struct mtr_writer *writer, const struct mtr_effect *effect)
{
	const Mtr__Principal *principal =
		mtr__principal__unpack(mtr_arena_allocator(writer->arena), effect->row.size, effect->row.data);

	return effect->tombstone || !principal || principal->revoked;
}

bool mtr_writer_note_changes(struct mtr_writer *writer, const struct mtr_outcome *outcome, uint64_t revision)
{
	for (size_t i = 0; i < outcome->effect_count; i++) {
		const struct mtr_effect *effect = &outcome->effects[i];

		if (effect->type != MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL)
			continue;
		const struct mtr_principal_change change = {.revision = revision,
							    .principal_id = (uint32_t)effect->id,
							    .revoked = is_revoked(writer, effect)};

		if (!add_change(writer, &change))
			return false;
	}
	return true;
}

static bool make_durable(struct mtr_writer *writer)
{
	struct mtr_engine *engine = writer->options.engine;
	const uint64_t begun_us = mtr_monotime_us();

	if (writer->gather.batch.count == 0)
		return true;
	if (engine->operations->submit(engine, &writer->gather.batch) < 0)
		return mtr_writer_fail(writer, "the journal doesn't take the batch");
	if (engine->operations->poll(engine, true) != MTR_APPEND_DURABLE)
		return mtr_writer_fail(writer, "it is unclear whether the batch is in the journal");
	mtr_gather_next(&writer->gather);
	mtr_siblings_flushed(&writer->siblings, mtr_monotime_us() - begun_us, writer->pending_count,
			     mtr_queue_count(writer->queue));
	writer->room_checked = false;
	atomic_store(&writer->durable_figure, mtr_writer_applied(writer));
	atomic_fetch_add(&writer->batches, 1);
	return true;
}

/* Whoever has been registered or revoked is so for everybody before anybody is told: the table is read from what is
 * committed. */
static bool announce_changes(struct mtr_writer *writer)
{
	if (writer->change_count && !mtr_writer_commit(writer))
		return false;
	for (size_t i = 0; i < writer->change_count; i++) {
		const struct mtr_principal_change *change = &writer->changes[i];

		writer->options.principals_changed(writer->options.context, change->revision, change->principal_id,
						   change->revoked);
	}
	writer->change_count = 0;
	return true;
}

bool mtr_writer_flush(struct mtr_writer *writer)
{
	if (writer->dead || !make_durable(writer) || !announce_changes(writer))
		return false;
	struct mtr_work *work = writer->pending;

	writer->pending = NULL;
	writer->pending_end = &writer->pending;
	writer->pending_count = 0;
	while (work) {
		struct mtr_work *next = work->next;

		work->next = NULL;
		writer->options.reply(writer->options.context, work);
		work = next;
	}
	return true;
}
