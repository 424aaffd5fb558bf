/* Parts of comparing answers. */
#ifndef MODEL_COMPARE_ANSWER_H
#define MODEL_COMPARE_ANSWER_H

#include "compare.h"

/* False, and says what differs, unless the two are equal. */
bool compare_numbers(const char *what, uint64_t model, uint64_t found);

/* The acknowledgement of verdict->nomination_id as the model stands. */
bool compare_acknowledgement(const struct model *model, const struct verdict *verdict,
			     const Mtr__Acknowledgement *acknowledgement);

#endif
