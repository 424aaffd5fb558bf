#include "commands/condition.h"
#include "contract/date.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/suggest.h"
#include "words/vocabulary.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct reading {
	struct mtr_arena *arena;
	Mtr__Condition *condition;
	Mtr__PutProgramme__PutCondition *titles;
	const char *value;
	const char *problem;
};

static bool number(struct reading *reading, long least, long most, long *ret_number)
{
	char *end;

	errno = 0;
	long value = strtol(reading->value, &end, 10);
	if (errno || end == reading->value || *end || value < least || value > most) {
		reading->problem =
			mtr_must_print(reading->arena, _("%s is out of range; it must be from %lld to %lld."),
				       reading->value, (long long)least, (long long)most);
		return false;
	}
	*ret_number = value;
	return true;
}

static bool date(struct reading *reading, uint32_t *ret_date)
{
	if (mtr_date_parse(reading->value, ret_date))
		return true;
	reading->problem = mtr_must_print(reading->arena, _("“%s” is not a date of the calendar; write dd/mm/yyyy."),
					  reading->value);
	return false;
}

static bool word(struct reading *reading, const ProtobufCEnumDescriptor *words, const char *text, int *ret_value)
{
	if (mtr_token_parse(words, text, ret_value))
		return true;
	reading->problem = mtr_must_print(reading->arena, _("there is no “%s”; it is one of: %s."), text,
					  mtr_tokens(reading->arena, words, ", "));
	return false;
}

/* The enumeration a bound of this kind of condition is measured in; NULL: a number. */
static const ProtobufCEnumDescriptor *words_of_bound(const Mtr__Condition *condition)
{
	if (condition->kind == MTR__CONDITION_KIND__CONDITION_KIND_PARTY_MEMBERSHIP)
		return &mtr__party_membership__descriptor;
	if (condition->kind == MTR__CONDITION_KIND__CONDITION_KIND_DEGREE)
		return &mtr__degree__descriptor;
	if (condition->kind == MTR__CONDITION_KIND__CONDITION_KIND_RATING)
		return &mtr__grade__descriptor;
	return NULL;
}

static bool bound(struct reading *reading, uint32_t *place)
{
	const ProtobufCEnumDescriptor *words = words_of_bound(reading->condition);
	long value = 0;
	int token;

	if (words && word(reading, words, reading->value, &token)) {
		*place = (uint32_t)token;
		return true;
	}
	if (words || !number(reading, 0, 1000, &value))
		return false;
	*place = (uint32_t)value;
	return true;
}

static bool on_minimum(struct reading *reading)
{
	return bound(reading, &reading->condition->minimum);
}

static bool on_maximum(struct reading *reading)
{
	return bound(reading, &reading->condition->maximum);
}

static bool on_sex(struct reading *reading)
{
	int value;

	if (!word(reading, &mtr__sex__descriptor, reading->value, &value))
		return false;
	reading->condition->sex = (Mtr__Sex)value;
	return true;
}

static bool on_from(struct reading *reading)
{
	return date(reading, &reading->condition->valid_from);
}

static bool on_until(struct reading *reading)
{
	return date(reading, &reading->condition->valid_until);
}

static bool on_instrument(struct reading *reading)
{
	reading->condition->instrument = mtr_must_text(reading->arena, reading->value);
	return true;
}

static bool offset(struct reading *reading, int32_t *place)
{
	long value;

	if (!number(reading, -50, 50, &value))
		return false;
	*place = (int32_t)value;
	return true;
}

static bool on_minimum_offset(struct reading *reading)
{
	return offset(reading, &reading->condition->minimum_offset);
}

static bool on_maximum_offset(struct reading *reading)
{
	return offset(reading, &reading->condition->maximum_offset);
}

/* The age counts at a date; "decision": at the date of the decision. */
static bool on_at(struct reading *reading)
{
	reading->condition->age_at_date = true;
	return strcmp(reading->value, "decision") == 0 || date(reading, &reading->condition->age_date);
}

static bool on_standard(struct reading *reading)
{
	const char *colon = strchr(reading->value, ':');
	int scheme;

	if (!colon) {
		reading->problem = mtr_must_print(reading->arena,
						  _("“%s” is not a standard; write scheme:number, such as theory:3."),
						  reading->value);
		return false;
	}
	const char *name = mtr_must_print(reading->arena, "%.*s", (int)(colon - reading->value), reading->value);
	Mtr__Standard *standard = mtr_must_alloc(reading->arena, sizeof *standard);
	mtr__standard__init(standard);
	if (!word(reading, &mtr__scheme__descriptor, name, &scheme))
		return false;
	long value;
	reading->value = colon + 1;
	if (!number(reading, 1, 9999, &value))
		return false;
	standard->scheme = (Mtr__Scheme)scheme;
	standard->number = (uint32_t)value;
	reading->condition->standard = standard;
	return true;
}

