#include "import/import_file.h"
#include "contract/text.h"
#include "import/failed_file.h"
#include "import/repairs.h"
#include "output/report.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/session.h"
#include "words/words.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* A chunk: texts of its rows, commands, answers. */
#define CHUNK_ARENA (64u << 20)

struct counts {
	size_t rows, done, queued, failed;
};

struct run {
	struct mtr_import *import;
	struct mtr_failed_file failed;
	struct counts counts;
	struct mtr_import_row *rows; /* of the chunk */
	size_t row_count;
	bool offline; /* the link has gone: the rest is only queued */
};

static const struct mtr_column columns[] = {
	{"row", N_("Row"), MTR_CELL_NUMBER, NULL},
	{"about", N_("About"), MTR_CELL_TEXT, NULL},
	{"outcome", N_("Outcome"), MTR_CELL_TEXT, NULL},
	{"id", N_("Number"), MTR_CELL_NUMBER, NULL},
	{"state", N_("State"), MTR_CELL_WORD, &mtr__state__descriptor},
	{"repairs", N_("Repaired"), MTR_CELL_LIST, NULL},
	{"remarks", N_("Remarks"), MTR_CELL_TEXT, NULL},
	{"message", N_("Answer"), MTR_CELL_TEXT, NULL},
};

struct outcome {
	const char *machine, *text;
	uint64_t id;
	Mtr__State state;
	const char *label; /* of the state */
	const char *message;
};

static const char *one_line(struct mtr_arena *arena, const char *text)
{
	char *copy = mtr_must_text(arena, text);

	for (char *at = copy; *at; at++)
		*at = *at == '\n' ? ' ' : *at;
	return copy;
}

static struct outcome outcome_of(struct run *run, struct mtr_import_row *row, const struct mtr_change *change)
{
	struct mtr_arena *arena = run->import->arena;
	const Mtr__Answer *answer = change ? change->answer : NULL;

	if (answer && answer->body_case == MTR__ANSWER__BODY_ERROR)
		row->problem = one_line(arena, mtr_words_error(arena, answer->error));
	if (row->problem) {
		run->counts.failed++;
		return (struct outcome){.machine = "failed", .text = _("not done"), .message = row->problem};
	}
	if (!answer) {
		run->counts.queued++;
		return (struct outcome){
			.machine = "queued", .text = _("not sent yet"), .message = _("waits in the outbox")};
	}
	run->counts.done++;
	struct outcome outcome = {.machine = "done", .text = _("done"), .message = ""};
	if (answer->body_case == MTR__ANSWER__BODY_ACKNOWLEDGEMENT) {
		outcome.id = answer->acknowledgement->nomination_id;
		outcome.state = answer->acknowledgement->state;
		outcome.label = mtr_acknowledged_standing(arena, answer->acknowledgement);
	} else if (answer->body_case == MTR__ANSWER__BODY_DONE) {
		outcome.id = answer->done->id;
		outcome.message = answer->done->created ? _("new") : _("changed");
	}
	return outcome;
}

static int answer_row(struct run *run, struct mtr_import_row *row, const struct mtr_change *change)
{
	struct mtr_import *import = run->import;
	struct outcome outcome = outcome_of(run, row, change);
	struct mtr_cell outcome_cell = mtr_cell_text(outcome.text);

	outcome_cell.machine = outcome.machine;
	const struct mtr_cell cells[] = {
		mtr_cell_number(row->number),
		mtr_cell_text(row->label),
		outcome_cell,
		mtr_cell_some(outcome.id),
		mtr_cell_word((int)outcome.state, outcome.label),
		mtr_repairs_cell(import->arena, row->repairs),
		mtr_cell_text(row->remarks->data),
		mtr_cell_text(outcome.message),
	};
	mtr_output_row(import->call->output, cells);
	mtr_growing_free(row->remarks);
	if (row->problem && !import->call->settings.dry_run)
		return mtr_failed_write(&run->failed, import, row);
	return MTR_EXIT_OK;
}

