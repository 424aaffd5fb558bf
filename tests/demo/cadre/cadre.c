#include "cadre.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *const scheme_tokens[SCHEMES] = {
	[THEORY] = "theory",
	[STATE_MANAGEMENT] = "state-management",
	[TITLE_COURSE] = "title-course",
	[REFRESHER_TIER] = "refresher-tier",
	[DEFENCE_TIER] = "defence-tier",
	[SKILL] = "skill",
};

struct standards standards_parse(const char *cell)
{
	struct standards standards = {.count = 0};
	char word[64];
	for (size_t n = 0; word_at(cell, n, word, sizeof word); n++) {
		char *colon = strchr(word, ':');
		int scheme = 0;
		if (!colon || standards.count == STANDARDS_MAX)
			die("not a list of standards: %s", cell);
		*colon = '\0';
		while (scheme < SCHEMES && strcmp(scheme_tokens[scheme], word) != 0)
			scheme++;
		if (scheme == SCHEMES)
			die("no such scheme: %s", word);
		standards.items[standards.count++] = (struct standard){
			.scheme = (enum scheme)scheme,
			.number = (uint32_t)strtoul(colon + 1, NULL, 10),
		};
	}
	return standards;
}

bool covers(const struct standards *attained, struct standard wanted)
{
	bool cumulative = wanted.scheme == THEORY || wanted.scheme == STATE_MANAGEMENT;
	for (size_t n = 0; n < attained->count; n++) {
		const struct standard *has = &attained->items[n];
		if (has->scheme != wanted.scheme)
			continue;
		if (has->number == wanted.number || (cumulative && has->number > wanted.number))
			return true;
	}
	return false;
}

int unit_index(const struct cadre *cadre, const char *code)
{
	for (size_t n = 0; n < cadre->unit_count; n++) {
		if (strcmp(cadre->units[n].code, code) == 0)
			return (int)n;
	}
	die("no such unit: %s", code);
}

int title_index(const struct cadre *cadre, const char *code)
{
	for (size_t n = 0; n < cadre->title_count; n++) {
		if (strcmp(cadre->titles[n].code, code) == 0)
			return (int)n;
	}
	die("no such title: %s", code);
}

/* Districts nominate for everything below them; provincial bodies for themselves. */
static int desk_of(const struct cadre *cadre, int unit)
{
	const struct unit *u = &cadre->units[unit];
	if (strcmp(u->code, "TU") == 0 || strcmp(u->code, "UBND") == 0)
		return NONE;
	if (strcmp(u->kind, "school") == 0 && strcmp(u->code, "TCT") != 0)
		return NONE;
	if (strcmp(u->parent, "TU") == 0 || strcmp(u->parent, "UBND") == 0)
		return unit;
	return desk_of(cadre, unit_index(cadre, u->parent));
}

static void load_units(struct cadre *cadre)
{
	const struct table *table = cadre->unit_table;
	if (table_rows(table) > UNITS_MAX)
		die("more than %d units", UNITS_MAX);
	cadre->unit_count = table_rows(table);
	for (size_t n = 0; n < cadre->unit_count; n++) {
		cadre->units[n] = (struct unit){
			.code = table_cell(table, n, "code"),
			.name = table_cell(table, n, "name"),
			.kind = table_cell(table, n, "kind"),
			.parent = table_cell(table, n, "parent"),
		};
	}
	for (size_t n = 0; n < cadre->unit_count; n++)
		cadre->units[n].desk = desk_of(cadre, (int)n);
}

static void load_titles(struct cadre *cadre)
{
	const struct table *table = cadre->title_table;
	if (table_rows(table) > TITLES_MAX)
		die("more than %d titles", TITLES_MAX);
	cadre->title_count = table_rows(table);
	for (size_t n = 0; n < cadre->title_count; n++) {
		cadre->titles[n] = (struct title){
			.code = table_cell(table, n, "code"),
			.rank = table_number(table, n, "rank"),
			.demands = standards_parse(table_cell(table, n, "standards")),
		};
	}
}

size_t plan_row(const struct cadre *cadre, const char *code)
{
	for (size_t n = 0; n < table_rows(cadre->plan_table); n++) {
		if (strcmp(table_cell(cadre->plan_table, n, "code"), code) == 0)
			return n;
	}
	die("the plan has no programme %s", code);
}

