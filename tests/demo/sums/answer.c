#include "answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void die(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("sums: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(1);
}

json_t *answer_read(const char *directory, const char *name)
{
	char path[4096];
	if (snprintf(path, sizeof path, "%s/%s", directory, name) >= (int)sizeof path)
		die("%s: path too long", directory);
	FILE *file = fopen(path, "r");
	json_t *rows = json_array();
	if (!file || !rows)
		die("%s can't be read", path);
	json_error_t error;
	json_t *answer;
	while ((answer = json_loadf(file, JSON_DISABLE_EOF_CHECK, &error))) {
		if (json_is_array(answer) ? json_array_extend(rows, answer) : json_array_append(rows, answer))
			die("no memory");
		json_decref(answer);
	}
	int next = fgetc(file);
	while (next == '\n' || next == '\r')
		next = fgetc(file);
	if (next != EOF || ferror(file))
		die("%s, line %d: %s", path, error.line, error.text);
	fclose(file);
	return rows;
}

static const json_t *value_of(const json_t *row, const char *key)
{
	const json_t *value = json_object_get(row, key);
	if (!value)
		die("a row has no “%s”", key);
	return value;
}

long long answer_number(const json_t *row, const char *key)
{
	const json_t *value = value_of(row, key);
	if (!json_is_integer(value) && !json_is_null(value))
		die("“%s” is no number", key);
	return json_integer_value(value);
}

const char *answer_text(const json_t *row, const char *key)
{
	const json_t *value = value_of(row, key);
	return json_is_string(value) ? json_string_value(value) : "";
}
