#include "query/query.h"

#include "store/survey.h"

#include <stdlib.h>

/* Of one packed row: two codes and two names of the longest, and the figures. */
#define ROW_BYTES_MAX (2u * (MTR_CODE_MAX + MTR_NAME_MAX) + 180u)

struct tallying {
	struct mtr_query *q;
	bool by_unit;
	uint32_t plan_id, programme_id, unit_id; /* 0: any */
	const Mtr__Programme *programme;         /* of the row in hand */
	bool skipped;                            /* the programme in hand isn't of the plan */
	Mtr__Tally **rows;
	size_t count, room;
};

static Mtr__Tally *new_row(struct tallying *t)
{
	Mtr__Tally *row = mtr_arena_alloc(t->q->arena, sizeof *row);

	if (t->count == t->room) {
		const size_t room = t->room ? 2 * t->room : 64;
		Mtr__Tally **rows = mtr_arena_array(t->q->arena, room, sizeof *rows);

		if (!rows)
			return NULL;
		for (size_t i = 0; i < t->count; i++)
			rows[i] = t->rows[i];
		t->rows = rows;
		t->room = room;
	}
	if (!row)
		return NULL;
	mtr__tally__init(row);
	row->programme_id = t->programme->id;
	row->programme_code = t->programme->code;
	row->programme_name = t->programme->name;
	row->seats_in_force = t->programme->quota ? t->programme->quota->in_force : 0;
	t->rows[t->count++] = row;
	return row;
}

static void add_ledger(Mtr__Tally *row, const Mtr__Allocation *allocation)
{
	row->demand += allocation->demand;
	row->granted += allocation->granted;
	row->transferred_in += allocation->transferred_in;
	row->transferred_out += allocation->transferred_out;
	row->returned += allocation->returned;
	row->lapsed += allocation->lapsed;
	row->seats += mtr_allocation_seats(allocation);
	row->frozen_parts += allocation->frozen ? 1 : 0;
	row->parts++;
}

static void add_counts(Mtr__Tally *row, const struct mtr_tally *tally)
{
	static const Mtr__State gone[] = {
		MTR__STATE__STATE_WITHDRAWN,  MTR__STATE__STATE_REPLACED,     MTR__STATE__STATE_LATE_REFUSED,
		MTR__STATE__STATE_INELIGIBLE, MTR__STATE__STATE_NOT_APPROVED, MTR__STATE__STATE_REJECTED,
	};

	row->held += tally->held;
	row->waiting += tally->by_state[MTR__STATE__STATE_WAITING];
	row->late += tally->by_state[MTR__STATE__STATE_LATE];
	row->decided += tally->ever_decided;
	row->summoned += tally->ever_summoned;
	row->enrolled += tally->ever_enrolled;
	row->completed += tally->by_state[MTR__STATE__STATE_COMPLETED];
	for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++)
		row->withdrawn += tally->by_state[gone[i]];
}

static bool name_unit(struct tallying *t, Mtr__Tally *row, uint32_t unit_id)
{
	const Mtr__Unit *unit = mtr_read_unit(t->q->txn, t->q->arena, unit_id);

	row->unit_id = unit_id;
	if (unit) {
		row->unit_code = unit->code;
		row->unit_name = unit->name;
	}
	return mtr_query_good(t->q);
}

/* The row for a part: its own, or its programme's. */
static Mtr__Tally *row_for(struct tallying *t, uint32_t programme_id)
{
	Mtr__Tally *last = t->count ? t->rows[t->count - 1] : NULL;

	return !t->by_unit && last && last->programme_id == programme_id ? last : new_row(t);
}

/* Reads the programme when it is another than the one before. False on an error. */
static bool take_up_programme(struct tallying *t, uint32_t programme_id)
{
	if (t->programme && t->programme->id == programme_id)
		return true;
	t->programme = mtr_read_programme(t->q->txn, t->q->arena, programme_id);
	t->skipped = !t->programme || (t->plan_id && t->programme->plan_id != t->plan_id);
	return mtr_query_good(t->q);
}

