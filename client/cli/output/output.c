#include "output/output.h"

#include <stdlib.h>

struct mtr_output *mtr_output_new(enum mtr_output_form form, FILE *file, bool colour)
{
	switch (form) {
	case MTR_OUTPUT_CSV:
		return mtr_output_csv_new(file);
	case MTR_OUTPUT_JSON:
		return mtr_output_json_new(file);
	case MTR_OUTPUT_TABLE:
		break;
	}
	return mtr_output_table_new(file, colour);
}

void mtr_output_free(struct mtr_output **output)
{
	if (output && *output)
		(*output)->vtable->free(output);
}

void mtr_output_begin(struct mtr_output *output, const struct mtr_column *columns, size_t count)
{
	output->pending = columns;
	output->pending_count = count;
}

static void open_list(struct mtr_output *output)
{
	if (!output->pending)
		return;
	output->vtable->begin(output, output->pending, output->pending_count, false);
	output->pending = NULL;
	output->open = true;
}

void mtr_output_row(struct mtr_output *output, const struct mtr_cell *cells)
{
	open_list(output);
	output->vtable->row(output, cells);
}

void mtr_output_end(struct mtr_output *output)
{
	open_list(output);
	if (output->open)
		output->vtable->end(output);
	output->open = false;
}

void mtr_output_abandon(struct mtr_output *output)
{
	output->pending = NULL;
	mtr_output_end(output);
}

void mtr_output_record(struct mtr_output *output, const struct mtr_column *columns, size_t count,
		       const struct mtr_cell *cells)
{
	mtr_output_abandon(output);
	output->vtable->begin(output, columns, count, true);
	output->vtable->row(output, cells);
	output->vtable->end(output);
}
