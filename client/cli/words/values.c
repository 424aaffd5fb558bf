/* One value of the command line. */
#include "contract/code.h"
#include "contract/date.h"
#include "contract/text.h"
#include "matricula/v1/vocabulary.pb-c.h"
#include "program/arguments.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/plain.h"
#include "program/suggest.h"
#include "words/vocabulary.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

struct reading {
	struct mtr_arena *arena;
	const struct mtr_argument *argument;
	const char **problem;
};

__attribute__((format(printf, 2, 3))) static int complain(struct reading *reading, const char *format, ...)
{
	char text[512];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof text, format, list);
	va_end(list);
	*reading->problem = mtr_must_print(reading->arena, "%s: %s", reading->argument->name, text);
	return -EINVAL;
}

/* Decimal digits only; at most 20. */
static bool read_digits(const char *text, uint64_t *ret_number)
{
	char *end;

	if (!isdigit((unsigned char)text[0]) || strlen(text) > 20)
		return false;
	errno = 0;
	unsigned long long number = strtoull(text, &end, 10);
	if (errno || *end)
		return false;
	*ret_number = number;
	return true;
}

static int read_number(struct reading *reading, struct mtr_value *value)
{
	const struct mtr_argument *argument = reading->argument;
	const char *digits = value->text + (value->text[0] == '-');
	bool negative = value->text[0] == '-';

	if (digits[0] == '\0' || digits[strspn(digits, "0123456789")] != '\0')
		return complain(reading, _("“%s” is not a whole number."), value->text);
	if (negative || !read_digits(digits, &value->number) || value->number < (uint64_t)argument->minimum ||
	    value->number > (uint64_t)argument->maximum)
		return complain(reading, _("%s is out of range; it must be from %lld to %lld."), value->text,
				(long long)argument->minimum, (long long)argument->maximum);
	return 0;
}

static int read_id(struct reading *reading, struct mtr_value *value)
{
	if (!read_digits(value->text, &value->number) || value->number == 0)
		return complain(reading, _("“%s” is not the number of an entry."), value->text);
	return 0;
}

static int read_date(struct reading *reading, struct mtr_value *value)
{
	uint32_t date;

	if (!mtr_date_parse(value->text, &date))
		return complain(reading, _("“%s” is not a date of the calendar; write dd/mm/yyyy."), value->text);
	value->number = date;
	return 0;
}

/* "HH:MM" in ms of the day. */
static bool read_clock(const char *text, uint64_t *ret_ms)
{
	char *end;
	unsigned long hours = strtoul(text, &end, 10);

	if (!isdigit((unsigned char)text[0]) || *end != ':' || !isdigit((unsigned char)end[1]))
		return false;
	unsigned long minutes = strtoul(end + 1, &end, 10);
	if (*end || hours > 23 || minutes > 59)
		return false;
	*ret_ms = (hours * 60 + minutes) * 60000;
	return true;
}

static int read_time(struct reading *reading, struct mtr_value *value)
{
	const char *space = strchr(value->text, ' ');
	size_t day_size = space ? (size_t)(space - value->text) : strlen(value->text);
	const char *day = mtr_must_print(reading->arena, "%.*s", (int)day_size, value->text);
	uint32_t date;
	uint64_t start;
	uint64_t clock = 0;

	if (!mtr_date_parse(day, &date) || !mtr_date_start_ms(date, &start) ||
	    (space && !read_clock(space + 1, &clock)))
		return complain(reading, _("“%s” is not a time; write dd/mm/yyyy or \"dd/mm/yyyy HH:MM\"."),
				value->text);
	value->number = start + clock;
	if (reading->argument->type == MTR_ARG_TIME_END && !space)
		(void)mtr_date_end_ms(date, &value->number);
	return 0;
}

/* 11.147.406.000: dots, commas or spaces between groups of three digits. */
static int read_money(struct reading *reading, struct mtr_value *value)
{
	char digits[32];
	size_t size = 0;
	size_t since_mark = 0;
	bool marked = false;

	for (const char *at = value->text; *at && size < sizeof digits - 1; at++) {
		if (*at == '.' || *at == ',' || *at == ' ') {
			if (size == 0 || (marked && since_mark != 3) || (!marked && since_mark > 3))
				return complain(reading, _("“%s” is not an amount in whole đồng."), value->text);
			marked = true;
			since_mark = 0;
			continue;
		}
		digits[size++] = *at;
		since_mark++;
	}
	digits[size] = '\0';
	if (!read_digits(digits, &value->number) || (marked && since_mark != 3))
		return complain(reading, _("“%s” is not an amount in whole đồng."), value->text);
	return 0;
}

