/* What organisers and managing bodies settle. */
#include "generate_internal.h"

static uint32_t organiser_for(struct generator *g, uint64_t nomination_id)
{
	return chance(g, 96) ? organiser_of(g, g->m->nominations[nomination_id]->programme_id)
			     : pick_principal(g, MTR__ROLE__ROLE_ORGANISER);
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
