#include "program/path.h"
#include "contract/date.h"
#include "program/must.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char *number(struct mtr_arena *arena, uint64_t value)
{
	return value ? mtr_must_print(arena, "%" PRIu64, value) : "";
}

/* The messages have no type for dates; their fields are called so. */
static bool is_date(const char *name)
{
	static const char *const names[] = {"birth", "date", "since", "valid_from"};
	static const char *const ends[] = {"_date", "_since", "_until", "_on"};
	const size_t size = strlen(name);

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		if (size > strlen(ends[i]) && strcmp(name + size - strlen(ends[i]), ends[i]) == 0)
			return true;
	}
	return false;
}

static const char *date(struct mtr_arena *arena, uint32_t value)
{
	char text[MTR_DATE_TEXT];

	return value ? mtr_must_text(arena, mtr_date_format_iso(value, text)) : "";
}

static const char *word(const ProtobufCEnumDescriptor *words, int value)
{
	const ProtobufCEnumValue *found = value ? protobuf_c_enum_descriptor_get_value(words, value) : NULL;

	return found ? found->name : "";
}

/* A plain value at `at`, as the register would write it; "" for kinds that aren't said. */
static const char *plain_value(struct mtr_arena *arena, const ProtobufCFieldDescriptor *field, const void *at)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_UINT64:
		return number(arena, *(const uint64_t *)at);
	case PROTOBUF_C_TYPE_UINT32:
		return is_date(field->name) ? date(arena, *(const uint32_t *)at) : number(arena, *(const uint32_t *)at);
	case PROTOBUF_C_TYPE_ENUM:
		return word(field->descriptor, *(const int *)at);
	case PROTOBUF_C_TYPE_STRING:
		return *(char *const *)at;
	case PROTOBUF_C_TYPE_INT64:
		return mtr_must_print(arena, "%" PRId64, *(const int64_t *)at);
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE:
	case PROTOBUF_C_TYPE_BOOL:
	case PROTOBUF_C_TYPE_BYTES:
	case PROTOBUF_C_TYPE_MESSAGE:
		break;
	}
	return "";
}

static size_t item_size(ProtobufCType type)
{
	return type == PROTOBUF_C_TYPE_UINT32   ? sizeof(uint32_t)
	       : type == PROTOBUF_C_TYPE_ENUM   ? sizeof(int)
	       : type == PROTOBUF_C_TYPE_UINT64 ? sizeof(uint64_t)
						: sizeof(void *);
}

/* The field a path begins with, and the rest of the path. */
static const ProtobufCFieldDescriptor *first(const ProtobufCMessage *message, const char **path)
{
	char name[64];
	size_t size = strcspn(*path, ".");

	if (size >= sizeof name)
		return NULL;
	memcpy(name, *path, size);
	name[size] = '\0';
	*path += size + ((*path)[size] == '.');
	return protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
}

/* Where the field's value, or the item the path goes on with, lies; NULL when there is none. */
static const void *place(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, const char **path)
{
	const char *base = (const char *)message;

	if (field->label != PROTOBUF_C_LABEL_REPEATED)
		return base + field->offset;
	if (!isdigit((unsigned char)**path))
		return NULL;
	char *end;
	unsigned long index = strtoul(*path, &end, 10);
	size_t count = *(const size_t *)(const void *)(base + field->quantifier_offset);
	*path = end + (*end == '.');
	if (index >= count)
		return NULL;
	return *(const char *const *)(const void *)(base + field->offset) + index * item_size(field->type);
}

static const char *value_at(struct mtr_arena *arena, const ProtobufCMessage *message, const char *path)
{
	while (message) {
		const ProtobufCFieldDescriptor *field = first(message, &path);
		const void *at = field ? place(message, field, &path) : NULL;
		if (!at)
			return "";
		if (field->type != PROTOBUF_C_TYPE_MESSAGE)
			return *path ? "" : plain_value(arena, field, at);
		message = *(const ProtobufCMessage *const *)at;
		if (*path == '\0')
			path = "nomination_id";
	}
	return "";
}

const char *mtr_path_value(struct mtr_arena *arena, const Mtr__Command *command, const char *path)
{
	const char *rest = path;
	const ProtobufCFieldDescriptor *body = first(&command->base, &rest);

	/* Of a oneof only the body that is there may be looked at. */
	if (!body || body->type != PROTOBUF_C_TYPE_MESSAGE || body->id != (uint32_t)command->body_case)
		return "";
	return value_at(arena, &command->base, path);
}
