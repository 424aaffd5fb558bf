#include "register/access.h"
#include "register/commands/handlers.h"
#include "register/commands/quota_sum.h"
#include "register/commands/window.h"
#include "register/part.h"
#include "register/resolve.h"

/* Writes the part's allocation and makes it the answer. */
static Mtr__Done *answer(struct mtr_decision *decision, const struct mtr_part *part,
			 const struct mtr_promoted *promoted)
{
	Mtr__Done *done = mtr_done(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION,
				   mtr_allocation_id(part->programme_id, part->unit_id), NULL, false);

	if (!done || !mtr_effect_allocation(&decision->effects, decision->view.arena, part->allocation))
		return NULL;
	done->allocation = part->allocation;
	done->held = part->held;
	done->left = mtr_part_left(part);
	done->changed = (uint32_t)promoted->count;
	done->promoted_ids = promoted->ids;
	done->n_promoted_ids = promoted->count;
	return done;
}

/* Adds to a sum of the ledger; an overflow is refused. */
static bool add(struct mtr_decision *decision, uint32_t *sum, int64_t seats)
{
	uint64_t after = *sum + (uint64_t)seats;

	if (after > UINT32_MAX)
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_FIELD_RANGE, "seats");
	*sum = (uint32_t)after;
	return true;
}

static Mtr__LedgerEntry *record(struct mtr_decision *decision, const struct mtr_part *part, Mtr__LedgerKind kind,
				int64_t seats)
{
	Mtr__LedgerEntry *entry = mtr_message_new(decision->view.arena, &mtr__ledger_entry__descriptor);

	if (!entry)
		return NULL;
	entry->id = mtr_new_id(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_LEDGER_ENTRY);
	entry->programme_id = part->programme_id;
	entry->unit_id = part->unit_id;
	entry->kind = kind;
	entry->seats = (uint32_t)seats;
	entry->at = decision->input->now;
	return mtr_effect_ledger_entry(&decision->effects, decision->view.arena, entry) ? entry : NULL;
}

static bool check_left(struct mtr_decision *decision, const struct mtr_part *part, int64_t seats)
{
	uint32_t left = mtr_part_left(part);
	struct mtr_arena *arena = decision->view.arena;

	if (seats <= left)
		return true;
	return mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_SEATS_OVER_LEFT,
			  (struct mtr_fault){
				  .field = "seats",
				  .found = mtr_format(arena, "%" PRId64, seats),
				  .wanted = mtr_format(arena, "..%" PRIu32, left),
				  .number = left,
			  });
}

bool mtr_handle_register_demand(struct mtr_decision *decision)
{
	const Mtr__RegisterDemand *body = decision->command->register_demand;
	const Mtr__Programme *programme = mtr_resolve_programme(decision, body->programme_code, "programme_code");
	const Mtr__Unit *unit = programme ? mtr_resolve_live_unit(decision, body->unit_code, "unit_code") : NULL;

	if (!unit || !mtr_require(decision, mtr_access_unit(decision, unit->id), "unit_code") ||
	    !mtr_require_open(decision, programme->demand_window) ||
	    !mtr_require_not_closed(decision, programme->demand_window))
		return false;

	struct mtr_part *part = mtr_part_of(decision, programme->id, unit->id);
	struct mtr_promoted none = {0};

	if (!part)
		return false;
	part->allocation->demand = body->seats;
	return answer(decision, part, &none) != NULL;
}

/* The programme's sum after the grant stays within the figure in force; a figure that is only about may be exceeded
 * with a document. */
static bool check_programme(struct mtr_decision *decision, const Mtr__Programme *programme, const Mtr__Allocate *body)
{
	bool about = programme->quota->rule == MTR__QUOTA_RULE__QUOTA_RULE_ABOUT && body->document[0];
	uint64_t most = about ? MTR_SEATS_MAX : programme->quota->in_force;
	uint64_t sum = mtr_quota_sum(&decision->view, programme->id);
	uint64_t left = most > sum ? most - sum : 0;

	if (!mtr_decision_good(decision))
		return false;
	if ((uint64_t)body->seats <= left)
		return true;
	return mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_SEATS_OVER_PROGRAMME,
			  (struct mtr_fault){
				  .field = "seats",
				  .found = mtr_format(decision->view.arena, "%" PRId64, body->seats),
				  .wanted = mtr_format(decision->view.arena, "..%" PRIu64, left),
				  .number = left,
			  });
}

