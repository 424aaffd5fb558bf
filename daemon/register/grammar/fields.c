#include "register/grammar/fields.h"

#include "contract/citizen_number.h"
#include "contract/code.h"
#include "contract/date.h"
#include "contract/text.h"

/* One value under check. */
struct value {
	struct mtr_decision *decision;
	const struct mtr_field_rule *rule;
	const ProtobufCFieldDescriptor *field;
	const struct mtr_place *place; /* of the message it is a field of */
	const void *at;                /* the value itself */
	bool in_list;
	size_t index;
};

static const char *path(struct mtr_arena *arena, const struct mtr_place *place, const char *field)
{
	if (!place)
		return field;

	const char *above = place->in_list ? mtr_format(arena, "%s.%zu", place->name, place->index) : place->name;

	return path(arena, place->above, field[0] ? mtr_format(arena, "%s.%s", above, field) : above);
}

bool mtr_refuse_at(struct mtr_decision *decision, const struct mtr_place *place, const char *field, Mtr__ErrorCode code,
		   struct mtr_fault fault)
{
	fault.field = path(decision->view.arena, place, field);
	return mtr_refuse(decision, code, fault);
}

static bool refuse(const struct value *value, Mtr__ErrorCode code, struct mtr_fault fault)
{
	struct mtr_arena *arena = value->decision->view.arena;
	const char *field =
		value->in_list ? mtr_format(arena, "%s.%zu", value->field->name, value->index) : value->field->name;

	return mtr_refuse_at(value->decision, value->place, field, code, fault);
}

static bool refuse_code(const struct value *value, Mtr__ErrorCode code)
{
	return refuse(value, code, (struct mtr_fault){0});
}

static bool missing(const struct value *value)
{
	return value->rule->required || value->in_list ? refuse_code(value, MTR__ERROR_CODE__ERROR_CODE_FIELD_MISSING)
						       : true;
}

static bool check_text(const struct value *value, size_t most, unsigned flags)
{
	const char *text = *(char *const *)value->at;

	if (value->rule->required || value->in_list)
		flags |= MTR_TEXT_REQUIRED;

	Mtr__ErrorCode code = mtr_text_check(text, most, flags);

	if (code == MTR__ERROR_CODE__ERROR_CODE_FIELD_TOO_LONG)
		return refuse(value, code, (struct mtr_fault){.number = most});
	return code == MTR__ERROR_CODE__ERROR_CODE_NONE || refuse_code(value, code);
}

static bool check_code(const struct value *value)
{
	const char *text = *(char *const *)value->at;

	if (!text[0])
		return missing(value);

	Mtr__ErrorCode code = mtr_code_check(text);

	return code == MTR__ERROR_CODE__ERROR_CODE_NONE || refuse_code(value, code);
}

static bool check_citizen(const struct value *value)
{
	const char *number = *(char *const *)value->at;

	if (!number[0])
		return missing(value);

	Mtr__ErrorCode code = mtr_citizen_number_check(number, MTR__SEX__SEX_UNSPECIFIED, 0);

	return code == MTR__ERROR_CODE__ERROR_CODE_NONE || refuse_code(value, code);
}

static bool check_bytes(const struct value *value, size_t size)
{
	const ProtobufCBinaryData *bytes = value->at;

	if (bytes->len == 0)
		return missing(value);
	return bytes->len == size || refuse_code(value, MTR__ERROR_CODE__ERROR_CODE_FIELD_FORMAT);
}

static bool check_enum(const struct value *value)
{
	int number = *(const int *)value->at;

	if (number == 0)
		return missing(value);
	if (protobuf_c_enum_descriptor_get_value(value->field->descriptor, number))
		return true;
	return refuse(value, MTR__ERROR_CODE__ERROR_CODE_FIELD_VALUE,
		      (struct mtr_fault){.found = mtr_format(value->decision->view.arena, "%d", number)});
}

static bool check_date(const struct value *value, bool partial)
{
	uint32_t date = *(const uint32_t *)value->at;

	if (date == 0)
		return missing(value);
	if (mtr_date_valid(date, partial))
		return true;
	return refuse(value, MTR__ERROR_CODE__ERROR_CODE_DATE_INVALID,
		      (struct mtr_fault){.found = mtr_format(value->decision->view.arena, "%" PRIu32, date)});
}

static int64_t number_at(const struct value *value)
{
	switch (value->field->type) {
	case PROTOBUF_C_TYPE_INT64:
		return *(const int64_t *)value->at;
	case PROTOBUF_C_TYPE_UINT64: {
		uint64_t number = *(const uint64_t *)value->at;

		return number > INT64_MAX ? INT64_MAX : (int64_t)number;
	}
	case PROTOBUF_C_TYPE_SINT32:
		return *(const int32_t *)value->at;
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE:
	case PROTOBUF_C_TYPE_BOOL:
	case PROTOBUF_C_TYPE_ENUM:
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_BYTES:
	case PROTOBUF_C_TYPE_MESSAGE:
		break;
	}
	return *(const uint32_t *)value->at;
}

