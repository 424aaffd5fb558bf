/* The province at the start: a committee with its organising board and a school, two districts, three communes. */
#include "province.h"
#include "commands.h"
#include "keys.h"
#include "pack.h"
#include "server.h"

#include <stdio.h>
#include <string.h>

#define BYTES 2048u

const char *const province_units[PROVINCE_UNITS] = {"TU", "BTC", "TCT", "H-1", "H-2", "X-1", "X-2", "X-3"};
const char *const province_nominating[PROVINCE_NOMINATING] = {"H-1", "H-2", "X-1", "X-2", "X-3"};
const char *const province_programmes[PROVINCE_PROGRAMMES] = {"TC-A", "BD-B"};

static void decide(struct sim *sim, uint32_t principal, const Mtr__Command *command)
{
	uint8_t bytes[BYTES];

	server_set_up(sim->server, principal, bytes, pack(command, bytes, sizeof bytes));
}

static void put_unit(struct sim *sim, const char *code, const char *parent, const char *party_parent)
{
	Mtr__PutUnit unit = MTR__PUT_UNIT__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;
	bool commune = code[0] == 'X', district = code[0] == 'H';

	unit.code = text(code);
	unit.name = text("Đơn vị");
	unit.kind = commune    ? MTR__UNIT_KIND__UNIT_KIND_COMMUNE
		    : district ? MTR__UNIT_KIND__UNIT_KIND_DISTRICT_COMMITTEE
			       : MTR__UNIT_KIND__UNIT_KIND_PARTY_BOARD;
	unit.level = commune    ? MTR__LEVEL__LEVEL_COMMUNE
		     : district ? MTR__LEVEL__LEVEL_DISTRICT
				: MTR__LEVEL__LEVEL_PROVINCE;
	unit.bloc = MTR__BLOC__BLOC_PARTY;
	unit.parent_code = text(parent);
	unit.party_parent_code = text(party_parent);
	unit.manages_people = !*parent;
	unit.acts_for_parent = code[0] == 'B';
	command.body_case = MTR__COMMAND__BODY_PUT_UNIT;
	command.put_unit = &unit;
	decide(sim, PRINCIPAL_OPERATOR, &command);
}

static void put_principal(struct sim *sim, uint32_t principal, Mtr__Role role, const char *unit)
{
	Mtr__PutPrincipal put = MTR__PUT_PRINCIPAL__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;
	struct mtr_key_pair pair = *key_pair(principal);

	put.public_key = (ProtobufCBinaryData){MTR_KEY_BYTES, pair.public_key};
	put.name = text("Bàn làm việc");
	put.role = role;
	put.unit_code = text(unit);
	command.body_case = MTR__COMMAND__BODY_PUT_PRINCIPAL;
	command.put_principal = &put;
	decide(sim, PRINCIPAL_OPERATOR, &command);
}

static void put_title(struct sim *sim, const char *code, uint32_t rank)
{
	Mtr__Standard theory = MTR__STANDARD__INIT, *standards[] = {&theory};
	Mtr__PutTitle title = MTR__PUT_TITLE__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;

	theory.scheme = MTR__SCHEME__SCHEME_THEORY;
	theory.number = 2;
	title.code = text(code);
	title.name = text("Chức danh");
	title.level = MTR__LEVEL__LEVEL_DISTRICT;
	title.rank = rank;
	title.standards = standards;
	title.n_standards = rank > 3;
	command.body_case = MTR__COMMAND__BODY_PUT_TITLE;
	command.put_title = &title;
	decide(sim, PRINCIPAL_ORGANISER, &command);
}

static void put_plan(struct sim *sim)
{
	Mtr__Plan plan = MTR__PLAN__INIT;
	Mtr__PutPlan put = MTR__PUT_PLAN__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;

	plan.code = text("KH-2025");
	plan.name = text("Kế hoạch đào tạo, bồi dưỡng năm 2025");
	plan.year = 2025;
	put.plan = &plan;
	command.body_case = MTR__COMMAND__BODY_PUT_PLAN;
	command.put_plan = &put;
	decide(sim, PRINCIPAL_ORGANISER, &command);
}

