#include "compare_answer.h"
#include "compare_row.h"
#include "contract/arena.h"
#include "store/read.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ARENA_BYTES (16u << 20)

struct comparison {
	const struct model *m;
	struct mtr_txn *txn;
	struct mtr_arena *arena;
};

static bool differ(const char *what, uint64_t id, uint64_t model, uint64_t found)
{
	fprintf(stderr, "%s %" PRIu64 ": model %" PRIu64 ", register %" PRIu64 "\n", what, id, model, found);
	return false;
}

/* The row with this id, as the register holds it. */
static bool compare_row(struct comparison *c, Mtr__EntityType type, uint64_t id, const ProtobufCMessage *model,
			const char *const *except)
{
	struct mtr_row row;
	const ProtobufCMessage *found;

	mtr_arena_reset(c->arena);
	if (!mtr_read_row(c->txn, type, id, &row))
		return differ("row is missing", id, (uint64_t)type, 0);
	found = protobuf_c_message_unpack(model->descriptor, mtr_arena_allocator(c->arena), row.bytes.size,
					  row.bytes.data);
	if (found && compare_messages(model, found, except))
		return true;
	return differ("row", id, (uint64_t)type, row.revision);
}

#define ROWS(TYPE, rows, count)                                                                                        \
	static bool compare_##rows(struct comparison *c)                                                               \
	{                                                                                                              \
		static const char *const none[] = {NULL};                                                              \
                                                                                                                       \
		for (uint32_t id = 1; id <= c->m->count; id++)                                                         \
			if (!compare_row(c, MTR__ENTITY_TYPE__ENTITY_TYPE_##TYPE, id, &c->m->rows[id]->base, none))    \
				return false;                                                                          \
		return mtr_next_id(c->txn, MTR__ENTITY_TYPE__ENTITY_TYPE_##TYPE) == c->m->count + 1 ||                 \
		       differ("next id of type", MTR__ENTITY_TYPE__ENTITY_TYPE_##TYPE, c->m->count + 1,                \
			      mtr_next_id(c->txn, MTR__ENTITY_TYPE__ENTITY_TYPE_##TYPE));                              \
	}

ROWS(UNIT, units, unit_count)
ROWS(PRINCIPAL, principals, principal_count)
ROWS(TITLE, titles, title_count)
ROWS(PERSON, people, person_count)
ROWS(PLAN, plans, plan_count)
ROWS(PROGRAMME, programmes, programme_count)
ROWS(LEDGER_ENTRY, ledger, ledger_count)
ROWS(LETTER, letters, letter_count)
ROWS(DECISION, decisions, decision_count)
ROWS(CLASS, classes, class_count)
ROWS(SUMMONS, summonses, summons_count)

static bool compare_status(struct comparison *c, uint64_t id)
{
	const Mtr__Nomination *row;
	const Mtr__Acknowledgement *acknowledgement;
	struct verdict verdict = {.nomination_id = id};

	mtr_arena_reset(c->arena);
	row = mtr_read_nomination(c->txn, c->arena, id);
	acknowledgement = row ? mtr_acknowledge(c->txn, c->arena, row) : NULL;
	return (acknowledgement && compare_acknowledgement(c->m, &verdict, acknowledgement)) ||
	       differ("status of nomination", id, 1, acknowledgement != NULL);
}

/* The bytes of the rank key are the register's own affair; they are compared by the order they lead to. */
static bool compare_nominations(struct comparison *c)
{
	static const char *const except[] = {"rank_key", NULL};
	static const char *const none[] = {NULL};

	for (uint64_t id = 1; id <= c->m->nomination_count; id++) {
		if (!compare_row(c, MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION, id, &c->m->nominations[id]->base, except))
			return false;
		if (!compare_status(c, id))
			return false;
		if (c->m->enrolments[id] &&
		    !compare_row(c, MTR__ENTITY_TYPE__ENTITY_TYPE_ENROLMENT, id, &c->m->enrolments[id]->base, none))
			return false;
	}
	return true;
}

struct order {
	const uint64_t *ids;
	size_t count, seen;
	bool equal;
};

static bool next_in_order(void *context, uint64_t id)
{
	struct order *order = context;

	order->equal = order->equal && order->seen < order->count && order->ids[order->seen] == id;
	order->seen++;
	return order->equal;
}

static bool compare_order(struct comparison *c, uint32_t programme, uint32_t unit, Mtr__State state,
			  enum mtr_bucket bucket)
{
	uint64_t ids[MODEL_PEOPLE];
	struct order order = {ids, model_ordered(c->m, programme, unit, state, ids, MODEL_PEOPLE), 0, true};

	mtr_each_ordered(c->txn, programme, unit, bucket, next_in_order, &order);
	if (order.count && bucket == MTR_BUCKET_WAITING)
		order.equal &= mtr_order_first_waiting(c->txn, programme, unit) == ids[0];
	if (order.count && bucket == MTR_BUCKET_SEATED)
		order.equal &= mtr_order_last_seated(c->txn, programme, unit) == ids[order.count - 1];
	return (order.equal && order.seen == order.count) ||
	       differ("order of part", (uint64_t)programme << 32 | unit, order.count, order.seen);
}

static bool has_decision(Mtr__State state, const Mtr__Nomination *n)
{
	return n->decision_id != 0 && state != MTR__STATE__STATE_NOT_APPROVED;
}

static struct mtr_tally count_part(const struct model *m, uint32_t programme, uint32_t unit)
{
	struct mtr_tally tally = {0};

	for (uint64_t id = 1; id <= m->nomination_count; id++) {
		const Mtr__Nomination *n = m->nominations[id];

		if (n->programme_id != programme || n->unit_id != unit)
			continue;
		tally.by_state[n->state]++;
		tally.held += model_holds_seat(n->state);
		tally.ever_decided += has_decision(n->state, n);
		tally.ever_summoned += n->class_id != 0;
		tally.ever_enrolled +=
			n->state == MTR__STATE__STATE_ENROLLED ||
			(n->state >= MTR__STATE__STATE_COMPLETED && n->state <= MTR__STATE__STATE_DEFERRED);
		if (n->state == MTR__STATE__STATE_SEATED)
			tally.seated_by_group[n->group]++;
		if (n->state == MTR__STATE__STATE_WAITING)
			tally.waiting_by_group[n->group]++;
	}
	return tally;
}

static bool compare_part(struct comparison *c, uint32_t programme, uint32_t unit)
{
	static const char *const none[] = {NULL};
	const Mtr__Allocation *allocation = c->m->allocations[programme][unit];
	struct mtr_tally expected = count_part(c->m, programme, unit), found;
	const Mtr__Allocation *row;

	mtr_arena_reset(c->arena);
	row = mtr_read_allocation(c->txn, c->arena, programme, unit);
	if (allocation ? !compare_messages(&allocation->base, &row->base, none) : mtr_allocation_seats(row) != 0)
		return differ("allocation of part", (uint64_t)programme << 32 | unit,
			      model_seats(c->m, programme, unit), mtr_allocation_seats(row));
	mtr_read_tally(c->txn, programme, unit, &found);
	if (memcmp(&expected, &found, sizeof found) != 0)
		return differ("tally of part", (uint64_t)programme << 32 | unit, expected.held, found.held);
	if (found.held > mtr_allocation_seats(row))
		return differ("holders beyond seats", (uint64_t)programme << 32 | unit, mtr_allocation_seats(row),
			      found.held);
	return compare_order(c, programme, unit, MTR__STATE__STATE_SEATED, MTR_BUCKET_SEATED) &&
	       compare_order(c, programme, unit, MTR__STATE__STATE_WAITING, MTR_BUCKET_WAITING);
}

static bool compare_parts(struct comparison *c)
{
	for (uint32_t programme = 1; programme <= c->m->programme_count; programme++)
		for (uint32_t unit = 1; unit <= c->m->unit_count; unit++)
			if (!compare_part(c, programme, unit))
				return false;
	return true;
}

static bool compare_once(struct comparison *c)
{
	for (uint32_t person = 1; person <= c->m->person_count; person++) {
		for (uint32_t programme = 1; programme <= c->m->programme_count; programme++) {
			uint64_t expected = model_in_the_way(c->m, person, programme);
			uint64_t found = mtr_find_once(c->txn, person, programme);

			if (expected != found)
				return differ("in the way of person", person, expected, found);
		}
	}
	return true;
}

bool compare_state(const struct model *model, struct real *real)
{
	struct comparison c = {model, real_view(real), mtr_arena_new(ARENA_BYTES)};
	const char *broken;
	bool equal;

	if (model_is_broken(model, &broken)) {
		fprintf(stderr, "the model is broken: %s\n", broken);
		mtr_arena_free(&c.arena);
		return false;
	}
	equal = compare_units(&c) && compare_principals(&c) && compare_titles(&c) && compare_people(&c) &&
		compare_plans(&c) && compare_programmes(&c) && compare_ledger(&c) && compare_letters(&c) &&
		compare_decisions(&c) && compare_classes(&c) && compare_summonses(&c) && compare_nominations(&c) &&
		compare_parts(&c) && compare_once(&c);
	if (c.txn->error)
		equal = differ("the transaction failed", 0, 0, (uint64_t)c.txn->error);
	mtr_arena_free(&c.arena);
	return equal;
}
