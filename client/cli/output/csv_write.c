#include "output/csv_write.h"

#include <string.h>

bool mtr_csv_is_formula(const char *text)
{
	return *text && strchr("=+-@\t\r", *text) != NULL;
}

static bool needs_quotes(const char *text, char separator)
{
	const char special[] = {separator, '"', '\r', '\n', '\0'};
	size_t size = strlen(text);

	return text[strcspn(text, special)] != '\0' || (size > 0 && (text[0] == ' ' || text[size - 1] == ' '));
}

static void write_cell(FILE *file, size_t index, char separator, const char *guard, const char *text)
{
	if (index > 0)
		fputc(separator, file);
	if (!needs_quotes(text, separator)) {
		fprintf(file, "%s%s", guard, text);
		return;
	}
	fprintf(file, "\"%s", guard);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', file);
		fputc(*text, file);
	}
	fputc('"', file);
}

void mtr_csv_write_cell(FILE *file, size_t index, char separator, const char *text)
{
	write_cell(file, index, separator, mtr_csv_is_formula(text) ? "'" : "", text);
}

void mtr_csv_write_raw(FILE *file, size_t index, char separator, const char *text)
{
	write_cell(file, index, separator, "", text);
}

void mtr_csv_write_end(FILE *file)
{
	fputs("\r\n", file);
}
