#include "contract/errors.h"
#include "program/call.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define WORDS_MAX 32u
/* The words of a command line aren't constant in C; nobody changes them. */
#define WORD(text) ((char *)(uintptr_t)(text))

/* A file of expected output, and the lines run for it; words are kept apart by '|'. */
struct golden {
	const char *name;
	bool forms;               /* run as table, CSV and JSON */
	const char *const *lines; /* ends with NULL */
};

#define LINES(...) ((const char *const[]){__VA_ARGS__, NULL})

static const struct golden goldens[] = {
	{"help", false, LINES("help", "help|quota", "help|propose", "class|close|--help", "unit")},
	{"mistakes", false,
	 LINES("qouta", "unit|putt", "unit|put", "unit|put|hu tn", "demand|QN21-CC|-5",
	       "demand|QN21-CC|9223372036854775808", "demand|QN21-CC|2.5", "person|put|--birth|31/02/1980",
	       "person|put|--nmae|A", "unit|put|AB|--kind|comune", "plan|put|AB|--date|1/13/2020",
	       "plan|put|AB|--year|21", "programme|put|AB|--cost-per-head|1.23", "title|put|AB|--standard|theory",
	       "title|put|AB|--standard|theori:3", "person|put|--rating|2020:fine", "person|put|--planned|BT-HUYEN",
	       "programme|put|AB|--condition|age:maxmum=40", "--lang|fr|unit|list", "--output|jsn|unit|list",
	       "withdraw|1", "vet", "freeze|QN21-CC", "unit|list|extra", "unit|list|--quiet=1", "nomination|show|0")},
	{"units", true,
	 LINES("unit|list", "unit|list|--parent|TU", "unit|show|HU-TN", "unit|show|XX", "principal|list")},
	{"people", true, LINES("person|list", "person|show|1", "person|show|051180000456", "title|list")},
	{"plans", true, LINES("plan|list", "programme|list", "programme|show|QN21-CC")},
	{"quota", true,
	 LINES("quota|show", "quota|show|--by-unit", "quota|ledger", "quota|allocate|QN21-CC|HU-TN|1", "letter|list")},
	{"nominations", true,
	 LINES("nomination|list", "nomination|list|--state|waiting", "nomination|show|1", "nomination|show|2")},
	{"receipt", true,
	 LINES("propose|QN21-CC|--citizen-number|051075000123", "propose|QN21-CC|--person|1|--dry-run",
	       "propose|E-82|--person|1")},
	{"several", true, LINES("vet|1|2|99", "vet|1")},
	{"classes", true, LINES("class|list", "roster|show|QN21-CC-K1")},
	{"server", true, LINES("status", "log", "whoami", "outbox|list")},
	{"import", true, LINES("person|put|--csv|people.csv", "propose|QN21-CC|--csv|nominations.csv")},
	{"import-headings", false,
	 LINES("person|put|--csv|empty.csv", "person|put|--csv|no-heading.csv", "person|put|--csv|unknown.csv",
	       "person|put|--csv|missing.csv", "person|put|--csv|missing.csv|--unit|HU-TN",
	       "quota|allocate|--csv|unknown.csv")},
	{"counts", false,
	 LINES("freeze|QN21-CC|--unit|HU-TN", "freeze|QN21-CC|--unit|HU-TN|--unit|TU",
	       "class|close|QN21-CC-K1|--failed|15", "class|close|QN21-CC-K1|--failed|15|--failed|16",
	       "class|close|QN21-CC-K1|--keep-open|--failed|15",
	       "class|close|QN21-CC-K1|--keep-open|--failed|15|--failed|16")},
	{"completion", false, LINES("completion|bash", "completion|zsh")},
	{"manual", false, LINES("man")},
};

