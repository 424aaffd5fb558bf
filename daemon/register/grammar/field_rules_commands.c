#include "register/grammar/field_macros.h"
#include "register/grammar/fields.h"

static const struct mtr_field_rule put_unit[] = {
	[1] = REQUIRED(CODE), [2] = REQUIRED(NAME), [3] = REQUIRED(ENUM), [4] = REQUIRED(ENUM),
	[5] = REQUIRED(ENUM), [6] = OPTIONAL(CODE), [7] = OPTIONAL(CODE),
};

static const struct mtr_field_rule dissolve_unit[] = {
	[1] = REQUIRED(CODE),
	[2] = REQUIRED(CODE),
};

static const struct mtr_field_rule put_principal[] = {
	[1] = REQUIRED(KEY),
	[2] = REQUIRED(NAME),
	[3] = REQUIRED(ENUM),
	[4] = OPTIONAL(CODE),
};

static const struct mtr_field_rule revoke_principal[] = {
	[1] = REQUIRED(KEY),
	[2] = REQUIRED(TEXT),
};

static const struct mtr_field_rule put_title[] = {
	[1] = REQUIRED(CODE),
	[2] = REQUIRED(NAME),
	[3] = REQUIRED(ENUM),
	[4] = NUMBERS(1, 99),
	[5] = MESSAGES(mtr_standard_rules, MTR_STANDARDS_MAX),
	[6] = OPTIONAL(CODE),
};

static const struct mtr_field_rule put_person[] = {
	[1] = MESSAGE(mtr_person_rules),
	[2] = REQUIRED(CODE),
	[3] = MESSAGES(mtr_held_title_rules, MTR_TITLES_MAX),
	[4] = MESSAGES(mtr_planned_title_rules, MTR_TITLES_MAX),
};

static const struct mtr_field_rule put_plan[] = {
	[1] = MESSAGE(mtr_plan_rules),
};

static const struct mtr_field_rule put_programme[] = {
	[1] = MESSAGE(mtr_programme_rules),
	[2] = REQUIRED(CODE),
	[3] = REQUIRED_LIST_OF(CODE, MTR_UNITS_MAX),
	[4] = LIST_OF(CODE, MTR_UNITS_MAX),
	[5] = OPTIONAL(CODE),
	[6] = MESSAGES(mtr_put_condition_rules, MTR_CONDITIONS_MAX),
};

static const struct mtr_field_rule register_demand[] = {
	[1] = REQUIRED(CODE),
	[2] = REQUIRED(CODE),
	[3] = NUMBERS_OR_NONE(1, MTR_SEATS_MAX),
};

static const struct mtr_field_rule allocate[] = {
	[1] = REQUIRED(CODE),
	[2] = REQUIRED(CODE),
	[3] = NUMBERS(1, MTR_SEATS_MAX),
	[4] = OPTIONAL(NUMBER),
};

static const struct mtr_field_rule transfer[] = {
	[1] = REQUIRED(CODE),   [2] = REQUIRED(CODE), [3] = REQUIRED(CODE), [4] = NUMBERS(1, MTR_SEATS_MAX),
	[5] = OPTIONAL(NUMBER),
};

static const struct mtr_field_rule return_seats[] = {
	[1] = REQUIRED(CODE),
	[2] = REQUIRED(CODE),
	[3] = NUMBERS(1, MTR_SEATS_MAX),
	[4] = OPTIONAL(TEXT),
};

static const struct mtr_field_rule put_letter[] = {
	[2] = REQUIRED(CODE), [3] = REQUIRED(CODE), [4] = OPTIONAL(NUMBER), [5] = OPTIONAL(DAY), [6] = OPTIONAL(NAME),
};

static const struct mtr_field_rule propose[] = {
	[1] = REQUIRED(CODE),
	[2] = OPTIONAL(CODE),
	[3] = MESSAGE(mtr_person_reference_rules),
};

static const struct mtr_field_rule withdraw[] = {
	[2] = OPTIONAL(TEXT),
};

static const struct mtr_field_rule substitute[] = {
	[2] = MESSAGE(mtr_person_reference_rules),
	[3] = REQUIRED(TEXT),
};

static const struct mtr_field_rule settle_late[] = {
	[3] = OPTIONAL(TEXT),
	[4] = OPTIONAL(NUMBER),
};

static const struct mtr_field_rule vet[] = {
	[3] = OPTIONAL(TEXT),
};

static const struct mtr_field_rule freeze[] = {
	[1] = REQUIRED(CODE),
	[2] = REQUIRED(CODE),
	[3] = OPTIONAL(NUMBER),
};

static const struct mtr_field_rule decide[] = {
	[1] = REQUIRED(CODE),
	[2] = REQUIRED(NUMBER),
	[3] = REQUIRED(DAY),
	[4] = REQUIRED(NAME),
	[6] = LIST_OF(ANY, MTR_ITEMS_MAX),
	[7] = LIST_OF(ANY, MTR_ITEMS_MAX),
	[8] = OPTIONAL(TEXT),
};

