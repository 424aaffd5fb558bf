#include "matricula/v1/commands.pb-c.h"
#include "matricula/v1/wire.pb-c.h"
#include "program/i18n.h"
#include "words/vocabulary.h"
#include "words/words.h"

struct label {
	int value;
	const char *text;
};

static const struct label bloc_labels[] = {
	{MTR__BLOC__BLOC_PARTY, N_("Party, Front and mass organisations")},
	{MTR__BLOC__BLOC_STATE, N_("State bloc")},
};

static const struct label level_labels[] = {
	{MTR__LEVEL__LEVEL_PROVINCE, N_("province level")},
	{MTR__LEVEL__LEVEL_DISTRICT, N_("district level")},
	{MTR__LEVEL__LEVEL_COMMUNE, N_("commune level")},
};

static const struct label unit_kind_labels[] = {
	{MTR__UNIT_KIND__UNIT_KIND_PROVINCIAL_COMMITTEE, N_("provincial party committee")},
	{MTR__UNIT_KIND__UNIT_KIND_DISTRICT_COMMITTEE, N_("district party committee")},
	{MTR__UNIT_KIND__UNIT_KIND_PARTY_BOARD, N_("party board")},
	{MTR__UNIT_KIND__UNIT_KIND_DEPARTMENT, N_("department")},
	{MTR__UNIT_KIND__UNIT_KIND_MASS_ORGANISATION, N_("Front or mass organisation")},
	{MTR__UNIT_KIND__UNIT_KIND_ATTACHED_COMMITTEE, N_("directly attached party committee")},
	{MTR__UNIT_KIND__UNIT_KIND_COMMUNE, N_("commune")},
	{MTR__UNIT_KIND__UNIT_KIND_SCHOOL, N_("school")},
	{MTR__UNIT_KIND__UNIT_KIND_PEOPLES_COMMITTEE, N_("people's committee")},
	{MTR__UNIT_KIND__UNIT_KIND_ARMED_FORCES, N_("armed forces")},
	{MTR__UNIT_KIND__UNIT_KIND_ENTERPRISE, N_("enterprise")},
};

static const struct label role_labels[] = {
	{MTR__ROLE__ROLE_NOMINATOR, N_("nominator (clerk of a unit)")},
	{MTR__ROLE__ROLE_ORGANISER, N_("organiser")},
	{MTR__ROLE__ROLE_APPROVER, N_("approver (managing body)")},
	{MTR__ROLE__ROLE_SCHOOL, N_("school")},
	{MTR__ROLE__ROLE_AUDITOR, N_("auditor")},
	{MTR__ROLE__ROLE_OPERATOR, N_("operator of the server")},
};

static const struct label sex_labels[] = {
	{MTR__SEX__SEX_MALE, N_("male")},
	{MTR__SEX__SEX_FEMALE, N_("female")},
};

static const struct label party_membership_labels[] = {
	{MTR__PARTY_MEMBERSHIP__PARTY_MEMBERSHIP_PROBATIONARY, N_("probationary party member")},
	{MTR__PARTY_MEMBERSHIP__PARTY_MEMBERSHIP_FULL, N_("full party member")},
};

static const struct label degree_labels[] = {
	{MTR__DEGREE__DEGREE_SECONDARY_VOCATIONAL, N_("secondary vocational")},
	{MTR__DEGREE__DEGREE_COLLEGE, N_("college")},
	{MTR__DEGREE__DEGREE_BACHELOR, N_("bachelor's degree")},
	{MTR__DEGREE__DEGREE_MASTER, N_("master's degree")},
	{MTR__DEGREE__DEGREE_DOCTOR, N_("doctorate")},
};

static const struct label category_labels[] = {
	{MTR__CATEGORY__CATEGORY_OFFICIAL, N_("official (cán bộ)")},
	{MTR__CATEGORY__CATEGORY_CIVIL_SERVANT, N_("civil servant (công chức)")},
	{MTR__CATEGORY__CATEGORY_PUBLIC_EMPLOYEE, N_("public employee (viên chức)")},
	{MTR__CATEGORY__CATEGORY_COMMUNE_WORKER, N_("non-specialised commune worker")},
	{MTR__CATEGORY__CATEGORY_ARMED_FORCES, N_("armed forces")},
	{MTR__CATEGORY__CATEGORY_ENTERPRISE, N_("enterprise")},
};

