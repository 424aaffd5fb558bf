/* Demand and the ledger of seats. */
#include "model_internal.h"

static void allocation_done(struct turn *turn, const Mtr__Allocation *allocation)
{
	answer_done(turn, MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION,
		    (uint64_t)allocation->programme_id << 32 | allocation->unit_id, false);
	turn->verdict->allocation = allocation;
	turn->verdict->changed = (uint32_t)turn->verdict->promoted_count;
}

static Mtr__LedgerEntry *enter(struct model *m, Mtr__LedgerKind kind, const Mtr__Allocation *allocation, int64_t seats)
{
	Mtr__LedgerEntry *entry = new_row(m, &mtr__ledger_entry__descriptor);

	entry->id = ++m->ledger_count;
	entry->programme_id = allocation->programme_id;
	entry->unit_id = allocation->unit_id;
	entry->kind = kind;
	entry->seats = (uint32_t)seats;
	entry->at = m->now;
	m->ledger[entry->id] = entry;
	return entry;
}

static uint32_t left(const struct model *m, uint32_t programme, uint32_t unit)
{
	return model_seats(m, programme, unit) - model_held(m, programme, unit);
}

static bool window_opened(const Mtr__Window *window, uint64_t now)
{
	return !window || !window->opens || now >= window->opens;
}

static bool window_closed(const Mtr__Window *window, uint64_t now)
{
	return window && window->closes && now > window->closes;
}

static Mtr__ErrorCode shape_seats(int64_t seats)
{
	return seats < 1 || seats > MTR_SEATS_MAX ? E(FIELD_RANGE) : E(NONE);
}

Mtr__ErrorCode do_register_demand(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__RegisterDemand *c = turn->command->register_demand;
	const Mtr__Window *window;
	uint32_t programme, unit;

	TRY(shape_code(c->programme_code, true));
	TRY(shape_code(c->unit_code, true));
	TRY(shape_range(c->seats, 0, MTR_SEATS_MAX));
	TRY(find_programme(turn, c->programme_code, &programme));
	TRY(find_unit(turn, c->unit_code, &unit));
	if (!model_within(m, unit, turn->who->unit_id))
		return E(OUT_OF_SCOPE);
	window = m->programmes[programme]->demand_window;
	if (!window_opened(window, m->now))
		return refuse_number(turn, E(WINDOW_NOT_OPEN), window->opens);
	if (window_closed(window, m->now))
		return refuse_number(turn, E(WINDOW_CLOSED), window->closes);
	allocation_of(m, programme, unit)->demand = c->seats;
	allocation_done(turn, allocation_of(m, programme, unit));
	return E(NONE);
}

/* What may be shared out in all; a figure that is only about may be exceeded with a document. */
static uint32_t most_seats(const Mtr__Quota *quota, const Mtr__Allocate *c)
{
	return quota->rule == MTR__QUOTA_RULE__QUOTA_RULE_ABOUT && *c->document ? MTR_SEATS_MAX : quota->in_force;
}

Mtr__ErrorCode do_allocate(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__Allocate *c = turn->command->allocate;
	uint32_t programme, unit, most, sum;

	TRY(shape_code(c->programme_code, true));
	TRY(shape_code(c->unit_code, true));
	TRY(shape_seats(c->seats));
	TRY(shape_text(c->document, MTR_NUMBER_MAX, false));
	TRY(find_programme(turn, c->programme_code, &programme));
	TRY(find_unit(turn, c->unit_code, &unit));
	if (!organises(m, turn->who, programme))
		return E(OUT_OF_SCOPE);
	most = most_seats(m->programmes[programme]->quota, c);
	sum = model_programme_sum(m, programme);
	if (sum + c->seats > most)
		return refuse_number(turn, E(SEATS_OVER_PROGRAMME), sum < most ? most - sum : 0);

	Mtr__Allocation *allocation = allocation_of(m, programme, unit);

	allocation->granted += (uint32_t)c->seats;
	enter(m, MTR__LEDGER_KIND__LEDGER_KIND_GRANTED, allocation, c->seats)->document = keep_text(m, c->document);
	seats_fall_free(turn, programme, unit);
	allocation_done(turn, allocation);
	return E(NONE);
}

Mtr__ErrorCode do_transfer(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__Transfer *c = turn->command->transfer;
	uint32_t programme, from, to;

	TRY(shape_code(c->programme_code, true));
	TRY(shape_code(c->from_unit_code, true));
	TRY(shape_code(c->to_unit_code, true));
	TRY(shape_seats(c->seats));
	TRY(shape_text(c->document, MTR_NUMBER_MAX, false));
	TRY(find_programme(turn, c->programme_code, &programme));
	TRY(find_former_unit(turn, c->from_unit_code, &from));
	TRY(find_unit(turn, c->to_unit_code, &to));
	if (!organises(m, turn->who, programme))
		return E(OUT_OF_SCOPE);
	if (from == to)
		return E(FIELD_VALUE);
	if (c->seats > left(m, programme, from))
		return refuse_number(turn, E(SEATS_OVER_LEFT), left(m, programme, from));

	Mtr__Allocation *giver = allocation_of(m, programme, from), *receiver = allocation_of(m, programme, to);
	Mtr__LedgerEntry *out = enter(m, MTR__LEDGER_KIND__LEDGER_KIND_TRANSFERRED_OUT, giver, c->seats);
	Mtr__LedgerEntry *in = enter(m, MTR__LEDGER_KIND__LEDGER_KIND_TRANSFERRED_IN, receiver, c->seats);

	out->counterpart_unit_id = to;
	in->counterpart_unit_id = from;
	out->document = in->document = keep_text(m, c->document);
	giver->transferred_out += (uint32_t)c->seats;
	receiver->transferred_in += (uint32_t)c->seats;
	seats_fall_free(turn, programme, to);
	allocation_done(turn, receiver);
	return E(NONE);
}

Mtr__ErrorCode do_return_seats(struct turn *turn)
{
	struct model *m = turn->m;
	const Mtr__ReturnSeats *c = turn->command->return_seats;
	uint32_t programme, unit;
	bool organiser = turn->who->role == MTR__ROLE__ROLE_ORGANISER;

	TRY(shape_code(c->programme_code, true));
	TRY(shape_code(c->unit_code, true));
	TRY(shape_seats(c->seats));
	TRY(shape_text(c->reason, MTR_TEXT_MAX, false));
	TRY(find_programme(turn, c->programme_code, &programme));
	TRY(find_former_unit(turn, c->unit_code, &unit));
	if (organiser ? !organises(m, turn->who, programme) : !model_within(m, unit, turn->who->unit_id))
		return E(OUT_OF_SCOPE);
	if (c->lapsed && !organiser)
		return E(ROLE_REFUSED);
	if (c->lapsed && !*c->reason)
		return E(FIELD_MISSING);
	if (c->seats > left(m, programme, unit))
		return refuse_number(turn, E(SEATS_OVER_LEFT), left(m, programme, unit));

	Mtr__Allocation *allocation = allocation_of(m, programme, unit);

	if (c->lapsed)
		allocation->lapsed += (uint32_t)c->seats;
	else
		allocation->returned += (uint32_t)c->seats;
	enter(m, c->lapsed ? MTR__LEDGER_KIND__LEDGER_KIND_LAPSED : MTR__LEDGER_KIND__LEDGER_KIND_RETURNED, allocation,
	      c->seats)
		->reason = keep_text(m, c->reason);
	allocation_done(turn, allocation);
	return E(NONE);
}
