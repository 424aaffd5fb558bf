/* Which body decides on a person (phân cấp quản lý). */
#ifndef MTR_REGISTER_MANAGING_H
#define MTR_REGISTER_MANAGING_H

#include "register/rules/candidate.h"
#include "register/view.h"

/* Of all titles held the body nearest to the root; see docs/rules.md. 0 on an error. */
uint32_t mtr_managing_body(struct mtr_view *view, const struct mtr_candidate *candidate);

#endif
