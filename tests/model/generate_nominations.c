/* Seats, letters, nominations and what becomes of them up to the decision. */
#include "generate_people.h"

/* Units that nominate most, so that seats are fought over. */
static uint32_t busy_unit(struct generator *g)
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

static bool letter_of_part(struct generator *g, uint32_t id, const void *letter)
{
	const Mtr__Letter *wanted = letter;

	return g->m->letters[id]->programme_id == wanted->programme_id && g->m->letters[id]->unit_id == wanted->unit_id;
}

static uint32_t pick_letter(struct generator *g, uint32_t programme, uint32_t unit)
{
	Mtr__Letter wanted = MTR__LETTER__INIT;

	wanted.programme_id = programme;
	wanted.unit_id = unit;
	return pick(g, g->m->letter_count, letter_of_part, &wanted);
}

static bool make_letter_of(struct generator *g, struct operation *op, uint32_t programme, uint32_t unit)
{
	Mtr__PutLetter *body = NEW(g, put_letter);

	body->programme_code = programme_code(g, programme);
	body->unit_code = unit_code(g, unit);
	body->number = document(g, 85);
	body->signer = text(g, "Bí thư");
	return finish(g, op, nominator_for(g, unit), MTR__COMMAND__BODY_PUT_LETTER, body);
}

bool make_put_letter(struct generator *g, struct operation *op)
{
	Mtr__PutLetter *body = NEW(g, put_letter);
	uint32_t programme = pick_programme(g), unit = busy_unit(g);

	if (chance(g, 80)) {
		uint32_t id = g->m->letter_count ? 1 + below(g, g->m->letter_count) : 0;

		body->id = id ? id : 99;
		if (id && chance(g, 85)) {
			programme = g->m->letters[id]->programme_id;
			unit = g->m->letters[id]->unit_id;
		}
	}
	body->programme_code = programme_code(g, programme);
	body->unit_code = unit_code(g, unit);
	body->number = document(g, 80);
	body->date = chance(g, 96) ? 20250310 : 20250399;
	body->signer = text(g, "Bí thư");
	return finish(g, op, nominator_for(g, unit), MTR__COMMAND__BODY_PUT_LETTER, body);
}

bool make_propose(struct generator *g, struct operation *op)
{
	Mtr__Propose *body = NEW(g, propose);
	uint32_t programme = pick_programme(g), unit = busy_unit(g), person;
	uint32_t asker = nominator_for(g, unit);

	if (!pick_letter(g, programme, unit) && chance(g, 80))
		return make_letter_of(g, op, programme, unit);
	person = pick_person(g, programme, unit);
	if (!asker || !person || g->m->nomination_count >= MODEL_NOMINATIONS - 2)
		return false;
	body->programme_code = programme_code(g, programme);
	if (unit != g->m->principals[asker]->unit_id || chance(g, 50))
		body->unit_code = unit_code(g, unit);
	body->person = refer_to(g, person);
	body->letter_id = chance(g, 93) ? pick_letter(g, programme, unit) : 0;
	if (chance(g, 3))
		body->letter_id = 1 + below(g, g->m->letter_count + 2);
	body->unit_order = below(g, 12);
	return finish(g, op, asker, MTR__COMMAND__BODY_PROPOSE, body);
}

/* The nominator of the nomination's unit, mostly. */
static uint32_t nominator_of(struct generator *g, uint64_t nomination_id)
{
	return chance(g, 95) ? nominator_for(g, g->m->nominations[nomination_id]->unit_id)
			     : pick_principal(g, MTR__ROLE__ROLE_NOMINATOR);
}

static uint32_t organiser_for(struct generator *g, uint64_t nomination_id)
{
	return chance(g, 96) ? organiser_of(g, g->m->nominations[nomination_id]->programme_id)
			     : pick_principal(g, MTR__ROLE__ROLE_ORGANISER);
}

/* Mostly one of these states, else any. False when there is none. */
static bool nomination_for(struct generator *g, uint32_t states, uint32_t *ret_id)
{
	*ret_id = pick_nomination(g, chance(g, 94) ? states : UINT32_MAX);
	return *ret_id != 0;
}

static uint64_t maybe_wrong(struct generator *g, uint64_t id)
{
	return chance(g, 1) ? below(g, 2) * 1000000 : id;
}

bool make_withdraw(struct generator *g, struct operation *op)
{
	Mtr__Withdraw *body = NEW(g, withdraw);
	uint32_t id;

	if (!nomination_for(g, STATE(SEATED) | STATE(WAITING) | STATE(LATE), &id))
		return false;
	body->nomination_id = maybe_wrong(g, id);
	body->reason = reason(g, 70);
	return finish(g, op, nominator_of(g, id), MTR__COMMAND__BODY_WITHDRAW, body);
}

