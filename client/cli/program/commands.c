/* The table of commands. */
#include "contract/limits.h"
#include "matricula/v1/commands.pb-c.h"
#include "program/command.h"
#include "program/handlers.h"
#include "program/i18n.h"

#include <stdint.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define REQUIRED MTR_ARG_REQUIRED
#define REPEATED MTR_ARG_REPEATED
#define UNLESS_FILE MTR_ARG_UNLESS_FILE
#define TEXT MTR_ARG_TEXT
#define NAME MTR_ARG_NAME
#define CODE MTR_ARG_CODE
#define ID MTR_ARG_ID
#define DATE MTR_ARG_DATE
#define FLAG MTR_ARG_FLAG
#define YES_NO MTR_ARG_YES_NO
#define STANDARD MTR_ARG_STANDARD
#define NUMBER(from, to) MTR_ARG_NUMBER, 0, from, to, NULL
#define NUMBER_WITH(flags, from, to) MTR_ARG_NUMBER, flags, from, to, NULL
#define CHOICE(name) MTR_ARG_CHOICE, 0, 0, 0, &mtr__##name##__descriptor
#define CHOICE_WITH(flags, name) MTR_ARG_CHOICE, flags, 0, 0, &mtr__##name##__descriptor
#define PLAIN(type, flags) type, flags, 0, 0, NULL

/* Shown again and again; the names are those of the options. */
#define UNIT_OWN                                                                                                       \
	{                                                                                                              \
		"--unit", "UNIT", N_("the unit; left out: this desk's own"), PLAIN(CODE, 0)                            \
	}
#define UNIT_FILTER                                                                                                    \
	{                                                                                                              \
		"--unit", "UNIT", N_("only of this unit"), PLAIN(CODE, 0)                                              \
	}
#define PROGRAMME_FILTER                                                                                               \
	{                                                                                                              \
		"--programme", "PROGRAMME", N_("only of this programme"), PLAIN(CODE, 0)                               \
	}
#define PLAN_FILTER                                                                                                    \
	{                                                                                                              \
		"--plan", "PLAN", N_("only of this plan"), PLAIN(CODE, 0)                                              \
	}
#define DOCUMENT                                                                                                       \
	{                                                                                                              \
		"--document", "NUMBER", N_("number of the document behind it"), PLAIN(TEXT, 0)                         \
	}
#define REPLACE                                                                                                        \
	{                                                                                                              \
		"--replace", NULL,                                                                                     \
			N_("send exactly what is given here; without it what isn't given stays as it is on record"),   \
			PLAIN(FLAG, 0)                                                                                 \
	}
#define CSV                                                                                                            \
	{                                                                                                              \
		"--csv", "FILE", N_("take the rows of this CSV file"), PLAIN(MTR_ARG_FILE, 0)                          \
	}
#define IGNORE_UNKNOWN                                                                                                 \
	{                                                                                                              \
		"--ignore-unknown", NULL, N_("go on when the file has columns that aren't known"), PLAIN(FLAG, 0)      \
	}
#define PERSON_REFERENCE                                                                                               \
	{"--citizen-number", "DIGITS", N_("the person's citizen number"), PLAIN(TEXT, 0)},                             \
		{"--person", "NUMBER", N_("the person's number in the register"), NUMBER(1, UINT32_MAX)},              \
		{"--name", "NAME", N_("full name"), PLAIN(NAME, 0)},                                                   \
		{"--birth", "DATE", N_("date of birth"), PLAIN(DATE, 0)}, {"--sex", "SEX", N_("sex"), CHOICE(sex)},    \
	{                                                                                                              \
		"--person-unit", "UNIT", N_("the person's unit"), PLAIN(CODE, 0)                                       \
	}

static const struct mtr_argument globals[] = {
	{"--config", "FILE", N_("settings file; otherwise ~/.config/matricula/client.ini"), PLAIN(MTR_ARG_FILE, 0)},
	{"--output", "FORM", N_("table, csv or json"), PLAIN(TEXT, 0)},
	{"--lang", "LANGUAGE", N_("en or vi"), PLAIN(TEXT, 0)},
	{"--color", "WHEN", N_("auto, always or never"), PLAIN(TEXT, 0)},
	{"--quiet", NULL, N_("no remarks; errors are still told"), PLAIN(FLAG, 0)},
	{"--help", NULL, N_("explain the command"), PLAIN(FLAG, 0)},
};
const struct mtr_argument mtr_argument_dry_run = {"--dry-run", NULL, N_("ask what the answer would be; change nothing"),
						  PLAIN(FLAG, 0)};
const struct mtr_argument mtr_argument_offline = {"--offline", NULL,
						  N_("only put it into the outbox; it is sent later"), PLAIN(FLAG, 0)};
const struct mtr_argument mtr_argument_yes = {"--yes", NULL, N_("don't ask first"), PLAIN(FLAG, 0)};
const struct mtr_argument mtr_argument_mirror = {
	"--offline", NULL, N_("answer from this desk's mirror; don't ask the register"), PLAIN(FLAG, 0)};

static const struct mtr_argument help_arguments[] = {
	{"COMMAND", NULL, N_("the command to explain"), PLAIN(MTR_ARG_WORDS, 0)},
};
static const struct mtr_argument completion_arguments[] = {
	{"SHELL", NULL, N_("bash"), PLAIN(TEXT, REQUIRED)},
};
static const struct mtr_argument keygen_arguments[] = {
	{"--file", "FILE", N_("where to; otherwise the key file of the settings"), PLAIN(MTR_ARG_FILE, 0)},
	{"--for-backups", NULL, N_("the key that the server's backups are encrypted for, not a desk's"),
	 PLAIN(FLAG, 0)},
};

static const struct mtr_argument unit_put_arguments[] = {
	{"CODE", NULL, N_("code of the unit"), PLAIN(CODE, REQUIRED)},
	{"--name", "NAME", N_("name"), PLAIN(NAME, 0)},
	{"--kind", "KIND", N_("kind of unit"), CHOICE(unit_kind)},
	{"--level", "LEVEL", N_("level"), CHOICE(level)},
	{"--bloc", "BLOC", N_("bloc"), CHOICE(bloc)},
	{"--parent", "UNIT", N_("the unit above; only the root has none"), PLAIN(CODE, 0)},
	{"--party-parent", "UNIT", N_("the unit above on the Party line, where it differs"), PLAIN(CODE, 0)},
	{"--manages-people", "yes|no", N_("decides on people whose titles no named body manages"), PLAIN(YES_NO, 0)},
	{"--acts-for-parent", "yes|no", N_("an advising organ that acts over its parent's subtree"), PLAIN(YES_NO, 0)},
	REPLACE,
};
static const struct mtr_argument unit_list_arguments[] = {
	{"--parent", "UNIT", N_("only those directly below this unit"), PLAIN(CODE, 0)},
	{"--kind", "KIND", N_("only of this kind"), CHOICE(unit_kind)},
};
static const struct mtr_argument unit_show_arguments[] = {
	{"CODE", NULL, N_("code of the unit"), PLAIN(CODE, REQUIRED)},
};
static const struct mtr_argument unit_dissolve_arguments[] = {
	{"CODE", NULL, N_("code of the unit"), PLAIN(CODE, REQUIRED)},
	{"--successor", "UNIT", N_("the unit that takes over its people, seats and history"), PLAIN(CODE, REQUIRED)},
};

