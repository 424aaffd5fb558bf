#include "outcome.h"

#include "matricula/v1/wire.pb-c.h"

#include <errno.h>

struct outcome {
	bool readable;
	int code, state;
};

static int outcome_of(struct mtr_arena *arena, struct mtr_bytes packed, struct outcome *ret_outcome)
{
	mtr_arena_reset(arena);

	const Mtr__Answer *answer = mtr__answer__unpack(mtr_arena_allocator(arena), packed.size, packed.data);

	*ret_outcome = (struct outcome){.readable = answer != NULL};
	if (!answer)
		return mtr_arena_starved(arena) ? ENOMEM : 0;
	if (answer->body_case == MTR__ANSWER__BODY_ERROR)
		ret_outcome->code = (int)answer->error->code;
	else if (answer->body_case == MTR__ANSWER__BODY_ACKNOWLEDGEMENT)
		ret_outcome->state = (int)answer->acknowledgement->state;
	return 0;
}

int mtr_outcomes_differ(struct mtr_arena *arena, struct mtr_bytes one, struct mtr_bytes other, bool *ret_differ)
{
	struct outcome x, y;
	int code = outcome_of(arena, one, &x);

	if (!code)
		code = outcome_of(arena, other, &y);
	if (!code)
		*ret_differ = !x.readable || !y.readable || x.code != y.code || x.state != y.state;
	return code;
}

int mtr_outcome_is_refusal(struct mtr_arena *arena, struct mtr_bytes answer, bool *ret_refusal)
{
	struct outcome outcome;
	int code = outcome_of(arena, answer, &outcome);

	if (!code)
		*ret_refusal = outcome.code != 0;
	return code;
}