static uint32_t party_number(const char *token)
{
	return strcmp(token, "full") == 0 ? 2 : strcmp(token, "probationary") == 0 ? 1 : 0;
}

static void load_programmes(struct cadre *cadre)
{
	const struct table *table = cadre->programme_table;
	if (table_rows(table) > PROGRAMMES_MAX)
		die("more than %d programmes", PROGRAMMES_MAX);
	cadre->programme_count = table_rows(table);
	for (size_t n = 0; n < cadre->programme_count; n++) {
		const char *code = table_cell(table, n, "code");
		struct standards supplies = standards_parse(table_cell(table, n, "supplies"));
		struct standards holds = standards_parse(table_cell(table, n, "holds"));
		if (supplies.count != 1 || holds.count > 1)
			die("%s: one standard is supplied, and at most one asked for", code);
		cadre->programmes[n] = (struct programme){
			.code = code,
			.organiser = table_cell(table, n, "organising"),
			.audience = table_cell(table, n, "audience"),
			.offset_titles = table_cell(table, n, "age_offset_titles"),
			.supplies = supplies.items[0],
			.seats = table_number(cadre->plan_table, plan_row(cadre, code), "seats_max"),
			.party = party_number(table_cell(table, n, "party")),
			.age_below = table_number(table, n, "age_below"),
			.age_offset = table_number(table, n, "age_years_less"),
			.bachelor = *table_cell(table, n, "degree") != '\0',
			.equivalence = *table_cell(table, n, "equivalence") != '\0',
			.holds_one = holds.count == 1,
			.holds = holds.items[0],
			.still_open = strcmp(table_cell(table, n, "stage"), "nominate") == 0,
			.late = strcmp(table_cell(table, n, "window"), "closed") == 0,
		};
	}
}

static void load_names(struct cadre *cadre)
{
	const struct table *table = cadre->name_table;
	if (table_rows(table) > NAMES_MAX)
		die("more than %d parts of names", NAMES_MAX);
	cadre->name_count = table_rows(table);
	for (size_t n = 0; n < cadre->name_count; n++) {
		cadre->names[n] = (struct name_part){
			.part = table_cell(table, n, "part"),
			.ethnicity = table_cell(table, n, "ethnicity"),
			.sex = table_cell(table, n, "sex"),
			.text = table_cell(table, n, "name"),
			.weight = table_number(table, n, "weight"),
		};
	}
}

void cadre_load(struct cadre *cadre, const char *directory, const char *plans)
{
	cadre->unit_table = table_read(directory, "units.csv");
	cadre->title_table = table_read(directory, "titles.csv");
	cadre->programme_table = table_read(directory, "programmes.csv");
	cadre->establishment = table_read(directory, "establishment.csv");
	cadre->name_table = table_read(directory, "names.csv");
	cadre->plan_table = table_read(plans, "an-giang-2020.csv");
	cadre->people = calloc(PEOPLE_MAX, sizeof *cadre->people);
	if (!cadre->people)
		die("no memory");
	load_units(cadre);
	load_titles(cadre);
	load_programmes(cadre);
	load_names(cadre);
}

void cadre_free(struct cadre *cadre)
{
	table_free(&cadre->unit_table);
	table_free(&cadre->title_table);
	table_free(&cadre->programme_table);
	table_free(&cadre->establishment);
	table_free(&cadre->name_table);
	table_free(&cadre->plan_table);
	free(cadre->people);
	cadre->people = NULL;
}

uint32_t date_plus(uint32_t date, int days)
{
	struct tm parts = {
		.tm_year = (int)(date / 10000) - 1900,
		.tm_mon = (int)(date / 100 % 100) - 1,
		.tm_mday = (int)(date % 100) + days,
		.tm_hour = 12,
	};
	time_t at = timegm(&parts);
	if (at == (time_t)-1 || !gmtime_r(&at, &parts))
		die("not a date: %u", date);
	return (uint32_t)((parts.tm_year + 1900) * 10000 + (parts.tm_mon + 1) * 100 + parts.tm_mday);
}

const char *date_text(uint32_t date, char room[16])
{
	if (date == 0)
		room[0] = '\0';
	else if (date % 10000 == 0)
		snprintf(room, 16, "%04u", date / 10000 % 10000);
	else
		snprintf(room, 16, "%02u/%02u/%04u", date % 100, date / 100 % 100, date / 10000 % 10000);
	return room;
}