static const struct mtr_argument principal_put_arguments[] = {
	{"KEY", NULL, N_("public key, 40 characters"), PLAIN(MTR_ARG_KEY, REQUIRED)},
	{"--name", "NAME", N_("name of the desk"), PLAIN(NAME, REQUIRED)},
	{"--role", "ROLE", N_("what the desk may do"), CHOICE_WITH(REQUIRED, role)},
	{"--unit", "UNIT", N_("the desk's unit; operators and auditors may do without"), PLAIN(CODE, 0)},
};
static const struct mtr_argument principal_revoke_arguments[] = {
	{"KEY", NULL, N_("public key, 40 characters"), PLAIN(MTR_ARG_KEY, REQUIRED)},
	{"--reason", "TEXT", N_("reason"), PLAIN(TEXT, REQUIRED)},
};

static const struct mtr_argument recovery_end_arguments[] = {
	{"--reason", "TEXT", N_("reason"), PLAIN(TEXT, REQUIRED)},
};

static const struct mtr_argument title_put_arguments[] = {
	{"CODE", NULL, N_("code of the title"), PLAIN(CODE, REQUIRED)},
	{"--name", "NAME", N_("name"), PLAIN(NAME, 0)},
	{"--level", "LEVEL", N_("level"), CHOICE(level)},
	{"--rank", "RANK", N_("1 to 99; higher is more senior"), NUMBER(1, 99)},
	{"--standard", "SCHEME:NUMBER", N_("a standard the title demands, such as theory:3"),
	 PLAIN(STANDARD, REPEATED)},
	{"--managing-unit", "UNIT", N_("the body that manages its holders"), PLAIN(CODE, 0)},
	REPLACE,
};

static const struct mtr_argument plan_put_arguments[] = {
	{"CODE", NULL, N_("code of the plan"), PLAIN(CODE, REQUIRED)},
	{"--name", "NAME", N_("name"), PLAIN(NAME, 0)},
	{"--year", "YEAR", N_("year"), NUMBER(1990, 2199)},
	{"--issuer", "NAME", N_("the body that issued it"), PLAIN(NAME, 0)},
	{"--approver", "NAME", N_("the body that approved it"), PLAIN(NAME, 0)},
	{"--number", "NUMBER", N_("number of the document, such as 103-KH/TU"), PLAIN(TEXT, 0)},
	{"--date", "DATE", N_("date of the document"), PLAIN(DATE, 0)},
	{"--amendment", "NUMBER", N_("a document that amended it"), PLAIN(TEXT, REPEATED)},
	REPLACE,
};

static const struct mtr_argument person_put_arguments[] = {
	CSV,
	IGNORE_UNKNOWN,
	{"--citizen-number", "DIGITS", N_("citizen number, 12 digits"), PLAIN(TEXT, 0)},
	{"--person", "NUMBER", N_("the number of an existing record"), NUMBER(1, UINT32_MAX)},
	{"--name", "NAME", N_("full name"), PLAIN(NAME, 0)},
	{"--birth", "DATE", N_("date of birth; the year alone will do"), PLAIN(DATE, 0)},
	{"--sex", "SEX", N_("sex"), CHOICE(sex)},
	{"--unit", "UNIT", N_("the person's unit; for a file the unit of rows that name none"), PLAIN(CODE, 0)},
	{"--title", "TITLE[@UNIT][,DATE]", N_("a title held, where, and since when"), PLAIN(TEXT, REPEATED)},
	{"--planned", "TITLE,FROM-TO", N_("a title planned for, with the term, such as BT-HUYEN,2020-2025"),
	 PLAIN(TEXT, REPEATED)},
	{"--party", "MEMBERSHIP", N_("party membership"), CHOICE(party_membership)},
	{"--party-since", "DATE", N_("date of full membership, or of admission while probationary"), PLAIN(DATE, 0)},
	{"--degree", "DEGREE", N_("highest degree"), CHOICE(degree)},
	{"--attained", "SCHEME:NUMBER", N_("a standard held, such as theory:2"), PLAIN(STANDARD, REPEATED)},
	{"--category", "CATEGORY", N_("category of person"), CHOICE(category)},
	{"--service-since", "DATE", N_("in service since"), PLAIN(DATE, 0)},
	{"--discipline-until", "DATE", N_("last day of a discipline in force"), PLAIN(DATE, 0)},
	{"--rating", "YEAR:GRADE", N_("a year's rating, such as 2024:good"), PLAIN(TEXT, REPEATED)},
	{"--documents-complete", "yes|no", N_("the file is complete"), PLAIN(YES_NO, 0)},
	{"--theory-equivalence", "yes|no", N_("holds a certificate of equivalence to senior theory"), PLAIN(YES_NO, 0)},
	{"--ethnicity", "NAME", N_("ethnicity"), PLAIN(NAME, 0)},
	{"--phone", "NUMBER", N_("telephone"), PLAIN(TEXT, 0)},
	{"--note", "TEXT", N_("note"), PLAIN(TEXT, 0)},
	REPLACE,
};
static const struct mtr_argument person_list_arguments[] = {
	UNIT_FILTER,
	{"--citizen-number", "DIGITS", N_("only with this citizen number"), PLAIN(TEXT, 0)},
};
static const struct mtr_argument person_show_arguments[] = {
	{"PERSON", NULL, N_("the person's number in the register, or the citizen number"), PLAIN(TEXT, REQUIRED)},
};