static const struct label grade_labels[] = {
	{MTR__GRADE__GRADE_NOT_COMPLETED, N_("tasks not completed")},
	{MTR__GRADE__GRADE_COMPLETED, N_("tasks completed")},
	{MTR__GRADE__GRADE_GOOD, N_("tasks completed well")},
	{MTR__GRADE__GRADE_EXCELLENT, N_("tasks completed excellently")},
};

static const struct label programme_kind_labels[] = {
	{MTR__PROGRAMME_KIND__PROGRAMME_KIND_TRAINING, N_("training")},
	{MTR__PROGRAMME_KIND__PROGRAMME_KIND_REFRESHER, N_("in-service course")},
};

static const struct label mode_labels[] = {
	{MTR__MODE__MODE_FULL_TIME, N_("full-time")},
	{MTR__MODE__MODE_PART_TIME, N_("part-time")},
};

static const struct label quota_rule_labels[] = {
	{MTR__QUOTA_RULE__QUOTA_RULE_FIXED, N_("fixed")},
	{MTR__QUOTA_RULE__QUOTA_RULE_EXPECTED, N_("expected, until notified")},
	{MTR__QUOTA_RULE__QUOTA_RULE_RANGE, N_("range")},
	{MTR__QUOTA_RULE__QUOTA_RULE_ABOUT, N_("about")},
	{MTR__QUOTA_RULE__QUOTA_RULE_OPEN, N_("by registered demand")},
};

static const struct label scheme_labels[] = {
	{MTR__SCHEME__SCHEME_THEORY, N_("political theory")},
	{MTR__SCHEME__SCHEME_STATE_MANAGEMENT, N_("state management")},
	{MTR__SCHEME__SCHEME_ENGLISH, N_("English")},
	{MTR__SCHEME__SCHEME_IT, N_("information technology")},
	{MTR__SCHEME__SCHEME_REFRESHER_TIER, N_("knowledge update, tier")},
	{MTR__SCHEME__SCHEME_DEFENCE_TIER, N_("defence and security, tier")},
	{MTR__SCHEME__SCHEME_TITLE_COURSE, N_("course for a title")},
	{MTR__SCHEME__SCHEME_SKILL, N_("professional skill")},
};

static const struct label state_labels[] = {
	{MTR__STATE__STATE_SEATED, N_("within the seats")},
	{MTR__STATE__STATE_WAITING, N_("waiting for a seat")},
	{MTR__STATE__STATE_LATE, N_("late")},
	{MTR__STATE__STATE_WITHDRAWN, N_("withdrawn by the unit")},
	{MTR__STATE__STATE_REPLACED, N_("replaced by another person")},
	{MTR__STATE__STATE_LATE_REFUSED, N_("late, not taken in")},
	{MTR__STATE__STATE_INELIGIBLE, N_("vetted: not eligible")},
	{MTR__STATE__STATE_NOT_APPROVED, N_("not sent by the competent body")},
	{MTR__STATE__STATE_DECIDED, N_("decision issued")},
	{MTR__STATE__STATE_FORWARDED, N_("file sent to the school")},
	{MTR__STATE__STATE_ACCEPTED, N_("accepted by the school")},
	{MTR__STATE__STATE_REJECTED, N_("not accepted by the school")},
	{MTR__STATE__STATE_SUMMONED, N_("summoned")},
	{MTR__STATE__STATE_ENROLLED, N_("enrolled")},
	{MTR__STATE__STATE_COMPLETED, N_("completed")},
	{MTR__STATE__STATE_FAILED, N_("failed")},
	{MTR__STATE__STATE_LEFT, N_("left the course")},
	{MTR__STATE__STATE_DEFERRED, N_("deferred to a later course")},
	{MTR__STATE__STATE_EXCUSED, N_("did not attend, with good reason")},
	{MTR__STATE__STATE_DEFIED, N_("did not comply")},
};

static const struct label cause_labels[] = {
	{MTR__CAUSE__CAUSE_ARRIVAL, N_("as it arrived")},
	{MTR__CAUSE__CAUSE_DISPLACED, N_("moved to waiting by order of priority")},
	{MTR__CAUSE__CAUSE_PROMOTED, N_("moved up from the waiting list")},
	{MTR__CAUSE__CAUSE_LATE_ACCEPTED, N_("late, accepted by the organiser")},
	{MTR__CAUSE__CAUSE_SUBSTITUTED, N_("took the place of another of the unit")},
	{MTR__CAUSE__CAUSE_COMMAND, N_("changed by a command")},
};

