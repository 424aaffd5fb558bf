/* The list as it really comes (danh sách trích ngang), read for people and for nominations alike. */
#ifndef MTR_CLI_PEOPLE_LIST_H
#define MTR_CLI_PEOPLE_LIST_H

#include "import/import_file.h"

enum mtr_people_field {
	MTR_PEOPLE_ORDER = 1,
	MTR_PEOPLE_NAME,
	MTR_PEOPLE_BIRTH,
	MTR_PEOPLE_BIRTH_MALE, /* the column gives the sex */
	MTR_PEOPLE_BIRTH_FEMALE,
	MTR_PEOPLE_SEX,
	MTR_PEOPLE_CITIZEN_NUMBER,
	MTR_PEOPLE_UNIT,
	MTR_PEOPLE_HELD,
	MTR_PEOPLE_PLANNED,
	MTR_PEOPLE_PARTY,
	MTR_PEOPLE_PARTY_PROBATION,
	MTR_PEOPLE_PARTY_SINCE,
	MTR_PEOPLE_DEGREE,
	MTR_PEOPLE_THEORY,
	MTR_PEOPLE_STATE_MANAGEMENT,
	MTR_PEOPLE_ENGLISH,
	MTR_PEOPLE_IT,
	MTR_PEOPLE_ATTAINED,
	MTR_PEOPLE_CATEGORY,
	MTR_PEOPLE_SERVICE_SINCE,
	MTR_PEOPLE_DISCIPLINE_UNTIL,
	MTR_PEOPLE_RATINGS,
	MTR_PEOPLE_DOCUMENTS,
	MTR_PEOPLE_EQUIVALENCE,
	MTR_PEOPLE_ETHNICITY,
	MTR_PEOPLE_PHONE,
	MTR_PEOPLE_NOTE,
	MTR_PEOPLE_PERSON,
	MTR_PEOPLE_PROGRAMME,
	MTR_PEOPLE_LETTER,
};

extern const struct mtr_heading mtr_people_headings[];

/* Who the row is about. */
struct mtr_identity {
	const char *name;
	uint32_t birth;
	Mtr__Sex sex;
	const char *citizen_number;
	uint32_t person_id;
	const char *unit_code; /* "" when the row names none */
};

/* Reads it and sets the row's label; false after mtr_row_problem. */
bool mtr_people_identity(struct mtr_import *import, struct mtr_import_row *row, struct mtr_identity *ret_identity);

/* The code of a unit by code or name; false after mtr_row_problem, "" for an empty cell. */
bool mtr_row_unit(struct mtr_import *import, struct mtr_import_row *row, int field, const char **ret_code);

#endif