size_t province_put_programme(uint32_t number, uint32_t seats, uint64_t closes, uint8_t *ret_bytes, size_t room)
{
	char *organising[] = {text("BTC")}, *providers[] = {text("TCT")};
	Mtr__Standard theory = MTR__STANDARD__INIT, *supplies[] = {&theory};
	Mtr__TieBreak ties[] = {number ? MTR__TIE_BREAK__TIE_BREAK_WOMEN : MTR__TIE_BREAK__TIE_BREAK_OLDER};
	Mtr__Window window = MTR__WINDOW__INIT;
	Mtr__Quota quota = MTR__QUOTA__INIT;
	Mtr__Programme programme = MTR__PROGRAMME__INIT;
	Mtr__PutProgramme put = MTR__PUT_PROGRAMME__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;

	theory.scheme = MTR__SCHEME__SCHEME_THEORY;
	theory.number = 2;
	window.closes = closes;
	quota.rule = MTR__QUOTA_RULE__QUOTA_RULE_EXPECTED;
	quota.in_force = seats;
	programme.code = text(province_programmes[number]);
	programme.name = text("Chương trình");
	programme.kind =
		number ? MTR__PROGRAMME_KIND__PROGRAMME_KIND_REFRESHER : MTR__PROGRAMME_KIND__PROGRAMME_KIND_TRAINING;
	programme.bloc = MTR__BLOC__BLOC_PARTY;
	programme.quota = &quota;
	programme.nomination_window = closes ? &window : NULL;
	programme.supplies = supplies;
	programme.n_supplies = 1;
	programme.tie_breaks = ties;
	programme.n_tie_breaks = 1;
	put.programme = &programme;
	put.plan_code = text("KH-2025");
	put.organising_unit_codes = organising;
	put.n_organising_unit_codes = 1;
	put.provider_unit_codes = providers;
	put.n_provider_unit_codes = 1;
	command.body_case = MTR__COMMAND__BODY_PUT_PROGRAMME;
	command.put_programme = &put;
	return pack(&command, ret_bytes, room);
}

size_t province_put_person(struct sim *sim, uint32_t number, const char *unit, uint64_t written_at, uint8_t *ret_bytes,
			   size_t room)
{
	static const char *const titles[] = {"CD-5", "CD-4", "CD-3"};
	struct random *random = &sim->random;
	Mtr__Person person = MTR__PERSON__INIT;
	Mtr__PutPerson__PutHeldTitle held = MTR__PUT_PERSON__PUT_HELD_TITLE__INIT, *all_held[] = {&held};
	Mtr__PutPerson__PutPlannedTitle planned = MTR__PUT_PERSON__PUT_PLANNED_TITLE__INIT, *all_planned[] = {&planned};
	Mtr__PutPerson put = MTR__PUT_PERSON__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;
	char name[48], note[900] = "";

	/* Some records are long, so that a frame takes many sectors. */
	if (random_percent(random, 40))
		memset(note, 'x', random_below(random, sizeof note));
	person.note = note;
	(void)snprintf(name, sizeof name, "Nguyễn Văn %c", (int)('A' + number % 26));
	person.id = number;
	person.full_name = name;
	person.birth = random_between(random, 1965, 1995) * 10000;
	person.sex = random_percent(random, 50) ? MTR__SEX__SEX_FEMALE : MTR__SEX__SEX_MALE;
	held.title_code = text(titles[random_below(random, 3)]);
	planned.title_code = text(titles[random_below(random, 3)]);
	planned.term_from = 2025;
	planned.term_to = 2030;
	put.person = &person;
	put.unit_code = text(unit);
	put.held = all_held;
	put.n_held = random_percent(random, 60);
	put.planned = all_planned;
	put.n_planned = random_percent(random, 40);
	command.written_at = written_at;
	command.body_case = MTR__COMMAND__BODY_PUT_PERSON;
	command.put_person = &put;
	return pack(&command, ret_bytes, room);
}

static void allocate(struct sim *sim, uint32_t programme, const char *unit, int64_t seats)
{
	Mtr__Allocate allocate = MTR__ALLOCATE__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;

	allocate.programme_code = text(province_programmes[programme]);
	allocate.unit_code = text(unit);
	allocate.seats = seats;
	command.body_case = MTR__COMMAND__BODY_ALLOCATE;
	command.allocate = &allocate;
	decide(sim, PRINCIPAL_ORGANISER, &command);
}

