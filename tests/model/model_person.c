/* put_person, and whom a reference means. */
#include "model_internal.h"

#include "model_person.h"

static uint32_t digits(const char *text, size_t count)
{
	uint32_t value = 0;

	for (size_t i = 0; i < count; i++)
		value = value * 10 + (uint32_t)(text[i] - '0');
	return value;
}

static Mtr__ErrorCode shape_number(const char *number)
{
	size_t size = strlen(number);

	if (size == 0)
		return E(NONE);
	if (size != 12)
		return E(CITIZEN_NUMBER_LENGTH);
	if (strspn(number, "0123456789") != size)
		return E(CITIZEN_NUMBER_DIGITS);
	return digits(number, 3) < 1 || digits(number, 3) > 96 ? E(CITIZEN_NUMBER_PLACE) : E(NONE);
}

/* The number against what is known of its holder. */
static Mtr__ErrorCode check_number(const char *number, Mtr__Sex sex, uint32_t birth)
{
	uint32_t century = *number ? digits(number + 3, 1) : 0;

	if (!*number)
		return E(NONE);
	if (sex && century % 2 != (sex == MTR__SEX__SEX_FEMALE ? 1 : 0))
		return E(CITIZEN_NUMBER_SEX);
	return birth && 1900 + century / 2 * 100 + digits(number + 4, 2) != birth / 10000 ? E(CITIZEN_NUMBER_BIRTH)
											  : E(NONE);
}

static Mtr__ErrorCode shape_person(struct turn *turn, const Mtr__PutPerson *c)
{
	const Mtr__Person *p = c->person;

	TRY(shape_number(p->citizen_number));
	TRY(shape_text(p->full_name, MTR_NAME_MAX, true));
	TRY(shape_date(p->birth, true, true));
	if (p->sex == MTR__SEX__SEX_UNSPECIFIED)
		return E(FIELD_MISSING);
	TRY(shape_date(p->service_since, true, false));
	TRY(shape_text(p->note, MTR_TEXT_MAX, false));
	if (p->birth / 10000 > turn->m->today / 10000)
		return E(DATE_FUTURE);
	TRY(check_number(p->citizen_number, p->sex, p->birth));
	TRY(shape_code(c->unit_code, true));
	for (size_t i = 0; i < c->n_planned; i++)
		if (c->planned[i]->term_to < c->planned[i]->term_from)
			return E(FIELD_RANGE);
	return E(NONE);
}

static uint32_t find_citizen(const struct model *m, const char *number)
{
	for (uint32_t id = 1; *number && id <= m->person_count; id++)
		if (strcmp(m->people[id]->citizen_number, number) == 0)
			return id;
	return 0;
}

static Mtr__ErrorCode resolve_titles(struct turn *turn, const Mtr__PutPerson *c, Mtr__Person *p)
{
	struct model *m = turn->m;

	p->held = mtr_arena_array(m->arena, c->n_held, sizeof *p->held);
	p->planned = mtr_arena_array(m->arena, c->n_planned, sizeof *p->planned);
	p->n_held = c->n_held;
	p->n_planned = c->n_planned;
	for (size_t i = 0; i < c->n_held; i++) {
		Mtr__HeldTitle *held = new_row(m, &mtr__held_title__descriptor);

		held->title_id = model_title(m, c->held[i]->title_code);
		if (!held->title_id)
			return E(UNKNOWN_TITLE);
		held->unit_id = p->unit_id;
		if (*c->held[i]->unit_code)
			TRY(find_unit(turn, c->held[i]->unit_code, &held->unit_id));
		held->since = c->held[i]->since;
		p->held[i] = held;
	}
	for (size_t i = 0; i < c->n_planned; i++) {
		Mtr__PlannedTitle *planned = new_row(m, &mtr__planned_title__descriptor);

		planned->title_id = model_title(m, c->planned[i]->title_code);
		if (!planned->title_id)
			return E(UNKNOWN_TITLE);
		planned->term_from = c->planned[i]->term_from;
		planned->term_to = c->planned[i]->term_to;
		p->planned[i] = planned;
	}
	return E(NONE);
}