static const struct mtr_field_rule forward[] = {
	[2] = REQUIRED(ENUM),
	[3] = OPTIONAL(TEXT),
	[4] = OPTIONAL(NUMBER),
};

static const struct mtr_field_rule open_class[] = {
	[1] = REQUIRED(CODE),    [2] = REQUIRED(CODE),    [3] = OPTIONAL(NAME),
	[4] = REQUIRED(CODE),    [5] = OPTIONAL(CODE),    [6] = OPTIONAL(NAME),
	[7] = REQUIRED(DAY),     [8] = OPTIONAL(DAY),     [9] = NUMBERS(1, MTR_CAPACITY_MAX),
	[11] = REQUIRED(NUMBER), [12] = OPTIONAL(NUMBER),
};

static const struct mtr_field_rule summon[] = {
	[1] = REQUIRED(CODE),
	[2] = OPTIONAL(NUMBER),
	[3] = OPTIONAL(DAY),
	[4] = OPTIONAL(DAY),
	[5] = REQUIRED_LIST_OF(ANY, MTR_ITEMS_MAX),
};

static const struct mtr_field_rule attendance[] = {
	[2] = REQUIRED(ENUM),
	[3] = OPTIONAL(TEXT),
};
static const struct mtr_message_rules attendance_rules = {&mtr__attendance__descriptor, attendance, COUNT(attendance),
							  NULL};

static const struct mtr_field_rule enrol[] = {
	[1] = REQUIRED(CODE),
	[2] = REQUIRED_MESSAGES(attendance_rules, MTR_ITEMS_MAX),
};

static const struct mtr_field_rule result[] = {
	[2] = REQUIRED(ENUM),
	[3] = OPTIONAL(NUMBER),
	[4] = OPTIONAL(TEXT),
};
static const struct mtr_message_rules result_rules = {&mtr__result__descriptor, result, COUNT(result), NULL};

static const struct mtr_field_rule close_class[] = {
	[1] = REQUIRED(CODE),
	[2] = MESSAGES(result_rules, MTR_ITEMS_MAX),
};

static const struct mtr_field_rule redact[] = {
	[1] = NUMBERS(1, UINT32_MAX),
	[2] = REQUIRED(TEXT),
	[3] = REQUIRED(NUMBER),
};

static const struct mtr_field_rule close_outbox[] = {
	[1] = REQUIRED(OUTBOX),
	[2] = NUMBERS(1, INT64_MAX / 2),
	[3] = NUMBERS(1, INT64_MAX / 2),
};

static const struct mtr_field_rule end_reconciliation[] = {
	[1] = REQUIRED(TEXT),
};

#define FIRST MTR__COMMAND__BODY_PUT_UNIT
#define BODY(TAG, name, check)                                                                                         \
	[MTR__COMMAND__BODY_##TAG - FIRST] = {&mtr__##name##__descriptor, name, COUNT(name), check}

static const struct mtr_message_rules bodies[] = {
	BODY(PUT_UNIT, put_unit, NULL),
	BODY(DISSOLVE_UNIT, dissolve_unit, NULL),
	BODY(PUT_PRINCIPAL, put_principal, NULL),
	BODY(REVOKE_PRINCIPAL, revoke_principal, NULL),
	BODY(PUT_TITLE, put_title, NULL),
	BODY(PUT_PERSON, put_person, NULL),
	BODY(PUT_PLAN, put_plan, NULL),
	BODY(PUT_PROGRAMME, put_programme, mtr_check_put_programme),
	BODY(REGISTER_DEMAND, register_demand, NULL),
	BODY(ALLOCATE, allocate, NULL),
	BODY(TRANSFER, transfer, NULL),
	BODY(RETURN_SEATS, return_seats, NULL),
	BODY(PUT_LETTER, put_letter, NULL),
	BODY(PROPOSE, propose, NULL),
	BODY(WITHDRAW, withdraw, NULL),
	BODY(SUBSTITUTE, substitute, NULL),
	BODY(SETTLE_LATE, settle_late, NULL),
	BODY(VET, vet, NULL),
	BODY(FREEZE, freeze, NULL),
	BODY(DECIDE, decide, mtr_check_decide),
	BODY(FORWARD, forward, NULL),
	BODY(OPEN_CLASS, open_class, mtr_check_open_class),
	BODY(SUMMON, summon, mtr_check_summon),
	BODY(ENROL, enrol, mtr_check_enrol),
	BODY(CLOSE_CLASS, close_class, mtr_check_close_class),
	BODY(REDACT, redact, NULL),
	BODY(CLOSE_OUTBOX, close_outbox, mtr_check_close_outbox),
	BODY(END_RECONCILIATION, end_reconciliation, NULL),
};

const struct mtr_message_rules *mtr_body_rules(uint32_t tag)
{
	if (tag < FIRST || tag - FIRST >= COUNT(bodies))
		return NULL;
	return &bodies[tag - FIRST];
}