bool make_substitute(struct generator *g, struct operation *op)
{
	Mtr__Substitute *body = NEW(g, substitute);
	const Mtr__Nomination *old;
	uint32_t id, person;

	if (!nomination_for(g, STATE(SEATED), &id))
		return false;
	old = g->m->nominations[id];
	person = pick_person(g, old->programme_id, old->unit_id);
	if (!person || g->m->nomination_count >= MODEL_NOMINATIONS - 2)
		return false;
	body->nomination_id = maybe_wrong(g, id);
	body->person = refer_to(g, person);
	body->reason = reason(g, 94);
	return finish(g, op, nominator_of(g, id), MTR__COMMAND__BODY_SUBSTITUTE, body);
}

bool make_settle_late(struct generator *g, struct operation *op)
{
	Mtr__SettleLate *body = NEW(g, settle_late);
	uint32_t id;

	if (!nomination_for(g, STATE(LATE), &id))
		return false;
	body->nomination_id = maybe_wrong(g, id);
	body->accept = chance(g, 65);
	body->reason = reason(g, 70);
	body->document = document(g, 50);
	return finish(g, op, organiser_for(g, id), MTR__COMMAND__BODY_SETTLE_LATE, body);
}

static bool waits_for_vetting(struct generator *g, uint32_t id, const void *context)
{
	const Mtr__Nomination *n = g->m->nominations[id];

	(void)context;
	return n->state == MTR__STATE__STATE_SEATED && !n->vetted && n->letter_id &&
	       *g->m->letters[n->letter_id]->number;
}

bool make_vet(struct generator *g, struct operation *op)
{
	Mtr__Vet *body = NEW(g, vet);
	uint32_t id = pick(g, g->m->nomination_count, waits_for_vetting, NULL);

	if (chance(g, 20) && !nomination_for(g, STATE(SEATED) | STATE(WAITING), &id))
		return false;
	if (!id)
		return false;
	body->nomination_id = maybe_wrong(g, id);
	body->eligible = chance(g, 88);
	body->reason = reason(g, body->eligible ? 20 : 85);
	return finish(g, op, organiser_for(g, id), MTR__COMMAND__BODY_VET, body);
}

static bool waits_for_the_freeze(struct generator *g, uint32_t id, const void *context)
{
	const Mtr__Nomination *n = g->m->nominations[id];

	(void)context;
	return n->state == MTR__STATE__STATE_SEATED && n->vetted && !model_frozen(g->m, n->programme_id, n->unit_id);
}

bool make_freeze(struct generator *g, struct operation *op)
{
	Mtr__Freeze *body = NEW(g, freeze);
	uint32_t id = pick(g, g->m->nomination_count, waits_for_the_freeze, NULL), programme, unit;

	if (chance(g, 12))
		id = pick_nomination(g, STATE(SEATED));
	if (!id)
		return false;
	programme = g->m->nominations[id]->programme_id;
	unit = chance(g, 90) ? g->m->nominations[id]->unit_id : busy_unit(g);
	body->programme_code = programme_code(g, programme);
	body->unit_code = unit_code(g, unit);
	body->document = document(g, 70);
	return finish(g, op, organiser_of(g, programme), MTR__COMMAND__BODY_FREEZE, body);
}

/* What a body has before it for one decision. */
struct docket {
	uint32_t programme_id, managing_unit_id;
};

static bool is_ready(struct generator *g, uint32_t id, const void *context)
{
	const Mtr__Nomination *n = g->m->nominations[id];

	(void)context;
	return n->state == MTR__STATE__STATE_SEATED && n->vetted && model_frozen(g->m, n->programme_id, n->unit_id);
}

static bool is_on_docket(struct generator *g, uint32_t id, const void *context)
{
	const struct docket *docket = context;
	const Mtr__Nomination *n = g->m->nominations[id];

	return is_ready(g, id, NULL) && n->managing_unit_id == docket->managing_unit_id &&
	       n->programme_id == docket->programme_id;
}

/* One who can decide on some nomination, or nearly. */
static uint32_t approver_of_some(struct generator *g, struct docket *ret_docket)
{
	uint32_t id = pick(g, g->m->nomination_count, is_ready, NULL);

	if (chance(g, 6))
		id = pick_nomination(g, STATE(SEATED));
	if (!id)
		return 0;
	*ret_docket = (struct docket){g->m->nominations[id]->programme_id, g->m->nominations[id]->managing_unit_id};
	return holder_of(g, MTR__ROLE__ROLE_APPROVER, living(g->m, ret_docket->managing_unit_id));
}