uint64_t province_letter(uint32_t programme, uint32_t nominating)
{
	return 1 + programme * PROVINCE_NOMINATING + nominating;
}

/* Each unit has written its letters, in the order of their ids. */
static void put_letters(struct sim *sim)
{
	for (uint32_t programme = 0; programme < PROVINCE_PROGRAMMES; programme++) {
		for (uint32_t i = 0; i < PROVINCE_NOMINATING; i++) {
			const char *unit = province_nominating[i];
			Mtr__PutLetter letter = MTR__PUT_LETTER__INIT;
			Mtr__Command command = MTR__COMMAND__INIT;

			letter.programme_code = text(province_programmes[programme]);
			letter.unit_code = text(unit);
			letter.number = text(i ? "12-CV/HU" : "");
			letter.date = 20250228;
			command.body_case = MTR__COMMAND__BODY_PUT_LETTER;
			command.put_letter = &letter;
			decide(sim, i == 1 || i == 4 ? PRINCIPAL_DISTRICT_2 : PRINCIPAL_DISTRICT_1, &command);
		}
	}
}

static void put_units(struct sim *sim)
{
	put_unit(sim, "TU", "", "");
	put_unit(sim, "BTC", "TU", "");
	put_unit(sim, "TCT", "TU", "");
	put_unit(sim, "H-1", "TU", "");
	put_unit(sim, "H-2", "TU", "");
	put_unit(sim, "X-1", "H-1", "");
	put_unit(sim, "X-2", "H-1", random_percent(&sim->random, 30) ? "H-2" : "");
	put_unit(sim, "X-3", "H-2", "");
}

static void put_principals(struct sim *sim)
{
	put_principal(sim, PRINCIPAL_ORGANISER, MTR__ROLE__ROLE_ORGANISER, "BTC");
	put_principal(sim, PRINCIPAL_DISTRICT_1, MTR__ROLE__ROLE_NOMINATOR, "H-1");
	put_principal(sim, PRINCIPAL_DISTRICT_2, MTR__ROLE__ROLE_NOMINATOR, "H-2");
	put_principal(sim, PRINCIPAL_COMMUNE_1, MTR__ROLE__ROLE_NOMINATOR, "X-1");
	put_principal(sim, PRINCIPAL_APPROVER, MTR__ROLE__ROLE_APPROVER, "TU");
	put_principal(sim, PRINCIPAL_SCHOOL, MTR__ROLE__ROLE_SCHOOL, "TCT");
	put_principal(sim, PRINCIPAL_AUDITOR, MTR__ROLE__ROLE_AUDITOR, "");
}

bool province_set_up(struct sim *sim)
{
	uint8_t bytes[BYTES];
	/* The deadline of the first programme lies within what is simulated. */
	const uint64_t closes = SIM_START_MS + 5 * SIM_MINUTE + random_below(&sim->random, 2 * SIM_HOUR);

	put_units(sim);
	put_principals(sim);
	put_title(sim, "CD-5", 5);
	put_title(sim, "CD-4", 4);
	put_title(sim, "CD-3", 3);
	put_plan(sim);
	server_set_up(sim->server, PRINCIPAL_ORGANISER, bytes,
		      province_put_programme(0, random_between(&sim->random, 5, 9), closes, bytes, sizeof bytes));
	server_set_up(sim->server, PRINCIPAL_ORGANISER, bytes,
		      province_put_programme(1, random_between(&sim->random, 2, 5), 0, bytes, sizeof bytes));
	for (uint32_t i = 0; i < PROVINCE_PEOPLE; i++)
		server_set_up(sim->server, PRINCIPAL_ORGANISER, bytes,
			      province_put_person(sim, 0, province_nominating[i % PROVINCE_NOMINATING], 0, bytes,
						  sizeof bytes));
	put_letters(sim);
	allocate(sim, 0, "H-1", 2);
	allocate(sim, 0, "H-2", 1);
	allocate(sim, 0, "X-1", 1);
	allocate(sim, 1, "H-1", 1);
	allocate(sim, 1, "X-1", 1);
	return server_set_up_end(sim->server);
}