/* 0 is "not given" where the field isn't required. */
static bool check_range(const struct value *value)
{
	int64_t number = number_at(value);
	struct mtr_arena *arena = value->decision->view.arena;

	if (number == 0 && !value->rule->required && !value->in_list)
		return true;
	if (number >= value->rule->minimum && number <= value->rule->maximum)
		return true;
	return refuse(value, MTR__ERROR_CODE__ERROR_CODE_FIELD_RANGE,
		      (struct mtr_fault){
			      .found = mtr_format(arena, "%" PRId64, number),
			      .wanted = mtr_format(arena, "%" PRId64 "..%" PRId64, value->rule->minimum,
						   value->rule->maximum),
		      });
}

static bool check_message(struct mtr_decision *decision, const ProtobufCMessage *message,
			  const struct mtr_message_rules *rules, const struct mtr_place *place);

static bool check_inner(const struct value *value)
{
	const ProtobufCMessage *message = *(ProtobufCMessage *const *)value->at;
	struct mtr_place place = {
		.above = value->place, .name = value->field->name, .in_list = value->in_list, .index = value->index};

	if (!message)
		return missing(value);
	return check_message(value->decision, message, value->rule->inner, &place);
}

static bool check_value(const struct value *value)
{
	switch (value->rule->check) {
	case MTR_FIELD_ANY:
		return true;
	case MTR_FIELD_CODE:
		return check_code(value);
	case MTR_FIELD_NAME:
		return check_text(value, MTR_NAME_MAX, 0);
	case MTR_FIELD_NUMBER:
		return check_text(value, MTR_NUMBER_MAX, 0);
	case MTR_FIELD_TEXT:
		return check_text(value, MTR_TEXT_MAX, MTR_TEXT_LINES);
	case MTR_FIELD_CITIZEN:
		return check_citizen(value);
	case MTR_FIELD_KEY:
		return check_bytes(value, MTR_KEY_BYTES);
	case MTR_FIELD_OUTBOX:
		return check_bytes(value, MTR_OUTBOX_BYTES);
	case MTR_FIELD_ENUM:
		return check_enum(value);
	case MTR_FIELD_DAY:
		return check_date(value, false);
	case MTR_FIELD_DATE:
		return check_date(value, true);
	case MTR_FIELD_RANGE:
		return check_range(value);
	case MTR_FIELD_MESSAGE:
		return check_inner(value);
	}
	return false;
}

static size_t item_size(const ProtobufCFieldDescriptor *field)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_DOUBLE:
		return sizeof(uint64_t);
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_MESSAGE:
		return sizeof(void *);
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_ENUM:
	case PROTOBUF_C_TYPE_BOOL:
		break;
	}
	return sizeof(uint32_t);
}

static bool check_list(struct value *value, const ProtobufCMessage *message)
{
	const char *base = (const char *)message;
	size_t count = *(const size_t *)(const void *)(base + value->field->quantifier_offset);
	const char *items = *(const char *const *)(const void *)(base + value->field->offset);

	if (count == 0)
		return !value->rule->required || refuse_code(value, MTR__ERROR_CODE__ERROR_CODE_FIELD_MISSING);
	if (count > value->rule->most)
		return refuse(value, MTR__ERROR_CODE__ERROR_CODE_TOO_MANY_ITEMS,
			      (struct mtr_fault){.number = value->rule->most});
	value->in_list = true;
	for (value->index = 0; value->index < count; value->index++) {
		value->at = items + value->index * item_size(value->field);
		if (!check_value(value))
			return false;
	}
	return true;
}

static bool check_message(struct mtr_decision *decision, const ProtobufCMessage *message,
			  const struct mtr_message_rules *rules, const struct mtr_place *place)
{
	const ProtobufCMessageDescriptor *descriptor = rules->descriptor;

	/* A field of a later version would be dropped silently, yet be answered as done. */
	if (message->n_unknown_fields)
		return mtr_refuse_at(decision, place, "", MTR__ERROR_CODE__ERROR_CODE_FIELD_FORMAT,
				     (struct mtr_fault){0});
	for (unsigned i = 0; i < descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
		struct value value = {.decision = decision, .field = field, .place = place};

		if (field->id >= rules->field_count)
			continue;
		value.rule = &rules->fields[field->id];
		value.at = (const char *)message + field->offset;
		if (value.rule->check == MTR_FIELD_ANY && !value.rule->most)
			continue;
		if (!(field->label == PROTOBUF_C_LABEL_REPEATED ? check_list(&value, message) : check_value(&value)))
			return false;
	}
	return !rules->check || rules->check(decision, message, place);
}

bool mtr_check_fields(struct mtr_decision *decision, const ProtobufCMessage *body,
		      const struct mtr_message_rules *rules)
{
	return check_message(decision, body, rules, NULL);
}