static bool add_part(void *context, struct mtr_home home, const struct mtr_home_row *home_row)
{
	struct tallying *t = context;
	const Mtr__Allocation *allocation;
	struct mtr_tally tally;
	Mtr__Tally *row;

	(void)home_row;
	if (home.kind != MTR__HOME_KIND__HOME_KIND_PART || (t->programme_id && home.a != t->programme_id))
		return false;
	if (t->unit_id && home.b != t->unit_id)
		return true;
	if (!take_up_programme(t, home.a))
		return false;
	if (t->skipped)
		return true;
	mtr_arena_reset(t->q->scratch);
	allocation = mtr_read_allocation(t->q->txn, t->q->scratch, home.a, home.b);
	mtr_read_tally(t->q->txn, home.a, home.b, &tally);
	row = allocation ? row_for(t, home.a) : NULL;
	if (!row || (t->by_unit && !name_unit(t, row, home.b)))
		return false;
	add_ledger(row, allocation);
	add_counts(row, &tally);
	return t->count <= MTR_ROWS_BYTES / 16;
}

static int by_programme(const void *x, const void *y)
{
	const Mtr__Tally *a = *(Mtr__Tally *const *)x, *b = *(Mtr__Tally *const *)y;

	return (a->programme_id > b->programme_id) - (a->programme_id < b->programme_id);
}

struct planned {
	struct tallying *t;
	size_t with_parts; /* rows, by programme */
	size_t at;         /* the first of them that isn't of an earlier programme */
};

static bool add_programme(void *context, uint64_t entity)
{
	struct planned *planned = context;
	struct tallying *t = planned->t;
	const uint32_t id = (uint32_t)entity;

	while (planned->at < planned->with_parts && t->rows[planned->at]->programme_id < id)
		planned->at++;
	if ((planned->at < planned->with_parts && t->rows[planned->at]->programme_id == id) ||
	    (t->programme_id && id != t->programme_id) || !mtr_scope_has(t->q->scope, mtr_home_programme(id)))
		return true;
	if (!take_up_programme(t, id))
		return mtr_query_good(t->q);
	return (t->skipped || new_row(t)) && mtr_query_good(t->q);
}

/* A programme in which nobody has a part yet is planned all the same: its organiser sees it. */
static void add_empty_programmes(struct tallying *t)
{
	struct planned planned = {.t = t, .with_parts = t->count};

	mtr_each_entity(t->q->txn, MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME, add_programme, &planned);
	if (t->count > planned.with_parts)
		qsort(t->rows, t->count, sizeof *t->rows, by_programme);
}

static bool resolve(struct mtr_query *q, struct tallying *t)
{
	const Mtr__Tallies *tallies = q->query->tallies;

	return mtr_filter_plan(q, "tallies.plan_code", tallies->plan_code, &t->plan_id) &&
	       mtr_filter_programme(q, "tallies.programme_code", tallies->programme_code, &t->programme_id) &&
	       mtr_filter_unit(q, "tallies.unit_code", tallies->unit_code, false, &t->unit_id);
}

bool mtr_query_tallies(struct mtr_query *q)
{
	struct tallying t = {.q = q, .by_unit = q->query->tallies->by_unit};
	Mtr__TallyTable *table = mtr_arena_alloc(q->arena, sizeof *table);

	if (!table || !resolve(q, &t))
		return table && mtr_query_refused(q);
	mtr_each_home_row(q->txn, q->scope, mtr_home_part(t.programme_id, 0), add_part, &t);
	if (!t.by_unit && !t.unit_id && mtr_query_good(q))
		add_empty_programmes(&t);
	if (!mtr_query_good(q) || mtr_arena_exhausted(q->scratch))
		return false;
	mtr__tally_table__init(table);
	table->rows = t.rows;
	table->n_rows = t.count;
	if (t.count > MTR_ROWS_BYTES / ROW_BYTES_MAX && mtr__tally_table__get_packed_size(table) > MTR_ROWS_BYTES) {
		mtr_query_refuse(q, MTR__ERROR_CODE__ERROR_CODE_TOO_LARGE, "tallies",
				 "plan_code, programme_code or unit_code", t.count);
		return true;
	}
	q->answer->body_case = MTR__ANSWER__BODY_TALLIES;
	q->answer->tallies = table;
	return true;
}
