/* Letters, nominations, withdrawals, substitutions. */
#include "generate_people.h"

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

bool nomination_for(struct generator *g, uint32_t states, uint32_t *ret_id)
{
	*ret_id = pick_nomination(g, chance(g, 94) ? states : UINT32_MAX);
	return *ret_id != 0;
}

uint64_t maybe_wrong(struct generator *g, uint64_t id)
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
