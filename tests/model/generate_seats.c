/* Demand and the ledger of seats. */
#include "generate_internal.h"

uint32_t busy_unit(struct generator *g)
{
	static const char *const codes[] = {"H1", "H2", "S1", "H3", "UBND"};
	uint32_t unit = chance(g, 85) ? model_unit(g->m, codes[below(g, 5)]) : pick_unit(g);

	return unit && !g->m->units[unit]->dissolved ? unit : pick_unit(g);
}

/* Mostly few; seldom none, too many, or more than there may ever be. */
static int64_t some_seats(struct generator *g, uint32_t most)
{
	uint32_t roll = below(g, 100);

	if (roll < 2)
		return 0;
	if (roll < 4)
		return -1;
	if (roll < 5)
		return MTR_SEATS_MAX + 1;
	if (roll < 15)
		return most + between(g, 1, 5);
	return between(g, 1, most && most < 4 ? most : 4);
}

static uint32_t left_of_programme(struct generator *g, uint32_t programme)
{
	uint32_t sum = model_programme_sum(g->m, programme), in_force = g->m->programmes[programme]->quota->in_force;

	return in_force > sum ? in_force - sum : 0;
}

static uint32_t left_of_part(struct generator *g, uint32_t programme, uint32_t unit)
{
	return model_seats(g->m, programme, unit) - model_held(g->m, programme, unit);
}

/* A unit with seats that nobody holds, if there is one. */
static bool has_seats_left(struct generator *g, uint32_t id, const void *programme)
{
	return left_of_part(g, *(const uint32_t *)programme, id) > 0;
}

static uint32_t giver(struct generator *g, uint32_t programme)
{
	uint32_t unit = chance(g, 80) ? pick(g, g->m->unit_count, has_seats_left, &programme) : 0;

	return unit ? unit : busy_unit(g);
}

static uint32_t with_seats_left(struct generator *g)
{
	for (int tries = 0; tries < 4; tries++) {
		uint32_t programme = pick_programme(g);

		if (pick(g, g->m->unit_count, has_seats_left, &programme))
			return programme;
	}
	return pick_programme(g);
}

bool make_register_demand(struct generator *g, struct operation *op)
{
	Mtr__RegisterDemand *body = NEW(g, register_demand);
	uint32_t unit = busy_unit(g);

	body->programme_code = programme_code(g, pick_programme(g));
	body->unit_code = unit_code(g, unit);
	body->seats = chance(g, 95) ? below(g, 20) : MTR_SEATS_MAX + 1;
	return finish(g, op, nominator_for(g, unit), MTR__COMMAND__BODY_REGISTER_DEMAND, body);
}

static bool has_waiting(struct generator *g, uint32_t id, const void *programme)
{
	return !g->m->units[id]->dissolved && model_waiting(g->m, *(const uint32_t *)programme, id) > 0;
}

static uint32_t taker(struct generator *g, uint32_t programme)
{
	uint32_t unit = chance(g, 30) ? pick(g, g->m->unit_count, has_waiting, &programme) : 0;

	return unit ? unit : busy_unit(g);
}

bool make_allocate(struct generator *g, struct operation *op)
{
	Mtr__Allocate *body = NEW(g, allocate);
	uint32_t programme = pick_programme(g);

	for (int tries = 0; tries < 3 && left_of_programme(g, programme) == 0; tries++)
		programme = pick_programme(g);
	body->programme_code = programme_code(g, programme);
	body->unit_code = unit_code(g, taker(g, programme));
	body->seats = some_seats(g, left_of_programme(g, programme));
	body->document = document(g, 60);
	return finish(g, op, organiser_of(g, programme), MTR__COMMAND__BODY_ALLOCATE, body);
}

bool make_transfer(struct generator *g, struct operation *op)
{
	Mtr__Transfer *body = NEW(g, transfer);
	uint32_t programme = with_seats_left(g), from = giver(g, programme);

	body->programme_code = programme_code(g, programme);
	body->from_unit_code = unit_code(g, from);
	body->to_unit_code = unit_code(g, chance(g, 94)   ? taker(g, programme)
					  : chance(g, 50) ? from
							  : 1 + below(g, g->m->unit_count));
	body->seats = some_seats(g, left_of_part(g, programme, from));
	body->document = document(g, 50);
	return finish(g, op, organiser_of(g, programme), MTR__COMMAND__BODY_TRANSFER, body);
}

bool make_return_seats(struct generator *g, struct operation *op)
{
	Mtr__ReturnSeats *body = NEW(g, return_seats);
	uint32_t programme = with_seats_left(g), unit = giver(g, programme);
	bool organiser = chance(g, 50);

	body->programme_code = programme_code(g, programme);
	body->unit_code = unit_code(g, unit);
	body->seats = some_seats(g, left_of_part(g, programme, unit));
	body->lapsed = chance(g, organiser ? 70 : 8);
	body->reason = reason(g, 75);
	return finish(g, op, organiser ? organiser_of(g, programme) : nominator_for(g, unit),
		      MTR__COMMAND__BODY_RETURN_SEATS, body);
}