static int read_code(struct reading *reading, struct mtr_value *value)
{
	char *code = mtr_must_text(reading->arena, value->text);

	for (char *at = code; *at; at++)
		*at = (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
	if (mtr_code_check(code) != MTR__ERROR_CODE__ERROR_CODE_NONE)
		return complain(reading, _("“%s” is not a code: 2 to 32 capital letters A–Z, digits and hyphens."),
				value->text);
	value->text = code;
	return 0;
}

static int read_choice(struct reading *reading, struct mtr_value *value)
{
	const ProtobufCEnumDescriptor *words = reading->argument->words;
	struct mtr_suggestion suggestion = mtr_suggestion_for(value->text);
	int number;

	if (mtr_token_parse(words, value->text, &number)) {
		value->number = (uint64_t)number;
		return 0;
	}
	for (unsigned i = 0; i < words->n_values; i++)
		mtr_suggestion_offer(&suggestion, mtr_token(reading->arena, words, words->values[i].value));
	if (suggestion.best)
		return complain(reading, _("there is no “%s”. Did you mean “%s”?"), value->text, suggestion.best);
	return complain(reading, _("there is no “%s”; it is one of: %s."), value->text,
			mtr_tokens(reading->arena, words, ", "));
}

static int read_standard(struct reading *reading, struct mtr_value *value)
{
	const ProtobufCEnumDescriptor *schemes = &mtr__scheme__descriptor;
	const char *colon = strchr(value->text, ':');
	uint64_t number;
	int scheme;

	if (!colon || !read_digits(colon + 1, &number) || number < 1 || number > 9999)
		return complain(reading, _("“%s” is not a standard; write scheme:number, such as theory:3."),
				value->text);
	const char *name = mtr_must_print(reading->arena, "%.*s", (int)(colon - value->text), value->text);
	if (!mtr_token_parse(schemes, name, &scheme))
		return complain(reading, _("“%s” is not a scheme; it is one of: %s."), name,
				mtr_tokens(reading->arena, schemes, ", "));
	value->number = (uint64_t)scheme << 32 | number;
	return 0;
}

static int read_yes_no(struct reading *reading, struct mtr_value *value)
{
	static const char *const yes[] = {"yes", "y", "có", "1", "true"};
	static const char *const no[] = {"no", "n", "không", "0", "false"};

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		if (strcmp(value->text, yes[i]) == 0 || strcmp(value->text, no[i]) == 0) {
			value->number = strcmp(value->text, yes[i]) == 0;
			return 0;
		}
	}
	return complain(reading, _("“%s” is neither yes nor no."), value->text);
}

static int read_name(struct reading *reading, const struct mtr_value *value)
{
	if (!mtr_looks_legacy(reading->arena, value->text))
		return 0;
	return complain(reading, _("“%s” looks like TCVN3 or VNI; convert it to Unicode."), value->text);
}

static int repair(struct reading *reading, const char *text, struct mtr_value *value)
{
	int error = mtr_text_repair(reading->arena, text, 0, &value->text, &value->repairs);

	if (error == -EILSEQ)
		return complain(reading, _("the text isn't UTF-8; set the terminal to Unicode."));
	mtr_must(error ? NULL : reading->arena);
	return 0;
}

int mtr_value_parse(struct mtr_arena *arena, const struct mtr_argument *argument, const char *text,
		    struct mtr_value *ret_value, const char **ret_problem)
{
	struct reading reading = {.arena = arena, .argument = argument, .problem = ret_problem};
	struct mtr_value value = {.argument = argument, .text = text};
	int error = 0;

	if (argument->type != MTR_ARG_FILE && argument->type != MTR_ARG_FLAG)
		error = repair(&reading, text, &value);
	if (error)
		return error;
	switch (argument->type) {
	case MTR_ARG_NUMBER:
		error = read_number(&reading, &value);
		break;
	case MTR_ARG_YES_NO:
		error = read_yes_no(&reading, &value);
		break;
	case MTR_ARG_ID:
		error = read_id(&reading, &value);
		break;
	case MTR_ARG_DATE:
		error = read_date(&reading, &value);
		break;
	case MTR_ARG_TIME:
	case MTR_ARG_TIME_END:
		error = read_time(&reading, &value);
		break;
	case MTR_ARG_MONEY:
		error = read_money(&reading, &value);
		break;
	case MTR_ARG_CODE:
		error = read_code(&reading, &value);
		break;
	case MTR_ARG_CHOICE:
		error = read_choice(&reading, &value);
		break;
	case MTR_ARG_STANDARD:
		error = read_standard(&reading, &value);
		break;
	case MTR_ARG_NAME:
		error = read_name(&reading, &value);
		break;
	case MTR_ARG_KEY: {
		uint8_t key[32];
		if (strlen(value.text) != 40 || !zmq_z85_decode(key, value.text))
			error = complain(&reading, _("“%s” is not a public key of 40 characters."), value.text);
		break;
	}
	case MTR_ARG_FLAG:
	case MTR_ARG_TEXT:
	case MTR_ARG_FILE:
	case MTR_ARG_WORDS:
		break;
	}
	if (!error)
		*ret_value = value;
	return error;
}
