/* People, and how a command names them. */
#include "generate_people.h"

static const char *const families[] = {"Nguyễn", "Trần", "Lê", "Phạm", "Đặng", "An"};
static const char *const givens[] = {"Anh", "Bình", "Đức", "Hòa", "Hoa", "Minh", "Uyên", "Lan"};

static uint32_t full_or_partial_birth(struct generator *g)
{
	uint32_t year = between(g, 1966, 2000);

	if (chance(g, 15))
		return year * 10000;
	if (chance(g, 10))
		return year * 10000 + between(g, 1, 12) * 100;
	return year * 10000 + between(g, 1, 12) * 100 + between(g, 1, 28);
}

static char *citizen_number(struct generator *g, Mtr__Sex sex, uint32_t birth)
{
	uint32_t year = birth / 10000, century = year / 100 - 19;

	return format(g, "%03u%u%02u%06u", between(g, 1, 96), century * 2 + (sex == MTR__SEX__SEX_FEMALE ? 1 : 0),
		      year % 100, g->next_number++ % 1000000);
}

static Mtr__Standard *attained(Mtr__Standard *standard, Mtr__Scheme scheme, uint32_t number)
{
	standard->scheme = scheme;
	standard->number = number;
	return standard;
}

static void add_attainments(struct generator *g, Mtr__Person *p)
{
	p->attained = mtr_arena_array(g->arena, 4, sizeof *p->attained);
	if (chance(g, 80))
		p->attained[p->n_attained++] = attained(NEW(g, standard), MTR__SCHEME__SCHEME_THEORY, between(g, 1, 3));
	if (chance(g, 60))
		p->attained[p->n_attained++] =
			attained(NEW(g, standard), MTR__SCHEME__SCHEME_STATE_MANAGEMENT, between(g, 1, 4));
	if (chance(g, 60))
		p->attained[p->n_attained++] =
			attained(NEW(g, standard), MTR__SCHEME__SCHEME_ENGLISH, between(g, 1, 3));
	if (chance(g, 40))
		p->attained[p->n_attained++] =
			attained(NEW(g, standard), MTR__SCHEME__SCHEME_REFRESHER_TIER, between(g, 3, 4));
}

static void add_ratings(struct generator *g, Mtr__Person *p)
{
	p->ratings = mtr_arena_array(g->arena, 2, sizeof *p->ratings);
	for (uint32_t year = 2023; year <= 2024; year++) {
		if (chance(g, 92)) {
			Mtr__Rating *rating = NEW(g, rating);

			rating->year = year;
			rating->grade = (Mtr__Grade)between(g, 2, 4);
			p->ratings[p->n_ratings++] = rating;
		}
	}
}

static Mtr__Person *some_person(struct generator *g)
{
	Mtr__Person *p = NEW(g, person);

	p->full_name = format(g, "%s Văn %s", families[below(g, 6)], givens[below(g, 8)]);
	p->birth = full_or_partial_birth(g);
	p->sex = (Mtr__Sex)between(g, 1, 2);
	if (chance(g, 80))
		p->citizen_number = citizen_number(g, p->sex, p->birth);
	p->party = (Mtr__PartyMembership)(chance(g, 75) ? 2 : below(g, 3));
	p->party_since = p->party ? between(g, 1990, 2024) * 10000 + 101 : 0;
	p->degree = (Mtr__Degree)(chance(g, 85) ? between(g, 3, 5) : below(g, 3));
	p->category = (Mtr__Category)between(g, 1, 6);
	p->service_since = chance(g, 95) ? between(g, 1990, 2024) * 10000 + between(g, 1, 12) * 100 : 0;
	p->discipline_until = chance(g, 8) ? 20250315 : 0;
	p->documents_complete = chance(g, 85);
	p->theory_equivalence = chance(g, 70);
	p->note = reason(g, 20);
	add_attainments(g, p);
	add_ratings(g, p);
	return p;
}

static char *title_code(struct generator *g)
{
	return spoil(g, 1) ? text(g, "KHONG-CO") : text(g, g->m->titles[1 + below(g, g->m->title_count)]->code);
}

