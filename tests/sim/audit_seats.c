/* Holders, seats, the ledger, and what a nominator is told of them. */
#include "audit.h"
#include "matricula/v1/commands.pb-c.h"
#include "matricula/v1/wire.pb-c.h"

#include <inttypes.h>
#include <string.h>

struct part {
	const struct audit *audit;
	uint32_t programme, unit;
	const Mtr__Allocation *allocation;
	uint64_t ledger[6]; /* by kind */
	uint32_t held;
};

static bool holds_seat(Mtr__State state)
{
	switch ((int)state) {
	case MTR__STATE__STATE_SEATED:
	case MTR__STATE__STATE_DECIDED:
	case MTR__STATE__STATE_FORWARDED:
	case MTR__STATE__STATE_ACCEPTED:
	case MTR__STATE__STATE_SUMMONED:
	case MTR__STATE__STATE_ENROLLED:
	case MTR__STATE__STATE_COMPLETED:
	case MTR__STATE__STATE_FAILED:
	case MTR__STATE__STATE_LEFT:
	case MTR__STATE__STATE_DEFERRED:
		return true;
	default:
		return false;
	}
}

static bool is_ordered(Mtr__State state)
{
	return state == MTR__STATE__STATE_SEATED || state == MTR__STATE__STATE_WAITING;
}

static uint32_t seats_of(const struct part *part)
{
	const Mtr__Allocation *a = part->allocation;

	return a ? a->granted + a->transferred_in - a->transferred_out - a->returned - a->lapsed : 0;
}

static const struct shadow_row *next_in_part(const struct part *part, uint32_t *index)
{
	const struct shadow *shadow = part->audit->shadow;

	while (*index < shadow->count) {
		const struct shadow_row *row = &shadow->rows[(*index)++];

		if (row->live && row->home.kind == MTR__HOME_KIND__HOME_KIND_PART && row->home.a == part->programme &&
		    row->home.b == part->unit)
			return row;
	}
	return NULL;
}

static void add_up(struct part *part)
{
	const struct shadow_row *row;

	for (uint32_t i = 0; (row = next_in_part(part, &i));) {
		const Mtr__LedgerEntry *entry = row->message;
		const Mtr__Nomination *nomination = row->message;

		switch (row->type) {
		case MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION:
			part->allocation = row->message;
			break;
		case MTR__ENTITY_TYPE__ENTITY_TYPE_LEDGER_ENTRY:
			part->ledger[(unsigned)entry->kind % 6] += entry->seats;
			break;
		case MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION:
			part->held += holds_seat(nomination->state);
			break;
		default:
			break;
		}
	}
}

static bool check_part(struct part *part)
{
	struct sim *sim = part->audit->sim;
	const uint64_t revision = part->audit->shadow->revision, *ledger = part->ledger;
	const Mtr__Allocation *a = part->allocation;

	add_up(part);
	a = part->allocation;
	if (a ? ledger[MTR__LEDGER_KIND__LEDGER_KIND_GRANTED] != a->granted ||
			    ledger[MTR__LEDGER_KIND__LEDGER_KIND_TRANSFERRED_IN] != a->transferred_in ||
			    ledger[MTR__LEDGER_KIND__LEDGER_KIND_TRANSFERRED_OUT] != a->transferred_out ||
			    ledger[MTR__LEDGER_KIND__LEDGER_KIND_RETURNED] != a->returned ||
			    ledger[MTR__LEDGER_KIND__LEDGER_KIND_LAPSED] != a->lapsed
	      : ledger[1] + ledger[2] + ledger[3] + ledger[4] + ledger[5] != 0)
		return sim_fail(sim, "record %" PRIu64 ": the ledger of unit %" PRIu32 " doesn't add up", revision,
				part->unit);
	if (a && (uint64_t)a->granted + a->transferred_in < (uint64_t)a->transferred_out + a->returned + a->lapsed)
		return sim_fail(sim, "record %" PRIu64 ": unit %" PRIu32 " gave more than it had", revision,
				part->unit);
	if (part->held > seats_of(part))
		return sim_fail(sim,
				"record %" PRIu64 ": unit %" PRIu32 " has %" PRIu32 " holders for %" PRIu32 " seats",
				revision, part->unit, part->held, seats_of(part));
	return true;
}

/* What all units have of a programme, against its figure. */
static bool check_programme(const struct audit *audit, uint32_t programme_id)
{
	const struct shadow_row *found =
		shadow_find(audit->shadow, MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME, programme_id);
	const Mtr__Programme *programme = found ? found->message : NULL;
	int64_t sum = 0, in = 0, out = 0;

	for (uint32_t i = 0; i < audit->shadow->count; i++) {
		const struct shadow_row *row = &audit->shadow->rows[i];
		const Mtr__Allocation *a = row->message;

		if (!row->live || row->type != MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION || row->home.a != programme_id)
			continue;
		sum += (int64_t)a->granted - a->returned - a->lapsed;
		in += a->transferred_in;
		out += a->transferred_out;
	}
	if (in != out)
		return sim_fail(audit->sim, "record %" PRIu64 ": seats were lost between units",
				audit->shadow->revision);
	if (programme && sum > (int64_t)programme->quota->in_force)
		return sim_fail(audit->sim, "record %" PRIu64 ": %" PRId64 " seats shared out of %" PRIu32,
				audit->shadow->revision, sum, programme->quota->in_force);
	return true;
}

