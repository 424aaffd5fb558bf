#include "model_internal.h"

#include <stdlib.h>

bool model_holds_seat(Mtr__State state)
{
	return state == MTR__STATE__STATE_SEATED || state == MTR__STATE__STATE_DECIDED ||
	       state == MTR__STATE__STATE_FORWARDED || state == MTR__STATE__STATE_ACCEPTED ||
	       state == MTR__STATE__STATE_SUMMONED || state == MTR__STATE__STATE_ENROLLED ||
	       state == MTR__STATE__STATE_COMPLETED || state == MTR__STATE__STATE_FAILED ||
	       state == MTR__STATE__STATE_LEFT || state == MTR__STATE__STATE_DEFERRED;
}

bool model_stands_in_the_way(Mtr__State state)
{
	return (model_holds_seat(state) && state != MTR__STATE__STATE_FAILED && state != MTR__STATE__STATE_LEFT) ||
	       state == MTR__STATE__STATE_WAITING || state == MTR__STATE__STATE_LATE;
}

bool model_is_final(Mtr__State state)
{
	return state == MTR__STATE__STATE_WITHDRAWN || state == MTR__STATE__STATE_REPLACED ||
	       state == MTR__STATE__STATE_LATE_REFUSED || state == MTR__STATE__STATE_INELIGIBLE ||
	       state == MTR__STATE__STATE_NOT_APPROVED || state == MTR__STATE__STATE_REJECTED ||
	       state >= MTR__STATE__STATE_COMPLETED;
}

uint64_t model_in_the_way(const struct model *m, uint32_t person_id, uint32_t programme_id)
{
	for (uint64_t id = 1; id <= m->nomination_count; id++) {
		const Mtr__Nomination *n = m->nominations[id];

		if (n->person_id == person_id && n->programme_id == programme_id && model_stands_in_the_way(n->state))
			return id;
	}
	return 0;
}

uint32_t model_seats(const struct model *m, uint32_t programme_id, uint32_t unit_id)
{
	uint32_t seats = 0;

	for (uint32_t id = 1; id <= m->ledger_count; id++) {
		const Mtr__LedgerEntry *entry = m->ledger[id];

		if (entry->programme_id != programme_id || entry->unit_id != unit_id)
			continue;
		if (entry->kind == MTR__LEDGER_KIND__LEDGER_KIND_GRANTED ||
		    entry->kind == MTR__LEDGER_KIND__LEDGER_KIND_TRANSFERRED_IN)
			seats += entry->seats;
		else
			seats -= entry->seats;
	}
	return seats;
}

uint32_t model_programme_sum(const struct model *m, uint32_t programme_id)
{
	uint32_t sum = 0;

	for (uint32_t unit_id = 1; unit_id <= m->unit_count; unit_id++)
		sum += model_seats(m, programme_id, unit_id);
	return sum;
}

static bool in_part(const Mtr__Nomination *n, uint32_t programme_id, uint32_t unit_id)
{
	return n->programme_id == programme_id && n->unit_id == unit_id;
}

uint32_t model_held(const struct model *m, uint32_t programme_id, uint32_t unit_id)
{
	uint32_t held = 0;

	for (uint64_t id = 1; id <= m->nomination_count; id++)
		held += in_part(m->nominations[id], programme_id, unit_id) &&
			model_holds_seat(m->nominations[id]->state);
	return held;
}

uint32_t model_waiting(const struct model *m, uint32_t programme_id, uint32_t unit_id)
{
	return (uint32_t)model_ordered(m, programme_id, unit_id, MTR__STATE__STATE_WAITING, NULL, 0);
}

bool model_frozen(const struct model *m, uint32_t programme_id, uint32_t unit_id)
{
	const Mtr__Allocation *allocation = m->allocations[programme_id][unit_id];

	return allocation && allocation->frozen;
}

static int compare_ranks(const struct rank *x, const struct rank *y)
{
	for (size_t i = 0; i < MODEL_RANK_PARTS; i++)
		if (x->parts[i] != y->parts[i])
			return x->parts[i] < y->parts[i] ? -1 : 1;
	return 0;
}

struct ranked {
	struct rank rank;
	uint64_t id;
};

static int compare_ranked(const void *x, const void *y)
{
	return compare_ranks(&((const struct ranked *)x)->rank, &((const struct ranked *)y)->rank);
}

