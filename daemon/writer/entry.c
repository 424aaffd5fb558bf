#include "writer/entry.h"

#include <errno.h>
#include <string.h>

struct mtr_bytes mtr_pack_answer(struct mtr_arena *arena, const Mtr__Answer *answer)
{
	size_t size = mtr__answer__get_packed_size(answer);
	uint8_t *bytes = mtr_arena_alloc(arena, size);

	if (!bytes)
		return (struct mtr_bytes){NULL, 0};
	mtr__answer__pack(answer, bytes);
	return (struct mtr_bytes){bytes, size};
}

Mtr__Answer *mtr_answer_error(struct mtr_arena *arena, Mtr__ErrorCode code, const char *field, uint64_t number)
{
	Mtr__Answer *answer = mtr_arena_alloc(arena, sizeof *answer);
	Mtr__Error *error = mtr_arena_alloc(arena, sizeof *error);
	char *name = mtr_arena_text(arena, field);

	if (!answer || !error || !name)
		return NULL;
	mtr__answer__init(answer);
	mtr__error__init(error);
	error->code = code;
	error->field = name;
	error->number = number;
	answer->body_case = MTR__ANSWER__BODY_ERROR;
	answer->error = error;
	return answer;
}

/* protobuf-c has no const; packing doesn't write. */
static ProtobufCBinaryData borrow(struct mtr_bytes bytes)
{
	return (ProtobufCBinaryData){bytes.size, (uint8_t *)(uintptr_t)bytes.data};
}

static int pack_effect(struct mtr_arena *arena, const struct mtr_effect *effect, struct mtr_bytes *ret_packed)
{
	Mtr__Home home = MTR__HOME__INIT;
	Mtr__Effect message = MTR__EFFECT__INIT;

	if (effect->row.size > MTR_ROW_MAX || (effect->tombstone && strlen(effect->tombstone) > MTR_ROW_MAX))
		return -EMSGSIZE;
	home.kind = (Mtr__HomeKind)effect->home.kind;
	home.a = effect->home.a;
	home.b = effect->home.b;
	message.home = &home;
	message.type = effect->type;
	message.id = effect->id;
	if (effect->tombstone)
		message.tombstone_reason = (char *)(uintptr_t)effect->tombstone;
	else
		message.row = borrow(effect->row);
	size_t size = mtr__effect__get_packed_size(&message);
	uint8_t *bytes = mtr_arena_alloc(arena, size);

	if (!bytes)
		return -ENOMEM;
	mtr__effect__pack(&message, bytes);
	*ret_packed = (struct mtr_bytes){bytes, size};
	return 0;
}

int mtr_entry_build(struct mtr_arena *arena, const Mtr__RecordHeader *header, struct mtr_bytes command,
		    const struct mtr_outcome *outcome, struct mtr_entry *ret_entry)
{
	struct mtr_entry entry = {.answer = mtr_pack_answer(arena, outcome->answer)};

	if (outcome->effect_count > MTR_EFFECTS_MAX)
		return -EMSGSIZE;
	struct mtr_bytes *effects = mtr_arena_array(arena, outcome->effect_count, sizeof *effects);

	if (!effects || !entry.answer.data)
		return -ENOMEM;
	for (size_t i = 0; i < outcome->effect_count; i++) {
		int error = pack_effect(arena, &outcome->effects[i], &effects[i]);

		if (error < 0)
			return error;
	}
	const struct mtr_record_parts parts = {.header = header,
					       .command = command,
					       .answer = entry.answer,
					       .effects = effects,
					       .effect_count = outcome->effect_count};
	int error = mtr_record_build(arena, &parts, &entry.record, entry.digest);

	if (error == 0)
		*ret_entry = entry;
	return error;
}
