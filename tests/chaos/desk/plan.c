#include "plan.h"

#include "matricula/v1/commands.pb-c.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A nominator's steps repeat in cycles; what refers to a nomination or a letter refers to the cycle before. */
#define CYCLE 12u
#define PEOPLE 4u /* of a cycle */
#define UNITS 5u  /* HUYEN-1 ... */
#define NAME_BYTES 64u
#define WRITTEN_AT UINT64_C(1741226400000)

struct writing {
	const struct plan *plan;
	const struct diary *diary;
	uint64_t step, cycle;
	unsigned place; /* in the cycle */
	uint8_t *bytes;
	Mtr__Command command;
};

/* The same number for the same desk, step and salt. */
static uint64_t dice(const struct writing *writing, uint64_t salt, uint64_t most)
{
	uint64_t x = writing->plan->seed ^ (uint64_t)writing->plan->number << 48 ^ writing->step << 16 ^ salt;

	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (x ^ (x >> 31)) % most;
}

static uint64_t step_of(uint64_t cycle, unsigned place)
{
	return cycle * CYCLE + place + 1;
}

/* What the register made of a step of the cycle before; 0 in the first one, and where it was refused. */
static uint64_t made_before(const struct writing *writing, unsigned place)
{
	const struct diary_answer *answer =
		writing->cycle ? diary_read(writing->diary, step_of(writing->cycle - 1, place)) : NULL;

	return answer ? answer->id : 0;
}

static size_t pack(struct writing *writing)
{
	writing->command.written_at = WRITTEN_AT + writing->step;
	return mtr__command__pack(&writing->command, writing->bytes);
}

static char *programme(const struct writing *writing)
{
	static char codes[][8] = {"LOP-A", "LOP-B"};

	return codes[dice(writing, 1, 2)];
}

static void unit_code(const struct writing *writing, uint64_t salt, char ret_code[NAME_BYTES])
{
	snprintf(ret_code, NAME_BYTES, "HUYEN-%" PRIu64, 1 + dice(writing, salt, UNITS));
}

static void citizen(const struct writing *writing, uint64_t cycle, unsigned person, char ret_number[NAME_BYTES])
{
	snprintf(ret_number, NAME_BYTES, "089085%02u%04" PRIu64, writing->plan->number, cycle * PEOPLE + person);
}

static size_t put_letter(struct writing *writing, uint64_t id)
{
	Mtr__PutLetter letter = MTR__PUT_LETTER__INIT;
	char unit[NAME_BYTES], number[NAME_BYTES], code[] = "LOP-A";

	snprintf(unit, sizeof unit, "%s", writing->plan->unit);
	snprintf(number, sizeof number, "%" PRIu64 "-CV/HU", writing->step);
	letter.id = id;
	letter.programme_code = code;
	letter.unit_code = unit;
	letter.number = number;
	letter.date = 20250306;
	writing->command.body_case = MTR__COMMAND__BODY_PUT_LETTER;
	writing->command.put_letter = &letter;
	return pack(writing);
}

static size_t put_person(struct writing *writing, unsigned person)
{
	Mtr__PutPerson__PutHeldTitle title = MTR__PUT_PERSON__PUT_HELD_TITLE__INIT;
	Mtr__PutPerson__PutHeldTitle *held[] = {&title};
	Mtr__PutPerson put = MTR__PUT_PERSON__INIT;
	Mtr__Person row = MTR__PERSON__INIT;
	char number[NAME_BYTES], name[NAME_BYTES], unit[NAME_BYTES];
	char *code = dice(writing, 2, 3) ? (char[]){"CV"} : (char[]){"BT"};

	citizen(writing, writing->cycle, person, number);
	snprintf(name, sizeof name, "Nguyễn Văn Số %" PRIu64, writing->step);
	snprintf(unit, sizeof unit, "%s", writing->plan->unit);
	title.title_code = code;
	row.citizen_number = number;
	row.full_name = name;
	row.birth = 19850000 + 101 + (uint32_t)dice(writing, 3, 28);
	row.sex = MTR__SEX__SEX_MALE;
	put.person = &row;
	put.unit_code = unit;
	put.held = held;
	put.n_held = 1;
	writing->command.body_case = MTR__COMMAND__BODY_PUT_PERSON;
	writing->command.put_person = &put;
	return pack(writing);
}

