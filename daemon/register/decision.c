#include "register/decision.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void *mtr_message_new(struct mtr_arena *arena, const ProtobufCMessageDescriptor *descriptor)
{
	void *message = mtr_arena_alloc(arena, descriptor->sizeof_message);

	if (message)
		protobuf_c_message_init(descriptor, message);
	return message;
}

const char *mtr_format(struct mtr_arena *arena, const char *format, ...)
{
	va_list arguments, again;

	va_start(arguments, format);
	va_copy(again, arguments);

	int size = vsnprintf(NULL, 0, format, arguments);
	char *text = size >= 0 ? mtr_arena_alloc(arena, (size_t)size + 1) : NULL;

	if (text)
		vsnprintf(text, (size_t)size + 1, format, again);
	va_end(again);
	va_end(arguments);
	return text ? text : "";
}

/* protobuf-c takes non-const strings but only reads them when it packs. */
static char *for_message(struct mtr_arena *arena, const char *text)
{
	return mtr_arena_text(arena, text ? text : "");
}

bool mtr_refuse(struct mtr_decision *decision, Mtr__ErrorCode code, struct mtr_fault fault)
{
	struct mtr_arena *arena = decision->view.arena;
	Mtr__Error *error = mtr_message_new(arena, &mtr__error__descriptor);

	if (!error)
		return false;
	error->code = code;
	error->number = fault.number;
	error->found = for_message(arena, fault.found);
	error->wanted = for_message(arena, fault.wanted);
	if (fault.field && fault.field[0])
		fault.field = mtr_format(arena, "%s.%s", decision->info->name, fault.field);
	else if (fault.field)
		fault.field = decision->info->name;
	error->field = for_message(arena, fault.field);
	if (!mtr_arena_exhausted(arena))
		decision->error = error;
	return false;
}

bool mtr_refuse_field(struct mtr_decision *decision, Mtr__ErrorCode code, const char *field)
{
	return mtr_refuse(decision, code, (struct mtr_fault){.field = field});
}

bool mtr_decision_good(const struct mtr_decision *decision)
{
	return !decision->error && mtr_view_good(&decision->view);
}

/* What people have on paper keeps its number. */
static bool keeps_former_id(struct mtr_decision *decision, Mtr__EntityType type)
{
	const Mtr__FormerAnswer *former = decision->input->former;

	if (!former || decision->former_id_taken || former->type != type || !former->id ||
	    mtr_is_known(decision->view.txn, type, former->id))
		return false;
	decision->former_id_taken = true;
	return true;
}

uint64_t mtr_new_id(struct mtr_decision *decision, Mtr__EntityType type)
{
	uint64_t *next = &decision->next_ids[type];

	if (keeps_former_id(decision, type))
		return decision->input->former->id;
	if (*next == 0)
		*next = mtr_next_id(decision->view.txn, type);
	return (*next)++;
}

/* Room for one more item; `items` is the array's address. */
static bool make_room(struct mtr_arena *arena, void **items, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return true;

	size_t more = *room ? *room * 2 : 4;
	void *bigger = mtr_arena_array(arena, more, size);

	if (!bigger)
		return false;
	if (count)
		memcpy(bigger, *items, count * size);
	*items = bigger;
	*room = more;
	return true;
}

bool mtr_subject_nomination(struct mtr_decision *decision, uint64_t nomination_id)
{
	void *items = decision->nomination_ids;

	for (size_t i = decision->nomination_count; i > 0; i--)
		if (decision->nomination_ids[i - 1] == nomination_id)
			return true;
	if (nomination_id == 0 || decision->nomination_count == MTR_SUBJECTS_MAX)
		return true;
	if (!make_room(decision->view.arena, &items, decision->nomination_count, &decision->nomination_room,
		       sizeof *decision->nomination_ids))
		return false;
	decision->nomination_ids = items;
	decision->nomination_ids[decision->nomination_count++] = nomination_id;
	return true;
}

bool mtr_subject_person(struct mtr_decision *decision, uint32_t person_id)
{
	void *items = decision->person_ids;

	for (size_t i = decision->person_count; i > 0; i--)
		if (decision->person_ids[i - 1] == person_id)
			return true;
	if (person_id == 0 || decision->person_count == MTR_SUBJECTS_MAX)
		return true;
	if (!make_room(decision->view.arena, &items, decision->person_count, &decision->person_room,
		       sizeof *decision->person_ids))
		return false;
	decision->person_ids = items;
	decision->person_ids[decision->person_count++] = person_id;
	return true;
}

Mtr__Done *mtr_done(struct mtr_decision *decision, Mtr__EntityType type, uint64_t id, const char *code, bool created)
{
	Mtr__Done *done = mtr_message_new(decision->view.arena, &mtr__done__descriptor);

	if (!done)
		return NULL;
	done->type = type;
	done->id = id;
	done->code = for_message(decision->view.arena, code);
	done->created = created;
	decision->done = done;
	return done->code ? done : NULL;
}

const char *mtr_enum_name(const ProtobufCEnumDescriptor *descriptor, int value)
{
	const ProtobufCEnumValue *row = protobuf_c_enum_descriptor_get_value(descriptor, value);

	return row ? row->name : "";
}
