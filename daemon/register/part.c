#include "register/part.h"

#include <string.h>

#define STATES (sizeof((struct mtr_part *)0)->by_state / sizeof(uint32_t))

struct mtr_part *mtr_part_read(struct mtr_view *view, uint32_t programme_id, uint32_t unit_id)
{
	const Mtr__Allocation *row = mtr_read_allocation(view->txn, view->arena, programme_id, unit_id);
	struct mtr_part *part = mtr_arena_alloc(view->arena, sizeof *part);
	struct mtr_tally tally;

	if (!row || !part)
		return NULL;
	mtr_read_tally(view->txn, programme_id, unit_id, &tally);
	part->programme_id = programme_id;
	part->unit_id = unit_id;
	part->allocation = mtr_arena_copy(view->arena, row, sizeof *row);
	memcpy(part->by_state, tally.by_state, sizeof part->by_state);
	part->held = tally.held;
	return mtr_view_good(view) ? part : NULL;
}

struct mtr_part *mtr_part_of(struct mtr_decision *decision, uint32_t programme_id, uint32_t unit_id)
{
	struct mtr_part **end = &decision->parts;

	for (; *end; end = &(*end)->next)
		if ((*end)->programme_id == programme_id && (*end)->unit_id == unit_id)
			return *end;
	*end = mtr_part_read(&decision->view, programme_id, unit_id);
	return *end;
}

struct mtr_part *mtr_part_of_nomination(struct mtr_decision *decision, const Mtr__Nomination *nomination)
{
	return mtr_part_of(decision, nomination->programme_id, nomination->unit_id);
}

uint32_t mtr_part_seats(const struct mtr_part *part)
{
	return mtr_allocation_seats(part->allocation);
}

uint32_t mtr_part_left(const struct mtr_part *part)
{
	uint32_t seats = mtr_part_seats(part);

	return seats > part->held ? seats - part->held : 0;
}

static bool holds(Mtr__State state)
{
	enum mtr_bucket bucket = mtr_state_traits(state).bucket;

	return bucket == MTR_BUCKET_SEATED || bucket == MTR_BUCKET_SECURED;
}

static bool before(struct mtr_bytes x, struct mtr_bytes y)
{
	size_t size = x.size < y.size ? x.size : y.size;
	int order = size ? memcmp(x.data, y.data, size) : 0;

	return order < 0 || (order == 0 && x.size < y.size);
}

static struct mtr_bytes key_of(const Mtr__Nomination *nomination)
{
	return (struct mtr_bytes){nomination->rank_key.data, nomination->rank_key.len};
}

/* Of one bucket: as the store has it, corrected by what this command has moved. */
static uint32_t count_before(struct mtr_txn *txn, const struct mtr_part *part, Mtr__State state,
			     struct mtr_bytes rank_key)
{
	enum mtr_bucket bucket = mtr_state_traits(state).bucket;
	uint32_t count = mtr_order_count_before(txn, part->programme_id, part->unit_id, bucket, rank_key);

	for (const struct mtr_moved *moved = part->moved; moved; moved = moved->next) {
		if (!before(key_of(moved->nomination), rank_key))
			continue;
		if (moved->before == state)
			count--;
		if (moved->nomination->state == state)
			count++;
	}
	return count;
}

uint32_t mtr_part_rank(struct mtr_txn *txn, const struct mtr_part *part, const Mtr__Nomination *nomination,
		       uint32_t *ret_waiting_before)
{
	struct mtr_bytes rank_key = key_of(nomination);
	uint32_t waiting = 0, seated = 0;

	if (part->by_state[MTR__STATE__STATE_WAITING])
		waiting = count_before(txn, part, MTR__STATE__STATE_WAITING, rank_key);
	if (part->by_state[MTR__STATE__STATE_SEATED])
		seated = count_before(txn, part, MTR__STATE__STATE_SEATED, rank_key);
	*ret_waiting_before = waiting;
	return waiting + seated;
}

static bool move(struct mtr_decision *decision, struct mtr_part *part, Mtr__Nomination *nomination, Mtr__State from,
		 Mtr__State to)
{
	struct mtr_moved *moved = mtr_arena_alloc(decision->view.arena, sizeof *moved);

	if (!moved)
		return false;
	if ((size_t)from >= STATES || (size_t)to >= STATES || (from && part->by_state[from] == 0) ||
	    (holds(from) && part->held == 0)) {
		decision->view.txn->error = MTR_STORE_CORRUPT;
		return false;
	}
	*moved = (struct mtr_moved){.next = part->moved, .nomination = nomination, .before = from};
	part->moved = moved;
	if (from)
		part->by_state[from]--;
	part->by_state[to]++;
	part->held = part->held - (holds(from) ? 1u : 0u) + (holds(to) ? 1u : 0u);
	nomination->state = to;
	return mtr_effect_nomination(&decision->effects, decision->view.arena, nomination) &&
	       mtr_subject_nomination(decision, nomination->id) && mtr_subject_person(decision, nomination->person_id);
}

