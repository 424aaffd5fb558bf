#include "fill/fill.h"

#include <stdio.h>

static const char *const family_names[] = {"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Võ", "Đặng"};
static const char *const given_names[] = {"An",    "Bình", "Cường", "Dung", "Giang", "Hạnh",
					  "Khánh", "Linh", "Minh",  "Phúc", "Quỳnh", "Tuấn"};

#define COUNT(list) (sizeof(list) / sizeof *(list))

static void name_person(uint64_t number, char *ret_name, size_t size)
{
	snprintf(ret_name, size, "%s %s %s", family_names[number % COUNT(family_names)],
		 world_is_woman(number) ? "Thị" : "Văn", given_names[number / 7 % COUNT(given_names)]);
}

static void put_person(struct pipe *pipe, uint64_t number)
{
	Mtr__Person person = MTR__PERSON__INIT;
	Mtr__PutPerson__PutHeldTitle held = MTR__PUT_PERSON__PUT_HELD_TITLE__INIT, *all_held[] = {&held};
	Mtr__PutPerson__PutPlannedTitle planned = MTR__PUT_PERSON__PUT_PLANNED_TITLE__INIT, *all_planned[] = {&planned};
	Mtr__PutPerson put = MTR__PUT_PERSON__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;
	char citizen[16], name[64], unit[WORLD_CODE], title[WORLD_CODE], next[WORLD_CODE];

	world_citizen_number(number, citizen);
	name_person(number, name, sizeof name);
	world_unit_code(world_unit_of(number), unit);
	snprintf(title, sizeof title, "CD-%u", (unsigned)(1 + number % 3));
	snprintf(next, sizeof next, "CD-%u", (unsigned)(2 + number % 3));
	person.citizen_number = citizen;
	person.full_name = name;
	person.birth = world_birth_of(number);
	person.sex = world_is_woman(number) ? MTR__SEX__SEX_FEMALE : MTR__SEX__SEX_MALE;
	person.party = MTR__PARTY_MEMBERSHIP__PARTY_MEMBERSHIP_FULL;
	person.party_since = 20100203;
	person.degree = MTR__DEGREE__DEGREE_BACHELOR;
	person.category = MTR__CATEGORY__CATEGORY_CIVIL_SERVANT;
	person.service_since = 20050901;
	held.title_code = title;
	held.since = 20200701;
	planned.title_code = next;
	planned.term_from = 2025;
	planned.term_to = 2190;
	put.person = &person;
	put.unit_code = unit;
	put.held = all_held;
	put.n_held = 1;
	put.planned = all_planned;
	put.n_planned = 1;
	command.body_case = MTR__COMMAND__BODY_PUT_PERSON;
	command.put_person = &put;
	pipe_put(pipe, FILL_ORGANISER, &command);
}

void fill_people(struct pipe *pipe, const struct world *world)
{
	for (uint64_t number = 0; number < world->people; number++)
		put_person(pipe, number);
}
