#include "compare_answer.h"

#include "compare_row.h"

static bool compare_bases(const Mtr__Nomination *n, const Mtr__Acknowledgement *a)
{
	static const char *const none[] = {NULL};

	if (!compare_numbers("bases", n->n_bases, a->n_bases))
		return false;
	for (size_t i = 0; i < a->n_bases; i++)
		if (!compare_messages(&n->bases[i]->base, &a->bases[i]->base, none))
			return false;
	return true;
}

static size_t place_in(const uint64_t *ids, size_t count, uint64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i] == id)
			return i + 1;
	return 0;
}

static bool compare_rank(const struct model *m, const Mtr__Nomination *n, const Mtr__Acknowledgement *a)
{
	uint64_t seated[MODEL_PEOPLE], waiting[MODEL_PEOPLE];
	size_t seated_count =
		model_ordered(m, n->programme_id, n->unit_id, MTR__STATE__STATE_SEATED, seated, MODEL_PEOPLE);
	size_t waiting_count =
		model_ordered(m, n->programme_id, n->unit_id, MTR__STATE__STATE_WAITING, waiting, MODEL_PEOPLE);
	size_t waits = place_in(waiting, waiting_count, n->id);
	size_t rank = 0;

	if (n->state == MTR__STATE__STATE_SEATED || n->state == MTR__STATE__STATE_WAITING)
		rank = model_rank(m, n->id);
	return compare_numbers("rank", rank, a->rank) &&
	       compare_numbers("of", rank ? seated_count + waiting_count : 0, a->of) &&
	       compare_numbers("waiting position", waits, a->waiting_position);
}

/* What can still happen, by the table in docs/nomination.md. */
static size_t outlook_of(const struct model *m, const Mtr__Nomination *n, Mtr__Outlook *ret_outlook)
{
	bool frozen = model_frozen(m, n->programme_id, n->unit_id), settled = false;
	size_t count = 0;

	if (n->state == MTR__STATE__STATE_LATE) {
		ret_outlook[count++] = MTR__OUTLOOK__OUTLOOK_ORGANISER_SETTLES_LATE;
	} else if (n->state == MTR__STATE__STATE_WAITING) {
		ret_outlook[count++] = MTR__OUTLOOK__OUTLOOK_PROMOTED_BY_FREE_SEAT;
		if (frozen)
			ret_outlook[count++] = MTR__OUTLOOK__OUTLOOK_SUPPLEMENTARY_DECISION;
	} else if (n->state != MTR__STATE__STATE_SEATED) {
		settled = true;
		if (model_is_final(n->state))
			ret_outlook[count++] = MTR__OUTLOOK__OUTLOOK_FINAL;
	} else if (!frozen) {
		ret_outlook[count++] = MTR__OUTLOOK__OUTLOOK_DISPLACED_BY_BETTER;
		ret_outlook[count++] = MTR__OUTLOOK__OUTLOOK_SECURED_BY_FREEZE;
	} else if (n->supplementary) {
		ret_outlook[count++] = MTR__OUTLOOK__OUTLOOK_SUPPLEMENTARY_DECISION;
	} else if (n->vetted) {
		ret_outlook[count++] = MTR__OUTLOOK__OUTLOOK_DECISION_NEXT;
	}
	if (!settled && (!n->letter_id || !*m->letters[n->letter_id]->number))
		ret_outlook[count++] = MTR__OUTLOOK__OUTLOOK_LETTER_NUMBER_NEEDED;
	return count;
}

static bool compare_outlook(const struct model *m, const Mtr__Nomination *n, const Mtr__Acknowledgement *a)
{
	Mtr__Outlook outlook[4];
	size_t count = outlook_of(m, n, outlook);

	if (!compare_numbers("outlooks", count, a->n_outlook))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!compare_numbers("outlook", outlook[i], a->outlook[i]))
			return false;
	return true;
}

bool compare_acknowledgement(const struct model *m, const struct verdict *verdict, const Mtr__Acknowledgement *a)
{
	const Mtr__Nomination *n = m->nominations[verdict->nomination_id];
	uint32_t seats = model_seats(m, n->programme_id, n->unit_id);
	uint32_t held = model_held(m, n->programme_id, n->unit_id);

	return compare_numbers("nomination", n->id, a->nomination_id) && compare_numbers("state", n->state, a->state) &&
	       compare_numbers("cause", n->cause, a->cause) && compare_rank(m, n, a) &&
	       compare_numbers("seats", seats, a->seats_granted) && compare_numbers("held", held, a->seats_held) &&
	       compare_numbers("left", seats - held, a->seats_left) && compare_numbers("group", n->group, a->group) &&
	       compare_bases(n, a) && compare_outlook(m, n, a) &&
	       compare_numbers("displaced", verdict->displaced_id, a->displaced_id) &&
	       compare_numbers("promoted", verdict->promoted_id, a->promoted_id) &&
	       compare_numbers("person", n->person_id, a->person_id) &&
	       compare_numbers("arrived at", n->arrived_at, a->arrived_at) &&
	       compare_numbers("substitutes", n->substitutes_id, a->substitutes_id) &&
	       compare_numbers("frozen", model_frozen(m, n->programme_id, n->unit_id), (uint64_t)a->frozen) &&
	       compare_numbers("programme", n->programme_id, model_programme(m, a->programme_code)) &&
	       compare_numbers("unit", n->unit_id, model_unit(m, a->unit_code));
}
