#include "mutate_message.h"

#include "matricula/v1/commands.pb-c.h"
#include "matricula/v1/journal.pb-c.h"
#include "matricula/v1/wire.pb-c.h"
#include "shapes.h"

#include <string.h>

#define BYTES_MAX 4096u
#define LIST_MAX 600u
#define DEPTH_MAX 6u

struct mutation {
	struct mtr_arena *arena;
	struct random *random;
	unsigned depth;
};

static void *field_of(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	return (char *)message + field->offset;
}

static uint32_t *count_of(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	return (uint32_t *)(void *)((char *)message + field->quantifier_offset);
}

static size_t *list_count_of(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	return (size_t *)(void *)((char *)message + field->quantifier_offset);
}

/* The message that lies packed in this field; NULL for plain bytes. */
static const ProtobufCMessageDescriptor *packed_in(const ProtobufCMessage *message,
						   const ProtobufCFieldDescriptor *field)
{
	static const struct {
		const ProtobufCMessageDescriptor *outer;
		const char *field;
		const ProtobufCMessageDescriptor *inner;
	} known[] = {
		{&mtr__request__descriptor, "command", &mtr__command__descriptor},
		{&mtr__reply__descriptor, "answer", &mtr__answer__descriptor},
		{&mtr__record__descriptor, "command", &mtr__command__descriptor},
		{&mtr__record__descriptor, "answer", &mtr__answer__descriptor},
		{&mtr__record__descriptor, "effects", &mtr__effect__descriptor},
	};
	const ProtobufCFieldDescriptor *type;

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (message->descriptor == known[i].outer && strcmp(field->name, known[i].field) == 0)
			return known[i].inner;
	type = protobuf_c_message_descriptor_get_field_by_name(message->descriptor, "type");
	if (strcmp(field->name, "row") != 0 || !type || type->type != PROTOBUF_C_TYPE_ENUM)
		return NULL;
	return fuzz_row_shape(*(const unsigned *)(const void *)((const char *)message + type->offset));
}

static uint64_t some_number(struct mutation *m, uint64_t old)
{
	static const uint64_t telling[] = {
		0,      1,         2,          31,        32,         160,           161,
		512,    1000,      1001,       19800315,  20250301,   20251231,      99999999,
		100000, INT32_MAX, UINT32_MAX, INT64_MAX, UINT64_MAX, 1740790800000, 1772323200000};

	switch (random_below(m->random, 6)) {
	case 0:
		return telling[random_below(m->random, sizeof telling / sizeof *telling)];
	case 1:
		return old + 1;
	case 2:
		return old - 1;
	case 3:
		return random_below(m->random, 40);
	case 4:
		return old ^ UINT64_C(1) << random_below(m->random, 64);
	default:
		return random_next(m->random) >> random_below(m->random, 64);
	}
}

/* What names things in the registers and lists of these tests. */
static char *some_text(struct mutation *m, const char *old)
{
	static const char *const telling[] = {
		"",
		"TU",
		"BTC",
		"H1",
		"S1",
		"X1",
		"TCT",
		"CT-52",
		"CT-54",
		"CD-44",
		"CD-50",
		"KH-43",
		"L-151",
		"KHONG-CO",
		"051075000123",
		"12-CV/TU",
		"Nguyễn Văn Ân",
		"Ð",
		"\xFF",
		"31/12/2025",
		"MOVED",
		"\x1B[2J",
		"e\xCC\x81",
		"\xE2\x80\x8B",
	};
	char buffer[BYTES_MAX + 1];
	size_t size = old ? strlen(old) : 0;

	if (random_percent(m->random, 50))
		return mtr_arena_text(m->arena, telling[random_below(m->random, sizeof telling / sizeof *telling)]);
	if (random_percent(m->random, 3)) {
		size = random_below(m->random, 1100);
		memset(buffer, 'a', size);
	} else {
		size = size < BYTES_MAX / 2 ? size : BYTES_MAX / 2;
		memcpy(buffer, old ? old : "", size);
		size = LLVMFuzzerMutate((uint8_t *)buffer, size, BYTES_MAX / 2);
	}
	buffer[size] = '\0';
	return mtr_arena_text(m->arena, buffer);
}

static void change_bytes(struct mutation *m, const ProtobufCMessageDescriptor *inner, ProtobufCBinaryData *bytes)
{
	static const uint16_t sizes[] = {0, 1, 15, 16, 17, 31, 32, 33, 64, 1000};
	uint8_t *room = mtr_arena_alloc(m->arena, (bytes->len < BYTES_MAX ? BYTES_MAX : bytes->len) * 2);
	size_t size = bytes->len;

	if (!room)
		return;
	if (inner && random_percent(m->random, 85)) {
		struct mtr_arena *arena = mtr_arena_new(4u << 20);

		if (arena)
			size = fuzz_mutate_message(arena, inner, (struct mtr_bytes){bytes->data, bytes->len}, m->random,
						   room, BYTES_MAX + bytes->len);
		mtr_arena_free(&arena);
	} else if (random_percent(m->random, 30)) {
		size = sizes[random_below(m->random, sizeof sizes / sizeof *sizes)];
		memset(room, (int)random_below(m->random, 256), size);
	} else {
		if (size)
			memcpy(room, bytes->data, size);
		size = LLVMFuzzerMutate(room, size, size + 64);
	}
	*bytes = (ProtobufCBinaryData){size, room};
}

static void change_message(struct mutation *m, ProtobufCMessage *message);

static ProtobufCMessage *new_message(struct mutation *m, const ProtobufCMessageDescriptor *descriptor)
{
	ProtobufCMessage *message = mtr_arena_alloc(m->arena, descriptor->sizeof_message);

	if (message)
		descriptor->message_init(message);
	return message;
}

