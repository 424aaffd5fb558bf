#include "commands.h"

#include "keys.h"
#include "pack.h"
#include "province.h"

struct making {
	struct sim *sim;
	struct random *random;
	uint32_t principal;
	uint64_t written_at;
	Mtr__Command command;
	uint8_t *bytes;
	size_t room;
};

static size_t finish(struct making *making)
{
	making->command.written_at = making->written_at;
	return pack(&making->command, making->bytes, making->room);
}

/* Often one that is there: about every second proposal comes to something. */
static uint64_t nomination(const struct making *making)
{
	return 1 + random_below(making->random, making->sim->proposals / 2 + 1);
}

static char *programme(const struct making *making)
{
	return text(province_programmes[random_percent(making->random, 70) ? 0 : 1]);
}

static char *any_unit(const struct making *making)
{
	return text(province_nominating[random_below(making->random, PROVINCE_NOMINATING)]);
}

/* One of the principal's own, or, now and then, another's. */
static const char *unit(const struct making *making)
{
	static const char *const below_1[] = {"H-1", "X-1", "X-2"}, *const below_2[] = {"H-2", "X-3"};

	if (random_percent(making->random, 8))
		return any_unit(making);
	if (making->principal == PRINCIPAL_DISTRICT_1)
		return below_1[random_below(making->random, 3)];
	return making->principal == PRINCIPAL_DISTRICT_2 ? below_2[random_below(making->random, 2)] : "X-1";
}

static uint32_t index_of(const char *nominating)
{
	for (uint32_t i = 0; i < PROVINCE_NOMINATING; i++)
		if (province_nominating[i][0] == nominating[0] && province_nominating[i][2] == nominating[2])
			return i;
	return 0;
}

/* Mostly one of the unit's own people. */
static void refer(const struct making *making, Mtr__PersonReference *person, const char *from)
{
	mtr__person_reference__init(person);
	person->person_id = 1 + random_below(making->random, PROVINCE_PEOPLE);
	if (random_percent(making->random, 95))
		person->person_id = index_of(from) + 1 + PROVINCE_NOMINATING * random_below(making->random, 3);
}

static size_t propose(struct making *making)
{
	Mtr__PersonReference person;
	Mtr__Propose propose = MTR__PROPOSE__INIT;
	const char *from = unit(making);
	uint32_t number = !random_percent(making->random, 70);

	refer(making, &person, from);
	propose.programme_code = text(province_programmes[number]);
	propose.unit_code = text(from);
	propose.person = &person;
	if (random_percent(making->random, 80))
		propose.letter_id = province_letter(number, index_of(from));
	propose.unit_order = random_below(making->random, 4);
	making->sim->proposals++;
	making->command.body_case = MTR__COMMAND__BODY_PROPOSE;
	making->command.propose = &propose;
	return finish(making);
}

static size_t withdraw(struct making *making)
{
	Mtr__Withdraw withdraw = MTR__WITHDRAW__INIT;

	withdraw.nomination_id = nomination(making);
	withdraw.reason = text("Đơn vị rút");
	making->command.body_case = MTR__COMMAND__BODY_WITHDRAW;
	making->command.withdraw = &withdraw;
	return finish(making);
}

static size_t substitute(struct making *making)
{
	Mtr__PersonReference person;
	Mtr__Substitute substitute = MTR__SUBSTITUTE__INIT;

	refer(making, &person, unit(making));
	substitute.nomination_id = nomination(making);
	substitute.person = &person;
	substitute.reason = text("Thay người");
	making->command.body_case = MTR__COMMAND__BODY_SUBSTITUTE;
	making->command.substitute = &substitute;
	return finish(making);
}

static size_t put_letter(struct making *making)
{
	Mtr__PutLetter letter = MTR__PUT_LETTER__INIT;

	letter.id = random_percent(making->random, 50) ? 1 + random_below(making->random, 10) : 0;
	letter.programme_code = programme(making);
	letter.unit_code = text(unit(making));
	letter.number = text("12-CV/HU");
	letter.date = 20250228;
	making->command.body_case = MTR__COMMAND__BODY_PUT_LETTER;
	making->command.put_letter = &letter;
	return finish(making);
}

static size_t return_seats(struct making *making)
{
	Mtr__ReturnSeats back = MTR__RETURN_SEATS__INIT;

	back.programme_code = programme(making);
	back.lapsed = making->principal == PRINCIPAL_ORGANISER;
	back.unit_code = back.lapsed ? any_unit(making) : text(unit(making));
	back.seats = 1;
	back.reason = text("Không có người");
	making->command.body_case = MTR__COMMAND__BODY_RETURN_SEATS;
	making->command.return_seats = &back;
	return finish(making);
}

