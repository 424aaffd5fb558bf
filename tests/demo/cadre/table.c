#include "table.h"

#include <csv.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { COLUMNS_MAX = 32, PATH_MAX_BYTES = 4096 };

struct row {
	char *cells[COLUMNS_MAX];
	size_t count;
};

struct table {
	char path[PATH_MAX_BYTES];
	struct row *rows; /* the first is the header */
	size_t count, room;
	struct row current;
};

void die(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("cadre: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(1);
}

static void take_cell(void *cell, size_t size, void *context)
{
	struct table *table = context;
	if (table->current.count == COLUMNS_MAX)
		die("%s: more than %d columns", table->path, COLUMNS_MAX);
	char *copy = strndup(cell ? cell : "", size);
	if (!copy)
		die("no memory");
	table->current.cells[table->current.count++] = copy;
}

static void take_row(int end, void *context)
{
	(void)end;
	struct table *table = context;
	if (table->count == table->room) {
		table->room = table->room ? 2 * table->room : 64;
		table->rows = realloc(table->rows, table->room * sizeof *table->rows);
		if (!table->rows)
			die("no memory");
	}
	table->rows[table->count++] = table->current;
	table->current = (struct row){.count = 0};
}

static void join_path(char path[PATH_MAX_BYTES], const char *directory, const char *name)
{
	int length = snprintf(path, PATH_MAX_BYTES, "%s/%s", directory, name);
	if (length < 0 || length >= PATH_MAX_BYTES)
		die("%s: path too long", directory);
}

struct table *table_read(const char *directory, const char *name)
{
	struct table *table = calloc(1, sizeof *table);
	if (!table)
		die("no memory");
	join_path(table->path, directory, name);
	FILE *file = fopen(table->path, "r");
	if (!file)
		die("%s: %s", table->path, strerror(errno));
	struct csv_parser parser;
	if (csv_init(&parser, CSV_APPEND_NULL))
		die("no memory");
	char part[16384];
	size_t size;
	while ((size = fread(part, 1, sizeof part, file)) > 0) {
		if (csv_parse(&parser, part, size, take_cell, take_row, table) != size)
			die("%s: %s", table->path, csv_strerror(csv_error(&parser)));
	}
	csv_fini(&parser, take_cell, take_row, table);
	csv_free(&parser);
	if (ferror(file) || table->count == 0)
		die("%s: can't be read", table->path);
	fclose(file);
	return table;
}

void table_free(struct table **table)
{
	if (!*table)
		return;
	for (size_t r = 0; r < (*table)->count; r++) {
		for (size_t c = 0; c < (*table)->rows[r].count; c++)
			free((*table)->rows[r].cells[c]);
	}
	free((*table)->rows);
	free(*table);
	*table = NULL;
}

size_t table_rows(const struct table *table)
{
	return table->count - 1;
}

const char *table_cell(const struct table *table, size_t row, const char *column)
{
	const struct row *header = &table->rows[0], *cells = &table->rows[row + 1];
	for (size_t c = 0; c < header->count; c++) {
		if (strcmp(header->cells[c], column) == 0)
			return c < cells->count ? cells->cells[c] : "";
	}
	die("%s: no column %s", table->path, column);
}

uint32_t table_number(const struct table *table, size_t row, const char *column)
{
	const char *cell = table_cell(table, row, column);
	char *end;
	unsigned long number = strtoul(cell, &end, 10);
	if (*end || number > UINT32_MAX)
		die("%s: row %zu: %s is not a number: %s", table->path, row + 1, column, cell);
	return (uint32_t)number;
}

bool word_at(const char *cell, size_t n, char *room, size_t size)
{
	while (n-- > 0) {
		cell = strchr(cell, ';');
		if (!cell)
			return false;
		cell++;
	}
	size_t length = strcspn(cell, ";");
	if (length == 0 || length >= size)
		return false;
	memcpy(room, cell, length);
	room[length] = '\0';
	return true;
}

bool has_word(const char *cell, const char *word)
{
	char room[64];
	for (size_t n = 0; word_at(cell, n, room, sizeof room); n++) {
		if (strcmp(room, word) == 0)
			return true;
	}
	return false;
}

FILE *open_to_write(const char *directory, const char *name)
{
	char path[PATH_MAX_BYTES];
	join_path(path, directory, name);
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0777) && errno != EEXIST)
			die("%s: %s", path, strerror(errno));
		*slash = '/';
	}
	FILE *file = fopen(path, "w");
	if (!file)
		die("%s: %s", path, strerror(errno));
	return file;
}

void close_written(FILE *file)
{
	if (ferror(file) || fclose(file))
		die("a file can't be written: %s", strerror(errno));
}

void write_cell(FILE *file, const char *text, const char *after)
{
	if (csv_fwrite(file, text, strlen(text)) || fputs(after, file) == EOF)
		die("a file can't be written: %s", strerror(errno));
}

void write_row(FILE *file, ...)
{
	va_list cells;
	va_start(cells, file);
	const char *cell = va_arg(cells, const char *);
	while (cell) {
		const char *next = va_arg(cells, const char *);
		write_cell(file, cell, next ? "," : "\n");
		cell = next;
	}
	va_end(cells);
}