static const struct mtr_argument programme_put_arguments[] = {
	{"CODE", NULL, N_("code of the programme"), PLAIN(CODE, UNLESS_FILE)},
	CSV,
	IGNORE_UNKNOWN,
	{"--plan", "PLAN", N_("the plan it belongs to"), PLAIN(CODE, 0)},
	{"--name", "NAME", N_("name"), PLAIN(NAME, 0)},
	{"--kind", "KIND", N_("kind"), CHOICE(programme_kind)},
	{"--completion", "yes|no", N_("a completion programme"), PLAIN(YES_NO, 0)},
	{"--mode", "MODE", N_("mode"), CHOICE(mode)},
	{"--bloc", "BLOC", N_("bloc"), CHOICE(bloc)},
	{"--bloc-inferred", "yes|no", N_("the bloc isn't the document's"), PLAIN(YES_NO, 0)},
	{"--directing", "NAME", N_("the directing body"), PLAIN(NAME, 0)},
	{"--organiser", "UNIT", N_("an organising unit, the leading one first; for a file: of rows that name none"),
	 PLAIN(CODE, REPEATED)},
	{"--provider", "UNIT", N_("a school that may run it; for a file: of rows that name none"),
	 PLAIN(CODE, REPEATED)},
	{"--student-manager", "UNIT", N_("the school that manages the students"), PLAIN(CODE, 0)},
	{"--venue", "PLACE", N_("venue"), PLAIN(NAME, 0)},
	{"--rule", "RULE", N_("how the plan gives the seats"), CHOICE(quota_rule)},
	{"--seats-min", "SEATS", N_("lower end of a range"), NUMBER(0, MTR_SEATS_MAX)},
	{"--seats-target", "SEATS", N_("the figure of the plan"), NUMBER(0, MTR_SEATS_MAX)},
	{"--seats-max", "SEATS", N_("upper end of a range"), NUMBER(0, MTR_SEATS_MAX)},
	{"--in-force", "SEATS", N_("the figure in force, which may be shared out"), NUMBER(0, MTR_SEATS_MAX)},
	{"--all-in-force", NULL, N_("for a file: the plan's figures are in force, expected ones too"), PLAIN(FLAG, 0)},
	{"--skip-unknown-units", NULL, N_("for a file: leave out bodies that aren't registered units"), PLAIN(FLAG, 0)},
	DOCUMENT,
	{"--demand-from", "TIME", N_("demand may be registered from"), PLAIN(MTR_ARG_TIME, 0)},
	{"--demand-until", "TIME", N_("and until"), PLAIN(MTR_ARG_TIME_END, 0)},
	{"--nominate-from", "TIME", N_("nominations may be sent from"), PLAIN(MTR_ARG_TIME, 0)},
	{"--nominate-until", "TIME", N_("and until; what arrives later is held as late"), PLAIN(MTR_ARG_TIME_END, 0)},
	{"--supplies", "SCHEME:NUMBER", N_("a standard the programme gives"), PLAIN(STANDARD, REPEATED)},
	{"--condition", "CONDITION", N_("a condition, such as age:maximum=40,instrument=103-KH/TU"),
	 PLAIN(TEXT, REPEATED)},
	{"--tie-break", "RULE", N_("what orders people of one priority group, first to last"),
	 CHOICE_WITH(REPEATED, tie_break)},
	{"--cost-per-head", "DONG", N_("cost per head in đồng"), PLAIN(MTR_ARG_MONEY, 0)},
	{"--funding", "TEXT", N_("source of funds"), PLAIN(TEXT, 0)},
	{"--classes", "CLASSES", N_("planned number of classes"), NUMBER(0, 10000)},
	{"--needs-acceptance", "yes|no", N_("files go to the school, which accepts or rejects"), PLAIN(YES_NO, 0)},
	{"--note", "TEXT", N_("note"), PLAIN(TEXT, 0)},
	REPLACE,
};
static const struct mtr_argument programme_list_arguments[] = {PLAN_FILTER};
static const struct mtr_argument programme_show_arguments[] = {
	{"CODE", NULL, N_("code of the programme"), PLAIN(CODE, REQUIRED)},
};

static const struct mtr_argument demand_arguments[] = {
	{"PROGRAMME", NULL, N_("code of the programme"), PLAIN(CODE, REQUIRED)},
	{"SEATS", NULL, N_("seats"), NUMBER_WITH(REQUIRED, 0, MTR_SEATS_MAX)},
	UNIT_OWN,
};
static const struct mtr_argument quota_allocate_arguments[] = {
	{"PROGRAMME", NULL, N_("code of the programme"), PLAIN(CODE, UNLESS_FILE)},
	{"UNIT", NULL, N_("the unit that gets the seats"), PLAIN(CODE, UNLESS_FILE)},
	{"SEATS", NULL, N_("seats"), NUMBER_WITH(UNLESS_FILE, 1, MTR_SEATS_MAX)},
	DOCUMENT,
	CSV,
	IGNORE_UNKNOWN,
	{"--programme", "PROGRAMME", N_("for a file: the programme of rows that name none"), PLAIN(CODE, 0)},
};
static const struct mtr_argument quota_transfer_arguments[] = {
	{"PROGRAMME", NULL, N_("code of the programme"), PLAIN(CODE, REQUIRED)},
	{"FROM", NULL, N_("the unit that gives"), PLAIN(CODE, REQUIRED)},
	{"TO", NULL, N_("the unit that receives"), PLAIN(CODE, REQUIRED)},
	{"SEATS", NULL, N_("seats"), NUMBER_WITH(REQUIRED, 1, MTR_SEATS_MAX)},
	DOCUMENT,
};
static const struct mtr_argument quota_return_arguments[] = {
	{"PROGRAMME", NULL, N_("code of the programme"), PLAIN(CODE, REQUIRED)},
	{"SEATS", NULL, N_("seats"), NUMBER_WITH(REQUIRED, 1, MTR_SEATS_MAX)},
	UNIT_OWN,
	{"--reason", "TEXT", N_("reason"), PLAIN(TEXT, 0)},
	{"--lapsed", NULL, N_("the organiser takes them back because a deadline has passed"), PLAIN(FLAG, 0)},
};
static const struct mtr_argument quota_show_arguments[] = {
	PLAN_FILTER,
	PROGRAMME_FILTER,
	UNIT_FILTER,
	{"--by-unit", NULL, N_("a row for every unit"), PLAIN(FLAG, 0)},
};
static const struct mtr_argument quota_ledger_arguments[] = {PROGRAMME_FILTER, UNIT_FILTER};

static const struct mtr_argument letter_put_arguments[] = {
	{"PROGRAMME", NULL, N_("code of the programme"), PLAIN(CODE, REQUIRED)},
	{"--id", "LETTER", N_("complete this letter"), PLAIN(ID, 0)},
	UNIT_OWN,
	{"--number", "NUMBER", N_("number of the letter; it may follow until the vetting"), PLAIN(TEXT, 0)},
	{"--date", "DATE", N_("date of the letter"), PLAIN(DATE, 0)},
	{"--signer", "NAME", N_("who signed it"), PLAIN(NAME, 0)},
};
static const struct mtr_argument letter_list_arguments[] = {PROGRAMME_FILTER, UNIT_FILTER};

static const struct mtr_argument propose_arguments[] = {
	{"PROGRAMME", NULL, N_("code of the programme; for a file: of rows that name none"), PLAIN(CODE, UNLESS_FILE)},
	CSV,
	IGNORE_UNKNOWN,
	PERSON_REFERENCE,
	{"--unit", "UNIT", N_("the nominating unit; left out: this desk's own"), PLAIN(CODE, 0)},
	{"--letter", "LETTER", N_("number of the letter in the register"), PLAIN(ID, 0)},
	{"--order", "ORDER", N_("the unit's own order (STT)"), NUMBER(0, UINT32_MAX)},
};
static const struct mtr_argument withdraw_arguments[] = {
	{"NOMINATION", NULL, N_("number of the nomination"), PLAIN(ID, REQUIRED)},
	{"--reason", "TEXT", N_("reason; required once the list is frozen"), PLAIN(TEXT, 0)},
};
static const struct mtr_argument substitute_arguments[] = {
	{"NOMINATION", NULL, N_("the nomination whose seat is taken"), PLAIN(ID, REQUIRED)},
	PERSON_REFERENCE,
	{"--reason", "TEXT", N_("reason"), PLAIN(TEXT, REQUIRED)},
};
static const struct mtr_argument late_accept_arguments[] = {
	{"NOMINATION", NULL, N_("number of the nomination"), PLAIN(ID, REQUIRED | REPEATED)},
	{"--reason", "TEXT", N_("reason"), PLAIN(TEXT, 0)},
	DOCUMENT,
};
static const struct mtr_argument late_refuse_arguments[] = {
	{"NOMINATION", NULL, N_("number of the nomination"), PLAIN(ID, REQUIRED | REPEATED)},
	{"--reason", "TEXT", N_("reason"), PLAIN(TEXT, REQUIRED)},
	DOCUMENT,
};
static const struct mtr_argument nomination_list_arguments[] = {
	PLAN_FILTER,
	PROGRAMME_FILTER,
	UNIT_FILTER,
	{"--state", "STATE", N_("only in this state"), CHOICE_WITH(REPEATED, state)},
	{"--citizen-number", "DIGITS", N_("only of this person"), PLAIN(TEXT, 0)},
};
static const struct mtr_argument nomination_show_arguments[] = {
	{"NOMINATION", NULL, N_("number of the nomination"), PLAIN(ID, REQUIRED)},
};