static void add_titles(struct generator *g, Mtr__PutPerson *body)
{
	size_t held = chance(g, 20) ? 0 : between(g, 1, 2), planned = below(g, 3);

	body->held = mtr_arena_array(g->arena, held, sizeof *body->held);
	body->planned = mtr_arena_array(g->arena, planned, sizeof *body->planned);
	for (; body->n_held < held; body->n_held++) {
		Mtr__PutPerson__PutHeldTitle *title = NEW(g, put_person__put_held_title);

		title->title_code = title_code(g);
		if (chance(g, 20))
			title->unit_code = unit_code(g, pick_unit(g));
		title->since = 20200000;
		body->held[body->n_held] = title;
	}
	for (; body->n_planned < planned; body->n_planned++) {
		Mtr__PutPerson__PutPlannedTitle *title = NEW(g, put_person__put_planned_title);

		title->title_code = title_code(g);
		title->term_from = chance(g, 60) ? 2020 : 2015;
		title->term_to = title->term_from + 5;
		body->planned[body->n_planned] = title;
	}
}

/* A second one of the same name and birth in the same unit. */
static void make_namesake(struct generator *g, Mtr__PutPerson *body)
{
	const Mtr__Person *other = g->m->people[1 + below(g, g->m->person_count)];

	if (g->m->units[other->unit_id]->dissolved || other->redacted)
		return;
	body->person->full_name = text(g, other->full_name);
	body->person->birth = other->birth;
	body->person->sex = other->sex;
	body->person->citizen_number = citizen_number(g, other->sex, other->birth);
	body->unit_code = text(g, g->m->units[other->unit_id]->code);
}

static void spoil_person(struct generator *g, Mtr__Person *p)
{
	switch (below(g, 9)) {
	case 8: /* two records in one */
		p->id = 1 + below(g, g->m->person_count);
		return;
	case 0:
		p->citizen_number = text(g, "12345678901");
		return;
	case 1:
		p->citizen_number = text(g, "12345678901x");
		return;
	case 2:
		p->citizen_number = text(g, "097080123456");
		return;
	case 3:
		p->citizen_number = citizen_number(
			g, p->sex == MTR__SEX__SEX_MALE ? MTR__SEX__SEX_FEMALE : MTR__SEX__SEX_MALE, p->birth);
		return;
	case 4:
		p->citizen_number = citizen_number(g, p->sex, p->birth == 19660000 ? 19670000 : 19660000);
		return;
	case 5:
		p->birth = chance(g, 50) ? 19750231 : 20990101;
		return;
	case 6:
		p->full_name = text(g, " ");
		return;
	default:
		p->id = g->m->person_count + 7;
		p->citizen_number = text(g, "");
		return;
	}
}

bool make_person_of(struct generator *g, struct operation *op, uint32_t unit_id)
{
	Mtr__PutPerson *body = NEW(g, put_person);

	body->person = some_person(g);
	body->unit_code = unit_code(g, unit_id);
	add_titles(g, body);
	if (spoil(g, 15) && g->m->person_count)
		make_namesake(g, body);
	return finish(g, op, nominator_for(g, unit_id), MTR__COMMAND__BODY_PUT_PERSON, body);
}

bool make_put_person(struct generator *g, struct operation *op)
{
	bool fresh = chance(g, 30) && g->m->person_count < MODEL_PEOPLE - 1;
	const Mtr__Person *old = g->m->people[1 + below(g, g->m->person_count)];
	Mtr__PutPerson *body;
	uint32_t asker;

	if (!make_person_of(g, op, fresh ? pick_unit(g) : old->unit_id))
		return false;
	body = op->command->put_person;
	asker = op->principal_id;
	if (!fresh && old->redacted) {
		body->person->id = old->id;
	} else if (!fresh) {
		body->person->citizen_number = text(g, old->citizen_number);
		body->person->full_name = text(g, old->full_name);
		body->person->birth = old->birth;
		body->person->sex = old->sex;
		if (!*old->citizen_number || chance(g, 30))
			body->person->id = old->id;
		if (chance(g, 12))
			body->unit_code = unit_code(g, pick_unit(g));
	}
	if (chance(g, 25))
		asker = pick_principal(g, chance(g, 70) ? MTR__ROLE__ROLE_NOMINATOR : MTR__ROLE__ROLE_ORGANISER);
	if (chance(g, 12))
		spoil_person(g, body->person);
	op->principal_id = asker ? asker : op->principal_id;
	return true;
}

