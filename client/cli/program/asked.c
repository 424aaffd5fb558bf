#include "program/asked.h"
#include "contract/commands.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/path.h"
#include "words/words.h"

#include <inttypes.h>
#include <string.h>

#define BRIEF_PARTS 3
#define ITEMS_SHOWN 10u

/* The register's name for the command; "" for one of a newer version. */
static const char *name_of(const Mtr__Command *command)
{
	const struct mtr_command_info *info = mtr_command_by_tag((uint32_t)command->body_case);

	return info ? info->name : "";
}

static const char *title_of(const char *name)
{
	const char *step = mtr_words_step(name);

	return step ? step : name;
}

const char *mtr_asked_brief(struct mtr_arena *arena, const Mtr__Command *command)
{
	static const char *const telling[] = {"programme_code",
					      "code",
					      "class_code",
					      "nomination_id",
					      "unit_code",
					      "to_unit_code",
					      "person.full_name",
					      "person.citizen_number",
					      "person.person_id",
					      "full_name",
					      "citizen_number",
					      "name",
					      "number"};
	const char *name = name_of(command);
	const char *text = "";
	int parts = 0;

	for (size_t i = 0; i < sizeof telling / sizeof *telling && parts < BRIEF_PARTS; i++) {
		const char *value = mtr_path_value(arena, command, mtr_must_print(arena, "%s.%s", name, telling[i]));
		if (!*value)
			continue;
		text = parts++ ? mtr_must_print(arena, "%s, %s", text, value) : value;
	}
	return *text ? mtr_must_print(arena, "%s: %s", title_of(name), text) : title_of(name);
}

static size_t count_of(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	size_t count;

	if (field->label != PROTOBUF_C_LABEL_REPEATED)
		return 0;
	memcpy(&count, (const uint8_t *)message + field->quantifier_offset, sizeof count);
	return count;
}

static const void *member(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	return (const uint8_t *)message + field->offset;
}

static void say(struct mtr_call *call, const char *path, const char *value)
{
	if (*value)
		mtr_say(call, "  %s: %s", mtr_words_field(call->arena, path), value);
}

static void show_fields(struct mtr_call *call, const Mtr__Command *command, const ProtobufCMessage *message,
			const char *path);

/* Dates and values of lists in words; text as it was written. */
static void say_value(struct mtr_call *call, const Mtr__Command *command, const ProtobufCFieldDescriptor *field,
		      const char *path, const char *place)
{
	const char *value = mtr_path_value(call->arena, command, place);

	say(call, path, field->type == PROTOBUF_C_TYPE_STRING ? value : mtr_words_machine(call->arena, value, false));
}

static void show_items(struct mtr_call *call, const Mtr__Command *command, const ProtobufCFieldDescriptor *field,
		       const char *path, size_t count)
{
	for (size_t i = 0; i < count && i < ITEMS_SHOWN; i++)
		say_value(call, command, field, path, mtr_must_print(call->arena, "%s.%zu", path, i));
	if (count > ITEMS_SHOWN)
		mtr_say(call, _("  … and %zu more"), count - ITEMS_SHOWN);
}

static void show_one(struct mtr_call *call, const Mtr__Command *command, const ProtobufCMessage *message,
		     const ProtobufCFieldDescriptor *field, const char *path)
{
	const void *at = member(message, field);

	if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
		const ProtobufCMessage *inner = *(ProtobufCMessage *const *)at;
		if (inner)
			show_fields(call, command, inner, path);
	} else if (field->type == PROTOBUF_C_TYPE_ENUM) {
		say(call, path, mtr_words_value(call->arena, field->descriptor, *(const int *)at));
	} else if (field->type == PROTOBUF_C_TYPE_BOOL) {
		say(call, path, *(const protobuf_c_boolean *)at ? _("yes") : "");
	} else {
		say_value(call, command, field, path, path);
	}
}

static void show_fields(struct mtr_call *call, const Mtr__Command *command, const ProtobufCMessage *message,
			const char *path)
{
	const ProtobufCMessageDescriptor *descriptor = message->descriptor;

	for (unsigned i = 0; i < descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
		const char *inner = mtr_must_print(call->arena, "%s.%s", path, field->name);
		if (field->label == PROTOBUF_C_LABEL_REPEATED)
			show_items(call, command, field, inner, count_of(message, field));
		else
			show_one(call, command, message, field, inner);
	}
}

void mtr_asked_show(struct mtr_call *call, const Mtr__Command *command)
{
	const char *name = name_of(command);

	mtr_say(call, _("Asked: %s"), title_of(name));
	/* The members of the body's union are pointers to messages, of which any one is as good. */
	if (*name && command->body_case != MTR__COMMAND__BODY__NOT_SET)
		show_fields(call, command, &command->put_unit->base, name);
}