static const struct mtr_argument vet_arguments[] = {
	{"NOMINATION", NULL, N_("number of a nomination"), PLAIN(ID, REPEATED)},
	{"--programme", "PROGRAMME", N_("with --all-eligible: of this programme"), PLAIN(CODE, 0)},
	{"--unit", "UNIT", N_("with --all-eligible: only of this unit"), PLAIN(CODE, 0)},
	{"--all-eligible", NULL, N_("vet as eligible all who are seated or waiting and not vetted yet"),
	 PLAIN(FLAG, 0)},
	{"--not-eligible", NULL, N_("vet as not eligible; the seat falls free"), PLAIN(FLAG, 0)},
	{"--reason", "TEXT", N_("reason; required with --not-eligible"), PLAIN(TEXT, 0)},
};
static const struct mtr_argument freeze_arguments[] = {
	{"PROGRAMME", NULL, N_("code of the programme"), PLAIN(CODE, REQUIRED)},
	{"--unit", "UNIT", N_("freeze the list of this unit"), PLAIN(CODE, REPEATED)},
	{"--all-units", NULL, N_("freeze the lists of all units that aren't frozen yet"), PLAIN(FLAG, 0)},
	DOCUMENT,
};
static const struct mtr_argument decide_arguments[] = {
	{"PROGRAMME", NULL, N_("code of the programme"), PLAIN(CODE, REQUIRED)},
	{"NOMINATION", NULL, N_("a nomination that is approved"), PLAIN(ID, REPEATED)},
	{"--all", NULL, N_("approve all who are seated, vetted and managed by this desk's unit"), PLAIN(FLAG, 0)},
	{"--refuse", "NOMINATION", N_("a nomination that is refused"), PLAIN(ID, REPEATED)},
	{"--number", "NUMBER", N_("number of the decision"), PLAIN(TEXT, REQUIRED)},
	{"--date", "DATE", N_("date of the decision"), PLAIN(DATE, REQUIRED)},
	{"--signer", "NAME", N_("who signed it"), PLAIN(NAME, REQUIRED)},
	{"--supplementary", NULL, N_("a supplementary decision, for seats that fell free after the freeze"),
	 PLAIN(FLAG, 0)},
	{"--reason", "TEXT", N_("reason of the refusals"), PLAIN(TEXT, 0)},
};
static const struct mtr_argument forward_arguments[] = {
	{"NOMINATION", NULL, N_("number of a nomination"), PLAIN(ID, REQUIRED | REPEATED)},
	{"--step", "STEP", N_("what happened to the files"), CHOICE_WITH(REQUIRED, forward_step)},
	{"--reason", "TEXT", N_("reason; required with rejected"), PLAIN(TEXT, 0)},
	DOCUMENT,
};

static const struct mtr_argument class_open_arguments[] = {
	{"CODE", NULL, N_("code of the class"), PLAIN(CODE, REQUIRED)},
	{"--programme", "PROGRAMME", N_("code of the programme"), PLAIN(CODE, REQUIRED)},
	{"--name", "NAME", N_("name"), PLAIN(NAME, 0)},
	{"--provider", "UNIT", N_("the school; left out: this desk's own"), PLAIN(CODE, 0)},
	{"--student-manager", "UNIT", N_("the school that manages the students"), PLAIN(CODE, 0)},
	{"--venue", "PLACE", N_("venue"), PLAIN(NAME, 0)},
	{"--opens", "DATE", N_("first day"), PLAIN(DATE, REQUIRED)},
	{"--closes", "DATE", N_("last day, if known"), PLAIN(DATE, 0)},
	{"--capacity", "PEOPLE", N_("how many it takes"), NUMBER_WITH(REQUIRED, 1, 10000)},
	{"--decision", "NUMBER", N_("number of the decision to open it"), PLAIN(TEXT, REQUIRED)},
	{"--approval", "NUMBER", N_("number of the approval; required in the state bloc"), PLAIN(TEXT, 0)},
	{"--out-of-plan", NULL, N_("a class outside the plan"), PLAIN(FLAG, 0)},
};
static const struct mtr_argument summon_arguments[] = {
	{"CLASS", NULL, N_("code of the class"), PLAIN(CODE, REQUIRED)},
	{"NOMINATION", NULL, N_("number of a nomination"), PLAIN(ID, REPEATED)},
	{"--all", NULL, N_("all of the programme who can be summoned, at most 160"), PLAIN(FLAG, 0)},
	{"--number", "NUMBER", N_("number of the summons"), PLAIN(TEXT, REQUIRED)},
	{"--date", "DATE", N_("date of the summons"), PLAIN(DATE, REQUIRED)},
	{"--report-on", "DATE", N_("the day to report"), PLAIN(DATE, REQUIRED)},
};
static const struct mtr_argument class_enrol_arguments[] = {
	{"CLASS", NULL, N_("code of the class"), PLAIN(CODE, REQUIRED)},
	{"NOMINATION", NULL, N_("a nomination whose person is present"), PLAIN(ID, REPEATED)},
	{"--all-present", NULL, N_("all who were summoned and aren't named here are present"), PLAIN(FLAG, 0)},
	{"--excused", "NOMINATION", N_("absent with leave"), PLAIN(ID, REPEATED)},
	{"--absent", "NOMINATION", N_("absent without leave"), PLAIN(ID, REPEATED)},
	{"--reason", "TEXT", N_("reason of those excused"), PLAIN(TEXT, 0)},
};
static const struct mtr_argument class_close_arguments[] = {
	{"CLASS", NULL, N_("code of the class"), PLAIN(CODE, REQUIRED)},
	{"--completed", "NOMINATION[=RESULT]", N_("completed, with band or mark"), PLAIN(TEXT, REPEATED)},
	{"--failed", "NOMINATION[=RESULT]", N_("failed"), PLAIN(TEXT, REPEATED)},
	{"--left", "NOMINATION", N_("left the course"), PLAIN(TEXT, REPEATED)},
	{"--deferred", "NOMINATION", N_("deferred to a later course"), PLAIN(TEXT, REPEATED)},
	{"--all-completed", NULL, N_("all who are enrolled and aren't named here completed"), PLAIN(FLAG, 0)},
	{"--reason", "TEXT", N_("reason of those who left or are deferred"), PLAIN(TEXT, 0)},
	{"--keep-open", NULL, N_("record results only; the class stays open"), PLAIN(FLAG, 0)},
};
static const struct mtr_argument class_list_arguments[] = {PROGRAMME_FILTER, PLAN_FILTER};
static const struct mtr_argument roster_pull_arguments[] = {
	{"CLASS", NULL, N_("code of the class"), PLAIN(CODE, REQUIRED)},
	{"--to", "FILE", N_("where to; otherwise CLASS.csv, or CLASS.json with --output json"), PLAIN(MTR_ARG_FILE, 0)},
};
static const struct mtr_argument roster_show_arguments[] = {
	{"CLASS", NULL, N_("code of the class"), PLAIN(CODE, REQUIRED)},
};

