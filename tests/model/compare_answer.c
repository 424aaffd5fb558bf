#include "compare_answer.h"

#include "contract/errors.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool differ(const char *what, uint64_t model, uint64_t found)
{
	fprintf(stderr, "%s: model %" PRIu64 ", register %" PRIu64 "\n", what, model, found);
	return false;
}

bool compare_numbers(const char *what, uint64_t model, uint64_t found)
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
	if (verdict->has_number && !compare_numbers("number", verdict->number, error->number))
		return false;
	if (!compare_numbers("findings", verdict->finding_count, error->n_findings))
		return false;
	for (size_t i = 0; i < error->n_findings; i++)
		if (!compare_numbers("condition of a finding", verdict->findings[i], error->findings[i]->condition))
			return false;
	return true;
}

static bool compare_allocation(const struct model *m, const Mtr__Allocation *expected, const Mtr__Done *done)
{
	const Mtr__Allocation *found = done->allocation;
	uint32_t seats, held;

	if (!found)
		return differ("allocation is missing", 1, 0);
	seats = model_seats(m, expected->programme_id, expected->unit_id);
	held = model_held(m, expected->programme_id, expected->unit_id);
	return compare_numbers("programme", expected->programme_id, found->programme_id) &&
	       compare_numbers("unit", expected->unit_id, found->unit_id) &&
	       compare_numbers("demand", expected->demand, found->demand) &&
	       compare_numbers("granted", expected->granted, found->granted) &&
	       compare_numbers("transferred in", expected->transferred_in, found->transferred_in) &&
	       compare_numbers("transferred out", expected->transferred_out, found->transferred_out) &&
	       compare_numbers("returned", expected->returned, found->returned) &&
	       compare_numbers("lapsed", expected->lapsed, found->lapsed) &&
	       compare_numbers("frozen", (uint64_t)expected->frozen, (uint64_t)found->frozen) &&
	       compare_numbers("held", held, done->held) && compare_numbers("left", seats - held, done->left);
}

static bool compare_done(const struct model *m, const struct verdict *verdict, const Mtr__Done *done)
{
	if (!compare_numbers("type", verdict->type, done->type) || !compare_numbers("id", verdict->id, done->id) ||
	    !compare_numbers("created", verdict->created, (uint64_t)done->created) ||
	    !compare_numbers("changed", verdict->changed, done->changed) ||
	    !compare_numbers("promoted", verdict->promoted_count, done->n_promoted_ids) ||
	    !compare_numbers("displaced", 0, done->n_displaced_ids))
		return false;
	for (size_t i = 0; i < done->n_promoted_ids; i++)
		if (!compare_numbers("promoted id", verdict->promoted[i], done->promoted_ids[i]))
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
		return compare_numbers("kind of answer", MTR__ANSWER__BODY_ACKNOWLEDGEMENT, answer->body_case) &&
		       compare_acknowledgement(m, verdict, answer->acknowledgement);
	return compare_numbers("kind of answer", MTR__ANSWER__BODY_DONE, answer->body_case) &&
	       compare_done(m, verdict, answer->done);
}