static const struct {
	const char *name, *text;
} files[] = {
	{"client.ini", "[server]\nendpoint = tcp://127.0.0.1:1\nkey = kkkk\n[client]\nkey_file = client.key\n"
		       "state_directory = state\n"},
	{"people.csv",
	 "\xEF\xBB\xBFSTT;Họ và tên;Ngày sinh;;Số CCCD;Đơn vị\r\n;;Nam;Nữ;;\r\n"
	 "1;Nguyễn Văn Ân;20/3/1975;;051075000123;HU-TN\r\n2;Ðinh Thị  Dung;;1982;;Huyện ủy Tư Nghĩa\r\n"
	 "3;Lê Văn Em;31/02/1980;;;HU-TN\r\n4;Nguyeãn Vaên Phaùt;1/1/1980;;;HU-TN\r\n"
	 "5;Tr\xE2n;1/1/1980;;;HU-TN\r\n6;Võ Thị Giang;;1985;51185000555;HU-TN\r\n7;=SUM(A1);1/1/1990;;;Đơn vị lạ\r\n"},
	{"nominations.csv",
	 "order,full name,date of birth,unit,programme\n1,Nguyễn Văn Ân,20/3/1975,HU-TN,\n"
	 "2,Trần Thị Ánh,1980,HU-TN,QN21-CC\n3,Đỗ Văn An,11/1978,HU-TN,E-84\n4,,,HU-TN,\n5,Lê,1990,HU-TN,,,x\n"},
	{"empty.csv", ""},
	{"no-heading.csv", "1,2,3\n4,5,6\n"},
	{"unknown.csv", "họ tên,ngày sinnh,đơn vị,xyzzy\nA,1980,HU-TN,1\n"},
	{"missing.csv", "Họ tên,CCCD\nA,051075000123\n"},
};

static void write_files(void)
{
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		FILE *file = fopen(files[i].name, "wb");
		assert_non_null(file);
		fputs(files[i].text, file);
		assert_int_equal(fclose(file), 0);
	}
}

/* Runs a line and appends what it says to `out`. */
static void run_line(FILE *out, const char *line, const char *language, const char *form)
{
	char copy[512];
	char *words[WORDS_MAX] = {WORD("matricula"), WORD("--config"), WORD("client.ini")};
	int count = 3;
	char *shown = NULL;
	char *complaints = NULL;
	size_t size;

	snprintf(copy, sizeof copy, "%s", line);
	if (strncmp(line, "--lang", 6) != 0) {
		words[count++] = WORD("--lang");
		words[count++] = WORD(language);
	}
	if (form) {
		words[count++] = WORD("--output");
		words[count++] = WORD(form);
	}
	char *save = NULL;
	for (char *word = strtok_r(copy, "|", &save); word; word = strtok_r(NULL, "|", &save))
		words[count++] = word;
	struct mtr_streams streams = {.in = stdin, .out = open_memstream(&shown, &size)};
	streams.err = open_memstream(&complaints, &size);
	assert_true(count < (int)WORDS_MAX && streams.out && streams.err);
	int result = mtr_cli_run(&streams, count, words);
	fclose(streams.out);
	fclose(streams.err);
	fprintf(out, "$ %s --lang %s%s%s\n%s", line, language, form ? " --output " : "", form ? form : "", shown);
	fprintf(out, "%s%s= %d\n\n", *complaints ? "! " : "", complaints, result);
	free(shown);
	free(complaints);
}

static char *run_golden(const struct golden *golden)
{
	static const char *const languages[] = {"en", "vi"};
	static const char *const forms[] = {"table", "csv", "json"};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	for (size_t i = 0; golden->lines[i]; i++) {
		for (size_t l = 0; l < 2; l++) {
			for (size_t f = 0; f < (golden->forms ? 3 : 1); f++)
				run_line(out, golden->lines[i], languages[l], golden->forms ? forms[f] : NULL);
		}
	}
	fclose(out);
	return text;
}

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL;
	size_t size = 0;

	if (!file)
		return NULL;
	FILE *out = open_memstream(&text, &size);
	for (int c = fgetc(file); c != EOF; c = fgetc(file))
		fputc(c, out);
	fclose(out);
	fclose(file);
	return text;
}

