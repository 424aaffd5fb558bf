/* CSV files with a header line, read whole and written row by row. A file that can't be used ends the program with a
 * message that names it. */
#ifndef DEMO_TABLE_H
#define DEMO_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct table;

struct table *table_read(const char *directory, const char *name);
void table_free(struct table **table);
size_t table_rows(const struct table *table);
/* The cell of a row in the column of that name; "" where the row is shorter. Lives as long as the table. */
const char *table_cell(const struct table *table, size_t row, const char *column);
/* The same as a number; an empty cell is 0. */
uint32_t table_number(const struct table *table, size_t row, const char *column);

/* Cells may hold several words, divided by ';': the n-th as a copy in `room`, false past the last. */
bool word_at(const char *cell, size_t n, char *room, size_t size);
bool has_word(const char *cell, const char *word);

/* Opens directory/name for writing, making what directories are missing. */
FILE *open_to_write(const char *directory, const char *name);
void close_written(FILE *file);
/* A cell in quotes, and what comes after it: a comma or a line's end. */
void write_cell(FILE *file, const char *text, const char *after);
/* Cells up to a NULL, and the line's end. */
void write_row(FILE *file, ...);

__attribute__((noreturn, format(printf, 1, 2))) void die(const char *format, ...);

#endif