static const struct label priority_group_labels[] = {
	{MTR__PRIORITY_GROUP__PRIORITY_GROUP_INCUMBENT, N_("1. holder of a title who lacks its standard")},
	{MTR__PRIORITY_GROUP__PRIORITY_GROUP_SUCCESSOR, N_("2. planned successor")},
	{MTR__PRIORITY_GROUP__PRIORITY_GROUP_RESERVE, N_("3. reserve")},
	{MTR__PRIORITY_GROUP__PRIORITY_GROUP_AUDIENCE, N_("4. of the audience")},
};

static const struct label class_state_labels[] = {
	{MTR__CLASS_STATE__CLASS_STATE_OPEN, N_("open")},
	{MTR__CLASS_STATE__CLASS_STATE_CLOSED, N_("closed")},
};

static const struct label ledger_kind_labels[] = {
	{MTR__LEDGER_KIND__LEDGER_KIND_GRANTED, N_("granted")},
	{MTR__LEDGER_KIND__LEDGER_KIND_TRANSFERRED_OUT, N_("transferred out")},
	{MTR__LEDGER_KIND__LEDGER_KIND_TRANSFERRED_IN, N_("transferred in")},
	{MTR__LEDGER_KIND__LEDGER_KIND_RETURNED, N_("returned")},
	{MTR__LEDGER_KIND__LEDGER_KIND_LAPSED, N_("lapsed")},
};

static const struct label condition_kind_labels[] = {
	{MTR__CONDITION_KIND__CONDITION_KIND_AGE, N_("age")},
	{MTR__CONDITION_KIND__CONDITION_KIND_PARTY_MEMBERSHIP, N_("party membership")},
	{MTR__CONDITION_KIND__CONDITION_KIND_DEGREE, N_("degree")},
	{MTR__CONDITION_KIND__CONDITION_KIND_STANDARD, N_("standard held")},
	{MTR__CONDITION_KIND__CONDITION_KIND_THEORY_EQUIVALENCE, N_("certificate of equivalence to senior theory")},
	{MTR__CONDITION_KIND__CONDITION_KIND_CATEGORY, N_("category of person")},
	{MTR__CONDITION_KIND__CONDITION_KIND_SERVICE_YEARS, N_("years of service")},
	{MTR__CONDITION_KIND__CONDITION_KIND_NO_DISCIPLINE, N_("no discipline in force")},
	{MTR__CONDITION_KIND__CONDITION_KIND_RATING, N_("ratings of the last two years")},
	{MTR__CONDITION_KIND__CONDITION_KIND_DOCUMENTS, N_("complete file")},
	{MTR__CONDITION_KIND__CONDITION_KIND_AUDIENCE, N_("title held or planned")},
	{MTR__CONDITION_KIND__CONDITION_KIND_NOT_TITLE, N_("title that excludes")},
};

static const struct label tie_break_labels[] = {
	{MTR__TIE_BREAK__TIE_BREAK_OLDER, N_("older first")},
	{MTR__TIE_BREAK__TIE_BREAK_LONGER_SERVICE, N_("longer service first")},
	{MTR__TIE_BREAK__TIE_BREAK_PARTY_SENIORITY, N_("longer in the Party first")},
	{MTR__TIE_BREAK__TIE_BREAK_BETTER_RATING, N_("better rating first")},
	{MTR__TIE_BREAK__TIE_BREAK_HIGHER_TITLE, N_("higher title first")},
	{MTR__TIE_BREAK__TIE_BREAK_WOMEN, N_("women first")},
};

static const struct label outlook_labels[] = {
	{MTR__OUTLOOK__OUTLOOK_DISPLACED_BY_BETTER, N_("A better-ranked nomination of the unit takes this seat.")},
	{MTR__OUTLOOK__OUTLOOK_SECURED_BY_FREEZE, N_("The seat is secured when the organiser freezes the list.")},
	{MTR__OUTLOOK__OUTLOOK_PROMOTED_BY_FREE_SEAT,
	 N_("A seat that falls free or is added goes to the first waiting.")},
	{MTR__OUTLOOK__OUTLOOK_ORGANISER_SETTLES_LATE, N_("The organiser accepts or refuses what came late.")},
	{MTR__OUTLOOK__OUTLOOK_LETTER_NUMBER_NEEDED, N_("The letter's number must follow before the list is vetted.")},
	{MTR__OUTLOOK__OUTLOOK_SUPPLEMENTARY_DECISION, N_("It needs a supplementary decision.")},
	{MTR__OUTLOOK__OUTLOOK_DECISION_NEXT, N_("Vetted and secured: the managing body decides next.")},
	{MTR__OUTLOOK__OUTLOOK_FINAL, N_("Nothing in the register changes it any more.")},
};