static size_t propose(struct writing *writing, uint64_t cycle, unsigned person, uint64_t letter)
{
	Mtr__PersonReference reference = MTR__PERSON_REFERENCE__INIT;
	Mtr__Propose put = MTR__PROPOSE__INIT;
	char number[NAME_BYTES], unit[NAME_BYTES];

	citizen(writing, cycle, person, number);
	snprintf(unit, sizeof unit, "%s", writing->plan->unit);
	reference.citizen_number = number;
	put.person = &reference;
	put.unit_code = unit;
	/* The letters are for LOP-A. */
	put.programme_code = letter ? (char[]){"LOP-A"} : programme(writing);
	put.letter_id = letter;
	put.unit_order = (uint32_t)dice(writing, 4, 4);
	writing->command.body_case = MTR__COMMAND__BODY_PROPOSE;
	writing->command.propose = &put;
	return pack(writing);
}

static size_t withdraw(struct writing *writing, uint64_t nomination)
{
	Mtr__Withdraw put = MTR__WITHDRAW__INIT;
	char reason[] = "Chuyển công tác";

	put.nomination_id = nomination;
	put.reason = reason;
	writing->command.body_case = MTR__COMMAND__BODY_WITHDRAW;
	writing->command.withdraw = &put;
	return pack(writing);
}

static size_t substitute(struct writing *writing, uint64_t nomination)
{
	Mtr__PersonReference reference = MTR__PERSON_REFERENCE__INIT;
	Mtr__Substitute put = MTR__SUBSTITUTE__INIT;
	char number[NAME_BYTES], reason[] = "Thay người";

	citizen(writing, writing->cycle, 3, number);
	reference.citizen_number = number;
	put.nomination_id = nomination;
	put.person = &reference;
	put.reason = reason;
	writing->command.body_case = MTR__COMMAND__BODY_SUBSTITUTE;
	writing->command.substitute = &put;
	return pack(writing);
}

static size_t return_seats(struct writing *writing, bool lapsed)
{
	Mtr__ReturnSeats put = MTR__RETURN_SEATS__INIT;
	char unit[NAME_BYTES], reason[] = "Không có người";

	if (lapsed)
		unit_code(writing, 5, unit);
	else
		snprintf(unit, sizeof unit, "%s", writing->plan->unit);
	put.programme_code = programme(writing);
	put.unit_code = unit;
	put.seats = 1;
	put.reason = reason;
	put.lapsed = lapsed;
	writing->command.body_case = MTR__COMMAND__BODY_RETURN_SEATS;
	writing->command.return_seats = &put;
	return pack(writing);
}

static size_t allocate(struct writing *writing)
{
	Mtr__Allocate put = MTR__ALLOCATE__INIT;
	char unit[NAME_BYTES];

	unit_code(writing, 6, unit);
	put.programme_code = programme(writing);
	put.unit_code = unit;
	put.seats = 1 + (int64_t)dice(writing, 7, 2);
	writing->command.body_case = MTR__COMMAND__BODY_ALLOCATE;
	writing->command.allocate = &put;
	return pack(writing);
}

static size_t transfer(struct writing *writing)
{
	Mtr__Transfer put = MTR__TRANSFER__INIT;
	char from[NAME_BYTES], to[NAME_BYTES];

	unit_code(writing, 8, from);
	unit_code(writing, 9, to);
	put.programme_code = programme(writing);
	put.from_unit_code = from;
	put.to_unit_code = to;
	put.seats = 1;
	writing->command.body_case = MTR__COMMAND__BODY_TRANSFER;
	writing->command.transfer = &put;
	return pack(writing);
}

