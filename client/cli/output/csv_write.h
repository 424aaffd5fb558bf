/* CSV as it is written: RFC 4180 lines whose cells no spreadsheet takes for a formula. */
#ifndef MTR_CLI_CSV_WRITE_H
#define MTR_CLI_CSV_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The `index`-th cell of a line, guarded and, where needed, quoted. */
void mtr_csv_write_cell(FILE *file, size_t index, char separator, const char *text);
/* The same without the guard: bytes as they were read. */
void mtr_csv_write_raw(FILE *file, size_t index, char separator, const char *text);
void mtr_csv_write_end(FILE *file);

/* True if a spreadsheet would take the text for a formula. */
bool mtr_csv_is_formula(const char *text);

#endif
