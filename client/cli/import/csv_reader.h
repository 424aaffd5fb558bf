/* A CSV file, row by row, however long it is. */
#ifndef MTR_CLI_CSV_READER_H
#define MTR_CLI_CSV_READER_H

#include <stdbool.h>
#include <stddef.h>

struct mtr_csv_row {
	size_t number;      /* the row's number as a spreadsheet counts, from 1 */
	char *const *cells; /* bytes as they stand in the file */
	size_t count;
	bool has_zero; /* a cell held a zero byte and is cut short there */
};

struct mtr_csv_reader;

enum mtr_csv_status {
	MTR_CSV_ROW,
	MTR_CSV_END,
	MTR_CSV_READ_ERROR, /* see errno */
	MTR_CSV_UTF16,      /* the file is UTF-16 */
	MTR_CSV_OPEN_QUOTE, /* a cell of more than 64 KiB: most likely a quotation mark that isn't closed */
};

/* Opens a file whose cells are kept apart by `separator`. MTR_CSV_END, or READ_ERROR. */
enum mtr_csv_status mtr_csv_open(struct mtr_csv_reader **ret_reader, const char *path, char separator);

/* The next row that has cells; *ret_row lasts until the next call. */
enum mtr_csv_status mtr_csv_next(struct mtr_csv_reader *reader, struct mtr_csv_row *ret_row);

/* Closes and nulls; NULL is fine. */
void mtr_csv_close(struct mtr_csv_reader **reader);

#endif
