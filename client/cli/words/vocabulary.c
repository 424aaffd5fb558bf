#include "words/vocabulary.h"
#include "program/must.h"

#include <string.h>
#include <strings.h>

static const char unspecified[] = "UNSPECIFIED";

/* The length of the prefix that all names share: that of the unspecified value. */
static size_t prefix_size(const ProtobufCEnumDescriptor *words)
{
	for (unsigned i = 0; i < words->n_values; i++) {
		const char *found = strstr(words->values[i].name, unspecified);
		if (found)
			return (size_t)(found - words->values[i].name);
	}
	return 0;
}

static char token_letter(char c)
{
	if (c == '_')
		return '-';
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

const char *mtr_token(struct mtr_arena *arena, const ProtobufCEnumDescriptor *words, int value)
{
	const ProtobufCEnumValue *row = protobuf_c_enum_descriptor_get_value(words, value);

	if (value == 0)
		return "";
	if (!row)
		return mtr_must_print(arena, "%d", value);
	char *token = mtr_must_text(arena, row->name + prefix_size(words));
	for (char *at = token; *at; at++)
		*at = token_letter(*at);
	return token;
}

static bool token_equal(const char *name, const char *token)
{
	while (*name && token_letter(*name) == token_letter(*token)) {
		name++;
		token++;
	}
	return !*name && !*token;
}

bool mtr_token_parse(const ProtobufCEnumDescriptor *words, const char *token, int *ret_value)
{
	size_t prefix = prefix_size(words);

	for (unsigned i = 0; i < words->n_values; i++) {
		if (words->values[i].value != 0 && token_equal(words->values[i].name + prefix, token)) {
			*ret_value = words->values[i].value;
			return true;
		}
	}
	return false;
}

const char *mtr_tokens(struct mtr_arena *arena, const ProtobufCEnumDescriptor *words, const char *separator)
{
	struct mtr_growing text = {0};

	for (unsigned i = 0; i < words->n_values; i++) {
		if (words->values[i].value == 0)
			continue;
		if (text.size > 0)
			mtr_growing_text(&text, separator);
		mtr_growing_text(&text, mtr_token(arena, words, words->values[i].value));
	}
	return mtr_growing_take(&text, arena);
}

bool mtr_token_of_name(const ProtobufCEnumDescriptor *words, const char *name, int *ret_value)
{
	const ProtobufCEnumValue *row = protobuf_c_enum_descriptor_get_value_by_name(words, name);

	if (!row || row->value == 0)
		return false;
	*ret_value = row->value;
	return true;
}
