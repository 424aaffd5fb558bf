#include "register/acknowledge.h"

#define OUTLOOKS_MAX 4u

static bool letter_complete(struct mtr_view *view, uint64_t letter_id)
{
	const Mtr__Letter *letter = letter_id ? mtr_read_letter(view->txn, view->arena, letter_id) : NULL;

	return letter && letter->number[0];
}

static void add(Mtr__Acknowledgement *out, Mtr__Outlook outlook)
{
	if (out->n_outlook < OUTLOOKS_MAX)
		out->outlook[out->n_outlook++] = outlook;
}

static void add_seated(Mtr__Acknowledgement *out, const Mtr__Nomination *nomination, bool frozen)
{
	if (!frozen) {
		add(out, MTR__OUTLOOK__OUTLOOK_DISPLACED_BY_BETTER);
		add(out, MTR__OUTLOOK__OUTLOOK_SECURED_BY_FREEZE);
	} else if (nomination->supplementary) {
		add(out, MTR__OUTLOOK__OUTLOOK_SUPPLEMENTARY_DECISION);
	} else if (nomination->vetted) {
		add(out, MTR__OUTLOOK__OUTLOOK_DECISION_NEXT);
	}
}

static void add_waiting(Mtr__Acknowledgement *out, bool frozen)
{
	add(out, MTR__OUTLOOK__OUTLOOK_PROMOTED_BY_FREE_SEAT);
	if (frozen)
		add(out, MTR__OUTLOOK__OUTLOOK_SUPPLEMENTARY_DECISION);
}

static bool fill_outlook(struct mtr_view *view, Mtr__Acknowledgement *out, const Mtr__Nomination *nomination,
			 bool frozen)
{
	Mtr__State state = nomination->state;
	bool open = state == MTR__STATE__STATE_SEATED || state == MTR__STATE__STATE_WAITING ||
		    state == MTR__STATE__STATE_LATE;

	out->outlook = mtr_arena_array(view->arena, OUTLOOKS_MAX, sizeof *out->outlook);
	if (!out->outlook)
		return false;
	if (state == MTR__STATE__STATE_SEATED)
		add_seated(out, nomination, frozen);
	else if (state == MTR__STATE__STATE_WAITING)
		add_waiting(out, frozen);
	else if (state == MTR__STATE__STATE_LATE)
		add(out, MTR__OUTLOOK__OUTLOOK_ORGANISER_SETTLES_LATE);
	else if (mtr_state_final(state))
		add(out, MTR__OUTLOOK__OUTLOOK_FINAL);
	if (open && !letter_complete(view, nomination->letter_id))
		add(out, MTR__OUTLOOK__OUTLOOK_LETTER_NUMBER_NEEDED);
	return true;
}

static void fill_place(struct mtr_txn *txn, Mtr__Acknowledgement *out, const struct mtr_part *part,
		       const Mtr__Nomination *nomination)
{
	uint32_t waiting_before = 0;
	bool waits = nomination->state == MTR__STATE__STATE_WAITING;

	out->seats_granted = mtr_part_seats(part);
	out->seats_held = part->held;
	out->seats_left = mtr_part_left(part);
	out->frozen = part->allocation->frozen;
	if (!waits && nomination->state != MTR__STATE__STATE_SEATED)
		return;
	out->rank = mtr_part_rank(txn, part, nomination, &waiting_before) + 1;
	out->of = part->by_state[MTR__STATE__STATE_SEATED] + part->by_state[MTR__STATE__STATE_WAITING];
	out->waiting_position = waits ? waiting_before + 1 : 0;
}

static Mtr__Acknowledgement *acknowledge(struct mtr_view *view, const struct mtr_part *part,
					 const Mtr__Nomination *nomination)
{
	const Mtr__Programme *programme = mtr_view_programme(view, nomination->programme_id);
	const Mtr__Unit *unit = mtr_view_unit(view, nomination->unit_id);
	Mtr__Acknowledgement *out = mtr_message_new(view->arena, &mtr__acknowledgement__descriptor);

	if (!programme || !unit || !out)
		return NULL;
	out->nomination_id = nomination->id;
	out->state = nomination->state;
	out->cause = nomination->cause;
	out->group = nomination->group;
	out->bases = nomination->bases;
	out->n_bases = nomination->n_bases;
	out->programme_code = programme->code;
	out->unit_code = unit->code;
	out->person_id = nomination->person_id;
	out->arrived_at = nomination->arrived_at;
	out->written_at = nomination->written_at;
	out->substitutes_id = nomination->substitutes_id;
	fill_place(view->txn, out, part, nomination);
	if (!fill_outlook(view, out, nomination, part->allocation->frozen) || !mtr_view_good(view))
		return NULL;
	return out;
}

bool mtr_answer_acknowledgement(struct mtr_decision *decision, const Mtr__Nomination *nomination, uint64_t displaced_id,
				uint64_t promoted_id)
{
	const struct mtr_part *part = mtr_part_of_nomination(decision, nomination);

	if (!part || !(decision->acknowledgement = acknowledge(&decision->view, part, nomination)))
		return false;
	decision->acknowledgement->displaced_id = displaced_id;
	decision->acknowledgement->promoted_id = promoted_id;
	return true;
}

Mtr__Acknowledgement *mtr_acknowledge(struct mtr_txn *txn, struct mtr_arena *arena, const Mtr__Nomination *nomination)
{
	struct mtr_view view;

	mtr_view_init(&view, txn, arena);

	const struct mtr_part *part = mtr_part_read(&view, nomination->programme_id, nomination->unit_id);

	return part ? acknowledge(&view, part, nomination) : NULL;
}