static size_t put_person(struct making *making)
{
	const uint32_t number = random_below(making->random, PROVINCE_PEOPLE + 1);
	const char *of = unit(making);

	return province_put_person(making->sim, number, of, making->written_at, making->bytes, making->room);
}

static size_t allocate(struct making *making)
{
	Mtr__Allocate allocate = MTR__ALLOCATE__INIT;

	allocate.programme_code = programme(making);
	allocate.unit_code = any_unit(making);
	allocate.seats = random_between(making->random, 1, 2);
	making->command.body_case = MTR__COMMAND__BODY_ALLOCATE;
	making->command.allocate = &allocate;
	return finish(making);
}

static size_t transfer(struct making *making)
{
	Mtr__Transfer transfer = MTR__TRANSFER__INIT;

	transfer.programme_code = programme(making);
	transfer.from_unit_code = any_unit(making);
	transfer.to_unit_code = any_unit(making);
	transfer.seats = 1;
	making->command.body_case = MTR__COMMAND__BODY_TRANSFER;
	making->command.transfer = &transfer;
	return finish(making);
}

static size_t vet(struct making *making)
{
	Mtr__Vet vet = MTR__VET__INIT;

	vet.nomination_id = nomination(making);
	vet.eligible = random_percent(making->random, 80);
	vet.reason = text("Theo hồ sơ");
	making->command.body_case = MTR__COMMAND__BODY_VET;
	making->command.vet = &vet;
	return finish(making);
}

static size_t settle_late(struct making *making)
{
	Mtr__SettleLate settle = MTR__SETTLE_LATE__INIT;

	settle.nomination_id = nomination(making);
	settle.accept = random_percent(making->random, 70);
	settle.reason = text("Nộp muộn");
	making->command.body_case = MTR__COMMAND__BODY_SETTLE_LATE;
	making->command.settle_late = &settle;
	return finish(making);
}

static size_t freeze(struct making *making)
{
	Mtr__Freeze freeze = MTR__FREEZE__INIT;

	freeze.programme_code = programme(making);
	freeze.unit_code = text(random_percent(making->random, 60) ? "H-1" : any_unit(making));
	making->command.body_case = MTR__COMMAND__BODY_FREEZE;
	making->command.freeze = &freeze;
	return finish(making);
}

static size_t put_programme(struct making *making)
{
	uint32_t number = random_below(making->random, PROVINCE_PROGRAMMES);

	return province_put_programme(number, random_between(making->random, 4, 12), 0, making->bytes, making->room);
}

static size_t open_class(struct making *making)
{
	Mtr__OpenClass open = MTR__OPEN_CLASS__INIT;

	open.code = text(random_percent(making->random, 50) ? "L-1" : "L-2");
	open.programme_code = programme(making);
	open.provider_unit_code = text("TCT");
	open.opens_on = 20250401;
	open.capacity = 40;
	open.decision_number = text("7-QĐ/TCT");
	making->command.body_case = MTR__COMMAND__BODY_OPEN_CLASS;
	making->command.open_class = &open;
	return finish(making);
}

static size_t summon(struct making *making)
{
	uint64_t ids[] = {nomination(making)};
	Mtr__Summon summon = MTR__SUMMON__INIT;

	summon.class_code = text("L-1");
	summon.nomination_ids = ids;
	summon.n_nomination_ids = 1;
	making->command.body_case = MTR__COMMAND__BODY_SUMMON;
	making->command.summon = &summon;
	return finish(making);
}

static size_t enrol(struct making *making)
{
	Mtr__Attendance attendance = MTR__ATTENDANCE__INIT, *attendances[] = {&attendance};
	Mtr__Enrol enrol = MTR__ENROL__INIT;

	attendance.nomination_id = nomination(making);
	attendance.kind = random_percent(making->random, 70) ? MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_PRESENT
							     : MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_ABSENT;
	enrol.class_code = text("L-1");
	enrol.attendances = attendances;
	enrol.n_attendances = 1;
	making->command.body_case = MTR__COMMAND__BODY_ENROL;
	making->command.enrol = &enrol;
	return finish(making);
}

static size_t decide(struct making *making)
{
	uint64_t ids[] = {nomination(making)};
	Mtr__Decide decide = MTR__DECIDE__INIT;

	decide.programme_code = programme(making);
	decide.number = text("55-QĐ/TU");
	decide.date = 20250301;
	decide.signer = text("Thường trực Tỉnh ủy");
	decide.supplementary = random_percent(making->random, 30);
	decide.reason = text("Chưa cử");
	*(random_percent(making->random, 75) ? &decide.approved_ids : &decide.refused_ids) = ids;
	decide.n_approved_ids = decide.approved_ids != NULL;
	decide.n_refused_ids = decide.refused_ids != NULL;
	making->command.body_case = MTR__COMMAND__BODY_DECIDE;
	making->command.decide = &decide;
	return finish(making);
}

