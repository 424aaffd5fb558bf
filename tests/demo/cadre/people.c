#include "cadre.h"

#include <stdlib.h>
#include <string.h>

static const char *const degrees[] = {"", "secondary-vocational", "college", "bachelor", "master", "doctor"};

/* Whether the units of an establishment line are of this kind. Communes: in six of ten one person is both secretary
 * and chair. */
static bool line_covers(const struct cadre *cadre, const char *units, size_t n)
{
	const struct unit *unit = &cadre->units[n];
	bool commune = strcmp(unit->kind, "commune") == 0;
	bool one_head = n % 5 < 3;
	if (strcmp(units, "commune-one-head") == 0)
		return commune && one_head;
	if (strcmp(units, "commune-two-heads") == 0)
		return commune && !one_head;
	if (strcmp(units, "district-people") == 0)
		return strncmp(unit->code, "UB-", 3) == 0;
	return strcmp(units, unit->code) == 0 || strcmp(units, unit->kind) == 0;
}

static const char *ethnicity_of(const struct cadre *cadre, struct random *random, int unit)
{
	int desk = cadre->units[unit].desk;
	const char *at = desk == NONE ? "" : cadre->units[desk].code;
	if (has_word("HU-TB;HU-TT", at) && random_chance(random, 22))
		return "Khmer";
	if (has_word("HU-TC;HU-AP;HU-CP;HU-CT", at) && random_chance(random, 4))
		return "Chăm";
	return random_chance(random, 2) ? "Hoa" : "Kinh";
}

/* 12 digits: place of birth registration, century and sex, year, and six that nobody else has: the running number
 * spread over all six-digit numbers by a factor without common divisor. */
static void make_citizen_number(struct random *random, struct person *person, size_t running)
{
	static const uint32_t elsewhere[] = {87, 91, 92, 95, 80, 96, 79};
	uint32_t place = random_chance(random, 92) ? 89 : elsewhere[random_below(random, 7)];
	uint32_t year = person->birth / 10000;
	uint32_t century = 2 * (year / 100 - 19) + person->woman;
	uint32_t serial = (uint32_t)((running * 387461 + 104729) % 1000000);
	snprintf(person->citizen_number, sizeof person->citizen_number, "%03u%u%02u%06u", place % 1000, century % 10,
		 year % 100, serial);
}

static void make_birth(const struct cadre *cadre, struct random *random, struct person *person, bool young)
{
	uint32_t age = young ? random_between(random, 24, 39) : random_between(random, 40, person->woman ? 54 : 58);
	uint32_t year = cadre->year - age;
	person->birth = year * 10000 + random_between(random, 1, 12) * 100 + random_between(random, 1, 28);
	uint32_t served = age - random_between(random, 21, age < 28 ? 22 : 27);
	person->service_since = (cadre->year - served) * 10000 + random_between(random, 1, 6) * 100 + 1;
	if (random_chance(random, 2))
		person->birth = year * 10000;
}

static void make_party(const struct cadre *cadre, struct random *random, struct person *person, uint32_t rank)
{
	uint32_t full = rank >= 7 ? 100 : rank >= 3 ? 97 : rank == 2 ? 82 : 60;
	uint32_t dice = random_below(random, 100);
	person->party = dice < full ? 2 : dice < full + (100 - full) / 2 ? 1 : 0;
	uint32_t served = cadre->year - person->service_since / 10000;
	if (person->party == 2)
		person->party_since = (cadre->year - served * random_between(random, 2, 9) / 10) * 10000 + 203;
	else if (person->party == 1)
		person->party_since = (cadre->year - 1) * 10000 + 1119;
	if (person->party_since && person->party_since > cadre->day)
		person->party_since = cadre->day;
}

static void attain(struct person *person, enum scheme scheme, uint32_t number)
{
	if (person->attained.count < STANDARDS_MAX)
		person->attained.items[person->attained.count++] = (struct standard){scheme, number};
}

/* What a holder of the title has of what it demands; the plan of training is for the rest. */
static void make_attained(struct random *random, struct person *person, const struct title *title)
{
	for (size_t n = 0; n < title->demands.count; n++) {
		struct standard wanted = title->demands.items[n];
		bool cumulative = wanted.scheme == THEORY || wanted.scheme == STATE_MANAGEMENT;
		if (random_chance(random, cumulative ? 34 : 18))
			attain(person, wanted.scheme, wanted.number);
		else if (wanted.scheme == THEORY && wanted.number == 3)
			attain(person, THEORY, random_chance(random, 97) ? 2 : 1);
		else if (wanted.scheme == STATE_MANAGEMENT && wanted.number == 3 && random_chance(random, 85))
			attain(person, STATE_MANAGEMENT, 2);
	}
	if (!covers(&person->attained, (struct standard){STATE_MANAGEMENT, 2}) && title->rank >= 7 &&
	    random_chance(random, 60))
		attain(person, STATE_MANAGEMENT, 2);
}

