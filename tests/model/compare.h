/* Model against register. Each returns false after it has printed the first difference. */
#ifndef MODEL_COMPARE_H
#define MODEL_COMPARE_H

#include "model.h"
#include "real.h"

/* One answer. `model` stands after the command. */
bool compare_answer(const struct model *model, const struct verdict *verdict, const Mtr__Answer *answer);

/* Every row, and everything that is counted, ordered or looked up. */
bool compare_state(const struct model *model, struct real *real);

/* What each principal may read. */
bool compare_scopes(const struct model *model, struct real *real);

#endif