/* Sends the chunk's commands; rows get their answers in order. */
static int send_chunk(struct run *run)
{
	struct mtr_import *import = run->import;
	struct mtr_change *changes = mtr_must_array(import->arena, run->row_count, sizeof *changes);
	Mtr__Command *commands = mtr_must_array(import->arena, run->row_count, sizeof *commands);
	struct mtr_change **of_row = mtr_must_array(import->arena, run->row_count, sizeof *of_row);
	size_t count = 0;
	int result = MTR_EXIT_OK;

	for (size_t i = 0; i < run->row_count; i++) {
		if (run->rows[i].problem || !import->kind->build(import, &run->rows[i], &commands[count]))
			continue;
		changes[count].command = &commands[count];
		of_row[i] = &changes[count++];
	}
	if (count > 0 && run->offline)
		result = mtr_session_queue(import->call, import->arena, changes, count);
	else if (count > 0)
		result = mtr_session_send(import->call, import->arena, changes, count);
	if (result == MTR_EXIT_NO_LINK && !import->call->settings.dry_run)
		run->offline = true;
	else if (result)
		return result;
	for (size_t i = 0; i < run->row_count; i++) {
		result = answer_row(run, &run->rows[i], of_row[i]);
		if (result)
			return result;
	}
	run->row_count = 0;
	mtr_arena_reset(import->arena);
	return MTR_EXIT_OK;
}

static bool is_blank(const struct mtr_csv_row *row)
{
	for (size_t i = 0; i < row->count; i++) {
		if (row->cells[i][strspn(row->cells[i], " \t")] != '\0')
			return false;
	}
	return true;
}

/* Copies a row into the chunk. */
static void take_row(struct run *run, const struct mtr_csv_row *from)
{
	struct mtr_import *import = run->import;
	struct mtr_import_row *row = &run->rows[run->row_count++];
	struct mtr_growing *remarks = row->remarks;
	char **raw = mtr_must_array(import->arena, from->count, sizeof *raw);

	for (size_t i = 0; i < from->count; i++)
		raw[i] = mtr_must_text(import->arena, from->cells[i]);
	*row = (struct mtr_import_row){
		.number = from->number,
		.raw = raw,
		.count = from->count,
		.texts = mtr_must_array(import->arena, from->count, sizeof(const char *)),
		.label = "",
		.remarks = remarks,
	};
	if (from->has_zero)
		mtr_row_problem(import, row, 0, _("a zero byte stands in a cell: the file isn't text."));
	for (size_t i = import->header.count; i < from->count; i++) {
		if (*from->cells[i])
			mtr_row_problem(
				import, row, 0,
				mtr_must_print(import->arena,
					       _("the row has %zu cells but the heading only %zu; a separator in a "
						 "cell must stand in quotation marks."),
					       from->count, import->header.count));
	}
}

static int file_failed(struct mtr_import *import, enum mtr_csv_status status)
{
	switch (status) {
	case MTR_CSV_UTF16:
		return mtr_fail(import->call, MTR_EXIT_USAGE,
				_("%s is UTF-16. Save it as “CSV UTF-8 (comma delimited)”."), import->path);
	case MTR_CSV_OPEN_QUOTE:
		return mtr_fail(import->call, MTR_EXIT_USAGE,
				_("%s: a cell never ends; a quotation mark isn't closed."), import->path);
	case MTR_CSV_READ_ERROR:
	case MTR_CSV_ROW:
	case MTR_CSV_END:
		break;
	}
	return mtr_fail(import->call, MTR_EXIT_LOCAL, _("%s can't be read: %s"), import->path, strerror(errno));
}

static int read_rows(struct run *run, struct mtr_csv_reader *reader)
{
	const struct mtr_header *header = &run->import->header;
	struct mtr_csv_row row;
	enum mtr_csv_status status;
	int result = MTR_EXIT_OK;

	while (!result && (status = mtr_csv_next(reader, &row)) == MTR_CSV_ROW) {
		if (row.number < header->row + header->rows || is_blank(&row))
			continue;
		run->counts.rows++;
		take_row(run, &row);
		if (run->row_count == MTR_IMPORT_CHUNK)
			result = send_chunk(run);
	}
	if (!result && run->row_count > 0)
		result = send_chunk(run);
	if (!result && status != MTR_CSV_END)
		result = file_failed(run->import, status);
	return result;
}

static void sum_up(struct run *run)
{
	const struct counts *counts = &run->counts;
	struct mtr_call *call = run->import->call;

	if (counts->rows == 0)
		mtr_remark(call, _("%s has a heading but no rows."), run->import->path);
	mtr_remark(call, _("Rows: %zu; done: %zu; not sent yet: %zu; failed: %zu."), counts->rows, counts->done,
		   counts->queued, counts->failed);
	if (run->failed.rows > 0)
		mtr_remark(call,
			   _("The failed rows are in %s with their reasons; correct them there and import that file."),
			   run->failed.path);
	if (call->settings.dry_run)
		mtr_remark(call, "%s", _("A dry run: nothing was changed."));
}