bool mtr_handle_allocate(struct mtr_decision *decision)
{
	const Mtr__Allocate *body = decision->command->allocate;
	const Mtr__Programme *programme = mtr_resolve_programme(decision, body->programme_code, "programme_code");
	const Mtr__Unit *unit = programme ? mtr_resolve_live_unit(decision, body->unit_code, "unit_code") : NULL;

	if (!unit || !mtr_require(decision, mtr_access_organises(decision, programme), "programme_code") ||
	    !check_programme(decision, programme, body))
		return false;

	struct mtr_part *part = mtr_part_of(decision, programme->id, unit->id);
	struct mtr_promoted promoted = {0};
	Mtr__LedgerEntry *entry =
		part ? record(decision, part, MTR__LEDGER_KIND__LEDGER_KIND_GRANTED, body->seats) : NULL;

	if (!entry || !add(decision, &part->allocation->granted, body->seats))
		return false;
	entry->document = body->document;
	return mtr_part_fill(decision, part, &promoted) && answer(decision, part, &promoted);
}

static bool move_seats(struct mtr_decision *decision, const Mtr__Transfer *body, struct mtr_part *from,
		       struct mtr_part *to)
{
	Mtr__LedgerEntry *out = record(decision, from, MTR__LEDGER_KIND__LEDGER_KIND_TRANSFERRED_OUT, body->seats);
	Mtr__LedgerEntry *in =
		out ? record(decision, to, MTR__LEDGER_KIND__LEDGER_KIND_TRANSFERRED_IN, body->seats) : NULL;

	if (!in || !add(decision, &from->allocation->transferred_out, body->seats) ||
	    !add(decision, &to->allocation->transferred_in, body->seats))
		return false;
	out->counterpart_unit_id = to->unit_id;
	in->counterpart_unit_id = from->unit_id;
	out->document = body->document;
	in->document = body->document;
	return mtr_effect_allocation(&decision->effects, decision->view.arena, from->allocation);
}

bool mtr_handle_transfer(struct mtr_decision *decision)
{
	const Mtr__Transfer *body = decision->command->transfer;
	const Mtr__Programme *programme = mtr_resolve_programme(decision, body->programme_code, "programme_code");
	const Mtr__Unit *giver = programme ? mtr_resolve_unit(decision, body->from_unit_code, "from_unit_code") : NULL;
	const Mtr__Unit *taker = giver ? mtr_resolve_live_unit(decision, body->to_unit_code, "to_unit_code") : NULL;

	if (!taker || !mtr_require(decision, mtr_access_organises(decision, programme), "programme_code"))
		return false;
	if (giver->id == taker->id)
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_FIELD_VALUE, "to_unit_code");

	struct mtr_part *from = mtr_part_of(decision, programme->id, giver->id);
	struct mtr_part *to = from ? mtr_part_of(decision, programme->id, taker->id) : NULL;
	struct mtr_promoted promoted = {0};

	return to && check_left(decision, from, body->seats) && move_seats(decision, body, from, to) &&
	       mtr_part_fill(decision, to, &promoted) && answer(decision, to, &promoted);
}

/* Who may: a nominator for its subtree, an organiser for its programme; what lapsed only the organiser takes back,
 * and says why. */
static bool check_return(struct mtr_decision *decision, const Mtr__ReturnSeats *body, const Mtr__Programme *programme,
			 const Mtr__Unit *unit)
{
	bool organiser = decision->principal->role == MTR__ROLE__ROLE_ORGANISER;

	if (organiser && !mtr_require(decision, mtr_access_organises(decision, programme), "programme_code"))
		return false;
	if (!organiser && !mtr_require(decision, mtr_access_unit(decision, unit->id), "unit_code"))
		return false;
	if (body->lapsed && !organiser)
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_ROLE_REFUSED, "lapsed");
	if (body->lapsed && !body->reason[0])
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_FIELD_MISSING, "reason");
	return true;
}

bool mtr_handle_return_seats(struct mtr_decision *decision)
{
	const Mtr__ReturnSeats *body = decision->command->return_seats;
	const Mtr__Programme *programme = mtr_resolve_programme(decision, body->programme_code, "programme_code");
	const Mtr__Unit *unit = programme ? mtr_resolve_unit(decision, body->unit_code, "unit_code") : NULL;
	struct mtr_promoted none = {0};

	if (!unit || !check_return(decision, body, programme, unit))
		return false;

	struct mtr_part *part = mtr_part_of(decision, programme->id, unit->id);

	if (!part || !check_left(decision, part, body->seats))
		return false;

	Mtr__LedgerEntry *entry =
		record(decision, part,
		       body->lapsed ? MTR__LEDGER_KIND__LEDGER_KIND_LAPSED : MTR__LEDGER_KIND__LEDGER_KIND_RETURNED,
		       body->seats);
	Mtr__Allocation *allocation = part->allocation;

	if (!entry || !add(decision, body->lapsed ? &allocation->lapsed : &allocation->returned, body->seats))
		return false;
	entry->reason = body->reason;
	return answer(decision, part, &none) != NULL;
}
