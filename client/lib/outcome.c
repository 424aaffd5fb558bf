#include "outcome.h"

#include "matricula/v1/wire.pb-c.h"

struct outcome {
	int code, state;
};

static bool outcome_of(struct mtr_bytes packed, struct outcome *ret_outcome)
{
	Mtr__Answer *answer = mtr__answer__unpack(NULL, packed.size, packed.data);

	if (!answer)
		return false;
	*ret_outcome = (struct outcome){0};
	if (answer->body_case == MTR__ANSWER__BODY_ERROR)
		ret_outcome->code = (int)answer->error->code;
	else if (answer->body_case == MTR__ANSWER__BODY_ACKNOWLEDGEMENT)
		ret_outcome->state = (int)answer->acknowledgement->state;
	mtr__answer__free_unpacked(answer, NULL);
	return true;
}

bool mtr_outcomes_differ(struct mtr_bytes one, struct mtr_bytes other)
{
	struct outcome x, y;

	return !outcome_of(one, &x) || !outcome_of(other, &y) || x.code != y.code || x.state != y.state;
}

bool mtr_outcome_is_refusal(struct mtr_bytes answer)
{
	struct outcome outcome;

	return outcome_of(answer, &outcome) && outcome.code != 0;
}
