/* What the desks send before anybody is put forward. Files of commands hold one command line of the client a line, its
 * words divided by the unit separator, so that no quoting is needed. */
#include "cadre.h"

#include <stdarg.h>
#include <string.h>

#define DOCUMENT "103-KH/TU"

enum { WORD_END = 0x1f, CELL_MAX = 512 };

/* The words of one command up to a NULL. An option whose value is empty is left out with it. */
static void write_command(FILE *file, ...)
{
	va_list words;
	va_start(words, file);
	const char *word = va_arg(words, const char *);
	for (bool first = true; word; word = va_arg(words, const char *)) {
		if (strncmp(word, "--", 2) == 0) {
			const char *value = va_arg(words, const char *);
			if (value && *value)
				fprintf(file, "%c%s%c%s", WORD_END, word, WORD_END, value);
		} else {
			fprintf(file, first ? "%s" : "\x1f%s", word);
		}
		first = false;
	}
	fputc('\n', file);
	va_end(words);
}

/* Every word of a cell as one more option of the command under way. */
static void write_words(FILE *file, const char *option, const char *cell)
{
	char word[64];
	for (size_t n = 0; word_at(cell, n, word, sizeof word); n++)
		fprintf(file, "%c%s%c%s", WORD_END, option, WORD_END, word);
}

static void write_units(const struct cadre *cadre, const char *out)
{
	FILE *file = open_to_write(out, "commands/units");
	for (size_t n = 0; n < cadre->unit_count; n++) {
		const struct table *t = cadre->unit_table;
		write_command(file, "unit", "put", table_cell(t, n, "code"), "--name", table_cell(t, n, "name"),
			      "--kind", table_cell(t, n, "kind"), "--level", table_cell(t, n, "level"), "--bloc",
			      table_cell(t, n, "bloc"), "--parent", table_cell(t, n, "parent"), "--party-parent",
			      table_cell(t, n, "party_parent"), "--manages-people", table_cell(t, n, "manages_people"),
			      "--acts-for-parent", table_cell(t, n, "acts_for_parent"), NULL);
	}
	close_written(file);
}

static void write_titles(const struct cadre *cadre, const char *out)
{
	FILE *file = open_to_write(out, "commands/titles");
	for (size_t n = 0; n < cadre->title_count; n++) {
		const struct table *t = cadre->title_table;
		fprintf(file, "title%cput%c%s", WORD_END, WORD_END, table_cell(t, n, "code"));
		fprintf(file, "%c--name%c%s", WORD_END, WORD_END, table_cell(t, n, "name"));
		write_words(file, "--level", table_cell(t, n, "level"));
		write_words(file, "--rank", table_cell(t, n, "rank"));
		write_words(file, "--standard", table_cell(t, n, "standards"));
		write_words(file, "--managing-unit", table_cell(t, n, "managing"));
		fputc('\n', file);
	}
	close_written(file);
}

/* The plan as published, its figures untouched, in one file for each organiser with what the document leaves open. */
static void write_plan(const struct cadre *cadre, const char *out, const char *organiser)
{
	static const char *const kept[] = {"code",       "name",          "kind",      "type",         "mode",
					   "bloc",       "bloc_inferred", "seats_min", "seats_target", "seats_max",
					   "quota_rule", "classes",       "note"};
	char name[64];
	snprintf(name, sizeof name, "plan/%s.csv", organiser);
	FILE *file = open_to_write(out, name);
	for (size_t c = 0; c < sizeof kept / sizeof *kept; c++)
		write_cell(file, kept[c], ",");
	write_row(file, "organising", "provider", "student_manager", NULL);
	for (size_t p = 0; p < cadre->programme_count; p++) {
		const struct table *invented = cadre->programme_table;
		size_t row = plan_row(cadre, cadre->programmes[p].code);
		char lead[16];
		if (!word_at(cadre->programmes[p].organiser, 0, lead, sizeof lead) || strcmp(lead, organiser) != 0)
			continue;
		for (size_t c = 0; c < sizeof kept / sizeof *kept; c++)
			write_cell(file, table_cell(cadre->plan_table, row, kept[c]), ",");
		write_row(file, table_cell(invented, p, "organising"), table_cell(invented, p, "providers"),
			  table_cell(invented, p, "student_manager"), NULL);
	}
	close_written(file);
}