bool mtr_part_move(struct mtr_decision *decision, struct mtr_part *part, Mtr__Nomination *nomination, Mtr__State state,
		   Mtr__Cause cause)
{
	nomination->cause = cause;
	return move(decision, part, nomination, nomination->state, state);
}

bool mtr_part_add(struct mtr_decision *decision, struct mtr_part *part, Mtr__Nomination *nomination, Mtr__State state,
		  Mtr__Cause cause)
{
	nomination->cause = cause;
	return move(decision, part, nomination, MTR__STATE__STATE_UNSPECIFIED, state);
}

static Mtr__Nomination *read_copy(struct mtr_decision *decision, uint64_t id)
{
	const Mtr__Nomination *row = mtr_read_nomination(decision->view.txn, decision->view.arena, id);

	if (!row && mtr_decision_good(decision))
		decision->view.txn->error = MTR_STORE_CORRUPT;
	return row ? mtr_arena_copy(decision->view.arena, row, sizeof *row) : NULL;
}

bool mtr_part_place(struct mtr_decision *decision, struct mtr_part *part, Mtr__Nomination *nomination,
		    Mtr__State *ret_state, uint64_t *ret_displaced_id)
{
	bool frozen = part->allocation->frozen;

	*ret_displaced_id = 0;
	*ret_state = MTR__STATE__STATE_WAITING;
	if (mtr_part_left(part)) {
		nomination->supplementary = frozen;
		*ret_state = MTR__STATE__STATE_SEATED;
		return true;
	}
	if (frozen || part->by_state[MTR__STATE__STATE_SEATED] == 0)
		return true;

	Mtr__Nomination *last =
		read_copy(decision, mtr_order_last_seated(decision->view.txn, part->programme_id, part->unit_id));

	if (!last)
		return false;
	if (!before(key_of(nomination), key_of(last)))
		return true;
	*ret_displaced_id = last->id;
	*ret_state = MTR__STATE__STATE_SEATED;
	return mtr_part_move(decision, part, last, mtr_state_after(last->state, MTR_STEP_DISPLACE),
			     MTR__CAUSE__CAUSE_DISPLACED);
}

/* The first of the waiting whom this command hasn't touched. */
struct queue {
	const struct mtr_part *part;
	uint64_t *ids;
	size_t count, most;
};

static bool was_moved(const struct mtr_part *part, uint64_t id)
{
	for (const struct mtr_moved *moved = part->moved; moved; moved = moved->next)
		if (moved->nomination->id == id)
			return true;
	return false;
}

static bool take(void *context, uint64_t id)
{
	struct queue *queue = context;

	if (!was_moved(queue->part, id))
		queue->ids[queue->count++] = id;
	return queue->count < queue->most;
}

static bool promote(struct mtr_decision *decision, struct mtr_part *part, uint64_t id)
{
	Mtr__Nomination *nomination = read_copy(decision, id);

	if (!nomination)
		return false;
	nomination->supplementary = part->allocation->frozen;
	return mtr_part_move(decision, part, nomination, mtr_state_after(nomination->state, MTR_STEP_PROMOTE),
			     MTR__CAUSE__CAUSE_PROMOTED);
}

static bool keep(struct mtr_arena *arena, struct mtr_promoted *promoted, const struct queue *queue)
{
	uint64_t *ids = mtr_arena_array(arena, promoted->count + queue->count, sizeof *ids);

	if (!ids)
		return false;
	if (promoted->count)
		memcpy(ids, promoted->ids, promoted->count * sizeof *ids);
	memcpy(ids + promoted->count, queue->ids, queue->count * sizeof *ids);
	promoted->ids = ids;
	promoted->count += queue->count;
	return true;
}

bool mtr_part_fill(struct mtr_decision *decision, struct mtr_part *part, struct mtr_promoted *promoted)
{
	uint32_t left = mtr_part_left(part), waiting = part->by_state[MTR__STATE__STATE_WAITING];
	struct queue queue = {.part = part, .most = left < waiting ? left : waiting};

	if (queue.most == 0)
		return true;
	if (queue.most > MTR_PROMOTED_MAX)
		return mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_TOO_MANY_ITEMS,
				  (struct mtr_fault){.field = "seats", .number = MTR_PROMOTED_MAX});
	queue.ids = mtr_arena_array(decision->view.arena, queue.most, sizeof *queue.ids);
	if (!queue.ids)
		return false;
	mtr_each_ordered(decision->view.txn, part->programme_id, part->unit_id, MTR_BUCKET_WAITING, take, &queue);
	for (size_t i = 0; i < queue.count; i++)
		if (!promote(decision, part, queue.ids[i]))
			return false;
	return keep(decision->view.arena, promoted, &queue);
}

bool mtr_parts_fill(struct mtr_decision *decision, struct mtr_promoted *promoted)
{
	for (struct mtr_part *part = decision->parts; part; part = part->next)
		if (!mtr_part_fill(decision, part, promoted))
			return false;
	return true;
}