/* A planned title of the line's list, for the present term, the next one, or one that has ended. */
static void make_planned(const struct cadre *cadre, struct random *random, struct person *person, const char *titles)
{
	char code[64];
	uint32_t term = cadre->year - cadre->year % 5;
	for (size_t n = 0; n < PLANNED_MAX && word_at(titles, n, code, sizeof code); n++) {
		if (!random_chance(random, n == 0 ? 42 : 18))
			continue;
		uint32_t dice = random_below(random, 100);
		uint32_t from = dice < 78 ? term : dice < 88 ? term + 5 : term - 5;
		person->planned[person->planned_count++] =
			(struct planned){.title = title_index(cadre, code), .term_from = from, .term_to = from + 5};
	}
}

static void make_record(const struct cadre *cadre, struct random *random, struct person *person, uint32_t rank)
{
	static const char *const grades[] = {"good", "good", "good",      "good",      "good",
					     "good", "good", "excellent", "excellent", "completed"};
	person->discipline_until = random_chance(random, 1) ? date_plus(cadre->day, 200) : 0;
	for (size_t n = 0; n < 2; n++)
		person->ratings[n] =
			random_below(random, 200) == 0 ? "not-completed" : grades[random_below(random, 10)];
	person->documents = random_chance(random, 98);
	person->equivalence =
		rank >= 7 && !covers(&person->attained, (struct standard){THEORY, 3}) && random_chance(random, 36);
}

static void make_person(struct cadre *cadre, struct random *random, size_t line, int unit)
{
	const struct table *lines = cadre->establishment;
	if (cadre->people_count == PEOPLE_MAX)
		die("more than %d people", PEOPLE_MAX);
	struct person *person = &cadre->people[cadre->people_count];
	int title = title_index(cadre, table_cell(lines, line, "title"));
	uint32_t rank = cadre->titles[title].rank;
	person->unit = unit;
	person->woman = random_chance(random, table_number(lines, line, "women"));
	person->ethnicity = ethnicity_of(cadre, random, unit);
	make_name(cadre, random, person);
	make_birth(cadre, random, person, random_chance(random, table_number(lines, line, "young")));
	if (random_chance(random, 98))
		make_citizen_number(random, person, cadre->people_count);
	make_party(cadre, random, person, rank);
	make_attained(random, person, &cadre->titles[title]);
	uint32_t degree = table_number(lines, line, "degree");
	if (degree < 5 && random_chance(random, 12))
		degree++;
	else if (degree > 1 && random_chance(random, 6))
		degree--;
	person->degree = degrees[degree];
	person->category = table_cell(lines, line, "category");
	person->held[0].title = title;
	person->held[0].unit = unit;
	person->held[0].since = date_plus(cadre->day, -(int)random_between(random, 100, 1500));
	person->held_count = 1;
	make_planned(cadre, random, person, table_cell(lines, line, "planned"));
	make_record(cadre, random, person, rank);
	cadre->people_count++;
}

/* The youth and women's leaders of every other district also sit on the board of the provincial organisation: two
 * units may put them forward. */
static void give_second_titles(struct cadre *cadre)
{
	int of_district = title_index(cadre, "CT-DTH"), of_province = title_index(cadre, "TB-DT");
	int youth = unit_index(cadre, "TDOAN"), last = NONE;
	for (size_t n = 0; n < cadre->people_count; n++) {
		struct person *person = &cadre->people[n];
		if (person->held[0].title != of_district || person->unit == last)
			continue;
		last = person->unit;
		person->held[person->held_count].title = of_province;
		person->held[person->held_count].unit = youth;
		person->held[person->held_count++].since = person->held[0].since;
	}
}

void make_people(struct cadre *cadre)
{
	for (size_t unit = 0; unit < cadre->unit_count; unit++) {
		struct random random = random_for(cadre->seed, unit);
		for (size_t line = 0; line < table_rows(cadre->establishment); line++) {
			if (!line_covers(cadre, table_cell(cadre->establishment, line, "units"), unit))
				continue;
			uint32_t holders = table_number(cadre->establishment, line, "holders");
			for (uint32_t n = 0; n < holders; n++)
				make_person(cadre, &random, line, (int)unit);
		}
	}
	give_second_titles(cadre);
}
