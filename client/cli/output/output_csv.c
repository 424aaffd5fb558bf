/* RFC 4180, UTF-8 without a byte order mark. A cell that a spreadsheet would take for a formula gets an apostrophe in
 * front, which the importer takes away again. */
#include "output/csv_write.h"
#include "output/output.h"
#include "program/i18n.h"
#include "program/must.h"

#include <stdlib.h>

struct csv_output {
	struct mtr_output base;
	struct mtr_arena *arena;
	const struct mtr_column *columns;
	size_t count;
	bool again; /* a second table: a blank line keeps them apart */
};

static void csv_begin(struct mtr_output *base, const struct mtr_column *columns, size_t count, bool single)
{
	struct csv_output *output = (struct csv_output *)base;

	(void)single;
	output->columns = columns;
	output->count = count;
	if (output->again)
		fputs("\r\n", base->file);
	output->again = true;
	for (size_t i = 0; i < count; i++)
		mtr_csv_write_cell(base->file, i, ',', _(columns[i].title));
	mtr_csv_write_end(base->file);
}

static void csv_row(struct mtr_output *base, const struct mtr_cell *cells)
{
	struct csv_output *output = (struct csv_output *)base;

	mtr_arena_reset(output->arena);
	for (size_t i = 0; i < output->count; i++)
		mtr_csv_write_cell(base->file, i, ',',
				   mtr_cell_show(output->arena, &output->columns[i], &cells[i], false));
	mtr_csv_write_end(base->file);
}

static void csv_end(struct mtr_output *base)
{
	(void)base;
}

static void csv_free(struct mtr_output **base)
{
	struct csv_output *output = (struct csv_output *)*base;

	mtr_arena_free(&output->arena);
	free(output);
	*base = NULL;
}

struct mtr_output *mtr_output_csv_new(FILE *file)
{
	static const struct mtr_output_vtable vtable = {csv_begin, csv_row, csv_end, csv_free};
	struct csv_output *output = mtr_must(calloc(1, sizeof *output));

	output->base = (struct mtr_output){.vtable = &vtable, .file = file};
	output->arena = mtr_must(mtr_arena_new(4u << 20));
	return &output->base;
}