Mtr__ErrorCode do_put_person(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__PutPerson *c = turn->command->put_person;
	uint32_t over = turn->who->role == MTR__ROLE__ROLE_ORGANISER ? model_acting_root(m, turn->who->unit_id)
								     : turn->who->unit_id;
	uint32_t id, by_number;
	Mtr__Person *p;

	TRY(shape_person(turn, c));
	p = keep(m, &c->person->base);
	TRY(find_unit(turn, c->unit_code, &p->unit_id));
	TRY(resolve_titles(turn, c, p));
	if (!model_within(m, p->unit_id, over))
		return E(OUT_OF_SCOPE);
	id = p->id;
	if (id > m->person_count || (id && !model_within(m, m->people[id]->unit_id, over)))
		return E(UNKNOWN_PERSON);
	if (id && m->people[id]->redacted)
		return E(PERSON_REDACTED);
	by_number = find_citizen(m, p->citizen_number);
	if (by_number && ((id && id != by_number) || !model_within(m, m->people[by_number]->unit_id, over)))
		return E(CITIZEN_NUMBER_TAKEN);
	id = by_number ? by_number : id;
	p->id = id ? id : ++m->person_count;
	m->people[p->id] = p;
	answer_done(turn, MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON, p->id, !id);
	return E(NONE);
}

static bool belongs(const struct model *m, const Mtr__Person *person, uint32_t unit_id)
{
	if (model_within(m, person->unit_id, unit_id))
		return true;
	for (size_t i = 0; i < person->n_held; i++)
		if (model_within(m, person->held[i]->unit_id, unit_id))
			return true;
	return false;
}

/* Case of ASCII letters only: the names in use here differ in nothing else. */
static bool same_name(const char *x, const char *y)
{
	return strcasecmp(x, y) == 0;
}

/* Names are looked up in the nominating subtree only. */
static Mtr__ErrorCode find_by_name(struct turn *turn, const Mtr__PersonReference *r, uint32_t unit_id,
				   uint32_t nominating_unit, const Mtr__Person **ret_person)
{
	const struct model *m = turn->m;
	size_t count = 0;

	for (uint32_t id = 1; id <= m->person_count && model_within(m, unit_id, nominating_unit); id++) {
		const Mtr__Person *person = m->people[id];

		if (same_name(person->full_name, r->full_name) && person->birth == r->birth &&
		    person->unit_id == unit_id) {
			*ret_person = person;
			count++;
		}
	}
	return count == 0 ? E(UNKNOWN_PERSON) : count > 1 ? E(AMBIGUOUS_PERSON) : E(NONE);
}

Mtr__ErrorCode shape_reference(const Mtr__PersonReference *r)
{
	TRY(shape_number(r->citizen_number));
	TRY(shape_code(r->unit_code, false));
	if (!*r->citizen_number && !r->person_id && (!*r->full_name || !r->birth))
		return E(FIELD_MISSING);
	return check_number(r->citizen_number, r->sex, r->birth);
}

/* As far as both are known: a list often has the year only. */
static bool same_birth(uint32_t x, uint32_t y)
{
	if (x % 10000 == 0 || y % 10000 == 0)
		return x / 10000 == y / 10000;
	if (x % 100 == 0 || y % 100 == 0)
		return x / 100 == y / 100;
	return x == y;
}

static bool works_in(const Mtr__Person *person, uint32_t unit_id)
{
	for (size_t i = 0; i < person->n_held; i++)
		if (person->held[i]->unit_id == unit_id)
			return true;
	return person->unit_id == unit_id;
}

Mtr__ErrorCode find_person(struct turn *turn, const Mtr__PersonReference *r, uint32_t nominating_unit,
			   const Mtr__Person **ret_person)
{
	struct model *m = turn->m;
	uint32_t unit = 0, id = *r->citizen_number ? find_citizen(m, r->citizen_number) : r->person_id;
	const Mtr__Person *person = NULL;

	if (*r->unit_code)
		TRY(find_former_unit(turn, r->unit_code, &unit));
	if (*r->citizen_number || r->person_id)
		person = id && id <= m->person_count ? m->people[id] : NULL;
	else
		TRY(find_by_name(turn, r, unit ? unit : nominating_unit, nominating_unit, &person));
	if (!person || !belongs(m, person, nominating_unit))
		return E(UNKNOWN_PERSON);
	if (person->redacted)
		return E(PERSON_REDACTED);
	if ((r->person_id && r->person_id != person->id) ||
	    (*r->full_name && !same_name(r->full_name, person->full_name)) ||
	    (r->birth && !same_birth(r->birth, person->birth)) || (r->sex && r->sex != person->sex) ||
	    (unit && !works_in(person, unit)))
		return E(PARTICULARS_DIFFER);
	*ret_person = person;
	return E(NONE);
}
