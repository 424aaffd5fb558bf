#include "config/config.h"

#include "config/table.h"

#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Far beyond the number of keys, so that "given twice" can be told. */
#define KEYS_MAX 64u

struct reading {
	FILE *file;
	const char *path;
	unsigned line;
	bool in_line; /* the last piece read had no newline */
	bool cut;     /* a line was longer than the reader takes */
	bool seen[KEYS_MAX];
	struct mtr_config config;
	struct mtr_config_problem problem;
	bool failed;
};

void mtr_config_defaults(struct mtr_config *ret_config)
{
	size_t count;
	const struct mtr_config_row *row = mtr_config_rows(&count);

	memset(ret_config, 0, sizeof *ret_config);
	for (; count; count--, row++) {
		char *field = (char *)ret_config + row->offset;

		if (mtr_config_is_text(row->kind))
			snprintf(field, MTR_CONFIG_TEXT_MAX, "%s", row->text);
		else
			memcpy(field, &row->number, sizeof row->number);
	}
}

/* Keeps the first problem; returns what an inih handler returns to fail. */
__attribute__((format(printf, 2, 3))) static int fail(struct reading *reading, const char *format, ...)
{
	va_list arguments;

	if (!reading->failed) {
		reading->failed = true;
		reading->problem.line = reading->line;
		va_start(arguments, format);
		vsnprintf(reading->problem.text, sizeof reading->problem.text, format, arguments);
		va_end(arguments);
	}
	return 0;
}

/* fgets for inih that counts lines: a handler has no other way to know where it is. */
static char *next_line(char *text, int size, void *context)
{
	struct reading *reading = context;
	char *got = reading->failed ? NULL : fgets(text, size, reading->file);

	if (!got)
		return NULL;
	if (reading->in_line) {
		reading->cut = true;
		return NULL;
	}
	reading->line++;
	reading->in_line = !strchr(text, '\n');
	return got;
}

static bool section_known(const char *section)
{
	size_t count;
	const struct mtr_config_row *row = mtr_config_rows(&count);

	for (; count; count--, row++) {
		if (strcmp(section, row->section) == 0)
			return true;
	}
	return false;
}

static int take_value(void *context, const char *section, const char *name, const char *value)
{
	struct reading *reading = context;
	size_t count;
	const struct mtr_config_row *rows = mtr_config_rows(&count);
	char wanted[256];

	for (size_t i = 0; i < count; i++) {
		if (strcmp(section, rows[i].section) != 0 || strcmp(name, rows[i].name) != 0)
			continue;
		if (reading->seen[i])
			return fail(reading, "[%s] %s is given twice: keep one", section, name);
		reading->seen[i] = true;
		if (!mtr_config_put(&reading->config, &rows[i], value, wanted, sizeof wanted))
			return fail(reading, "[%s] %s = \"%.64s\" can't be used: %s", section, name, value, wanted);
		return 1;
	}
	if (!section_known(section))
		return fail(reading, "section [%.64s] is not known: see matriculad.conf.example", section);
	return fail(reading, "[%s] has no key \"%.64s\": see matriculad.conf.example", section, name);
}

static void check_together(struct reading *reading)
{
	if (reading->config.commit_idle_ms > reading->config.commit_longest_ms) {
		reading->line = 0;
		fail(reading, "[commit] idle_ms is greater than longest_ms: lower the one or raise the other");
	}
}

bool mtr_config_read(const char *path, struct mtr_config *ret_config, struct mtr_config_problem *ret_problem)
{
	struct reading reading = {.path = path};

	mtr_config_defaults(&reading.config);
	reading.file = fopen(path, "re");
	if (!reading.file) {
		fail(&reading, "can't be opened: %s", strerror(errno));
	} else {
		int line = ini_parse_stream(next_line, &reading, take_value, &reading);

		if (reading.cut)
			fail(&reading, "the line is longer than %d bytes: shorten it", INI_MAX_LINE - 2);
		else if (ferror(reading.file))
			fail(&reading, "can't be read: %s", strerror(errno));
		else if (line < 0)
			fail(&reading, "there is no memory to read it");
		if (line > 0 && !reading.failed) {
			reading.line = (unsigned)line;
			fail(&reading, "neither a [section] nor a key = value: correct it, or begin it with ; to make "
				       "it a comment");
		}
		fclose(reading.file);
	}
	check_together(&reading);
	if (reading.failed) {
		*ret_problem = reading.problem;
		return false;
	}
	*ret_config = reading.config;
	return true;
}

bool mtr_config_key(size_t index, struct mtr_config_key *ret_key)
{
	size_t count;
	const struct mtr_config_row *rows = mtr_config_rows(&count);

	if (index >= count)
		return false;
	*ret_key = (struct mtr_config_key){rows[index].section, rows[index].name, rows[index].at_run_time};
	return true;
}

bool mtr_config_same(const struct mtr_config *left, const struct mtr_config *right, size_t index)
{
	size_t count;
	const struct mtr_config_row *row = mtr_config_rows(&count);

	if (index >= count)
		return true;
	row += index;
	const char *left_field = (const char *)left + row->offset, *right_field = (const char *)right + row->offset;

	if (mtr_config_is_text(row->kind))
		return strcmp(left_field, right_field) == 0;
	return memcmp(left_field, right_field, sizeof(uint64_t)) == 0;
}

void mtr_config_reload(struct mtr_config *config, const struct mtr_config *fresh)
{
	size_t count;
	const struct mtr_config_row *row = mtr_config_rows(&count);

	for (; count; count--, row++) {
		if (row->at_run_time)
			memcpy((char *)config + row->offset, (const char *)fresh + row->offset,
			       mtr_config_is_text(row->kind) ? MTR_CONFIG_TEXT_MAX : sizeof(uint64_t));
	}
}
