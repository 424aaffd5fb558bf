#include "checks.h"

#include "answer.h"

#include <csv.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void tell(struct proof *proof, bool holds, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	printf("  %s ", holds ? "✓" : "WRONG:");
	vprintf(format, arguments);
	putchar('\n');
	va_end(arguments);
	proof->wrong += !holds;
}

static long long sum_of(const json_t *rows, const char *key)
{
	long long sum = 0;
	size_t index;
	const json_t *row;
	json_array_foreach(rows, index, row) sum += answer_number(row, key);
	return sum;
}

/* The row of this programme, or NULL. */
static const json_t *programme_row(const struct proof *proof, const char *code)
{
	size_t index;
	const json_t *row;
	json_array_foreach(proof->programmes, index, row)
	{
		if (strcmp(answer_text(row, "programme"), code) == 0)
			return row;
	}
	return NULL;
}

struct plan_reader {
	struct proof *proof;
	char code[64];
	long long most, lines, seats, differing;
	int column;
	bool header;
};

enum { CODE_COLUMN = 0, SEATS_MAX_COLUMN = 14 };

static void plan_cell(void *cell, size_t size, void *context)
{
	struct plan_reader *reader = context;
	(void)size;
	if (reader->column == CODE_COLUMN)
		snprintf(reader->code, sizeof reader->code, "%s", (const char *)cell);
	if (reader->column == SEATS_MAX_COLUMN)
		reader->most = atoll(cell);
	reader->column++;
}

static void plan_row(int end, void *context)
{
	struct plan_reader *reader = context;
	(void)end;
	reader->column = 0;
	if (reader->header) {
		reader->header = false;
		return;
	}
	const json_t *row = programme_row(reader->proof, reader->code);
	reader->lines++;
	reader->seats += reader->most;
	reader->differing += !row || answer_number(row, "in_force") != reader->most;
}

void check_plan(struct proof *proof, const char *plan)
{
	struct plan_reader reader = {.proof = proof, .header = true};
	struct csv_parser parser;
	char part[16384];
	size_t size;
	FILE *file = fopen(plan, "r");
	if (!file || csv_init(&parser, CSV_APPEND_NULL))
		die("%s can't be read", plan);
	while ((size = fread(part, 1, sizeof part, file)) > 0) {
		if (csv_parse(&parser, part, size, plan_cell, plan_row, &reader) != size)
			die("%s: %s", plan, csv_strerror(csv_error(&parser)));
	}
	csv_fini(&parser, plan_cell, plan_row, &reader);
	csv_free(&parser);
	fclose(file);
	long long programmes = (long long)json_array_size(proof->programmes);
	tell(proof, programmes == reader.lines && programmes == 24, "%lld programmes, as in the document", programmes);
	tell(proof, reader.differing == 0, "the figure in force of each is the document's; together %lld",
	     reader.seats);
	long long seats = sum_of(proof->programmes, "seats");
	tell(proof, seats <= reader.seats && reader.seats == 3456, "%lld seats are shared out, of at most %lld", seats,
	     reader.seats);
}

/* How the seats of an entry count for the unit they stand with. */
static long long signed_seats(const json_t *entry)
{
	const char *kind = answer_text(entry, "kind");
	bool more = strcmp(kind, "granted") == 0 || strcmp(kind, "transferred-in") == 0;
	return more ? answer_number(entry, "seats") : -answer_number(entry, "seats");
}

/* True if the ledger's entries and the parts of a programme both add up to its own figures. */
static bool adds_up(const struct proof *proof, const json_t *programme)
{
	static const char *const keys[] = {"seats",    "held",     "waiting", "late", "decided",
					   "summoned", "enrolled", "granted", "lists"};
	const char *code = answer_text(programme, "programme");
	long long ledger = 0, sums[9] = {0};
	size_t index;
	const json_t *row;
	json_array_foreach(proof->ledger, index, row)
	{
		if (strcmp(answer_text(row, "programme"), code) == 0)
			ledger += signed_seats(row);
	}
	json_array_foreach(proof->parts, index, row)
	{
		for (int n = 0; n < 9 && strcmp(answer_text(row, "programme"), code) == 0; n++)
			sums[n] += answer_number(row, keys[n]);
	}
	for (int n = 0; n < 9; n++) {
		if (sums[n] != answer_number(programme, keys[n]))
			return false;
	}
	return ledger == answer_number(programme, "seats");
}