static const struct mtr_argument status_arguments[] = {
	{"NOMINATION", NULL, N_("number of a nomination; left out: how the server is"), PLAIN(ID, 0)},
};
static const struct mtr_argument log_arguments[] = {
	{"--nomination", "NOMINATION", N_("only what concerns this nomination"), PLAIN(ID, 0)},
	{"--person", "PERSON", N_("only what concerns this person"), NUMBER(1, UINT32_MAX)},
	{"--limit", "ENTRIES", N_("how many, newest first; otherwise 50"), NUMBER(1, 1000000)},
};
static const struct mtr_argument audit_checkpoint_arguments[] = {
	{"--to", "FILE", N_("write it to a new file, for auditors"), PLAIN(MTR_ARG_FILE, 0)},
};
static const struct mtr_argument audit_verify_arguments[] = {
	{"PATH", NULL,
	 N_("data directory of the server, or a copy of its journal; a segment file stands for its directory"),
	 PLAIN(MTR_ARG_FILE, REQUIRED | REPEATED)},
	{"--audit-key", "KEY", N_("the key that must have signed; otherwise the one that signed first"),
	 PLAIN(MTR_ARG_KEY, 0)},
	{"--checkpoint", "FILE", N_("what a desk remembers: the file of “audit checkpoint --to”"),
	 PLAIN(MTR_ARG_FILE, 0)},
};
static const struct mtr_argument audit_show_arguments[] = {
	{"PATH", NULL,
	 N_("data directory of a server, or a copy of its journal; a segment file stands for its directory; left "
	    "out: ask the register"),
	 PLAIN(MTR_ARG_FILE, REPEATED)},
	{"--person", "PERSON", N_("only what concerns this person"), NUMBER(1, UINT32_MAX)},
	{"--nomination", "NOMINATION", N_("only what concerns this nomination"), PLAIN(ID, 0)},
	UNIT_FILTER,
	PROGRAMME_FILTER,
	{"--desk", "NUMBER", N_("only by this desk; “principal list” shows the numbers"), NUMBER(1, UINT32_MAX)},
	{"--from", "TIME", N_("not earlier than: dd/mm/yyyy or \"dd/mm/yyyy HH:MM\", time of Vietnam"),
	 PLAIN(MTR_ARG_TIME, 0)},
	{"--until", "TIME", N_("not later than: the same; a day alone counts to its end"), PLAIN(MTR_ARG_TIME_END, 0)},
	{"--limit", "ENTRIES", N_("only the newest, so many; otherwise 50 of the register, all of a journal"),
	 NUMBER(1, 1000000)},
};
static const struct mtr_argument redact_arguments[] = {
	{"PERSON", NULL, N_("the person's number in the register"), NUMBER_WITH(REQUIRED, 1, UINT32_MAX)},
	{"--reason", "TEXT", N_("why"), PLAIN(TEXT, REQUIRED)},
	{"--document", "NUMBER", N_("number of the document behind it"), PLAIN(TEXT, REQUIRED)},
};
static const struct mtr_argument recovery_keygen_arguments[] = {
	{"FILE", NULL, N_("where to"), PLAIN(MTR_ARG_FILE, REQUIRED)},
};
static const struct mtr_argument recovery_sign_arguments[] = {
	{"REQUEST", NULL, N_("the file incarnation.request of the restored register"), PLAIN(MTR_ARG_FILE, REQUIRED)},
	{"--key", "FILE", N_("the recovery key"), PLAIN(MTR_ARG_FILE, REQUIRED)},
};
static const struct mtr_argument recovery_trust_arguments[] = {
	{"KEY", NULL, N_("public key, 40 characters"), PLAIN(MTR_ARG_KEY, REQUIRED)},
};
static const struct mtr_argument sync_arguments[] = {
	{"--watch", NULL, N_("stay, send what is queued, and show changes as they come"), PLAIN(FLAG, 0)},
	{"--status", NULL, N_("show in a line how mirror and outbox are; don't ask the register"), PLAIN(FLAG, 0)},
};
static const struct mtr_argument late_list_arguments[] = {PROGRAMME_FILTER, UNIT_FILTER};
static const struct mtr_argument outbox_list_arguments[] = {
	{"--all", NULL, N_("also what is done, and refusals that were dealt with"), PLAIN(FLAG, 0)},
};
static const struct mtr_argument outbox_show_arguments[] = {
	{"ENTRY", NULL, N_("number of the entry in the outbox"), PLAIN(ID, REQUIRED)},
};
static const struct mtr_argument outbox_dismiss_arguments[] = {
	{"ENTRY", NULL, N_("number of a refused entry in the outbox"), PLAIN(ID, REQUIRED | REPEATED)},
};
static const struct mtr_argument outbox_export_arguments[] = {
	{"FILE", NULL, N_("the bundle to be made"), PLAIN(MTR_ARG_FILE, REQUIRED)},
};
static const struct mtr_argument outbox_import_arguments[] = {
	{"FILE", NULL, N_("the answers that were brought back"), PLAIN(MTR_ARG_FILE, REQUIRED)},
};
static const struct mtr_argument bundle_apply_arguments[] = {
	{"FILE", NULL, N_("the bundle"), PLAIN(MTR_ARG_FILE, REQUIRED)},
	{"--answers", "FILE", N_("where to put the answers, for the desk that made the bundle"),
	 PLAIN(MTR_ARG_FILE, 0)},
};

#define EXAMPLES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define WITH(arguments) arguments, COUNT(arguments)
#define WITHOUT NULL, 0
#define CHANGES MTR_COMMAND_CHANGES
#define CONFIRMS (MTR_COMMAND_CHANGES | MTR_COMMAND_CONFIRMS)
#define OFFLINE MTR_COMMAND_OFFLINE
#define READS MTR_COMMAND_READS

