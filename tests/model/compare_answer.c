#include "compare.h"

#include "contract/errors.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool differ(const char *what, uint64_t model, uint64_t found)
{
	fprintf(stderr, "%s: model %" PRIu64 ", register %" PRIu64 "\n", what, model, found);
	return false;
}

static bool same(const char *what, uint64_t model, uint64_t found)
{
	return model == found || differ(what, model, found);
}

static const char *error_name(Mtr__ErrorCode code)
{
	return code == MTR__ERROR_CODE__ERROR_CODE_NONE ? "done" : mtr_error_name(code);
}

static bool compare_error(const struct verdict *verdict, const Mtr__Answer *answer)
{
	const Mtr__Error *error = answer->body_case == MTR__ANSWER__BODY_ERROR ? answer->error : NULL;
	Mtr__ErrorCode found = error ? error->code : MTR__ERROR_CODE__ERROR_CODE_NONE;

	if (found != verdict->code) {
		fprintf(stderr, "code: model %s, register %s (field \"%s\")\n", error_name(verdict->code),
			error_name(found), error ? error->field : "");
		return false;
	}
	if (!error)
		return true;
	if (verdict->number && !same("number", verdict->number, error->number))
		return false;
	if (!same("findings", verdict->finding_count, error->n_findings))
		return false;
	for (size_t i = 0; i < error->n_findings; i++)
		if (!same("condition of a finding", verdict->findings[i], error->findings[i]->condition))
			return false;
	return true;
}

static bool has_basis(const Mtr__Nomination *n, const Mtr__Basis *found)
{
	for (size_t i = 0; i < n->n_bases; i++) {
		const Mtr__Basis *basis = n->bases[i];

		if (basis->group == found->group && basis->title_id == found->title_id &&
		    strcmp(basis->title_code, found->title_code) == 0 &&
		    strcmp(basis->title_name, found->title_name) == 0 && basis->ranks_below == found->ranks_below &&
		    basis->term_from == found->term_from && basis->term_to == found->term_to &&
		    !basis->lacking == !found->lacking &&
		    (!basis->lacking || (basis->lacking->scheme == found->lacking->scheme &&
					 basis->lacking->number == found->lacking->number)))
			return true;
	}
	return false;
}

static bool compare_bases(const Mtr__Nomination *n, Mtr__Basis **bases, size_t count)
{
	if (!same("bases", n->n_bases, count))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!has_basis(n, bases[i]))
			return differ("a basis of title", 0, bases[i]->title_id);
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
	return same("rank", rank, a->rank) && same("of", rank ? seated_count + waiting_count : 0, rank ? a->of : 0) &&
	       same("waiting position", waits, a->waiting_position);
}

static bool compare_acknowledgement(const struct model *m, const struct verdict *verdict, const Mtr__Acknowledgement *a)
{
	const Mtr__Nomination *n = m->nominations[verdict->nomination_id];
	uint32_t seats = model_seats(m, n->programme_id, n->unit_id);
	uint32_t held = model_held(m, n->programme_id, n->unit_id);

	return same("nomination", n->id, a->nomination_id) && same("state", n->state, a->state) &&
	       same("cause", n->cause, a->cause) && compare_rank(m, n, a) && same("seats", seats, a->seats_granted) &&
	       same("held", held, a->seats_held) && same("left", seats - held, a->seats_left) &&
	       same("group", n->group, a->group) && compare_bases(n, a->bases, a->n_bases) &&
	       same("displaced", verdict->displaced_id, a->displaced_id) &&
	       same("promoted", verdict->promoted_id, a->promoted_id) && same("person", n->person_id, a->person_id) &&
	       same("arrived at", n->arrived_at, a->arrived_at) &&
	       same("substitutes", n->substitutes_id, a->substitutes_id) &&
	       same("frozen", model_frozen(m, n->programme_id, n->unit_id), (uint64_t)a->frozen) &&
	       same("programme", n->programme_id, model_programme(m, a->programme_code)) &&
	       same("unit", n->unit_id, model_unit(m, a->unit_code));
}

static bool compare_allocation(const struct model *m, const Mtr__Allocation *expected, const Mtr__Done *done)
{
	const Mtr__Allocation *found = done->allocation;
	uint32_t seats, held;

	if (!found)
		return differ("allocation is missing", 1, 0);
	seats = model_seats(m, expected->programme_id, expected->unit_id);
	held = model_held(m, expected->programme_id, expected->unit_id);
	return same("programme", expected->programme_id, found->programme_id) &&
	       same("unit", expected->unit_id, found->unit_id) && same("demand", expected->demand, found->demand) &&
	       same("granted", expected->granted, found->granted) &&
	       same("transferred in", expected->transferred_in, found->transferred_in) &&
	       same("transferred out", expected->transferred_out, found->transferred_out) &&
	       same("returned", expected->returned, found->returned) &&
	       same("lapsed", expected->lapsed, found->lapsed) &&
	       same("frozen", (uint64_t)expected->frozen, (uint64_t)found->frozen) && same("held", held, done->held) &&
	       same("left", seats - held, done->left);
}

static bool compare_done(const struct model *m, const struct verdict *verdict, const Mtr__Done *done)
{
	if (!same("type", verdict->type, done->type) || !same("id", verdict->id, done->id) ||
	    !same("created", verdict->created, (uint64_t)done->created) ||
	    !same("changed", verdict->changed, done->changed) ||
	    !same("promoted", verdict->promoted_count, done->n_promoted_ids) ||
	    !same("displaced", 0, done->n_displaced_ids))
		return false;
	for (size_t i = 0; i < done->n_promoted_ids; i++)
		if (!same("promoted id", verdict->promoted[i], done->promoted_ids[i]))
			return false;
	return !verdict->allocation || compare_allocation(m, verdict->allocation, done);
}

bool compare_answer(const struct model *m, const struct verdict *verdict, const Mtr__Answer *answer)
{
	if (!compare_error(verdict, answer))
		return false;
	if (verdict->code != MTR__ERROR_CODE__ERROR_CODE_NONE)
		return true;
	if (verdict->nomination_id)
		return same("kind of answer", MTR__ANSWER__BODY_ACKNOWLEDGEMENT, answer->body_case) &&
		       compare_acknowledgement(m, verdict, answer->acknowledgement);
	return same("kind of answer", MTR__ANSWER__BODY_DONE, answer->body_case) &&
	       compare_done(m, verdict, answer->done);
}
