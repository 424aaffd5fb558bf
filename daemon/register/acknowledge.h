/* The acknowledgement (phiếu tiếp nhận) inside a decision. */
#ifndef MTR_REGISTER_ACKNOWLEDGE_H
#define MTR_REGISTER_ACKNOWLEDGE_H

#include "register/part.h"

/* Makes the decision's answer: the nomination as it will be when the effects are applied. To be called when all of
 * them are known. 0 for no displaced or promoted nomination. */
bool mtr_answer_acknowledgement(struct mtr_decision *decision, const Mtr__Nomination *nomination, uint64_t displaced_id,
				uint64_t promoted_id);

#endif
