#include "store/schema.h"

static struct mtr_home home_of(Mtr__HomeKind kind, uint32_t a, uint32_t b)
{
	return (struct mtr_home){.kind = (uint8_t)kind, .a = a, .b = b};
}

struct mtr_home mtr_home_public(void)
{
	return home_of(MTR__HOME_KIND__HOME_KIND_PUBLIC, 0, 0);
}

struct mtr_home mtr_home_principals(void)
{
	return home_of(MTR__HOME_KIND__HOME_KIND_PRINCIPALS, 0, 0);
}

struct mtr_home mtr_home_people(uint32_t unit_id)
{
	return home_of(MTR__HOME_KIND__HOME_KIND_PEOPLE, unit_id, 0);
}

struct mtr_home mtr_home_part(uint32_t programme_id, uint32_t unit_id)
{
	return home_of(MTR__HOME_KIND__HOME_KIND_PART, programme_id, unit_id);
}

struct mtr_home mtr_home_programme(uint32_t programme_id)
{
	return home_of(MTR__HOME_KIND__HOME_KIND_PROGRAMME, programme_id, 0);
}

struct mtr_home mtr_home_class(uint32_t class_id)
{
	return home_of(MTR__HOME_KIND__HOME_KIND_CLASS, class_id, 0);
}

int mtr_home_compare(struct mtr_home x, struct mtr_home y)
{
	if (x.kind != y.kind)
		return x.kind < y.kind ? -1 : 1;
	if (x.a != y.a)
		return x.a < y.a ? -1 : 1;
	if (x.b != y.b)
		return x.b < y.b ? -1 : 1;
	return 0;
}