static int compare_keys(ProtobufCBinaryData x, ProtobufCBinaryData y)
{
	int order = memcmp(x.data, y.data, x.len < y.len ? x.len : y.len);

	return order ? order : x.len < y.len ? -1 : x.len > y.len;
}

/* The acknowledgement as it can be counted out of the rows. */
static bool check_acknowledgement(struct audit *audit, const Mtr__Acknowledgement *said)
{
	const struct shadow_row *found =
		shadow_find(audit->shadow, MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION, said->nomination_id);
	const Mtr__Nomination *nomination = found ? found->message : NULL;
	uint32_t before = 0, waiting_before = 0, ordered = 0;

	if (!nomination)
		return sim_fail(audit->sim, "record %" PRIu64 " acknowledges what isn't there",
				audit->shadow->revision);
	struct part part = {.audit = audit, .programme = nomination->programme_id, .unit = nomination->unit_id};
	const struct shadow_row *row;

	add_up(&part);
	for (uint32_t i = 0; (row = next_in_part(&part, &i));) {
		const Mtr__Nomination *other = row->message;

		if (row->type != MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION || !is_ordered(other->state))
			continue;
		ordered++;
		if (compare_keys(other->rank_key, nomination->rank_key) >= 0)
			continue;
		before++;
		waiting_before += other->state == MTR__STATE__STATE_WAITING;
	}
	const bool in_order = is_ordered(nomination->state), waits = nomination->state == MTR__STATE__STATE_WAITING;
	const uint32_t seats = seats_of(&part);

	if (said->state != nomination->state || said->cause != nomination->cause ||
	    said->rank != (in_order ? before + 1 : 0) || (in_order && said->of != ordered) ||
	    said->waiting_position != (waits ? waiting_before + 1 : 0) || said->seats_granted != seats ||
	    said->seats_held != part.held || said->seats_left != seats - part.held ||
	    said->group != nomination->group || said->person_id != nomination->person_id ||
	    said->arrived_at != nomination->arrived_at)
		return sim_fail(audit->sim,
				"record %" PRIu64 " acknowledges nomination %" PRIu64 " otherwise than it stands",
				audit->shadow->revision, said->nomination_id);
	return true;
}

static void count(struct audit *audit, const Mtr__RecordHeader *header, const Mtr__Acknowledgement *said)
{
	uint64_t *events = audit->sim->tally->events;

	if (header->command_tag != MTR__COMMAND__BODY_PROPOSE)
		return;
	events[EVENT_PROPOSED]++;
	events[EVENT_LATE] += said->state == MTR__STATE__STATE_LATE;
	events[EVENT_DISPLACED] += said->displaced_id != 0;
}

static bool check_answer(struct audit *audit, const Mtr__RecordHeader *header, struct mtr_bytes packed)
{
	const Mtr__Answer *answer = mtr__answer__unpack(mtr_arena_allocator(audit->scratch), packed.size, packed.data);

	if (!answer || answer->revision != header->revision)
		return sim_fail(audit->sim, "record %" PRIu64 ": its answer can't be", header->revision);
	if (answer->body_case == MTR__ANSWER__BODY_DONE)
		audit->sim->tally->events[EVENT_PROMOTED] += answer->done->n_promoted_ids;
	if (answer->body_case != MTR__ANSWER__BODY_ACKNOWLEDGEMENT)
		return true;
	count(audit, header, answer->acknowledgement);
	audit->sim->tally->events[EVENT_PROMOTED] += answer->acknowledgement->promoted_id != 0;
	return check_acknowledgement(audit, answer->acknowledgement);
}

bool audit_seats(struct audit *audit, const Mtr__RecordHeader *header, struct mtr_bytes answer)
{
	const struct shadow *shadow = audit->shadow;
	uint32_t programme = 0;

	for (uint32_t i = 0; i < shadow->count; i++) {
		const struct shadow_row *row = &shadow->rows[i];
		struct part part = {.audit = audit, .programme = row->home.a, .unit = row->home.b};

		if (row->revision != shadow->revision || row->home.kind != MTR__HOME_KIND__HOME_KIND_PART)
			continue;
		programme = row->home.a;
		if (!check_part(&part))
			return false;
	}
	return (!programme || check_programme(audit, programme)) && check_answer(audit, header, answer);
}