/* A commune changes its district: what its desks and theirs may see changes. */
static size_t move_unit(struct making *making)
{
	Mtr__PutUnit unit = MTR__PUT_UNIT__INIT;

	unit.code = text(random_percent(making->random, 50) ? "X-2" : "X-3");
	unit.name = text("Xã chuyển đi");
	unit.kind = MTR__UNIT_KIND__UNIT_KIND_COMMUNE;
	unit.level = MTR__LEVEL__LEVEL_COMMUNE;
	unit.bloc = MTR__BLOC__BLOC_PARTY;
	unit.parent_code = text(random_percent(making->random, 50) ? "H-1" : "H-2");
	making->command.body_case = MTR__COMMAND__BODY_PUT_UNIT;
	making->command.put_unit = &unit;
	return finish(making);
}

static size_t dissolve_unit(struct making *making)
{
	Mtr__DissolveUnit dissolve = MTR__DISSOLVE_UNIT__INIT;

	dissolve.code = text("X-3");
	dissolve.successor_code = text(random_percent(making->random, 50) ? "X-2" : "H-1");
	making->command.body_case = MTR__COMMAND__BODY_DISSOLVE_UNIT;
	making->command.dissolve_unit = &dissolve;
	return finish(making);
}

static size_t revoke(struct making *making)
{
	struct mtr_key_pair pair = *key_pair(random_between(making->random, PRINCIPAL_DISTRICT_2, PRINCIPAL_AUDITOR));
	Mtr__RevokePrincipal revoke = MTR__REVOKE_PRINCIPAL__INIT;

	revoke.public_key = (ProtobufCBinaryData){MTR_KEY_BYTES, pair.public_key};
	revoke.reason = text("Chuyển công tác");
	making->command.body_case = MTR__COMMAND__BODY_REVOKE_PRINCIPAL;
	making->command.revoke_principal = &revoke;
	return finish(making);
}

/* The commune's desk goes over to the district, or back. */
static size_t move_principal(struct making *making)
{
	struct mtr_key_pair pair = *key_pair(PRINCIPAL_COMMUNE_1);
	Mtr__PutPrincipal put = MTR__PUT_PRINCIPAL__INIT;

	put.public_key = (ProtobufCBinaryData){MTR_KEY_BYTES, pair.public_key};
	put.name = text("Bàn làm việc");
	put.role = MTR__ROLE__ROLE_NOMINATOR;
	put.unit_code = text(random_percent(making->random, 50) ? "X-1" : "H-2");
	making->command.body_case = MTR__COMMAND__BODY_PUT_PRINCIPAL;
	making->command.put_principal = &put;
	return finish(making);
}

struct choice {
	uint32_t weight;
	size_t (*make)(struct making *making);
};

#define CHOICES_MAX 8u

static const struct choice nominator[CHOICES_MAX] = {{50, propose},    {14, withdraw},    {12, put_letter},
						     {10, substitute}, {6, return_seats}, {8, put_person}};
static const struct choice organiser[CHOICES_MAX] = {{26, allocate},     {16, transfer}, {24, vet},
						     {8, settle_late},   {12, freeze},   {4, return_seats},
						     {4, put_programme}, {6, summon}};
static const struct choice approver[CHOICES_MAX] = {{100, decide}};
static const struct choice school[CHOICES_MAX] = {{50, open_class}, {50, enrol}};
static const struct choice operator[CHOICES_MAX] = {
	{45, move_unit}, {30, move_principal}, {15, dissolve_unit}, {10, revoke}};

static const struct choice *choices_of(uint32_t principal)
{
	switch (principal) {
	case PRINCIPAL_OPERATOR:
		return operator;
	case PRINCIPAL_ORGANISER:
		return organiser;
	case PRINCIPAL_APPROVER:
		return approver;
	case PRINCIPAL_SCHOOL:
		return school;
	default:
		return nominator;
	}
}

size_t command_make(struct sim *sim, uint32_t principal, uint64_t written_at, uint8_t *ret_bytes, size_t room)
{
	struct making making = {.sim = sim,
				.random = &sim->random,
				.principal = principal,
				.written_at = written_at,
				.bytes = ret_bytes,
				.room = room};
	const struct choice *choices = choices_of(principal);
	uint32_t sum = 0, drawn, i = 0;

	mtr__command__init(&making.command);
	for (uint32_t j = 0; j < CHOICES_MAX; j++)
		sum += choices[j].weight;
	for (drawn = random_below(&sim->random, sum); drawn >= choices[i].weight; i++)
		drawn -= choices[i].weight;
	return choices[i].make(&making);
}