static int some_word(struct mutation *m, const ProtobufCEnumDescriptor *words)
{
	if (random_percent(m->random, 5))
		return (int)random_next(m->random);
	return words->values[random_below(m->random, words->n_values)].value;
}

/* One value at `place`, of the field's type. */
static void change_value(struct mutation *m, const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
			 void *place)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_DOUBLE:
		*(uint64_t *)place = some_number(m, *(uint64_t *)place);
		break;
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_FLOAT:
		*(uint32_t *)place = (uint32_t)some_number(m, *(uint32_t *)place);
		break;
	case PROTOBUF_C_TYPE_BOOL:
		*(protobuf_c_boolean *)place = !*(protobuf_c_boolean *)place;
		break;
	case PROTOBUF_C_TYPE_ENUM:
		*(int *)place = some_word(m, field->descriptor);
		break;
	case PROTOBUF_C_TYPE_STRING:
		*(char **)place = some_text(m, *(char **)place);
		break;
	case PROTOBUF_C_TYPE_BYTES:
		change_bytes(m, packed_in(message, field), place);
		break;
	case PROTOBUF_C_TYPE_MESSAGE:
		if (!*(ProtobufCMessage **)place)
			*(ProtobufCMessage **)place = new_message(m, field->descriptor);
		if (*(ProtobufCMessage **)place)
			change_message(m, *(ProtobufCMessage **)place);
		break;
	}
}

static size_t size_of(ProtobufCType type)
{
	switch (type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_FLOAT:
		return 4;
	case PROTOBUF_C_TYPE_BOOL:
		return sizeof(protobuf_c_boolean);
	case PROTOBUF_C_TYPE_ENUM:
		return sizeof(int);
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_MESSAGE:
		return sizeof(void *);
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_DOUBLE:
		break;
	}
	return 8;
}

/* An item more, now and then many of them; a text or message that isn't there yet is made. */
static void enlarge(struct mutation *m, ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	size_t *count = list_count_of(message, field), size = size_of(field->type);
	size_t more = random_percent(m->random, 5) ? random_between(m->random, 2, LIST_MAX) : 1;
	char *old = *(char **)field_of(message, field), *list = mtr_arena_array(m->arena, *count + more, size);

	if (!list || *count + more > LIST_MAX)
		return;
	if (*count)
		memcpy(list, old, *count * size);
	for (size_t i = *count; i < *count + more; i++) {
		if (*count && random_percent(m->random, 70))
			memcpy(list + i * size, old + random_below(m->random, *count) * size, size);
		else if (field->type == PROTOBUF_C_TYPE_STRING)
			*(char **)(void *)(list + i * size) = some_text(m, "");
		else if (field->type == PROTOBUF_C_TYPE_MESSAGE)
			*(ProtobufCMessage **)(void *)(list + i * size) = new_message(m, field->descriptor);
	}
	*(char **)field_of(message, field) = list;
	*count += more;
}

static void change_list(struct mutation *m, ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	size_t *count = list_count_of(message, field), size = size_of(field->type);
	char *list = *(char **)field_of(message, field);

	if (!*count || random_percent(m->random, 25)) {
		enlarge(m, message, field);
		return;
	}
	char *item = list + random_below(m->random, *count) * size, *last = list + (*count - 1) * size;

	if (random_percent(m->random, 25)) {
		memcpy(item, last, size);
		--*count;
	} else {
		change_value(m, message, field, item);
	}
}

static void change_field(struct mutation *m, ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	const bool one_of = (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
	void *place = field_of(message, field);

	if (field->label == PROTOBUF_C_LABEL_REPEATED) {
		change_list(m, message, field);
		return;
	}
	if (one_of && *count_of(message, field) != field->id) {
		memset(place, 0, size_of(field->type));
		*count_of(message, field) = field->id;
		change_value(m, message, field, place);
	} else if (field->type == PROTOBUF_C_TYPE_MESSAGE && !one_of && random_percent(m->random, 10)) {
		*(ProtobufCMessage **)place = NULL;
	} else {
		change_value(m, message, field, place);
	}
}

/* Into what is there rather than into what isn't: another case of a one-of is a rare choice. */
static void change_message(struct mutation *m, ProtobufCMessage *message)
{
	const ProtobufCMessageDescriptor *descriptor = message->descriptor;

	if (!descriptor->n_fields || ++m->depth > DEPTH_MAX)
		return;
	for (unsigned attempt = 0; attempt < 8; attempt++) {
		const ProtobufCFieldDescriptor *field =
			&descriptor->fields[random_below(m->random, descriptor->n_fields)];
		const bool one_of = (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;

		if (!one_of || *count_of(message, field) == field->id || random_percent(m->random, 4)) {
			change_field(m, message, field);
			return;
		}
	}
}

size_t fuzz_mutate_message(struct mtr_arena *arena, const ProtobufCMessageDescriptor *shape, struct mtr_bytes packed,
			   struct random *random, uint8_t *ret_bytes, size_t most)
{
	struct mutation m = {.arena = arena, .random = random};
	ProtobufCMessage *message;

	mtr_arena_reset(arena);
	message = protobuf_c_message_unpack(shape, mtr_arena_allocator(arena), packed.size, packed.data);
	if (!message)
		message = new_message(&m, shape);
	for (uint32_t times = random_between(random, 1, 3); message && times; times--) {
		m.depth = 0;
		change_message(&m, message);
	}
	if (!message || mtr_arena_exhausted(arena) || protobuf_c_message_get_packed_size(message) > most)
		return 0;
	return protobuf_c_message_pack(message, ret_bytes);
}
