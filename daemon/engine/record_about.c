#include "engine/record_about.h"

#include "matricula/v1/commands.pb-c.h"
#include "matricula/v1/errors.pb-c.h"

static bool is(uint32_t wanted, uint32_t found)
{
	return !wanted || wanted == found;
}

bool mtr_home_about(unsigned kind, uint32_t a, uint32_t b, const struct mtr_about *about)
{
	switch (kind) {
	case MTR__HOME_KIND__HOME_KIND_PART:
		return is(about->programme_id, a) && is(about->unit_id, b);
	case MTR__HOME_KIND__HOME_KIND_PEOPLE:
		return !about->programme_id && is(about->unit_id, a);
	case MTR__HOME_KIND__HOME_KIND_PROGRAMME:
		return !about->unit_id && is(about->programme_id, a);
	default:
		return !about->unit_id && !about->programme_id;
	}
}

/* Rows that everybody may read are about what they are. */
static bool row_about(const Mtr__Effect *effect, const struct mtr_about *about)
{
	if (effect->type == MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT)
		return !about->programme_id && effect->id == about->unit_id;
	if (effect->type == MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME)
		return !about->unit_id && effect->id == about->programme_id;
	return effect->home && mtr_home_about((unsigned)effect->home->kind, effect->home->a, effect->home->b, about);
}

bool mtr_record_about(struct mtr_arena *arena, const struct mtr_record_view *view, const struct mtr_about *about)
{
	struct mtr_record_view rest = *view;
	struct mtr_redacted_leaf leaf;
	struct mtr_bytes packed;

	if (!about->unit_id && !about->programme_id)
		return true;
	while (mtr_record_next_redacted(&rest.redacted, &leaf))
		if (leaf.index >= MTR_LEAF_EFFECTS && mtr_home_about(leaf.home_kind, leaf.home_a, leaf.home_b, about))
			return true;
	while (mtr_record_next_effect(&rest, &packed)) {
		const Mtr__Effect *effect =
			packed.data ? mtr__effect__unpack(mtr_arena_allocator(arena), packed.size, packed.data) : NULL;

		if (effect && row_about(effect, about))
			return true;
	}
	return false;
}

static uint32_t person_of(const Mtr__Command *command)
{
	if (command->body_case == MTR__COMMAND__BODY_REDACT)
		return command->redact->person_id;
	if (command->body_case == MTR__COMMAND__BODY_PUT_PERSON && command->put_person->person)
		return command->put_person->person->id;
	if (command->body_case == MTR__COMMAND__BODY_PROPOSE && command->propose->person)
		return command->propose->person->person_id;
	if (command->body_case == MTR__COMMAND__BODY_SUBSTITUTE && command->substitute->person)
		return command->substitute->person->person_id;
	return 0;
}

bool mtr_record_names_person(struct mtr_arena *arena, const struct mtr_record_view *view,
			     const Mtr__RecordHeader *header, uint32_t person_id)
{
	for (size_t i = 0; i < header->n_person_ids; i++)
		if (header->person_ids[i] == person_id)
			return true;
	if (!person_id || header->error_code != MTR__ERROR_CODE__ERROR_CODE_PERSON_REDACTED || !view->command.data)
		return !person_id;
	const Mtr__Command *command =
		mtr__command__unpack(mtr_arena_allocator(arena), view->command.size, view->command.data);

	return command && person_of(command) == person_id;
}