static void add_to_decision(struct generator *g, Mtr__Decide *body, uint64_t id)
{
	const Mtr__Nomination *n = id && id <= g->m->nomination_count ? g->m->nominations[id] : NULL;

	if (n && n->supplementary && chance(g, 90))
		body->supplementary = true;
	if (chance(g, 75))
		body->approved_ids[body->n_approved_ids++] = id;
	else
		body->refused_ids[body->n_refused_ids++] = id;
}

static bool anything(struct generator *g, uint32_t id, const void *programme)
{
	return g->m->nominations[id]->programme_id == *(const uint32_t *)programme &&
	       g->m->nominations[id]->state <= MTR__STATE__STATE_WAITING;
}

static bool in_decision(const Mtr__Decide *body, uint64_t id)
{
	for (size_t i = 0; i < body->n_approved_ids; i++)
		if (body->approved_ids[i] == id)
			return true;
	for (size_t i = 0; i < body->n_refused_ids; i++)
		if (body->refused_ids[i] == id)
			return true;
	return false;
}

bool make_decide(struct generator *g, struct operation *op)
{
	Mtr__Decide *body = NEW(g, decide);
	struct docket docket;
	uint32_t approver = approver_of_some(g, &docket);

	if (!approver)
		return false;
	body->approved_ids = mtr_arena_array(g->arena, 8, sizeof *body->approved_ids);
	body->refused_ids = mtr_arena_array(g->arena, 8, sizeof *body->refused_ids);
	body->programme_code = programme_code(g, docket.programme_id);
	body->number = document(g, 98);
	body->date = chance(g, 96) ? 20250301 : chance(g, 50) ? 20990101 : 20250230;
	body->signer = text(g, "Thường trực");
	for (uint32_t tries = chance(g, 2) ? 0 : between(g, 1, 5); tries > 0; tries--) {
		uint32_t id = pick(g, g->m->nomination_count, is_on_docket, &docket);

		if (id && (!in_decision(body, id) || chance(g, 3)))
			add_to_decision(g, body, id);
	}
	if (chance(g, 20)) {
		uint32_t id = chance(g, 75) ? pick(g, g->m->nomination_count, anything, &docket.programme_id)
					    : pick_nomination(g, UINT32_MAX);

		if (id && !in_decision(body, id))
			add_to_decision(g, body, maybe_wrong(g, id));
	}
	if (chance(g, 1)) { /* more than any class holds */
		body->n_approved_ids = MTR_ITEMS_MAX - body->n_refused_ids + between(g, 0, 2);
		body->approved_ids = mtr_arena_array(g->arena, MTR_ITEMS_MAX + 2, sizeof *body->approved_ids);
		for (size_t i = 0; i < body->n_approved_ids; i++)
			body->approved_ids[i] = i + 1;
	}
	body->reason = reason(g, 93);
	return finish(g, op, approver, MTR__COMMAND__BODY_DECIDE, body);
}

static bool is_on_its_way(struct generator *g, uint32_t id, const void *context)
{
	const Mtr__Nomination *n = g->m->nominations[id];

	(void)context;
	return g->m->programmes[n->programme_id]->needs_acceptance &&
	       (n->state == MTR__STATE__STATE_DECIDED || n->state == MTR__STATE__STATE_FORWARDED);
}

bool make_forward(struct generator *g, struct operation *op)
{
	Mtr__Forward *body = NEW(g, forward);
	uint32_t id = pick(g, g->m->nomination_count, is_on_its_way, NULL);

	if (chance(g, 8) && !nomination_for(g, STATE(DECIDED) | STATE(FORWARDED), &id))
		return false;
	if (!id)
		return false;
	body->nomination_id = maybe_wrong(g, id);
	body->step = (Mtr__ForwardStep)between(g, 1, 3);
	if (chance(g, 85))
		body->step = g->m->nominations[id]->state == MTR__STATE__STATE_DECIDED
				     ? MTR__FORWARD_STEP__FORWARD_STEP_SENT
				     : (Mtr__ForwardStep)(chance(g, 80) ? 2 : 3);
	if (chance(g, 1))
		body->step = MTR__FORWARD_STEP__FORWARD_STEP_UNSPECIFIED;
	body->reason = reason(g, 80);
	body->document = document(g, 40);
	return finish(g, op, organiser_for(g, id), MTR__COMMAND__BODY_FORWARD, body);
}