static bool belongs_to(struct generator *g, uint32_t id, const void *unit_id)
{
	const Mtr__Person *person = g->m->people[id];
	uint32_t unit = *(const uint32_t *)unit_id;

	if (model_within(g->m, person->unit_id, unit))
		return true;
	for (size_t i = 0; i < person->n_held; i++)
		if (model_within(g->m, person->held[i]->unit_id, unit))
			return true;
	return false;
}

struct part {
	uint32_t programme_id, unit_id;
};

static bool could_be_put_forward(struct generator *g, uint32_t id, const void *context)
{
	const struct part *part = context;
	const Mtr__Programme *programme = g->m->programmes[part->programme_id];
	Mtr__ConditionKind failed[MTR_CONDITIONS_MAX];

	return !g->m->people[id]->redacted && belongs_to(g, id, &part->unit_id) &&
	       !model_in_the_way(g->m, id, part->programme_id) &&
	       failed_conditions(g->m, g->m->people[id], programme, failed) == 0;
}

static bool fails_a_condition(struct generator *g, uint32_t id, const void *context)
{
	const struct part *part = context;
	Mtr__ConditionKind failed[MTR_CONDITIONS_MAX];

	return !g->m->people[id]->redacted && belongs_to(g, id, &part->unit_id) &&
	       !model_in_the_way(g->m, id, part->programme_id) &&
	       failed_conditions(g->m, g->m->people[id], g->m->programmes[part->programme_id], failed) > 0;
}

static bool is_put_forward(struct generator *g, uint32_t id, const void *context)
{
	const struct part *part = context;

	return !g->m->people[id]->redacted && belongs_to(g, id, &part->unit_id) &&
	       model_in_the_way(g->m, id, part->programme_id);
}

uint32_t pick_person(struct generator *g, uint32_t programme_id, uint32_t unit_id)
{
	struct part part = {programme_id, unit_id};
	uint32_t roll = below(g, 100), id = 0;

	if (roll < 72)
		id = pick(g, g->m->person_count, could_be_put_forward, &part);
	else if (roll < 82)
		id = pick(g, g->m->person_count, fails_a_condition, &part);
	else if (roll < 88)
		id = pick(g, g->m->person_count, is_put_forward, &part);
	else if (roll < 97)
		id = pick(g, g->m->person_count, belongs_to, &unit_id);
	else
		id = 1 + below(g, g->m->person_count);
	return id;
}

static void spoil_reference(struct generator *g, Mtr__PersonReference *r, const Mtr__Person *person)
{
	switch (below(g, 5)) {
	case 0:
		r->birth = person->birth == 19700101 ? 19710101 : 19700101;
		return;
	case 1:
		r->sex = person->sex == MTR__SEX__SEX_MALE ? MTR__SEX__SEX_FEMALE : MTR__SEX__SEX_MALE;
		return;
	case 2:
		r->full_name = text(g, "Người Khác");
		return;
	case 3:
		r->unit_code = unit_code(g, 1 + below(g, g->m->unit_count));
		return;
	default:
		r->citizen_number = text(g, "");
		r->person_id = 0;
		r->full_name = text(g, "");
		return;
	}
}

static char *upper(char *name)
{
	for (char *c = name; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	return name;
}

Mtr__PersonReference *refer_to(struct generator *g, uint32_t person_id)
{
	const Mtr__Person *person = g->m->people[person_id];
	Mtr__PersonReference *r = NEW(g, person_reference);

	if (*person->citizen_number && chance(g, 60))
		r->citizen_number = text(g, person->citizen_number);
	else if (chance(g, 45))
		r->person_id = person_id;
	if ((!*r->citizen_number && !r->person_id) || chance(g, 30)) {
		r->full_name = text(g, person->full_name);
		r->birth = person->birth;
		r->unit_code = text(g, g->m->units[person->unit_id]->code);
		if (chance(g, 20))
			upper(r->full_name);
	}
	if (chance(g, 20))
		r->sex = person->sex;
	if (chance(g, 5))
		spoil_reference(g, r, person);
	if (chance(g, 1))
		r->citizen_number = text(g, "001099999999");
	return r;
}
