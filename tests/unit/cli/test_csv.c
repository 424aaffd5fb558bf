#include "import/csv_header.h"
#include "import/csv_reader.h"
#include "import/people_list.h"
#include "output/csv_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/matricula-csv-XXXXXX";

static int setup(void **state)
{
	int file = mkstemp(path);

	(void)state;
	return file < 0 || close(file) ? -1 : 0;
}

static int teardown(void **state)
{
	(void)state;
	return unlink(path);
}

static void write_bytes(const char *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

#define WRITE(literal) write_bytes(literal, sizeof(literal) - 1)

static struct mtr_csv_reader *open_file(char separator)
{
	struct mtr_csv_reader *reader = NULL;

	assert_int_equal(mtr_csv_open(&reader, path, separator), MTR_CSV_END);
	return reader;
}

static void assert_row(struct mtr_csv_reader *reader, size_t number, size_t count, const char *const *cells)
{
	struct mtr_csv_row row;

	assert_int_equal(mtr_csv_next(reader, &row), MTR_CSV_ROW);
	assert_int_equal(row.number, number);
	assert_int_equal(row.count, count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(row.cells[i], cells[i]);
}

#define CELLS(...) ((const char *const[]){__VA_ARGS__})

static void test_quotes_and_blank_lines(void **state)
{
	(void)state;
	WRITE("\xEF\xBB\xBF"
	      "a,\"b, c\",\" d \"\r\n\r\n\"say \"\"no\"\"\",,\"two\nlines\"\n\n\nlast");
	struct mtr_csv_reader *reader = open_file(',');
	assert_row(reader, 1, 3, CELLS("a", "b, c", " d "));
	assert_row(reader, 3, 3, CELLS("say \"no\"", "", "two\nlines"));
	assert_row(reader, 6, 1, CELLS("last"));
	struct mtr_csv_row row;
	assert_int_equal(mtr_csv_next(reader, &row), MTR_CSV_END);
	assert_int_equal(mtr_csv_next(reader, &row), MTR_CSV_END);
	mtr_csv_close(&reader);
	mtr_csv_close(&reader);
}

static void test_spaces_are_kept(void **state)
{
	(void)state;
	WRITE("  a \t b  \tc \n");
	struct mtr_csv_reader *reader = open_file('\t');
	assert_row(reader, 1, 3, CELLS("  a ", " b  ", "c "));
	mtr_csv_close(&reader);
}

static void test_damaged_files(void **state)
{
	struct mtr_csv_row row;
	struct mtr_csv_reader *reader;

	(void)state;
	WRITE("\xFF\xFE"
	      "a\0,\0");
	reader = open_file(',');
	assert_int_equal(mtr_csv_next(reader, &row), MTR_CSV_UTF16);
	mtr_csv_close(&reader);
	WRITE("a\0b,c\n");
	reader = open_file(',');
	assert_int_equal(mtr_csv_next(reader, &row), MTR_CSV_ROW);
	assert_true(row.has_zero);
	mtr_csv_close(&reader);
	size_t size = 1u << 20;
	char *endless = malloc(size);
	assert_non_null(endless);
	memset(endless, 'x', size);
	endless[0] = '"';
	write_bytes(endless, size);
	free(endless);
	reader = open_file(',');
	assert_int_equal(mtr_csv_next(reader, &row), MTR_CSV_OPEN_QUOTE);
	mtr_csv_close(&reader);
	assert_int_equal(mtr_csv_open(&reader, "/nonexistent/file", ','), MTR_CSV_READ_ERROR);
}

/* A cell or a row may end at any byte of a piece that is read. */
static void test_pieces(void **state)
{
	enum { ROWS = 4000 };
	FILE *file = fopen(path, "wb");
	struct mtr_csv_row row;

	(void)state;
	assert_non_null(file);
	for (int i = 0; i < ROWS; i++)
		fprintf(file, "%d;\"%0*d\";x%d\r\n", i, i % 37 + 1, i, i);
	assert_int_equal(fclose(file), 0);
	struct mtr_csv_reader *reader = open_file(';');
	for (int i = 0; i < ROWS; i++) {
		char text[64];
		assert_int_equal(mtr_csv_next(reader, &row), MTR_CSV_ROW);
		assert_int_equal(row.number, i + 1);
		assert_int_equal(row.count, 3);
		snprintf(text, sizeof text, "%0*d", i % 37 + 1, i);
		assert_string_equal(row.cells[1], text);
		snprintf(text, sizeof text, "x%d", i);
		assert_string_equal(row.cells[2], text);
	}
	assert_int_equal(mtr_csv_next(reader, &row), MTR_CSV_END);
	mtr_csv_close(&reader);
}

static void test_write(void **state)
{
	static const struct {
		const char *cell, *written;
	} cases[] = {
		{"plain", "plain"},
		{"a,b", "\"a,b\""},
		{"say \"no\"", "\"say \"\"no\"\"\""},
		{"two\nlines", "\"two\nlines\""},
		{" space", "\" space\""},
		{"=1+1", "'=1+1"},
		{"+84 905", "'+84 905"},
		{"-5", "'-5"},
		{"@x,y", "\"'@x,y\""},
		{"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *text = NULL;
		size_t size;
		FILE *file = open_memstream(&text, &size);
		assert_non_null(file);
		mtr_csv_write_cell(file, 0, ',', cases[i].cell);
		fclose(file);
		assert_string_equal(text, cases[i].written);
		free(text);
	}
}

static enum mtr_header_status find(struct mtr_arena *arena, struct mtr_header *header)
{
	enum mtr_csv_status status = MTR_CSV_END;
	return mtr_header_find(arena, path, mtr_people_headings, header, &status);
}

static void test_headings(void **state)
{
	struct mtr_arena *arena = mtr_arena_new(1u << 20);
	struct mtr_header header;

	(void)state;
	WRITE("Tỉnh ủy;;;\nDANH SÁCH TRÍCH NGANG, năm 2021;;;\nSTT;HỌ VÀ TÊN;Ngày, tháng, năm sinh;;Chức "
	      "vụ\n;;Nam;Nữ;\n1;A;1980;;\n");
	assert_int_equal(find(arena, &header), MTR_HEADER_OK);
	assert_int_equal(header.separator, ';');
	assert_int_equal(header.row, 3);
	assert_int_equal(header.rows, 2);
	assert_int_equal(mtr_header_column(&header, MTR_PEOPLE_NAME), 1);
	assert_int_equal(mtr_header_column(&header, MTR_PEOPLE_BIRTH_MALE), 2);
	assert_int_equal(mtr_header_column(&header, MTR_PEOPLE_BIRTH_FEMALE), 3);
	assert_int_equal(mtr_header_column(&header, MTR_PEOPLE_HELD), 4);
	assert_int_equal(mtr_header_column(&header, MTR_PEOPLE_UNIT), -1);
	WRITE("ho va ten\tso dinh danh\tDON VI\nA\t051075000123\tHU-TN\n");
	assert_int_equal(find(arena, &header), MTR_HEADER_OK);
	assert_int_equal(header.separator, '\t');
	assert_int_equal(header.rows, 1);
	WRITE("Full Name,Date of birth,Unit,Citizen number\n");
	assert_int_equal(find(arena, &header), MTR_HEADER_OK);
	assert_int_equal(header.count, 4);
	WRITE("Họ tên,Họ và tên\n");
	assert_int_equal(find(arena, &header), MTR_HEADER_TWICE);
	WRITE("\n\n");
	assert_int_equal(find(arena, &header), MTR_HEADER_EMPTY);
	WRITE("x,y\n1,2\n");
	assert_int_equal(find(arena, &header), MTR_HEADER_MISSING);
	mtr_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quotes_and_blank_lines),
		cmocka_unit_test(test_spaces_are_kept),
		cmocka_unit_test(test_damaged_files),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_headings),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