static const struct label attendance_kind_labels[] = {
	{MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_PRESENT, N_("present")},
	{MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_EXCUSED, N_("absent with leave")},
	{MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_ABSENT, N_("absent without leave")},
};

static const struct label forward_step_labels[] = {
	{MTR__FORWARD_STEP__FORWARD_STEP_SENT, N_("sent")},
	{MTR__FORWARD_STEP__FORWARD_STEP_ACCEPTED, N_("accepted")},
	{MTR__FORWARD_STEP__FORWARD_STEP_REJECTED, N_("rejected")},
};

static const struct label entity_type_labels[] = {
	{MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, N_("unit")},
	{MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL, N_("key")},
	{MTR__ENTITY_TYPE__ENTITY_TYPE_TITLE, N_("title")},
	{MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON, N_("person")},
	{MTR__ENTITY_TYPE__ENTITY_TYPE_PLAN, N_("plan")},
	{MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME, N_("programme")},
	{MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION, N_("allocation")},
	{MTR__ENTITY_TYPE__ENTITY_TYPE_LEDGER_ENTRY, N_("ledger entry")},
	{MTR__ENTITY_TYPE__ENTITY_TYPE_LETTER, N_("letter")},
	{MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION, N_("nomination")},
	{MTR__ENTITY_TYPE__ENTITY_TYPE_DECISION, N_("decision")},
	{MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS, N_("class")},
	{MTR__ENTITY_TYPE__ENTITY_TYPE_SUMMONS, N_("summons")},
	{MTR__ENTITY_TYPE__ENTITY_TYPE_ENROLMENT, N_("enrolment")},
	{MTR__ENTITY_TYPE__ENTITY_TYPE_DIVERGENCE, N_("difference after a restore")},
};

static const struct {
	const ProtobufCEnumDescriptor *words;
	const struct label *labels;
	size_t count;
} vocabularies[] = {
#define VOCABULARY(name, labels)                                                                                       \
	{                                                                                                              \
		&mtr__##name##__descriptor, labels, sizeof labels / sizeof *labels                                     \
	}
	VOCABULARY(bloc, bloc_labels),
	VOCABULARY(level, level_labels),
	VOCABULARY(unit_kind, unit_kind_labels),
	VOCABULARY(role, role_labels),
	VOCABULARY(sex, sex_labels),
	VOCABULARY(party_membership, party_membership_labels),
	VOCABULARY(degree, degree_labels),
	VOCABULARY(category, category_labels),
	VOCABULARY(grade, grade_labels),
	VOCABULARY(programme_kind, programme_kind_labels),
	VOCABULARY(mode, mode_labels),
	VOCABULARY(quota_rule, quota_rule_labels),
	VOCABULARY(scheme, scheme_labels),
	VOCABULARY(state, state_labels),
	VOCABULARY(cause, cause_labels),
	VOCABULARY(priority_group, priority_group_labels),
	VOCABULARY(class_state, class_state_labels),
	VOCABULARY(ledger_kind, ledger_kind_labels),
	VOCABULARY(condition_kind, condition_kind_labels),
	VOCABULARY(tie_break, tie_break_labels),
	VOCABULARY(outlook, outlook_labels),
	VOCABULARY(attendance_kind, attendance_kind_labels),
	VOCABULARY(forward_step, forward_step_labels),
	VOCABULARY(entity_type, entity_type_labels),
#undef VOCABULARY
};

const ProtobufCEnumDescriptor *mtr_words_vocabulary(size_t n)
{
	return n < sizeof vocabularies / sizeof *vocabularies ? vocabularies[n].words : NULL;
}

const char *mtr_words_value(struct mtr_arena *arena, const ProtobufCEnumDescriptor *words, int value)
{
	for (size_t i = 0; i < sizeof vocabularies / sizeof *vocabularies; i++) {
		if (vocabularies[i].words != words)
			continue;
		for (size_t j = 0; j < vocabularies[i].count; j++) {
			if (vocabularies[i].labels[j].value == value)
				return _(vocabularies[i].labels[j].text);
		}
	}
	return mtr_token(arena, words, value);
}