static const struct mtr_command_row commands[] = {
	{"help", N_("Explain the program or a command."), NULL, WITH(help_arguments),
	 EXAMPLES("matricula help quota allocate"), mtr_do_help, OFFLINE},
	{"keygen", N_("Make this desk's key, or the key for backups."),
	 N_("The secret key stays in the file, which only you can read. Give the public key to the operator. The key "
	    "for backups is made on a machine that isn't the server: its public key goes into the server's "
	    "configuration, [backup] public_key, and its file into two safe places."),
	 WITH(keygen_arguments), EXAMPLES("matricula keygen", "matricula keygen --for-backups --file backup.key"),
	 mtr_do_keygen, OFFLINE},
	{"whoami", N_("Show this desk's key and what the server knows it as."), NULL, WITHOUT,
	 EXAMPLES("matricula whoami"), mtr_do_whoami, 0},

	{"unit put", N_("Record a unit or change it."), NULL, WITH(unit_put_arguments),
	 EXAMPLES("matricula unit put TU --name 'Tỉnh ủy' --kind provincial-committee --level province --bloc party",
		  "matricula unit put HU-TN --name 'Huyện ủy Tư Nghĩa' --kind district-committee --level district "
		  "--bloc party --parent TU"),
	 mtr_do_unit_put, CHANGES},
	{"unit list", N_("List units."), NULL, WITH(unit_list_arguments), EXAMPLES("matricula unit list --parent TU"),
	 mtr_do_unit_list, READS},
	{"unit show", N_("Show a unit."), NULL, WITH(unit_show_arguments), EXAMPLES("matricula unit show TU"),
	 mtr_do_unit_show, READS},
	{"unit dissolve", N_("Dissolve a unit in favour of a successor."), NULL, WITH(unit_dissolve_arguments),
	 EXAMPLES("matricula unit dissolve HU-TN --successor TU"), mtr_do_unit_dissolve, CONFIRMS},

	{"principal put", N_("Register a desk's key, or change its name, role or unit."), NULL,
	 WITH(principal_put_arguments),
	 EXAMPLES("matricula principal put 'Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID' --name 'Huyện ủy Tư Nghĩa' "
		  "--role nominator --unit HU-TN"),
	 mtr_do_principal_put, CHANGES},
	{"principal revoke", N_("Revoke a key for good."), NULL, WITH(principal_revoke_arguments),
	 EXAMPLES("matricula principal revoke 'Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID' --reason 'máy bị mất'"),
	 mtr_do_principal_revoke, CONFIRMS},
	{"principal list", N_("List the registered keys."), NULL, WITHOUT, EXAMPLES("matricula principal list"),
	 mtr_do_principal_list, 0},

	{"title put", N_("Record a title or change it."), NULL, WITH(title_put_arguments),
	 EXAMPLES("matricula title put BT-HUYEN --name 'Bí thư huyện ủy' --level district --rank 60 "
		  "--standard theory:3"),
	 mtr_do_title_put, CHANGES},
	{"title list", N_("List titles."), NULL, WITHOUT, EXAMPLES("matricula title list"), mtr_do_title_list, READS},

	{"person put", N_("Record a person or change the record, one by options or many from a file."),
	 N_("A file has a heading line; its columns are recognised by their English or Vietnamese names. Rows that "
	    "fail are written with the reason to FILE.failed.csv (NAME.failed.csv for NAME.csv), which can be "
	    "corrected "
	    "and imported as it is."),
	 WITH(person_put_arguments),
	 EXAMPLES("matricula person put --citizen-number 051075000123 --name 'Nguyễn Văn An' --birth 20/3/1975 "
		  "--sex male --unit HU-TN --title PCT-HUYEN --planned BT-HUYEN,2020-2025",
		  "matricula person put --csv danh-sach.csv --unit HU-TN"),
	 mtr_do_person_put, CHANGES},
	{"person list", N_("List people."), NULL, WITH(person_list_arguments),
	 EXAMPLES("matricula person list --unit HU-TN"), mtr_do_person_list, READS},
	{"person show", N_("Show a person's record."), NULL, WITH(person_show_arguments),
	 EXAMPLES("matricula person show 051075000123"), mtr_do_person_show, READS},

	{"plan put", N_("Record a plan or change it."), NULL, WITH(plan_put_arguments),
	 EXAMPLES("matricula plan put QN21 --name 'Kế hoạch đào tạo, bồi dưỡng năm 2021' --year 2021 --issuer "
		  "'Ban Thường vụ Tỉnh ủy'"),
	 mtr_do_plan_put, CHANGES},
	{"plan list", N_("List plans."), NULL, WITHOUT, EXAMPLES("matricula plan list"), mtr_do_plan_list, READS},

	{"programme put", N_("Record a programme or change it, one by options or many from a file."),
	 N_("A condition is KIND:KEY=VALUE,…. Kinds: age, party-membership, degree, standard, theory-equivalence, "
	    "category, service-years, no-discipline, rating, documents, audience, not-title. Keys: minimum, maximum, "
	    "sex, standard, values (joined by +), minimum-offset, maximum-offset, offset-titles (joined by +), at "
	    "(a date, or decision), from, until, instrument."),
	 WITH(programme_put_arguments),
	 EXAMPLES("matricula programme put QN21-CC --plan QN21 --name 'Cao cấp lý luận chính trị' --kind training "
		  "--mode full-time --bloc party --organiser BTC --provider HV3 --rule fixed --seats-target 56 "
		  "--in-force 56 "
		  "--supplies theory:3 --condition age:maximum=40,instrument=103-KH/TU --nominate-until 31/3/2021",
		  "matricula programme put --csv quang-ngai-2021.csv --plan QN21 --skip-unknown-units"),
	 mtr_do_programme_put, CHANGES},
	{"programme list", N_("List programmes."), NULL, WITH(programme_list_arguments),
	 EXAMPLES("matricula programme list --plan QN21"), mtr_do_programme_list, READS},
	{"programme show", N_("Show a programme with its conditions."), NULL, WITH(programme_show_arguments),
	 EXAMPLES("matricula programme show QN21-CC"), mtr_do_programme_show, READS},

	{"demand", N_("Register how many seats a unit needs."), NULL, WITH(demand_arguments),
	 EXAMPLES("matricula demand QN21-CC 4"), mtr_do_demand, CHANGES},
	{"quota allocate", N_("Grant seats to a unit, or to many from a file."),
	 N_("A file has the columns programme, unit, seats and document."), WITH(quota_allocate_arguments),
	 EXAMPLES("matricula quota allocate QN21-CC HU-TN 4 --document 12-CV/BTC",
		  "matricula quota allocate --csv phan-bo.csv --programme QN21-CC"),
	 mtr_do_quota_allocate, CHANGES},
	{"quota transfer", N_("Move seats nobody holds from one unit to another."), NULL,
	 WITH(quota_transfer_arguments),
	 EXAMPLES("matricula quota transfer QN21-CC HU-TN HU-MD 1 --document 15-CV/BTC"), mtr_do_quota_transfer,
	 CHANGES},
	{"quota return", N_("Give back seats nobody holds."), NULL, WITH(quota_return_arguments),
	 EXAMPLES("matricula quota return QN21-CC 1 --reason 'không có nguồn'"), mtr_do_quota_return, CHANGES},
	{"quota show", N_("Show seats and how they are used."), NULL, WITH(quota_show_arguments),
	 EXAMPLES("matricula quota show --programme QN21-CC --by-unit"), mtr_do_quota_show, READS},
	{"quota ledger", N_("Show the ledger of seats."), NULL, WITH(quota_ledger_arguments),
	 EXAMPLES("matricula quota ledger --programme QN21-CC"), mtr_do_quota_ledger, READS},

	{"letter put", N_("Record a letter, or complete one whose number wasn't known."), NULL,
	 WITH(letter_put_arguments),
	 EXAMPLES("matricula letter put QN21-CC --number 45-CV/HU --date 15/3/2021 --signer 'Trần Văn B'"),
	 mtr_do_letter_put, CHANGES},
	{"letter list", N_("List letters."), NULL, WITH(letter_list_arguments),
	 EXAMPLES("matricula letter list --programme QN21-CC"), mtr_do_letter_list, READS},

	{"propose", N_("Put a person forward, or many from a file."),
	 N_("The person is named by citizen number, by number in the register, or by name, birth and unit. The answer "
	    "is the acknowledgement: seated or waiting, the place in the order, the unit's seats, what would change "
	    "it."),
	 WITH(propose_arguments),
	 EXAMPLES("matricula propose QN21-CC --citizen-number 051075000123 --letter 7 --order 1",
		  "matricula propose QN21-CC --csv danh-sach.csv --letter 7"),
	 mtr_do_propose, CHANGES},
	{"withdraw", N_("Withdraw a nomination."), NULL, WITH(withdraw_arguments),
	 EXAMPLES("matricula withdraw 12 --reason 'chuyển công tác'"), mtr_do_withdraw, CONFIRMS},
	{"substitute", N_("Put another person of the unit in a seat holder's place."), NULL, WITH(substitute_arguments),
	 EXAMPLES("matricula substitute 12 --citizen-number 051180000456 --reason 'ốm dài ngày'"), mtr_do_substitute,
	 CHANGES},
	{"nomination list", N_("List nominations."), NULL, WITH(nomination_list_arguments),
	 EXAMPLES("matricula nomination list --programme QN21-CC --state waiting"), mtr_do_nomination_list, READS},
	{"nomination show", N_("Show where a nomination stands: its acknowledgement as of now."), NULL,
	 WITH(nomination_show_arguments), EXAMPLES("matricula nomination show 12"), mtr_do_nomination_show, READS},

	{"late list", N_("List what came after the deadline and waits for the organiser."), NULL,
	 WITH(late_list_arguments), EXAMPLES("matricula late list --programme QN21-CC"), mtr_do_late_list, READS},
	{"late accept", N_("Take late nominations into the order."), NULL, WITH(late_accept_arguments),
	 EXAMPLES("matricula late accept 31 --document 20-CV/BTC"), mtr_do_late_accept, CHANGES},
	{"late refuse", N_("Refuse late nominations."), NULL, WITH(late_refuse_arguments),
	 EXAMPLES("matricula late refuse 31 --reason 'quá hạn, hết chỉ tiêu'"), mtr_do_late_refuse, CHANGES},
	{"vet", N_("Vet nominations (thẩm định)."), NULL, WITH(vet_arguments),
	 EXAMPLES("matricula vet 12 13", "matricula vet 14 --not-eligible --reason 'thiếu hồ sơ'",
		  "matricula vet --programme QN21-CC --all-eligible"),
	 mtr_do_vet, CHANGES},
	{"freeze", N_("Freeze units' lists for signature; nobody is displaced any more."), NULL, WITH(freeze_arguments),
	 EXAMPLES("matricula freeze QN21-CC --unit HU-TN", "matricula freeze QN21-CC --all-units"), mtr_do_freeze,
	 CONFIRMS},
	{"decide", N_("Record the decision of the managing body."),
	 N_("All or nothing: when one of those named can't be decided on, nobody is."), WITH(decide_arguments),
	 EXAMPLES("matricula decide QN21-CC --all --number 77-QĐ/TU --date 20/4/2021 --signer 'Lê Văn C'",
		  "matricula decide QN21-CC 12 13 --refuse 14 --reason 'đang xem xét kỷ luật' --number 77-QĐ/TU "
		  "--date 20/4/2021 --signer 'Lê Văn C'"),
	 mtr_do_decide, CONFIRMS},
	{"forward", N_("Record that files went to the school, or its answer."), NULL, WITH(forward_arguments),
	 EXAMPLES("matricula forward 12 13 --step sent --document 30-CV/BTC"), mtr_do_forward, CHANGES},

	{"class open", N_("Open a class."), NULL, WITH(class_open_arguments),
	 EXAMPLES("matricula class open QN21-CC-K1 --programme QN21-CC --provider HV3 --opens 5/5/2021 --closes "
		  "30/11/2021 "
		  "--capacity 60 --decision 101-QĐ/HV3"),
	 mtr_do_class_open, CHANGES},
	{"class list", N_("List classes."), NULL, WITH(class_list_arguments),
	 EXAMPLES("matricula class list --programme QN21-CC"), mtr_do_class_list, READS},
	{"class enrol", N_("Record who came on opening day."), NULL, WITH(class_enrol_arguments),
	 EXAMPLES("matricula class enrol QN21-CC-K1 --all-present --excused 13 --reason 'nghỉ thai sản'"),
	 mtr_do_class_enrol, CHANGES},
	{"class close", N_("Record results, and close the class when nobody is left."), NULL,
	 WITH(class_close_arguments),
	 EXAMPLES("matricula class close QN21-CC-K1 --completed 12=giỏi --failed 15 --all-completed"),
	 mtr_do_class_close, CONFIRMS},
	{"summon", N_("Call decided people to a class."), NULL, WITH(summon_arguments),
	 EXAMPLES("matricula summon QN21-CC-K1 --all --number 110-GTT/HV3 --date 25/4/2021 --report-on 5/5/2021"),
	 mtr_do_summon, CHANGES},
	{"roster show", N_("Show a class's roster, in the order of Vietnamese names."), NULL,
	 WITH(roster_show_arguments), EXAMPLES("matricula roster show QN21-CC-K1"), mtr_do_roster_show, READS},
	{"roster pull", N_("Write a class's roster to a file."), NULL, WITH(roster_pull_arguments),
	 EXAMPLES("matricula roster pull QN21-CC-K1 --to lop-k1.csv"), mtr_do_roster_pull, 0},

	{"status", N_("Show how the server is, or where a nomination stands."), NULL, WITH(status_arguments),
	 EXAMPLES("matricula status", "matricula status 12"), mtr_do_status, READS},
	{"log", N_("Show the register's entries, newest first."), NULL, WITH(log_arguments),
	 EXAMPLES("matricula log --nomination 12"), mtr_do_log, 0},
	{"audit checkpoint", N_("Show the signed point of the register's history that this desk remembers."), NULL,
	 WITH(audit_checkpoint_arguments), EXAMPLES("matricula audit checkpoint --to hu-tn.history"),
	 mtr_do_audit_checkpoint, 0},
	{"audit show", N_("Show who did what when, by person, unit, programme, desk or time."),
	 N_("From the register, as far as this desk may see; or from the files of a journal, all of it, oldest first, "
	    "without a server. Numbers only, no names of people."),
	 WITH(audit_show_arguments),
	 EXAMPLES("matricula audit show --unit HU-TN --from 1/3/2021",
		  "matricula audit show /mnt/copy/journal --person 12"),
	 mtr_do_audit_show, 0},
	{"audit verify", N_("Check a server's journal, or a copy of it, without the server."),
	 N_("Every file, entry and link of the chain, the signatures of the checkpoints, and that what was taken out "
	    "was "
	    "redacted. With --checkpoint also that it is the history a desk remembers: whoever changes the past, even "
	    "with the server's keys, can't change that."),
	 WITH(audit_verify_arguments), EXAMPLES("matricula audit verify /mnt/copy/journal --checkpoint hu-tn.history"),
	 mtr_do_audit_verify, OFFLINE},
	{"redact", N_("Take out what the register holds of a person."),
	 N_("Name, citizen number and all particulars go, at once from the lists, and from the journal when the "
	    "server's daemon starts the next time. What others depend on stays: numbers, states, seats. It can't be "
	    "undone, and the person can't be put forward any more."),
	 WITH(redact_arguments),
	 EXAMPLES("matricula redact 12 --reason 'theo yêu cầu của công dân' --document 45-QĐ/TU"), mtr_do_redact,
	 CONFIRMS},
	{"recovery keygen", N_("Make the key that signs when the register is restored from a backup."),
	 N_("On a machine that isn't the server. Desks accept a restored register only with its signature."),
	 WITH(recovery_keygen_arguments), EXAMPLES("matricula recovery keygen recovery.key"), mtr_do_recovery_keygen,
	 OFFLINE},
	{"recovery sign", N_("Sign the statement of a restored register."),
	 N_("The signed statement goes to the output; take it to the server, for “matriculad adopt”."),
	 WITH(recovery_sign_arguments),
	 EXAMPLES("matricula recovery sign incarnation.request --key recovery.key > incarnation.signed"),
	 mtr_do_recovery_sign, OFFLINE},
	{"recovery end", N_("After a restore: don't wait for the desks that are missing."),
	 N_("What the others brought back is decided now, in its former order; what a missing desk brings later is "
	    "decided as it comes."),
	 WITH(recovery_end_arguments), EXAMPLES("matricula recovery end --reason 'máy của huyện Tân Phú đã hỏng'"),
	 mtr_do_recovery_end, CONFIRMS},
	{"recovery trust", N_("Trust the key that signed a restore, as the operator told it by telephone."),
	 N_("Desks note the key by themselves when they meet the register. Only a desk that hadn't met it since the "
	    "key "
	    "was set must be told, letter by letter, by a person it knows. It can't be changed afterwards."),
	 WITH(recovery_trust_arguments),
	 EXAMPLES("matricula recovery trust 'Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID'"), mtr_do_recovery_trust, 0},
	{"recovery differences", N_("List what came out otherwise after a restore, and what was lost in it."), NULL,
	 WITHOUT, EXAMPLES("matricula recovery differences"), mtr_do_recovery_differences, READS},
	{"sync", N_("Bring this desk's mirror up to date, and show what has changed."),
	 N_("The mirror holds all that this desk may read. Commands that only read answer from it when there is no "
	    "link, and say as of when. With --watch it follows the register and sends what is queued until it is "
	    "stopped; a link that breaks is waited for. So it also runs as a service (matricula-sync.service), and "
	    "says how it is with --status."),
	 WITH(sync_arguments), EXAMPLES("matricula sync", "matricula sync --watch", "matricula sync --status"),
	 mtr_do_sync, 0},
	{"outbox list", N_("Show what waits to be sent or answered, and what was refused."), NULL,
	 WITH(outbox_list_arguments), EXAMPLES("matricula outbox list", "matricula outbox list --all"),
	 mtr_do_outbox_list, 0},
	{"outbox show", N_("Show what an entry asked, how it fared, and its answer."), NULL,
	 WITH(outbox_show_arguments), EXAMPLES("matricula outbox show 12"), mtr_do_outbox_show, 0},
	{"outbox dismiss", N_("Note that refused entries have been dealt with; they are no longer listed."), NULL,
	 WITH(outbox_dismiss_arguments), EXAMPLES("matricula outbox dismiss 12 13"), mtr_do_outbox_dismiss, 0},
	{"outbox send", N_("Send what waits, and show each answer."), NULL, WITHOUT, EXAMPLES("matricula outbox send"),
	 mtr_do_outbox_send, 0},
	{"outbox export", N_("Write what waits into a bundle, for a desk with a link to deliver."),
	 N_("Only the server can read the file. The entries stay in the outbox until their answers are back."),
	 WITH(outbox_export_arguments), EXAMPLES("matricula outbox export /media/usb/hu-tn.bundle"),
	 mtr_do_outbox_export, 0},
	{"outbox import", N_("Take up the answers to a bundle."), NULL, WITH(outbox_import_arguments),
	 EXAMPLES("matricula outbox import /media/usb/hu-tn.answers"), mtr_do_outbox_import, 0},
	{"bundle apply", N_("Deliver another desk's bundle over this desk's link."),
	 N_("What is in it stays sealed. Delivering it twice does nothing twice."), WITH(bundle_apply_arguments),
	 EXAMPLES("matricula bundle apply /media/usb/hu-tn.bundle --answers /media/usb/hu-tn.answers"),
	 mtr_do_bundle_apply, 0},
	{"completion", N_("Write the completion script of a shell."), NULL, WITH(completion_arguments),
	 EXAMPLES("matricula completion bash > ~/.local/share/bash-completion/completions/matricula"),
	 mtr_do_completion, OFFLINE},
	{"man", N_("Write the manual page."), NULL, WITHOUT, EXAMPLES("matricula man | man -l -"), mtr_do_man, OFFLINE},
};

