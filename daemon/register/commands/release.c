#include "register/commands/release.h"

#include "register/acknowledge.h"

bool mtr_release(struct mtr_decision *decision, struct mtr_part *part, Mtr__Nomination *nomination, Mtr__State to)
{
	struct mtr_promoted promoted = {0};

	if (!mtr_part_move(decision, part, nomination, to, MTR__CAUSE__CAUSE_COMMAND) ||
	    !mtr_part_fill(decision, part, &promoted))
		return false;
	return mtr_answer_acknowledgement(decision, nomination, 0, promoted.count ? promoted.ids[0] : 0);
}
