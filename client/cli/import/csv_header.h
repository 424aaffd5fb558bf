/* The heading of a list: which column is what, by English or Vietnamese names, with or without accents. */
#ifndef MTR_CLI_CSV_HEADER_H
#define MTR_CLI_CSV_HEADER_H

#include "contract/arena.h"
#include "import/csv_reader.h"

#include <stdbool.h>

#define MTR_COLUMNS_MAX 128u

/* A kind of column. A list's table of them ends with a row without names. */
struct mtr_heading {
	int field;         /* the importer's own number, from 1; MTR_HEADING_IGNORED */
	const char *title; /* N_(): as it is called in messages */
	const char *names; /* plain (plain.h) names, separated by '|' */
};
#define MTR_HEADING_IGNORED 0 /* known, but nothing the importer wants */
#define MTR_HEADING_UNKNOWN (-1)

struct mtr_header {
	char separator;
	size_t row;  /* the row's number; data begin after it (after `rows` rows) */
	size_t rows; /* 1, or 2 when a second line divides merged cells */
	size_t count;
	const char *names[MTR_COLUMNS_MAX]; /* as in the file; of two lines joined */
	int fields[MTR_COLUMNS_MAX];        /* field, MTR_HEADING_IGNORED or MTR_HEADING_UNKNOWN */
};

enum mtr_header_status {
	MTR_HEADER_OK,
	MTR_HEADER_EMPTY,    /* the file has no rows */
	MTR_HEADER_MISSING,  /* none of the first rows is a heading */
	MTR_HEADER_TWICE,    /* two columns are the same; ret_header->names[count] is its name */
	MTR_HEADER_TOO_MANY, /* more than MTR_COLUMNS_MAX columns */
	MTR_HEADER_FILE,     /* *ret_status says what */
};

/* Finds separator and heading among the first rows. What the header holds is in the arena. */
enum mtr_header_status mtr_header_find(struct mtr_arena *arena, const char *path, const struct mtr_heading *headings,
				       struct mtr_header *ret_header, enum mtr_csv_status *ret_status);

/* The column of a field; -1 without. */
int mtr_header_column(const struct mtr_header *header, int field);

/* The heading nearest to a name that isn't known, as it may be written; NULL: none is near. */
const char *mtr_header_suggest(struct mtr_arena *arena, const struct mtr_heading *headings, const char *name);

#endif
