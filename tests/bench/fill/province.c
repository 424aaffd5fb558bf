#include "fill/fill.h"

#include <stdio.h>

#define PLAN "KH-1"
#define BOARD "BTC"
#define SCHOOL "TCT"
#define TITLES 4u
#define WHOLE_PROGRAMME 100000 /* MTR_SEATS_MAX */

static void put_unit(struct pipe *pipe, const char *code, const char *name, Mtr__UnitKind kind)
{
	Mtr__PutUnit put = MTR__PUT_UNIT__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;
	bool commune = kind == MTR__UNIT_KIND__UNIT_KIND_COMMUNE, root = code[0] == WORLD_ROOT[0] && code[1] == 'I';

	put.code = text(code);
	put.name = text(name);
	put.kind = kind;
	put.level = commune ? MTR__LEVEL__LEVEL_COMMUNE : MTR__LEVEL__LEVEL_PROVINCE;
	put.bloc = MTR__BLOC__BLOC_PARTY;
	put.parent_code = text(root ? "" : WORLD_ROOT);
	put.manages_people = root;
	put.acts_for_parent = code[0] == 'B';
	command.body_case = MTR__COMMAND__BODY_PUT_UNIT;
	command.put_unit = &put;
	pipe_put(pipe, FILL_OPERATOR, &command);
}

static void put_units(struct pipe *pipe)
{
	char code[WORLD_CODE], name[64];

	put_unit(pipe, WORLD_ROOT, "Tỉnh ủy", MTR__UNIT_KIND__UNIT_KIND_PARTY_BOARD);
	put_unit(pipe, BOARD, "Ban Tổ chức Tỉnh ủy", MTR__UNIT_KIND__UNIT_KIND_PARTY_BOARD);
	put_unit(pipe, SCHOOL, "Trường Chính trị tỉnh", MTR__UNIT_KIND__UNIT_KIND_PARTY_BOARD);
	for (uint32_t unit = 1; unit <= WORLD_UNITS; unit++) {
		world_unit_code(unit, code);
		snprintf(name, sizeof name, "Đảng ủy xã số %u", (unsigned)unit);
		put_unit(pipe, code, name, MTR__UNIT_KIND__UNIT_KIND_COMMUNE);
	}
}

static void put_principal(struct pipe *pipe, uint32_t key, Mtr__Role role, const char *unit)
{
	Mtr__PutPrincipal put = MTR__PUT_PRINCIPAL__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;
	struct mtr_key_pair pair;

	world_key_pair(key, &pair);
	put.public_key = (ProtobufCBinaryData){MTR_KEY_BYTES, pair.public_key};
	put.name = text("Bàn làm việc");
	put.role = role;
	put.unit_code = text(unit);
	command.body_case = MTR__COMMAND__BODY_PUT_PRINCIPAL;
	command.put_principal = &put;
	pipe_put(pipe, FILL_OPERATOR, &command);
}

static void put_principals(struct pipe *pipe)
{
	put_principal(pipe, WORLD_KEY_ORGANISER, MTR__ROLE__ROLE_ORGANISER, BOARD);
	put_principal(pipe, WORLD_KEY_APPROVER, MTR__ROLE__ROLE_APPROVER, WORLD_ROOT);
	put_principal(pipe, WORLD_KEY_SCHOOL, MTR__ROLE__ROLE_SCHOOL, SCHOOL);
	for (uint32_t i = 0; i < WORLD_DESKS; i++)
		put_principal(pipe, WORLD_KEY_FIRST_DESK + i, MTR__ROLE__ROLE_NOMINATOR, WORLD_ROOT);
}

static void put_title(struct pipe *pipe, uint32_t rank)
{
	Mtr__Standard theory = MTR__STANDARD__INIT, *standards[] = {&theory};
	Mtr__PutTitle put = MTR__PUT_TITLE__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;
	char code[WORLD_CODE];

	theory.scheme = MTR__SCHEME__SCHEME_THEORY;
	theory.number = 2;
	snprintf(code, sizeof code, "CD-%u", (unsigned)rank);
	put.code = code;
	put.name = text("Ủy viên Ban Thường vụ Đảng ủy xã");
	put.level = MTR__LEVEL__LEVEL_COMMUNE;
	put.rank = rank;
	put.standards = standards;
	put.n_standards = rank > 2;
	command.body_case = MTR__COMMAND__BODY_PUT_TITLE;
	command.put_title = &put;
	pipe_put(pipe, FILL_ORGANISER, &command);
}