void check_seats(struct proof *proof)
{
	size_t index;
	const json_t *row;
	long long uneven = 0, over = 0, unshared = 0;
	json_array_foreach(proof->programmes, index, row)
	{
		uneven += !adds_up(proof, row);
		unshared += answer_number(row, "seats") != answer_number(row, "in_force");
	}
	json_array_foreach(proof->parts, index, row) over += answer_number(row, "held") > answer_number(row, "seats");
	tell(proof, uneven == 0, "%zu ledger entries and %zu parts of units add up to the figures of each programme",
	     json_array_size(proof->ledger), json_array_size(proof->parts));
	tell(proof, unshared == 0, "each programme's ledger adds up to its figure in force");
	tell(proof, over == 0, "nowhere more holders than seats: %lld held of %lld", sum_of(proof->programmes, "held"),
	     sum_of(proof->programmes, "seats"));
}

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++) {
		if (strcmp(word, *words) == 0)
			return true;
	}
	return false;
}

static long long count_in(const json_t *rows, const char *key, const char *const *words)
{
	long long count = 0;
	size_t index;
	const json_t *row;
	json_array_foreach(rows, index, row) count += is_one_of(answer_text(row, key), words);
	return count;
}

void check_nominations(struct proof *proof, long long rows_sent)
{
	static const char *const seated[] = {"seated", NULL}, *const waiting[] = {"waiting", NULL},
				 *const late[] = {"late", NULL}, *const failed[] = {"failed", NULL},
				 *const holding[] = {"seated",   "decided",  "forwarded", "accepted",
						     "summoned", "enrolled", "completed", "failed",
						     "left",     "deferred", NULL};
	const json_t *rows = proof->nominations, *arrived = proof->arrived;
	long long held = count_in(rows, "state", holding), queue = count_in(rows, "state", waiting);
	tell(proof, held == sum_of(proof->programmes, "held") && queue == sum_of(proof->programmes, "waiting"),
	     "counted one by one: %lld nominations hold a seat, %lld wait", held, queue);
	long long answered = (long long)json_array_size(proof->answers);
	long long refused = count_in(proof->answers, "outcome", failed);
	long long got = count_in(arrived, "state", seated), wait = count_in(arrived, "state", waiting);
	long long after = count_in(arrived, "state", late);
	tell(proof, answered == rows_sent && got + wait + after + refused == rows_sent,
	     "%lld rows sent = %lld seated + %lld waiting + %lld late + %lld refused", rows_sent, got, wait, after,
	     refused);
	tell(proof, json_array_size(arrived) == json_array_size(rows),
	     "none of the %zu nominations was lost on the way", json_array_size(rows));
}

/* How many are enrolled by this roster; each of them goes into `seen`. */
static long long count_roster(const struct proof *proof, const char *name, json_t *seen)
{
	char path[512];
	snprintf(path, sizeof path, "rosters/%s", name);
	json_t *rows = answer_read(proof->directory, path);
	long long count = 0;
	size_t index;
	const json_t *row;
	json_array_foreach(rows, index, row)
	{
		char key[32];
		if (strcmp(answer_text(row, "state"), "enrolled") != 0)
			continue;
		snprintf(key, sizeof key, "%lld", answer_number(row, "nomination"));
		if (json_object_set_new(seen, key, json_true()))
			die("no memory");
		count++;
	}
	json_decref(rows);
	return count;
}

void check_rosters(struct proof *proof, long long expected)
{
	static const char *const enrolled[] = {"enrolled", NULL};
	char path[4096];
	snprintf(path, sizeof path, "%s/rosters", proof->directory);
	DIR *rosters = opendir(path);
	json_t *seen = json_object();
	long long sum = 0, classes = 0;
	if (!rosters || !seen)
		die("%s can't be read", path);
	for (struct dirent *entry; (entry = readdir(rosters));) {
		if (!strstr(entry->d_name, ".json"))
			continue;
		sum += count_roster(proof, entry->d_name, seen);
		classes++;
	}
	closedir(rosters);
	long long people = (long long)json_object_size(seen);
	json_decref(seen);
	tell(proof,
	     sum == expected && sum == sum_of(proof->programmes, "enrolled") &&
		     sum == count_in(proof->nominations, "state", enrolled),
	     "%lld enrolled = the sum of %lld rosters", sum, classes);
	tell(proof, people == sum, "nobody stands on two of them");
}
