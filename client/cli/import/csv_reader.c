#include "import/csv_reader.h"
#include "program/must.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_BYTES 16384u
#define CELL_MAX (64u * 1024u)

struct row {
	size_t number;
	char **cells;
	size_t count, room;
	bool has_zero;
};

struct mtr_csv_reader {
	FILE *file;
	struct csv_parser parser;
	struct row *rows; /* those of the piece read last */
	size_t row_count, row_room, next;
	size_t line;       /* number of the row under construction */
	bool after_return; /* the last thing was a carriage return: a line feed belongs to it */
	bool started, ended;
};

static struct row *row_under_construction(struct mtr_csv_reader *reader)
{
	if (reader->row_count == reader->row_room) {
		size_t room = reader->row_room * 2 + 64;
		reader->rows = mtr_must(realloc(reader->rows, room * sizeof *reader->rows));
		memset(reader->rows + reader->row_room, 0, (room - reader->row_room) * sizeof *reader->rows);
		reader->row_room = room;
	}
	return &reader->rows[reader->row_count];
}

static void on_cell(void *bytes, size_t size, void *context)
{
	struct mtr_csv_reader *reader = context;
	struct row *row = row_under_construction(reader);

	reader->after_return = false;
	if (row->count == row->room) {
		row->room = row->room * 2 + 16;
		row->cells = mtr_must(realloc(row->cells, row->room * sizeof *row->cells));
	}
	char *copy = mtr_must(malloc(size + 1));
	if (size > 0)
		memcpy(copy, bytes, size);
	copy[size] = '\0';
	row->has_zero = row->has_zero || strlen(copy) != size;
	row->cells[row->count++] = copy;
}

static void on_row(int end, void *context)
{
	struct mtr_csv_reader *reader = context;
	struct row *row = row_under_construction(reader);
	bool second_half = end == '\n' && reader->after_return && row->count == 0;

	reader->after_return = end == '\r';
	if (second_half)
		return;
	reader->line++;
	row->number = reader->line;
	if (row->count > 0)
		reader->row_count++;
}

/* Spaces belong to the cells; a tab may be the separator. */
static int no_space(unsigned char c)
{
	(void)c;
	return 0;
}

enum mtr_csv_status mtr_csv_open(struct mtr_csv_reader **ret_reader, const char *path, char separator)
{
	FILE *file = fopen(path, "rb");

	if (!file)
		return MTR_CSV_READ_ERROR;
	struct mtr_csv_reader *reader = mtr_must(calloc(1, sizeof *reader));
	reader->file = file;
	if (csv_init(&reader->parser, CSV_REPALL_NL)) {
		fclose(file);
		free(reader);
		return MTR_CSV_READ_ERROR;
	}
	csv_set_delim(&reader->parser, (unsigned char)separator);
	csv_set_space_func(&reader->parser, no_space);
	*ret_reader = reader;
	return MTR_CSV_END;
}

static void free_row(struct row *row)
{
	for (size_t i = 0; i < row->count; i++)
		free(row->cells[i]);
	row->count = 0;
	row->has_zero = false;
}

/* The rows given out are done with; the one under construction moves to the front. */
static void drop_rows(struct mtr_csv_reader *reader)
{
	for (size_t i = 0; i < reader->row_count; i++)
		free_row(&reader->rows[i]);
	if (reader->row_count > 0 && reader->row_count < reader->row_room) {
		struct row open = reader->rows[reader->row_count];
		reader->rows[reader->row_count] = reader->rows[0];
		reader->rows[0] = open;
	}
	reader->row_count = 0;
	reader->next = 0;
}

static bool is_utf16(const unsigned char *bytes, size_t size)
{
	return size >= 2 && ((bytes[0] == 0xFF && bytes[1] == 0xFE) || (bytes[0] == 0xFE && bytes[1] == 0xFF));
}

static enum mtr_csv_status read_piece(struct mtr_csv_reader *reader)
{
	unsigned char piece[READ_BYTES];
	size_t size = fread(piece, 1, sizeof piece, reader->file);
	size_t start = 0;

	if (ferror(reader->file))
		return MTR_CSV_READ_ERROR;
	if (!reader->started && is_utf16(piece, size))
		return MTR_CSV_UTF16;
	if (!reader->started && size >= 3 && memcmp(piece, "\xEF\xBB\xBF", 3) == 0)
		start = 3;
	reader->started = true;
	if (csv_parse(&reader->parser, piece + start, size - start, on_cell, on_row, reader) != size - start)
		return MTR_CSV_READ_ERROR;
	if (size < sizeof piece) {
		csv_fini(&reader->parser, on_cell, on_row, reader);
		reader->ended = true;
	}
	return csv_get_buffer_size(&reader->parser) > CELL_MAX + READ_BYTES ? MTR_CSV_OPEN_QUOTE : MTR_CSV_ROW;
}

enum mtr_csv_status mtr_csv_next(struct mtr_csv_reader *reader, struct mtr_csv_row *ret_row)
{
	while (reader->next == reader->row_count) {
		drop_rows(reader);
		if (reader->ended)
			return MTR_CSV_END;
		enum mtr_csv_status status = read_piece(reader);
		if (status != MTR_CSV_ROW)
			return status;
	}
	const struct row *row = &reader->rows[reader->next++];
	*ret_row = (struct mtr_csv_row){
		.number = row->number, .cells = row->cells, .count = row->count, .has_zero = row->has_zero};
	return MTR_CSV_ROW;
}

void mtr_csv_close(struct mtr_csv_reader **reader)
{
	if (!reader || !*reader)
		return;
	for (size_t i = 0; i < (*reader)->row_room; i++) {
		free_row(&(*reader)->rows[i]);
		free((*reader)->rows[i].cells);
	}
	free((*reader)->rows);
	csv_free(&(*reader)->parser);
	fclose((*reader)->file);
	free(*reader);
	*reader = NULL;
}
