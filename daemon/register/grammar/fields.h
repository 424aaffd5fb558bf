/* The grammar of a command's fields, as data: what each may hold, before anything is looked up. */
#ifndef MTR_REGISTER_FIELDS_H
#define MTR_REGISTER_FIELDS_H

#include "register/decision.h"

enum mtr_field_check {
	MTR_FIELD_ANY, /* booleans, ids, what the register fills in itself */
	MTR_FIELD_CODE,
	MTR_FIELD_NAME,    /* one line, MTR_NAME_MAX */
	MTR_FIELD_NUMBER,  /* of a document: one line, MTR_NUMBER_MAX */
	MTR_FIELD_TEXT,    /* lines, MTR_TEXT_MAX */
	MTR_FIELD_CITIZEN, /* shape only; agreement with sex and birth is the message's rule */
	MTR_FIELD_KEY,     /* MTR_KEY_BYTES bytes */
	MTR_FIELD_OUTBOX,  /* MTR_OUTBOX_BYTES bytes */
	MTR_FIELD_ENUM,    /* a value this version knows */
	MTR_FIELD_DAY,     /* a full date */
	MTR_FIELD_DATE,    /* a date, which may be partial */
	MTR_FIELD_RANGE,   /* a number from minimum to maximum */
	MTR_FIELD_MESSAGE, /* by the rules of its own kind */
};

struct mtr_message_rules;

struct mtr_field_rule {
	enum mtr_field_check check;
	bool required;                         /* not empty, not 0, not unspecified, at least one item */
	int64_t minimum, maximum;              /* of RANGE */
	uint32_t most;                         /* items of a list */
	const struct mtr_message_rules *inner; /* of MESSAGE */
};

/* Where a message stands in the command, for the path of its fields. */
struct mtr_place {
	const struct mtr_place *above; /* NULL for the body */
	const char *name;
	bool in_list;
	size_t index;
};

/* Refuses with the path of `field` below `place`; `fault.field` is filled in. Always false. */
bool mtr_refuse_at(struct mtr_decision *decision, const struct mtr_place *place, const char *field, Mtr__ErrorCode code,
		   struct mtr_fault fault);

/* What concerns several fields of a message; runs after the last of them. `message` is of the rules' kind. */
typedef bool (*mtr_message_check)(struct mtr_decision *decision, const void *message, const struct mtr_place *place);

struct mtr_message_rules {
	const ProtobufCMessageDescriptor *descriptor;
	const struct mtr_field_rule *fields; /* by field number */
	size_t field_count;                  /* highest field number + 1 */
	mtr_message_check check;             /* NULL for none */
};

/* The rules of a command's body; NULL when there is no such command. */
const struct mtr_message_rules *mtr_body_rules(uint32_t tag);

/* Checks a body by its rules, field by field in the order of their numbers. */
bool mtr_check_fields(struct mtr_decision *decision, const ProtobufCMessage *body,
		      const struct mtr_message_rules *rules);

/* Rules of messages inside commands. */
extern const struct mtr_message_rules mtr_standard_rules, mtr_person_rules, mtr_held_title_rules,
	mtr_planned_title_rules, mtr_plan_rules, mtr_programme_rules, mtr_put_condition_rules,
	mtr_person_reference_rules;

/* Checks of single messages (field_checks.c). */
bool mtr_check_person(struct mtr_decision *, const void *, const struct mtr_place *);
bool mtr_check_planned_title(struct mtr_decision *, const void *, const struct mtr_place *);
bool mtr_check_quota(struct mtr_decision *, const void *, const struct mtr_place *);
bool mtr_check_window(struct mtr_decision *, const void *, const struct mtr_place *);
bool mtr_check_condition(struct mtr_decision *, const void *, const struct mtr_place *);
bool mtr_check_put_programme(struct mtr_decision *, const void *, const struct mtr_place *);
bool mtr_check_person_reference(struct mtr_decision *, const void *, const struct mtr_place *);
bool mtr_check_decide(struct mtr_decision *, const void *, const struct mtr_place *);
bool mtr_check_open_class(struct mtr_decision *, const void *, const struct mtr_place *);
bool mtr_check_summon(struct mtr_decision *, const void *, const struct mtr_place *);
bool mtr_check_enrol(struct mtr_decision *, const void *, const struct mtr_place *);
bool mtr_check_close_class(struct mtr_decision *, const void *, const struct mtr_place *);
bool mtr_check_close_outbox(struct mtr_decision *, const void *, const struct mtr_place *);

#endif
