/* The invented cadre: units, titles, programmes and people, and who is put forward by which desk.
 * Everything refers by index into the arrays of struct cadre. */
#ifndef DEMO_CADRE_H
#define DEMO_CADRE_H

#include "random.h"
#include "table.h"

enum {
	UNITS_MAX = 512,
	TITLES_MAX = 128,
	PROGRAMMES_MAX = 64,
	PEOPLE_MAX = 10000,
	NAMES_MAX = 512,
	HELD_MAX = 2,
	PLANNED_MAX = 2,
	STANDARDS_MAX = 8,
	NAME_MAX_BYTES = 128,
	NONE = -1,
};

enum scheme { THEORY, STATE_MANAGEMENT, TITLE_COURSE, REFRESHER_TIER, DEFENCE_TIER, SKILL, SCHEMES };
extern const char *const scheme_tokens[SCHEMES];

struct standard {
	enum scheme scheme;
	uint32_t number;
};

/* As many as a cell "theory:3;skill:1" lists. */
struct standards {
	struct standard items[STANDARDS_MAX];
	size_t count;
};
struct standards standards_parse(const char *cell);
/* True if somebody with these meets `wanted`: theory and state management are cumulative. */
bool covers(const struct standards *attained, struct standard wanted);

struct unit {
	const char *code, *name, *kind, *parent;
	int desk; /* the nominating unit whose clerk puts its people forward; NONE for bodies that nominate nobody */
};

struct title {
	const char *code;
	uint32_t rank;
	struct standards demands;
};

struct planned {
	int title;
	uint32_t term_from, term_to;
};

struct person {
	char name[NAME_MAX_BYTES];
	char citizen_number[13]; /* empty for a few */
	uint32_t birth;          /* yyyymmdd; 0000 for month and day of a few */
	bool woman;
	const char *ethnicity, *category, *degree;
	int unit;
	struct {
		int title, unit;
		uint32_t since;
	} held[HELD_MAX];
	size_t held_count;
	struct planned planned[PLANNED_MAX];
	size_t planned_count;
	uint32_t party; /* 0 none, 1 probationary, 2 full */
	uint32_t party_since, service_since, discipline_until;
	struct standards attained;
	const char *ratings[2]; /* of last year and the year before */
	bool documents, equivalence;
};

struct programme {
	const char *code, *organiser, *audience, *offset_titles;
	struct standard supplies;
	uint32_t seats, party, age_below, age_offset; /* the offset is taken off */
	bool bachelor, equivalence, holds_one;
	bool late;       /* its window closed before the demonstration's day */
	bool still_open; /* the demonstration ends before its lists are frozen */
	struct standard holds;
};

/* One part of names, and how common it is among those of the ethnicity and sex. */
struct name_part {
	const char *part, *ethnicity, *sex, *text;
	uint32_t weight;
};

struct cadre {
	struct table *unit_table, *title_table, *programme_table, *plan_table, *establishment, *name_table;
	struct name_part names[NAMES_MAX];
	size_t name_count;
	struct unit units[UNITS_MAX];
	size_t unit_count;
	struct title titles[TITLES_MAX];
	size_t title_count;
	struct programme programmes[PROGRAMMES_MAX];
	size_t programme_count;
	struct person *people;
	size_t people_count;
	uint32_t shares[PROGRAMMES_MAX][UNITS_MAX]; /* seats by programme and desk */
	uint32_t year, day;                         /* the demonstration's: year, yyyymmdd */
	uint64_t seed;
};

/* Reads the tables of `directory`; plan figures come from `plans`. */
void cadre_load(struct cadre *cadre, const char *directory, const char *plans);
void cadre_free(struct cadre *cadre);
int unit_index(const struct cadre *cadre, const char *code);
int title_index(const struct cadre *cadre, const char *code);
/* The row of the plan with this programme. */
size_t plan_row(const struct cadre *cadre, const char *code);

/* Fills people from the establishment. */
void make_people(struct cadre *cadre);
/* A name for sex and ethnicity, by frequency. */
void make_name(const struct cadre *cadre, struct random *random, struct person *person);

/* In the audience, lacking what the programme supplies. */
bool in_audience(const struct cadre *cadre, const struct programme *programme, const struct person *person);
/* And meeting every condition, with a complete file. */
bool fits(const struct cadre *cadre, const struct programme *programme, const struct person *person);

/* Shares each programme's seats among the desks by how many of their people fit. */
void make_shares(struct cadre *cadre);

/* yyyymmdd moved by days. */
uint32_t date_plus(uint32_t date, int days);
/* dd/mm/yyyy, or yyyy when that is all there is. */
const char *date_text(uint32_t date, char room[16]);

/* What the clients send, as CSV files below `out`. */
void write_lists(const struct cadre *cadre, const char *out);
void write_nominations(const struct cadre *cadre, const char *out);

#endif