/* Of a nomination that may be, or not be yet. */
static size_t vet(struct writing *writing)
{
	Mtr__Vet put = MTR__VET__INIT;
	char reason[] = "Hồ sơ không đạt";

	put.nomination_id = 1 + dice(writing, 10, 1 + 4 * writing->step);
	put.eligible = dice(writing, 11, 2) == 1;
	put.reason = reason;
	writing->command.body_case = MTR__COMMAND__BODY_VET;
	writing->command.vet = &put;
	return pack(writing);
}

static size_t put_unit(struct writing *writing)
{
	Mtr__PutUnit put = MTR__PUT_UNIT__INIT;
	char code[NAME_BYTES], name[NAME_BYTES], parent[NAME_BYTES];

	/* Every third time a unit that is there already. */
	snprintf(code, sizeof code, "XA-%u-%" PRIu64, writing->plan->number, writing->step - (writing->step % 3 == 0));
	snprintf(name, sizeof name, "Xã thứ %" PRIu64, writing->step);
	unit_code(writing, 12, parent);
	put.code = code;
	put.name = name;
	put.parent_code = parent;
	put.kind = MTR__UNIT_KIND__UNIT_KIND_COMMUNE;
	put.level = MTR__LEVEL__LEVEL_COMMUNE;
	put.bloc = MTR__BLOC__BLOC_PARTY;
	writing->command.body_case = MTR__COMMAND__BODY_PUT_UNIT;
	writing->command.put_unit = &put;
	return pack(writing);
}

static size_t nominator_extra(struct writing *writing)
{
	switch (dice(writing, 13, 3)) {
	case 0:
		return return_seats(writing, false);
	case 1:
		return substitute(writing, made_before(writing, 6));
	default:
		return put_letter(writing, made_before(writing, 0));
	}
}

static size_t nominator(struct writing *writing)
{
	if (writing->place == 0)
		return put_letter(writing, 0);
	if (writing->place <= PEOPLE)
		return put_person(writing, writing->place - 1);
	if (writing->place <= 2 * PEOPLE)
		return propose(writing, writing->cycle, writing->place - PEOPLE - 1, made_before(writing, 0));
	if (writing->place == 9)
		return withdraw(writing, made_before(writing, 5));
	if (writing->place == 10)
		return nominator_extra(writing);
	return propose(writing, writing->cycle ? writing->cycle - 1 : 0, 0, 0);
}

static size_t organiser(struct writing *writing)
{
	switch (writing->step % 4) {
	case 0:
		return vet(writing);
	case 1:
		return transfer(writing);
	case 2:
		return dice(writing, 14, 4) ? allocate(writing) : return_seats(writing, true);
	default:
		return allocate(writing);
	}
}

bool plan_role_named(const char *name, enum plan_role *ret_role)
{
	static const char *const names[] = {
		[PLAN_NOMINATOR] = "nominator",
		[PLAN_ORGANISER] = "organiser",
		[PLAN_OPERATOR] = "operator",
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(name, names[i]) == 0) {
			*ret_role = (enum plan_role)i;
			return true;
		}
	}
	return false;
}

bool plan_ready(const struct plan *plan, const struct diary *diary, uint64_t step)
{
	static const unsigned referred[] = {0, 5, 6};
	uint64_t cycle = (step - 1) / CYCLE;

	if (plan->role != PLAN_NOMINATOR || cycle == 0)
		return true;
	for (size_t i = 0; i < sizeof referred / sizeof *referred; i++)
		if (!diary_read(diary, step_of(cycle - 1, referred[i])))
			return false;
	return true;
}

size_t plan_command(const struct plan *plan, const struct diary *diary, uint64_t step,
		    uint8_t ret_bytes[PLAN_COMMAND_MAX])
{
	struct writing writing = {
		.plan = plan,
		.diary = diary,
		.step = step,
		.cycle = (step - 1) / CYCLE,
		.place = (unsigned)((step - 1) % CYCLE),
		.bytes = ret_bytes,
		.command = MTR__COMMAND__INIT,
	};

	switch (plan->role) {
	case PLAN_NOMINATOR:
		return nominator(&writing);
	case PLAN_ORGANISER:
		return organiser(&writing);
	case PLAN_OPERATOR:
		break;
	}
	return put_unit(&writing);
}
