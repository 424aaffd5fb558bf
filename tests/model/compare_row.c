#include "compare_row.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static size_t size_of(ProtobufCType type)
{
	switch (type) {
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_DOUBLE:
		return 8;
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_MESSAGE:
		return sizeof(void *);
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
	case PROTOBUF_C_TYPE_BOOL:
		return sizeof(protobuf_c_boolean);
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_ENUM:
	default:
		return 4;
	}
}

static const void *pointer_at(const void *value)
{
	const void *pointer;

	memcpy(&pointer, value, sizeof pointer);
	return pointer;
}

static bool equal_bytes(const ProtobufCBinaryData *x, const ProtobufCBinaryData *y)
{
	return x->len == y->len && (x->len == 0 || memcmp(x->data, y->data, x->len) == 0);
}

static bool equal_values(const ProtobufCFieldDescriptor *field, const void *x, const void *y)
{
	static const char *const none[] = {NULL};

	if (field->type == PROTOBUF_C_TYPE_STRING)
		return strcmp(pointer_at(x), pointer_at(y)) == 0;
	if (field->type == PROTOBUF_C_TYPE_BYTES)
		return equal_bytes(x, y);
	if (field->type != PROTOBUF_C_TYPE_MESSAGE)
		return memcmp(x, y, size_of(field->type)) == 0;

	const void *inner_x = pointer_at(x), *inner_y = pointer_at(y);

	if (!inner_x || !inner_y)
		return inner_x == inner_y;
	return compare_messages(inner_x, inner_y, none);
}

static size_t count_of(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	size_t count = 1;

	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		memcpy(&count, (const uint8_t *)message + field->quantifier_offset, sizeof count);
	return count;
}

static bool equal_fields(const ProtobufCMessage *x, const ProtobufCMessage *y, const ProtobufCFieldDescriptor *field)
{
	const uint8_t *at_x = (const uint8_t *)x + field->offset, *at_y = (const uint8_t *)y + field->offset;
	size_t count = count_of(x, field), step = size_of(field->type);

	if (count != count_of(y, field))
		return false;
	if (field->label == PROTOBUF_C_LABEL_REPEATED) {
		at_x = pointer_at(at_x);
		at_y = pointer_at(at_y);
	}
	for (size_t i = 0; i < count; i++)
		if (!equal_values(field, at_x + i * step, at_y + i * step))
			return false;
	return true;
}

static void print_value(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	const uint8_t *at = (const uint8_t *)message + field->offset;
	uint64_t number = 0;

	if (field->label == PROTOBUF_C_LABEL_REPEATED) {
		fprintf(stderr, "%zu items", count_of(message, field));
	} else if (field->type == PROTOBUF_C_TYPE_STRING) {
		fprintf(stderr, "\"%s\"", (const char *)pointer_at(at));
	} else if (field->type == PROTOBUF_C_TYPE_MESSAGE || field->type == PROTOBUF_C_TYPE_BYTES) {
		fprintf(stderr, "(message or bytes)");
	} else {
		memcpy(&number, at, size_of(field->type));
		fprintf(stderr, "%" PRIu64, number);
	}
}

static bool listed(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

bool compare_messages(const ProtobufCMessage *model, const ProtobufCMessage *found, const char *const *except)
{
	const ProtobufCMessageDescriptor *descriptor = model->descriptor;

	for (unsigned i = 0; i < descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &descriptor->fields[i];

		if (listed(except, field->name) || equal_fields(model, found, field))
			continue;
		fprintf(stderr, "%s.%s: model ", descriptor->short_name, field->name);
		print_value(model, field);
		fprintf(stderr, ", register ");
		print_value(found, field);
		fprintf(stderr, "\n");
		return false;
	}
	return true;
}