/* Compares with the expected file, or writes it anew when asked to. */
static void compare(const char *name, const char *text)
{
	char path[512];

	snprintf(path, sizeof path, MTR_GOLDEN_DIRECTORY "/%s.txt", name);
	if (getenv("MTR_GOLDEN_UPDATE")) {
		FILE *file = fopen(path, "wb");
		assert_non_null(file);
		fputs(text, file);
		assert_int_equal(fclose(file), 0);
		return;
	}
	char *expected = read_file(path);
	if (!expected)
		fail_msg("%s is missing; run golden-update", path);
	size_t line = 1;
	for (size_t i = 0; expected[i] || text[i]; i++) {
		if (expected[i] != text[i])
			fail_msg("%s differs in line %zu: expected “%.120s”, got “%.120s”", path, line, expected + i,
				 text + i);
		line += text[i] == '\n';
	}
	free(expected);
}

static void test_goldens(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof goldens / sizeof *goldens; i++) {
		char *text = run_golden(&goldens[i]);
		compare(goldens[i].name, text);
		free(text);
	}
}

/* Every error code of the register, as a clerk reads it. */
static void test_errors(void **state)
{
	char *text = NULL;
	size_t size;
	size_t count;
	const struct mtr_error_info *table = mtr_error_table(&count);
	FILE *out = open_memstream(&text, &size);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		char line[64];
		snprintf(line, sizeof line, "propose|E-%d|--name|A", (int)table[i].code);
		run_line(out, line, "en", NULL);
		run_line(out, line, "vi", NULL);
	}
	fclose(out);
	compare("errors", text);
	free(text);
}

static void mark(const char *name)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	fclose(file);
}

/* Without a link a change is queued and a question fails; an import queues every row. */
static void test_no_link(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	mark("no-link");
	run_line(out, "propose|QN21-CC|--citizen-number|051075000123", "vi", NULL);
	run_line(out, "propose|QN21-CC|--csv|nominations.csv", "en", "table");
	run_line(out, "propose|QN21-CC|--csv|nominations.csv", "vi", "json");
	run_line(out, "unit|list", "en", "json");
	run_line(out, "unit|put|AB|--name|A", "en", NULL);
	unlink("no-link");
	fclose(out);
	compare("no-link", text);
	free(text);
}

/* That no backup is known concerns who can see to one, and no clerk. */
static void test_full_outbox(void **state)
{
	static const char line[] = "quota|allocate|QN21-CC|HU-TN|1";
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	mark("full-outbox");
	run_line(out, line, "en", NULL);
	mark("organiser");
	run_line(out, line, "en", NULL);
	run_line(out, line, "vi", NULL);
	unlink("full-outbox");
	unlink("organiser");
	fclose(out);
	compare("full-outbox", text);
	free(text);
}

static int in_directory(void **state)
{
	static char directory[] = "/tmp/matricula-golden-XXXXXX";

	*state = mkdtemp(directory);
	setenv("LC_ALL", "C", 1);
	unsetenv("LANGUAGE");
	if (!*state || chdir(directory))
		return -1;
	write_files();
	return 0;
}

static int leave_directory(void **state)
{
	static const char *const made[] = {"people", "nominations"};
	char path[64];

	for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
		for (unsigned n = 1; n < 32; n++) {
			snprintf(path, sizeof path, n == 1 ? "%s.failed.csv" : "%s.failed-%u.csv", made[i], n);
			unlink(path);
		}
	}
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		unlink(files[i].name);
	rmdir("state");
	return chdir("/") || rmdir(*state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goldens),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_no_link),
		cmocka_unit_test(test_full_outbox),
	};

	return cmocka_run_group_tests(tests, in_directory, leave_directory);
}
