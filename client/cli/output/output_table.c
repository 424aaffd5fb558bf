/* Aligned by display width; numbers to the right. Long lists are laid out block by block, so that any number of rows
 * fits in memory; later blocks are at least as wide as earlier ones. Columns that stay empty in a list of one block are
 * left out. A record is one "title  value" a line. */
#include "contract/text.h"
#include "output/output.h"
#include "program/i18n.h"
#include "program/must.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_ROWS 1000u

struct table_output {
	struct mtr_output base;
	struct mtr_arena *arena; /* of one block */
	const struct mtr_column *columns;
	size_t count;
	size_t *widths;     /* 0: the column is left out */
	const char **cells; /* of one block, row after row */
	size_t rows;        /* in the block */
	bool header;        /* was written */
	bool single;
};

static const char bold[] = "\033[1m";
static const char dim[] = "\033[2m";
static const char plain[] = "\033[0m";

static bool right_aligned(const struct mtr_column *column)
{
	return column->kind == MTR_CELL_NUMBER || column->kind == MTR_CELL_MONEY;
}

static void pad(FILE *file, size_t columns)
{
	while (columns-- > 0)
		fputc(' ', file);
}

static void write_line(struct table_output *output, const char *const *cells, const char *style)
{
	FILE *file = output->base.file;
	size_t last = output->count;

	while (last > 1 && (!*cells[last - 1] || output->widths[last - 1] == 0))
		last--;
	if (output->base.colour)
		fputs(style, file);
	for (size_t i = 0; i < last; i++) {
		if (output->widths[i] == 0)
			continue;
		size_t width = mtr_text_width(cells[i]);
		size_t space = output->widths[i] > width ? output->widths[i] - width : 0;
		bool right = right_aligned(&output->columns[i]);
		if (right)
			pad(file, space);
		fputs(cells[i], file);
		if (i + 1 < last)
			pad(file, (right ? 0 : space) + 2);
	}
	if (output->base.colour && *style)
		fputs(plain, file);
	fputc('\n', file);
}

static void widen(struct table_output *output, size_t column, const char *text)
{
	size_t width = mtr_text_width(text);
	if (width > output->widths[column])
		output->widths[column] = width;
}

static void write_header(struct table_output *output, bool whole)
{
	const char **titles = mtr_must_array(output->arena, output->count, sizeof *titles);

	for (size_t i = 0; i < output->count; i++) {
		titles[i] = _(output->columns[i].title);
		if (!whole || output->rows == 0 || output->widths[i] > 0)
			widen(output, i, titles[i]);
	}
	write_line(output, titles, bold);
	output->header = true;
}

/* `whole`: no further block follows. */
static void write_block(struct table_output *output, bool whole)
{
	if (!output->header)
		write_header(output, whole);
	for (size_t i = 0; i < output->rows; i++)
		write_line(output, output->cells + i * output->count, "");
	output->rows = 0;
	mtr_arena_reset(output->arena);
}

static void table_begin(struct mtr_output *base, const struct mtr_column *columns, size_t count, bool single)
{
	struct table_output *output = (struct table_output *)base;

	output->columns = columns;
	output->count = count;
	output->single = single;
	output->header = false;
	output->rows = 0;
	output->widths = mtr_must(realloc(output->widths, count * sizeof *output->widths));
	memset(output->widths, 0, count * sizeof *output->widths);
	output->cells = mtr_must(realloc(output->cells, count * BLOCK_ROWS * sizeof *output->cells));
}

static void write_record(struct table_output *output, const struct mtr_cell *cells)
{
	FILE *file = output->base.file;
	size_t width = 0;

	for (size_t i = 0; i < output->count; i++) {
		size_t title = mtr_text_width(_(output->columns[i].title));
		width = title > width && cells[i].present ? title : width;
	}
	for (size_t i = 0; i < output->count; i++) {
		const char *title = _(output->columns[i].title);
		if (!cells[i].present)
			continue;
		fprintf(file, "%s%s%s", output->base.colour ? dim : "", title, output->base.colour ? plain : "");
		pad(file, width - mtr_text_width(title) + 2);
		if (output->columns[i].kind != MTR_CELL_LIST) {
			fprintf(file, "%s\n", mtr_cell_show(output->arena, &output->columns[i], &cells[i], true));
			continue;
		}
		for (size_t item = 0; item < cells[i].count; item++) {
			if (item > 0)
				pad(file, width + 2);
			const struct mtr_cell line = mtr_cell_list(&cells[i].items[item], 1);

			fprintf(file, "%s\n", mtr_cell_show(output->arena, &output->columns[i], &line, true));
		}
	}
	mtr_arena_reset(output->arena);
}

static void table_row(struct mtr_output *base, const struct mtr_cell *cells)
{
	struct table_output *output = (struct table_output *)base;

	if (output->single) {
		write_record(output, cells);
		return;
	}
	for (size_t i = 0; i < output->count; i++) {
		const char *text = mtr_must_text(output->arena,
						 mtr_cell_show(output->arena, &output->columns[i], &cells[i], true));
		output->cells[output->rows * output->count + i] = text;
		widen(output, i, text);
	}
	if (++output->rows == BLOCK_ROWS)
		write_block(output, false);
}

static void table_end(struct mtr_output *base)
{
	struct table_output *output = (struct table_output *)base;

	if (!output->single && (output->rows > 0 || !output->header))
		write_block(output, true);
}

static void table_free(struct mtr_output **base)
{
	struct table_output *output = (struct table_output *)*base;

	mtr_arena_free(&output->arena);
	free(output->widths);
	free(output->cells);
	free(output);
	*base = NULL;
}

struct mtr_output *mtr_output_table_new(FILE *file, bool colour)
{
	static const struct mtr_output_vtable vtable = {table_begin, table_row, table_end, table_free};
	struct table_output *output = mtr_must(calloc(1, sizeof *output));

	output->base = (struct mtr_output){.vtable = &vtable, .file = file, .colour = colour};
	output->arena = mtr_must(mtr_arena_new(64u << 20));
	return &output->base;
}