/* The words of a cell joined by '+', as the client wants several values of a condition. */
static const char *joined(const char *cell, char room[CELL_MAX])
{
	snprintf(room, CELL_MAX, "%s", cell);
	for (char *at = room; (at = strchr(at, ';')); at++)
		*at = '+';
	return room;
}

static void write_conditions(FILE *file, const struct cadre *cadre, size_t p)
{
	const struct table *t = cadre->programme_table;
	const struct programme *programme = &cadre->programmes[p];
	char values[CELL_MAX];
	const char *option = "\x1f--condition\x1f";
	fprintf(file, "%saudience:values=%s,instrument=" DOCUMENT, option, joined(programme->audience, values));
	fprintf(file, "%sno-discipline:instrument=" DOCUMENT, option);
	if (programme->party)
		fprintf(file, "%sparty-membership:minimum=%s,instrument=" DOCUMENT, option, table_cell(t, p, "party"));
	if (programme->bachelor)
		fprintf(file, "%sdegree:minimum=bachelor,instrument=" DOCUMENT, option);
	if (programme->holds_one)
		fprintf(file, "%sstandard:standard=%s,instrument=" DOCUMENT, option, table_cell(t, p, "holds"));
	if (programme->equivalence)
		fprintf(file, "%stheory-equivalence:instrument=" DOCUMENT, option);
	if (programme->age_below) {
		fprintf(file, "%sage:maximum=%u,maximum-offset=-%u,offset-titles=%s,instrument=5763-CV/BTCTW", option,
			programme->age_below - 1, programme->age_offset, joined(programme->offset_titles, values));
	}
}

/* Windows around the demonstration's day, what the programme gives, whom it is for, what orders equals. */
static void write_details(const struct cadre *cadre, const char *out, const char *organiser)
{
	char name[64], from[16], until[16], lead[16];
	snprintf(name, sizeof name, "commands/programmes-%s", organiser);
	FILE *file = open_to_write(out, name);
	for (size_t p = 0; p < cadre->programme_count; p++) {
		const struct programme *programme = &cadre->programmes[p];
		const struct table *t = cadre->programme_table;
		if (!word_at(programme->organiser, 0, lead, sizeof lead) || strcmp(lead, organiser) != 0)
			continue;
		fprintf(file, "programme%cput%c%s", WORD_END, WORD_END, programme->code);
		write_words(file, "--nominate-from", date_text(date_plus(cadre->day, -30), from));
		write_words(file, "--nominate-until",
			    date_text(date_plus(cadre->day, programme->late ? -2 : 30), until));
		write_words(file, "--supplies", table_cell(t, p, "supplies"));
		write_words(file, "--tie-break", table_cell(t, p, "tie_breaks"));
		write_conditions(file, cadre, p);
		fputc('\n', file);
	}
	close_written(file);
}

static void write_shares(const struct cadre *cadre, const char *out, const char *organiser)
{
	char name[64], lead[16], seats[16];
	snprintf(name, sizeof name, "shares/%s.csv", organiser);
	FILE *file = open_to_write(out, name);
	write_row(file, "programme", "unit", "seats", "document", NULL);
	for (size_t p = 0; p < cadre->programme_count; p++) {
		if (!word_at(cadre->programmes[p].organiser, 0, lead, sizeof lead) || strcmp(lead, organiser) != 0)
			continue;
		for (size_t d = 0; d < cadre->unit_count; d++) {
			if (cadre->shares[p][d] == 0)
				continue;
			snprintf(seats, sizeof seats, "%u", cadre->shares[p][d]);
			write_row(file, cadre->programmes[p].code, cadre->units[d].code, seats, DOCUMENT, NULL);
		}
	}
	close_written(file);
}

static void write_letters(const struct cadre *cadre, const char *out, size_t desk)
{
	char name[64], number[64], date[16];
	snprintf(name, sizeof name, "commands/letters-%s", cadre->units[desk].code);
	FILE *file = open_to_write(out, name);
	for (size_t p = 0; p < cadre->programme_count; p++) {
		if (cadre->shares[p][desk] == 0)
			continue;
		snprintf(number, sizeof number, "%zu-CV/%s", 11 + p, cadre->units[desk].code);
		write_command(file, "letter", "put", cadre->programmes[p].code, "--number", number, "--date",
			      date_text(date_plus(cadre->day, -1), date), "--signer", "Trần Văn Thủ Trưởng", NULL);
	}
	close_written(file);
}

