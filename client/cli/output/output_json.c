/* An array of objects, or one object, written as it comes. What a terminal may obey is escaped. */
#include "contract/date.h"
#include "contract/text_character.h"
#include "output/output.h"
#include "output/show.h"
#include "program/must.h"
#include "words/vocabulary.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/utf16.h>

#define REPLACEMENT 0xFFFD

struct json_output {
	struct mtr_output base;
	struct mtr_arena *arena;
	const struct mtr_column *columns;
	size_t count;
	size_t rows;
	bool single;
};

/* What isn't UTF-8, which no register of ours sends, with a replacement character for each bad byte. */
static json_t *mended(const char *text)
{
	const size_t size = strlen(text);
	char *copy = mtr_must(malloc(MTR_UTF8_MAX * size + 1));
	size_t at = 0, end = 0;

	while (at < size) {
		UChar32 c = mtr_character_next(text, size, &at);

		end += mtr_character_put(c < 0 ? REPLACEMENT : c, copy + end);
	}
	json_t *string = json_stringn(copy, end);

	free(copy);
	return string;
}

static json_t *string_of(const char *text)
{
	json_t *string = json_string(text);

	return string ? string : mended(text);
}

static json_t *list_of(const struct mtr_cell *cell)
{
	json_t *array = mtr_must(json_array());

	for (size_t i = 0; i < cell->count; i++)
		json_array_append_new(array, mtr_must(string_of(cell->items[i])));
	return array;
}

static json_t *value_of(struct mtr_arena *arena, const struct mtr_column *column, const struct mtr_cell *cell)
{
	char date[MTR_DATE_TEXT];

	if (column->kind == MTR_CELL_LIST)
		return list_of(cell);
	if (!cell->present)
		return json_null();
	switch (column->kind) {
	case MTR_CELL_TEXT:
		return string_of(cell->machine ? cell->machine : cell->text);
	case MTR_CELL_NUMBER:
	case MTR_CELL_MONEY:
		return json_integer((json_int_t)cell->number);
	case MTR_CELL_DATE:
		return json_string(mtr_date_format_iso((uint32_t)cell->number, date));
	case MTR_CELL_TIME:
		return json_string(mtr_show_time_iso(arena, cell->number));
	case MTR_CELL_FLAG:
		return json_boolean(cell->number);
	case MTR_CELL_WORD:
		return json_string(mtr_token(arena, column->words, (int)cell->number));
	case MTR_CELL_LIST:
		break;
	}
	return json_null();
}

/* Written as an escape, what a terminal may obey stays in the data. jansson does so below U+0020 only. */
static void write_escaped(FILE *file, UChar32 c)
{
	if (c < 0x10000)
		fprintf(file, "\\u%04" PRIX32, (uint32_t)c);
	else
		fprintf(file, "\\u%04X\\u%04X", (unsigned)U16_LEAD(c), (unsigned)U16_TRAIL(c));
}

static void write_value(FILE *file, const json_t *value, size_t flags)
{
	char *text = mtr_must(json_dumps(value, flags));
	const size_t size = strlen(text);
	size_t done = 0;

	for (size_t at = 0; at < size;) {
		const size_t start = at;
		const UChar32 c = mtr_character_next(text, size, &at);

		if (c == '\n' || !mtr_character_forbidden(c))
			continue;
		fwrite(text + done, 1, start - done, file);
		write_escaped(file, c);
		done = at;
	}
	fwrite(text + done, 1, size - done, file);
	free(text);
}

static void json_begin(struct mtr_output *base, const struct mtr_column *columns, size_t count, bool single)
{
	struct json_output *output = (struct json_output *)base;

	output->columns = columns;
	output->count = count;
	output->rows = 0;
	output->single = single;
	if (!single)
		fputs("[", base->file);
}

static void json_row(struct mtr_output *base, const struct mtr_cell *cells)
{
	struct json_output *output = (struct json_output *)base;
	json_t *object = mtr_must(json_object());

	mtr_arena_reset(output->arena);
	for (size_t i = 0; i < output->count; i++)
		json_object_set_new(object, output->columns[i].key,
				    mtr_must(value_of(output->arena, &output->columns[i], &cells[i])));
	if (!output->single)
		fputs(output->rows++ ? ",\n" : "\n", base->file);
	write_value(base->file, object, output->single ? JSON_INDENT(2) : JSON_COMPACT);
	json_decref(object);
}

static void json_end(struct mtr_output *base)
{
	struct json_output *output = (struct json_output *)base;

	if (output->single)
		fputs("\n", base->file);
	else
		fputs(output->rows ? "\n]\n" : "]\n", base->file);
}

static void json_free(struct mtr_output **base)
{
	struct json_output *output = (struct json_output *)*base;

	mtr_arena_free(&output->arena);
	free(output);
	*base = NULL;
}

struct mtr_output *mtr_output_json_new(FILE *file)
{
	static const struct mtr_output_vtable vtable = {json_begin, json_row, json_end, json_free};
	struct json_output *output = mtr_must(calloc(1, sizeof *output));

	output->base = (struct mtr_output){.vtable = &vtable, .file = file};
	output->arena = mtr_must(mtr_arena_new(4u << 20));
	return &output->base;
}
