#include "contract/date.h"
#include "register/grammar/field_macros.h"
#include "register/grammar/fields.h"

/* Money of one head: a ceiling that keeps sums over a province far from overflow. */
#define COST_MAX INT64_C(1000000000000)

static const struct mtr_field_rule standard[] = {
	[1] = REQUIRED(ENUM),
	[2] = NUMBERS(1, 9999),
};
const struct mtr_message_rules mtr_standard_rules = {&mtr__standard__descriptor, standard, COUNT(standard), NULL};

static const struct mtr_field_rule rating[] = {
	[1] = NUMBERS(MTR_YEAR_MIN, MTR_YEAR_MAX),
	[2] = REQUIRED(ENUM),
};
static const struct mtr_message_rules rating_rules = {&mtr__rating__descriptor, rating, COUNT(rating), NULL};

/* Ids, unit and titles come from elsewhere in the command. */
static const struct mtr_field_rule person[] = {
	[2] = OPTIONAL(CITIZEN), [3] = REQUIRED(NAME),
	[4] = REQUIRED(DATE),    [5] = REQUIRED(ENUM),
	[9] = OPTIONAL(ENUM),    [10] = OPTIONAL(DATE),
	[11] = OPTIONAL(ENUM),   [12] = MESSAGES(mtr_standard_rules, MTR_STANDARDS_MAX),
	[13] = OPTIONAL(ENUM),   [14] = OPTIONAL(DATE),
	[15] = OPTIONAL(DAY),    [16] = MESSAGES(rating_rules, MTR_RATINGS_MAX),
	[19] = OPTIONAL(NAME),   [20] = OPTIONAL(NUMBER),
	[21] = OPTIONAL(TEXT),
};
const struct mtr_message_rules mtr_person_rules = {&mtr__person__descriptor, person, COUNT(person), mtr_check_person};

static const struct mtr_field_rule held_title[] = {
	[1] = REQUIRED(CODE),
	[2] = OPTIONAL(CODE),
	[3] = OPTIONAL(DATE),
};
const struct mtr_message_rules mtr_held_title_rules = {&mtr__put_person__put_held_title__descriptor, held_title,
						       COUNT(held_title), NULL};

static const struct mtr_field_rule planned_title[] = {
	[1] = REQUIRED(CODE),
	[2] = NUMBERS(MTR_YEAR_MIN, MTR_YEAR_MAX),
	[3] = NUMBERS(MTR_YEAR_MIN, MTR_YEAR_MAX),
};
const struct mtr_message_rules mtr_planned_title_rules = {&mtr__put_person__put_planned_title__descriptor,
							  planned_title, COUNT(planned_title), mtr_check_planned_title};

static const struct mtr_field_rule plan[] = {
	[2] = REQUIRED(CODE),
	[3] = REQUIRED(NAME),
	[4] = NUMBERS(MTR_YEAR_MIN, MTR_YEAR_MAX),
	[5] = OPTIONAL(NAME),
	[6] = OPTIONAL(NAME),
	[7] = OPTIONAL(NUMBER),
	[8] = OPTIONAL(DAY),
	[9] = LIST_OF(NUMBER, MTR_AMENDMENTS_MAX),
};
const struct mtr_message_rules mtr_plan_rules = {&mtr__plan__descriptor, plan, COUNT(plan), NULL};

static const struct mtr_field_rule quota[] = {
	[1] = REQUIRED(ENUM),
	[2] = NUMBERS_OR_NONE(1, MTR_SEATS_MAX),
	[3] = NUMBERS_OR_NONE(1, MTR_SEATS_MAX),
	[4] = NUMBERS_OR_NONE(1, MTR_SEATS_MAX),
	[5] = NUMBERS_OR_NONE(1, MTR_SEATS_MAX),
	[6] = OPTIONAL(NUMBER),
};
static const struct mtr_message_rules quota_rules = {&mtr__quota__descriptor, quota, COUNT(quota), mtr_check_quota};

/* Both times are free; only their order counts. */
static const struct mtr_field_rule window[] = {
	[1] = OPTIONAL(ANY),
	[2] = OPTIONAL(ANY),
};
static const struct mtr_message_rules window_rules = {&mtr__window__descriptor, window, COUNT(window),
						      mtr_check_window};

/* The titles of an offset come from elsewhere in the command. */
static const struct mtr_field_rule condition[] = {
	[1] = REQUIRED(ENUM),
	[2] = OPTIONAL(NUMBER),
	[3] = OPTIONAL(DAY),
	[4] = OPTIONAL(DAY),
	[5] = OPTIONAL(ENUM),
	[6] = NUMBERS_OR_NONE(1, 999),
	[7] = NUMBERS_OR_NONE(1, 999),
	[8] = LIST_OF(ANY, MTR_VALUES_MAX),
	[9] = MESSAGE_OR_NONE(mtr_standard_rules),
	[10] = NUMBERS_OR_NONE(-100, 100),
	[11] = NUMBERS_OR_NONE(-100, 100),
	[14] = OPTIONAL(DAY),
};
static const struct mtr_message_rules condition_rules = {&mtr__condition__descriptor, condition, COUNT(condition),
							 mtr_check_condition};

/* Ids come from elsewhere in the command. */
static const struct mtr_field_rule programme[] = {
	[2] = REQUIRED(CODE),
	[4] = REQUIRED(NAME),
	[5] = REQUIRED(ENUM),
	[7] = OPTIONAL(ENUM),
	[8] = REQUIRED(ENUM),
	[10] = OPTIONAL(NAME),
	[14] = OPTIONAL(NAME),
	[15] = MESSAGE(quota_rules),
	[16] = MESSAGE_OR_NONE(window_rules),
	[17] = MESSAGE_OR_NONE(window_rules),
	[18] = MESSAGES(mtr_standard_rules, MTR_STANDARDS_MAX),
	[19] = MESSAGES(condition_rules, MTR_CONDITIONS_MAX),
	[20] = LIST_OF(ENUM, MTR_TIE_BREAKS_MAX),
	[21] = NUMBERS_OR_NONE(1, COST_MAX),
	[22] = OPTIONAL(NAME),
	[23] = NUMBERS_OR_NONE(1, 1000),
	[25] = OPTIONAL(TEXT),
};
const struct mtr_message_rules mtr_programme_rules = {&mtr__programme__descriptor, programme, COUNT(programme), NULL};

static const struct mtr_field_rule put_condition[] = {
	[1] = OPTIONAL(ANY),
	[2] = LIST_OF(CODE, MTR_VALUES_MAX),
	[3] = LIST_OF(CODE, MTR_VALUES_MAX),
};
const struct mtr_message_rules mtr_put_condition_rules = {&mtr__put_programme__put_condition__descriptor, put_condition,
							  COUNT(put_condition), NULL};

static const struct mtr_field_rule person_reference[] = {
	[1] = OPTIONAL(CITIZEN), [2] = OPTIONAL(ANY),  [3] = OPTIONAL(NAME),
	[4] = OPTIONAL(DATE),    [5] = OPTIONAL(ENUM), [6] = OPTIONAL(CODE),
};
const struct mtr_message_rules mtr_person_reference_rules = {&mtr__person_reference__descriptor, person_reference,
							     COUNT(person_reference), mtr_check_person_reference};