static void put_plan(struct pipe *pipe)
{
	Mtr__Plan plan = MTR__PLAN__INIT;
	Mtr__PutPlan put = MTR__PUT_PLAN__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;

	plan.code = text(PLAN);
	plan.name = text("Kế hoạch đào tạo, bồi dưỡng");
	plan.year = 2026;
	put.plan = &plan;
	command.body_case = MTR__COMMAND__BODY_PUT_PLAN;
	command.put_plan = &put;
	pipe_put(pipe, FILL_ORGANISER, &command);
}

/* Senior theory, as plans have it: an upper age, party membership, nobody under discipline. */
static void put_programme(struct pipe *pipe, const struct proposal *of, bool ordered_by_age)
{
	char code[WORLD_CODE], *organising[] = {text(BOARD)}, *providers[] = {text(SCHOOL)};
	Mtr__Standard theory = MTR__STANDARD__INIT, *supplies[] = {&theory};
	Mtr__Condition age = MTR__CONDITION__INIT, party = MTR__CONDITION__INIT, discipline = MTR__CONDITION__INIT;
	Mtr__Condition *conditions[] = {&age, &party, &discipline};
	Mtr__TieBreak ties[] = {MTR__TIE_BREAK__TIE_BREAK_OLDER};
	Mtr__Quota quota = MTR__QUOTA__INIT;
	Mtr__Programme programme = MTR__PROGRAMME__INIT;
	Mtr__PutProgramme put = MTR__PUT_PROGRAMME__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;

	theory.scheme = MTR__SCHEME__SCHEME_THEORY;
	theory.number = 2;
	age.kind = MTR__CONDITION_KIND__CONDITION_KIND_AGE;
	age.maximum = 60;
	party.kind = MTR__CONDITION_KIND__CONDITION_KIND_PARTY_MEMBERSHIP;
	party.minimum = MTR__PARTY_MEMBERSHIP__PARTY_MEMBERSHIP_FULL;
	discipline.kind = MTR__CONDITION_KIND__CONDITION_KIND_NO_DISCIPLINE;
	quota.rule = MTR__QUOTA_RULE__QUOTA_RULE_EXPECTED;
	quota.in_force = WHOLE_PROGRAMME;
	world_programme_code(of, code);
	programme.code = code;
	programme.name = text("Bồi dưỡng lý luận chính trị");
	programme.kind = MTR__PROGRAMME_KIND__PROGRAMME_KIND_TRAINING;
	programme.bloc = MTR__BLOC__BLOC_PARTY;
	programme.quota = &quota;
	programme.supplies = supplies;
	programme.n_supplies = 1;
	programme.conditions = conditions;
	programme.n_conditions = 3;
	programme.tie_breaks = ties;
	programme.n_tie_breaks = ordered_by_age;
	put.programme = &programme;
	put.plan_code = text(PLAN);
	put.organising_unit_codes = organising;
	put.n_organising_unit_codes = 1;
	put.provider_unit_codes = providers;
	put.n_provider_unit_codes = 1;
	command.body_case = MTR__COMMAND__BODY_PUT_PROGRAMME;
	command.put_programme = &put;
	pipe_put(pipe, FILL_ORGANISER, &command);
}

static void allocate(struct pipe *pipe, const struct proposal *of, int64_t seats)
{
	char programme[WORLD_CODE], unit[WORLD_CODE];
	Mtr__Allocate body = MTR__ALLOCATE__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;

	world_programme_code(of, programme);
	world_unit_code(of->unit, unit);
	body.programme_code = programme;
	body.unit_code = unit;
	body.seats = seats;
	command.body_case = MTR__COMMAND__BODY_ALLOCATE;
	command.allocate = &body;
	pipe_put(pipe, FILL_ORGANISER, &command);
}

void fill_province(struct pipe *pipe, const struct world *world)
{
	put_units(pipe);
	put_principals(pipe);
	for (uint32_t rank = 1; rank <= TITLES; rank++)
		put_title(pipe, rank);
	put_plan(pipe);
	for (uint32_t number = 0; number < WORLD_HOT_PROGRAMMES && !world->classes; number++) {
		struct proposal hot = {.programme = number};

		put_programme(pipe, &hot, false);
		allocate(pipe, &hot, WHOLE_PROGRAMME);
	}
	for (uint32_t number = 0; number < world->programmes; number++) {
		struct proposal spread = {.programme = number, .unit = 1};

		put_programme(pipe, &spread, !world->classes);
		for (; spread.unit <= WORLD_UNITS; spread.unit++)
			allocate(pipe, &spread, WHOLE_PROGRAMME / WORLD_UNITS);
	}
}
