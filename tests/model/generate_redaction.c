/* Redactions. */
#include "generate_people.h"

enum { NOBODYS_NOMINATION, AN_OPEN_NOMINATION, CLOSED_NOMINATIONS };

/* What the person's nominations are like: one that may still move decides. */
static int nominations_of(struct generator *g, uint32_t person_id)
{
	int found = NOBODYS_NOMINATION;

	for (uint64_t id = 1; id <= g->m->nomination_count; id++) {
		const Mtr__Nomination *n = g->m->nominations[id];

		if (n->person_id != person_id)
			continue;
		if (1u << n->state & (STATE(SEATED) | STATE(WAITING) | STATE(LATE)))
			return AN_OPEN_NOMINATION;
		found = CLOSED_NOMINATIONS;
	}
	return found;
}

static bool is_known_with(struct generator *g, uint32_t id, const void *context)
{
	return !g->m->people[id]->redacted && nominations_of(g, id) == *(const int *)context;
}

static bool is_redacted(struct generator *g, uint32_t id, const void *context)
{
	(void)context;
	return g->m->people[id]->redacted;
}

bool make_redact(struct generator *g, struct operation *op)
{
	Mtr__Redact *body = NEW(g, redact);
	uint32_t roll = below(g, 100);
	int wanted = roll < 60 ? CLOSED_NOMINATIONS : roll < 72 ? NOBODYS_NOMINATION : AN_OPEN_NOMINATION;

	if (roll < 88)
		body->person_id = pick(g, g->m->person_count, is_known_with, &wanted);
	else if (roll < 94)
		body->person_id = pick(g, g->m->person_count, is_redacted, NULL);
	else if (roll < 98)
		body->person_id = g->m->person_count + 1 + below(g, 5);
	else
		body->person_id = 0;
	if (roll < 94 && !body->person_id)
		return false;
	body->reason = reason(g, 95);
	body->document = document(g, 95);
	return finish(g, op, pick_principal(g, MTR__ROLE__ROLE_OPERATOR), MTR__COMMAND__BODY_REDACT, body);
}