size_t model_ordered(const struct model *m, uint32_t programme_id, uint32_t unit_id, Mtr__State state,
		     uint64_t *ret_ids, size_t most)
{
	struct ranked ranked[MODEL_PEOPLE];
	size_t count = 0;

	for (uint64_t id = 1; id <= m->nomination_count; id++) {
		const Mtr__Nomination *n = m->nominations[id];

		if (in_part(n, programme_id, unit_id) && n->state == state)
			ranked[count++] = (struct ranked){m->ranks[id], id};
	}
	qsort(ranked, count, sizeof *ranked, compare_ranked);
	for (size_t i = 0; i < count && i < most; i++)
		ret_ids[i] = ranked[i].id;
	return count;
}

uint32_t model_rank(const struct model *m, uint64_t nomination_id)
{
	const Mtr__Nomination *of = m->nominations[nomination_id];
	uint32_t rank = 1;

	for (uint64_t id = 1; id <= m->nomination_count; id++) {
		const Mtr__Nomination *n = m->nominations[id];

		if (in_part(n, of->programme_id, of->unit_id) &&
		    (n->state == MTR__STATE__STATE_SEATED || n->state == MTR__STATE__STATE_WAITING) &&
		    compare_ranks(&m->ranks[id], &m->ranks[nomination_id]) < 0)
			rank++;
	}
	return rank;
}

Mtr__Allocation *allocation_of(struct model *m, uint32_t programme_id, uint32_t unit_id)
{
	Mtr__Allocation **allocation = &m->allocations[programme_id][unit_id];

	if (!*allocation) {
		*allocation = new_row(m, &mtr__allocation__descriptor);
		(*allocation)->programme_id = programme_id;
		(*allocation)->unit_id = unit_id;
	}
	return *allocation;
}

static void seat(struct model *m, Mtr__Nomination *n)
{
	n->state = MTR__STATE__STATE_SEATED;
	if (model_frozen(m, n->programme_id, n->unit_id))
		n->supplementary = true;
}

void place(struct turn *turn, Mtr__Nomination *n)
{
	struct model *m = turn->m;
	uint64_t seated[MODEL_PEOPLE];
	size_t count = model_ordered(m, n->programme_id, n->unit_id, MTR__STATE__STATE_SEATED, seated, MODEL_PEOPLE);

	if (model_seats(m, n->programme_id, n->unit_id) > model_held(m, n->programme_id, n->unit_id)) {
		seat(m, n);
		return;
	}
	if (!model_frozen(m, n->programme_id, n->unit_id) && count > 0) {
		Mtr__Nomination *last = m->nominations[seated[count - 1]];

		if (compare_ranks(&m->ranks[last->id], &m->ranks[n->id]) > 0) {
			last->state = MTR__STATE__STATE_WAITING;
			last->cause = MTR__CAUSE__CAUSE_DISPLACED;
			turn->verdict->displaced_id = last->id;
			seat(m, n);
			return;
		}
	}
	n->state = MTR__STATE__STATE_WAITING;
}

void seats_fall_free(struct turn *turn, uint32_t programme_id, uint32_t unit_id)
{
	struct model *m = turn->m;
	struct verdict *verdict = turn->verdict;
	uint64_t first;

	while (model_seats(m, programme_id, unit_id) > model_held(m, programme_id, unit_id) &&
	       model_ordered(m, programme_id, unit_id, MTR__STATE__STATE_WAITING, &first, 1) > 0) {
		seat(m, m->nominations[first]);
		m->nominations[first]->cause = MTR__CAUSE__CAUSE_PROMOTED;
		verdict->promoted[verdict->promoted_count++] = first;
	}
}

static const char *part_is_broken(const struct model *m, uint32_t programme_id, uint32_t unit_id)
{
	const Mtr__Allocation *a = m->allocations[programme_id][unit_id];
	uint32_t seats = model_seats(m, programme_id, unit_id), held = model_held(m, programme_id, unit_id);

	if (held > seats)
		return "more holders than seats";
	if (held < seats && model_waiting(m, programme_id, unit_id))
		return "a free seat while somebody waits";
	if (a && a->granted + a->transferred_in != seats + a->transferred_out + a->returned + a->lapsed)
		return "the ledger doesn't add up to the allocation";
	return NULL;
}

bool model_is_broken(const struct model *m, const char **ret_what)
{
	*ret_what = NULL;
	for (uint32_t p = 1; p <= m->programme_count && !*ret_what; p++) {
		const Mtr__Quota *quota = m->programmes[p]->quota;

		if (quota->rule != MTR__QUOTA_RULE__QUOTA_RULE_ABOUT && model_programme_sum(m, p) > quota->in_force)
			*ret_what = "allocations over the quota in force";
		for (uint32_t u = 1; u <= m->unit_count && !*ret_what; u++)
			*ret_what = part_is_broken(m, p, u);
	}
	return *ret_what != NULL;
}