static int exit_of(const struct mtr_call *call, const struct counts *counts)
{
	if (counts->failed > 0)
		return counts->failed == counts->rows ? MTR_EXIT_REFUSED : MTR_EXIT_SOME;
	return counts->queued > 0 ? mtr_session_queued_exit(call) : MTR_EXIT_OK;
}

static int run_import(struct mtr_import *import)
{
	struct mtr_growing remarks[MTR_IMPORT_CHUNK] = {0};
	struct mtr_import_row rows[MTR_IMPORT_CHUNK] = {0};
	struct run run = {.import = import, .rows = rows};
	struct mtr_csv_reader *reader = NULL;

	for (size_t i = 0; i < MTR_IMPORT_CHUNK; i++)
		rows[i].remarks = &remarks[i];
	if (mtr_csv_open(&reader, import->path, import->header.separator) == MTR_CSV_READ_ERROR)
		return file_failed(import, MTR_CSV_READ_ERROR);
	mtr_output_begin(import->call->output, columns, sizeof columns / sizeof *columns);
	int result = read_rows(&run, reader);
	if (result)
		mtr_output_abandon(import->call->output);
	else
		mtr_output_end(import->call->output);
	mtr_csv_close(&reader);
	for (size_t i = 0; i < MTR_IMPORT_CHUNK; i++)
		mtr_growing_free(&remarks[i]);
	int closed = mtr_failed_close(&run.failed, import);
	sum_up(&run);
	if (result || closed)
		return result ? result : closed;
	return exit_of(import->call, &run.counts);
}

static int check_header(struct mtr_import *import, enum mtr_header_status found, enum mtr_csv_status status)
{
	struct mtr_call *call = import->call;

	switch (found) {
	case MTR_HEADER_OK:
		return MTR_EXIT_OK;
	case MTR_HEADER_EMPTY:
		return mtr_fail(call, MTR_EXIT_USAGE, _("%s is empty."), import->path);
	case MTR_HEADER_MISSING:
		return mtr_fail(call, MTR_EXIT_USAGE,
				_("%s: none of the first rows is a heading with column names that are known."),
				import->path);
	case MTR_HEADER_TWICE:
		return mtr_fail(call, MTR_EXIT_USAGE, _("%s: the column “%s” stands there twice; remove one."),
				import->path, import->header.names[import->header.count]);
	case MTR_HEADER_TOO_MANY:
		return mtr_fail(call, MTR_EXIT_USAGE, _("%s has more than %u columns."), import->path, MTR_COLUMNS_MAX);
	case MTR_HEADER_FILE:
		break;
	}
	return file_failed(import, status);
}

/* A column nobody knows may be a misspelt one whose data would be lost. */
static int check_unknown(struct mtr_import *import)
{
	const struct mtr_header *header = &import->header;
	size_t unknown = 0;

	for (size_t i = 0; i < header->count; i++) {
		if (header->fields[i] != MTR_HEADING_UNKNOWN)
			continue;
		const char *near = mtr_header_suggest(import->arena, import->kind->headings, header->names[i]);
		if (near)
			mtr_fail(import->call, 0, _("The column “%s” isn't known. Is “%s” meant?"), header->names[i],
				 near);
		else
			mtr_fail(import->call, 0, _("The column “%s” isn't known."), header->names[i]);
		unknown++;
	}
	if (unknown == 0 || mtr_given(&import->call->arguments, "--ignore-unknown"))
		return MTR_EXIT_OK;
	return mtr_fail(
		import->call, MTR_EXIT_USAGE, "%s",
		_("Nothing was imported. Correct the heading, or give --ignore-unknown to leave such columns out."));
}

int mtr_import_file(struct mtr_call *call, const char *path, const struct mtr_import_kind *kind)
{
	struct mtr_import import = {
		.call = call, .kind = kind, .path = path, .arena = mtr_must(mtr_arena_new(CHUNK_ARENA))};
	enum mtr_csv_status status = MTR_CSV_END;
	enum mtr_header_status found = mtr_header_find(call->arena, path, kind->headings, &import.header, &status);
	int result = check_header(&import, found, status);

	if (!result)
		result = check_unknown(&import);
	if (!result) {
		const char *missing = kind->missing(&import);
		if (missing)
			result = mtr_fail(call, MTR_EXIT_USAGE, "%s: %s", path, missing);
	}
	if (!result)
		result = run_import(&import);
	mtr_arena_free(&import.arena);
	return result;
}
