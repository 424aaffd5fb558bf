#include "import/csv_header.h"
#include "contract/text.h"
#include "program/must.h"
#include "program/plain.h"
#include "program/suggest.h"

#include <string.h>

/* A list may have a title and a few lines above its heading. */
#define LINES_ABOVE 20u

static int field_of(struct mtr_arena *arena, const struct mtr_heading *headings, const char *name)
{
	const char *plain = mtr_plain(arena, name);

	if (!*plain)
		return MTR_HEADING_UNKNOWN;
	for (; headings->names; headings++) {
		if (mtr_is_named(headings->names, plain))
			return headings->field;
	}
	return MTR_HEADING_UNKNOWN;
}

static size_t recognised(struct mtr_arena *arena, const struct mtr_heading *headings, const struct mtr_csv_row *row)
{
	size_t count = 0;

	for (size_t i = 0; i < row->count; i++)
		count += field_of(arena, headings, row->cells[i]) != MTR_HEADING_UNKNOWN;
	return count;
}

struct attempt {
	char separator;
	size_t row;        /* 0: none */
	size_t recognised; /* its columns */
	size_t rows_read;
};

static enum mtr_csv_status try_separator(struct mtr_arena *arena, const char *path, const struct mtr_heading *headings,
					 struct attempt *attempt)
{
	struct mtr_csv_reader *reader = NULL;
	struct mtr_csv_row row;
	enum mtr_csv_status status = mtr_csv_open(&reader, path, attempt->separator);

	if (status == MTR_CSV_READ_ERROR)
		return status;
	while (attempt->rows_read < LINES_ABOVE && (status = mtr_csv_next(reader, &row)) == MTR_CSV_ROW) {
		size_t count = recognised(arena, headings, &row);
		attempt->rows_read++;
		if (count > attempt->recognised) {
			attempt->recognised = count;
			attempt->row = row.number;
		}
	}
	mtr_csv_close(&reader);
	return status == MTR_CSV_ROW ? MTR_CSV_END : status;
}

static char *tidy(struct mtr_arena *arena, const char *text)
{
	const char *repaired;
	unsigned repairs;

	if (mtr_text_repair(arena, text, 0, &repaired, &repairs))
		return mtr_must_text(arena, text);
	return mtr_must_text(arena, repaired);
}

/* A second line under merged cells: it names some columns more closely, and nothing in it is data. */
static bool divides(struct mtr_arena *arena, const struct mtr_heading *headings, const struct mtr_header *header,
		    const struct mtr_csv_row *row)
{
	size_t parts = 0;

	if (row->count > header->count)
		return false;
	for (size_t i = 0; i < row->count; i++) {
		if (!*mtr_plain(arena, row->cells[i]))
			continue;
		if (field_of(arena, headings, row->cells[i]) == MTR_HEADING_UNKNOWN)
			return false;
		parts++;
	}
	return parts > 0;
}

static void join(struct mtr_arena *arena, struct mtr_header *header, const struct mtr_csv_row *row)
{
	const char *above = "";

	for (size_t i = 0; i < row->count; i++) {
		/* Of merged cells only the first holds the name. */
		above = *header->names[i] ? header->names[i] : above;
		if (*mtr_plain(arena, row->cells[i]))
			header->names[i] = mtr_must_print(arena, "%s %s", above, tidy(arena, row->cells[i]));
		else if (*header->names[i])
			above = "";
	}
	header->rows = 2;
}

static enum mtr_header_status fill(struct mtr_arena *arena, const struct mtr_heading *headings,
				   struct mtr_header *header)
{
	for (size_t i = 0; i < header->count; i++) {
		header->fields[i] = field_of(arena, headings, header->names[i]);
		for (size_t j = 0; j < i && header->fields[i] > 0; j++) {
			if (header->fields[j] == header->fields[i]) {
				header->count = i;
				return MTR_HEADER_TWICE;
			}
		}
	}
	return MTR_HEADER_OK;
}

static enum mtr_header_status read_header(struct mtr_arena *arena, const char *path, const struct mtr_heading *headings,
					  const struct attempt *attempt, struct mtr_header *header)
{
	struct mtr_csv_reader *reader = NULL;
	struct mtr_csv_row row;
	enum mtr_header_status result = MTR_HEADER_MISSING;

	if (mtr_csv_open(&reader, path, attempt->separator) == MTR_CSV_READ_ERROR)
		return MTR_HEADER_FILE;
	while (mtr_csv_next(reader, &row) == MTR_CSV_ROW && row.number < attempt->row)
		;
	*header = (struct mtr_header){.separator = attempt->separator, .row = attempt->row, .rows = 1};
	if (row.count > MTR_COLUMNS_MAX) {
		result = MTR_HEADER_TOO_MANY;
	} else {
		header->count = row.count;
		for (size_t i = 0; i < row.count; i++)
			header->names[i] = tidy(arena, row.cells[i]);
		if (mtr_csv_next(reader, &row) == MTR_CSV_ROW && divides(arena, headings, header, &row))
			join(arena, header, &row);
		result = fill(arena, headings, header);
	}
	mtr_csv_close(&reader);
	return result;
}

enum mtr_header_status mtr_header_find(struct mtr_arena *arena, const char *path, const struct mtr_heading *headings,
				       struct mtr_header *ret_header, enum mtr_csv_status *ret_status)
{
	enum mtr_csv_status unread = MTR_CSV_END;
	struct attempt best = {0};

	for (const char *separator = ",;\t"; *separator; separator++) {
		struct attempt attempt = {.separator = *separator};
		enum mtr_csv_status status = try_separator(arena, path, headings, &attempt);
		if (status == MTR_CSV_READ_ERROR || status == MTR_CSV_UTF16) {
			*ret_status = status;
			return MTR_HEADER_FILE;
		}
		if (status != MTR_CSV_END)
			unread = status;
		if (attempt.recognised > best.recognised || best.separator == '\0')
			best = attempt;
	}
	if (best.rows_read == 0 && unread != MTR_CSV_END) {
		*ret_status = unread;
		return MTR_HEADER_FILE;
	}
	if (best.rows_read == 0)
		return MTR_HEADER_EMPTY;
	if (best.row == 0)
		return MTR_HEADER_MISSING;
	return read_header(arena, path, headings, &best, ret_header);
}

int mtr_header_column(const struct mtr_header *header, int field)
{
	for (size_t i = 0; i < header->count; i++) {
		if (header->fields[i] == field)
			return (int)i;
	}
	return -1;
}

const char *mtr_header_suggest(struct mtr_arena *arena, const struct mtr_heading *headings, const char *name)
{
	struct mtr_suggestion suggestion = mtr_suggestion_for(mtr_plain(arena, name));

	for (; headings->names; headings++) {
		for (const char *at = headings->names; *at;) {
			size_t size = strcspn(at, "|");
			mtr_suggestion_offer(&suggestion, mtr_must_print(arena, "%.*s", (int)size, at));
			at += size + (at[size] == '|');
		}
	}
	return suggestion.best;
}