static const char *standards_text(const struct standards *standards, char room[CELL_MAX])
{
	size_t at = 0;
	room[0] = '\0';
	for (size_t n = 0; n < standards->count; n++) {
		at += (size_t)snprintf(room + at, CELL_MAX - at, "%s%s:%u", n ? ";" : "",
				       scheme_tokens[standards->items[n].scheme], standards->items[n].number);
	}
	return room;
}

static const char *titles_text(const struct cadre *cadre, const struct person *person, char room[CELL_MAX])
{
	char since[16];
	size_t at = 0;
	for (size_t n = 0; n < person->held_count; n++) {
		at += (size_t)snprintf(
			room + at, CELL_MAX - at, "%s%s@%s,%s", n ? ";" : "", cadre->titles[person->held[n].title].code,
			cadre->units[person->held[n].unit].code, date_text(person->held[n].since, since));
	}
	return room;
}

static const char *planned_text(const struct cadre *cadre, const struct person *person, char room[CELL_MAX])
{
	size_t at = 0;
	room[0] = '\0';
	for (size_t n = 0; n < person->planned_count; n++) {
		const struct planned *planned = &person->planned[n];
		at += (size_t)snprintf(room + at, CELL_MAX - at, "%s%s,%u-%u", n ? ";" : "",
				       cadre->titles[planned->title].code, planned->term_from, planned->term_to);
	}
	return room;
}

static void write_person(FILE *file, const struct cadre *cadre, const struct person *person)
{
	static const char *const membership[] = {"", "probationary", "full"};
	char titles[CELL_MAX], planned[CELL_MAX], attained[CELL_MAX], ratings[CELL_MAX];
	char birth[16], since[16], service_since[16], discipline[16];
	snprintf(ratings, sizeof ratings, "%u:%s;%u:%s", cadre->year - 1, person->ratings[0], cadre->year - 2,
		 person->ratings[1]);
	date_text(person->party_since, since);
	write_row(file, person->citizen_number, person->name, date_text(person->birth, birth),
		  person->woman ? "female" : "male", cadre->units[person->unit].code,
		  titles_text(cadre, person, titles), planned_text(cadre, person, planned), membership[person->party],
		  person->party == 1 ? since : "", person->party == 2 ? since : "", person->degree,
		  standards_text(&person->attained, attained), person->category,
		  date_text(person->service_since, service_since), date_text(person->discipline_until, discipline),
		  ratings, person->documents ? "yes" : "no", person->equivalence ? "yes" : "no", person->ethnicity,
		  NULL);
}

static void write_people(const struct cadre *cadre, const char *out, size_t desk)
{
	char name[64];
	snprintf(name, sizeof name, "people/%s.csv", cadre->units[desk].code);
	FILE *file = open_to_write(out, name);
	write_row(file, "citizen_number", "name", "birth", "sex", "unit", "title", "planned", "party", "party_joined",
		  "party_since", "degree", "attained", "category", "service_since", "discipline_until", "rating",
		  "documents_complete", "theory_equivalence", "ethnicity", NULL);
	for (size_t n = 0; n < cadre->people_count; n++) {
		if (cadre->units[cadre->people[n].unit].desk == (int)desk)
			write_person(file, cadre, &cadre->people[n]);
	}
	close_written(file);
}

/* Citizen numbers of those whose file lacks a paper: what an organiser finds when vetting. */
static void write_incomplete(const struct cadre *cadre, const char *out)
{
	FILE *file = open_to_write(out, "incomplete");
	for (size_t n = 0; n < cadre->people_count; n++) {
		const struct person *person = &cadre->people[n];
		if (!person->documents && *person->citizen_number)
			fprintf(file, "%s\n", person->citizen_number);
	}
	close_written(file);
}

void write_lists(const struct cadre *cadre, const char *out)
{
	write_units(cadre, out);
	write_titles(cadre, out);
	write_incomplete(cadre, out);
	static const char *const organisers[] = {"BTCTU", "SNV"};
	for (size_t n = 0; n < 2; n++) {
		write_plan(cadre, out, organisers[n]);
		write_details(cadre, out, organisers[n]);
		write_shares(cadre, out, organisers[n]);
	}
	FILE *desks = open_to_write(out, "desks");
	for (size_t desk = 0; desk < cadre->unit_count; desk++) {
		if (cadre->units[desk].desk != (int)desk)
			continue;
		fprintf(desks, "%s\n", cadre->units[desk].code);
		write_letters(cadre, out, desk);
		write_people(cadre, out, desk);
	}
	close_written(desks);
}