const char *const mtr_exit_words[] = {
	"0",   N_("done"),
	"1",   N_("the register refused"),
	"2",   N_("the command line or the settings can't be used"),
	"3",   N_("no link or a busy server: a change waits in the outbox unless told otherwise, a question fails"),
	"4",   N_("this desk's key is missing or refused, or the server isn't the expected one"),
	"5",   N_("something on this machine: files, disk, memory, the outbox"),
	"6",   N_("of several rows or commands some were done and some were not"),
	"7",   N_("client and server don't understand each other"),
	"141", N_("the pipe was closed by what read from it, as by “head”"),
	NULL,
};

const struct mtr_command_row *mtr_commands(size_t *ret_count)
{
	*ret_count = COUNT(commands);
	return commands;
}

const struct mtr_argument *mtr_global_arguments(size_t *ret_count)
{
	*ret_count = COUNT(globals);
	return globals;
}

const struct mtr_argument *mtr_command_argument(const struct mtr_command_row *row, size_t n)
{
	const size_t own = row ? row->argument_count : 0;
	const unsigned flags = row ? row->flags : 0;

	if (n < own)
		return &row->arguments[n];
	n -= own;
	if (flags & MTR_COMMAND_CHANGES && n-- == 0)
		return &mtr_argument_dry_run;
	if (flags & MTR_COMMAND_CHANGES && n-- == 0)
		return &mtr_argument_offline;
	if (flags & MTR_COMMAND_READS && n-- == 0)
		return &mtr_argument_mirror;
	if (flags & MTR_COMMAND_CONFIRMS && n-- == 0)
		return &mtr_argument_yes;
	return n < COUNT(globals) ? &globals[n] : NULL;
}