/* "A+B+C" in capitals. */
static char **split(struct mtr_arena *arena, const char *text, size_t *ret_count)
{
	char **items = mtr_must_array(arena, strlen(text) + 1, sizeof *items);
	size_t count = 0;

	while (*text) {
		size_t size = strcspn(text, "+");
		char *item = mtr_must_print(arena, "%.*s", (int)size, text);
		for (char *at = item; *at; at++)
			*at = (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
		items[count++] = item;
		text += size + (text[size] == '+');
	}
	*ret_count = count;
	return items;
}

static bool on_values(struct reading *reading)
{
	Mtr__Condition *condition = reading->condition;
	size_t count;
	char **items = split(reading->arena, reading->value, &count);

	if (condition->kind != MTR__CONDITION_KIND__CONDITION_KIND_CATEGORY) {
		reading->titles->value_codes = items;
		reading->titles->n_value_codes = count;
		return true;
	}
	condition->values = mtr_must_array(reading->arena, count, sizeof *condition->values);
	for (size_t i = 0; i < count; i++) {
		int value;
		if (!word(reading, &mtr__category__descriptor, items[i], &value))
			return false;
		condition->values[condition->n_values++] = (uint32_t)value;
	}
	return true;
}

static bool on_offset_titles(struct reading *reading)
{
	reading->titles->offset_codes = split(reading->arena, reading->value, &reading->titles->n_offset_codes);
	return true;
}

static const struct {
	const char *key;
	bool (*read)(struct reading *reading);
} keys[] = {
	{"minimum", on_minimum},
	{"maximum", on_maximum},
	{"sex", on_sex},
	{"standard", on_standard},
	{"values", on_values},
	{"minimum-offset", on_minimum_offset},
	{"maximum-offset", on_maximum_offset},
	{"offset-titles", on_offset_titles},
	{"at", on_at},
	{"from", on_from},
	{"until", on_until},
	{"instrument", on_instrument},
};

static bool read_key(struct reading *reading, const char *part)
{
	const char *equals = strchr(part, '=');
	const char *key = mtr_must_print(reading->arena, "%.*s", (int)strcspn(part, "="), part);
	struct mtr_suggestion suggestion = mtr_suggestion_for(key);

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (strcmp(key, keys[i].key) == 0 && equals) {
			reading->value = equals + 1;
			return keys[i].read(reading);
		}
		mtr_suggestion_offer(&suggestion, keys[i].key);
	}
	if (suggestion.best)
		reading->problem =
			mtr_must_print(reading->arena, _("“%s” isn't KEY=VALUE of a condition. Did you mean “%s=…”?"),
				       part, suggestion.best);
	else
		reading->problem = mtr_must_print(reading->arena, _("“%s” isn't KEY=VALUE of a condition."), part);
	return false;
}

bool mtr_condition_parse(struct mtr_arena *arena, const char *text, Mtr__Condition **ret_condition,
			 Mtr__PutProgramme__PutCondition **ret_titles, const char **ret_problem)
{
	struct reading reading = {
		.arena = arena,
		.condition = mtr_must_alloc(arena, sizeof(Mtr__Condition)),
		.titles = mtr_must_alloc(arena, sizeof(Mtr__PutProgramme__PutCondition)),
	};
	size_t size = strcspn(text, ":");
	const char *at = text + size + (text[size] == ':');
	int kind;

	mtr__condition__init(reading.condition);
	mtr__put_programme__put_condition__init(reading.titles);
	bool fine =
		word(&reading, &mtr__condition_kind__descriptor, mtr_must_print(arena, "%.*s", (int)size, text), &kind);
	if (fine)
		reading.condition->kind = (Mtr__ConditionKind)kind;
	while (fine && *at) {
		size_t part = strcspn(at, ",");
		fine = read_key(&reading, mtr_must_print(arena, "%.*s", (int)part, at));
		at += part + (at[part] == ',');
	}
	if (!fine) {
		*ret_problem = reading.problem;
		return false;
	}
	*ret_condition = reading.condition;
	*ret_titles = reading.titles;
	return true;
}
