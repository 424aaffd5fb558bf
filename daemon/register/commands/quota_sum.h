/* What of a programme's seats is shared out. */
#ifndef MTR_REGISTER_QUOTA_SUM_H
#define MTR_REGISTER_QUOTA_SUM_H

#include "register/view.h"

/* granted − returned − lapsed over all parts, as the store has it. 0 on an error. */
uint64_t mtr_quota_sum(struct mtr_view *view, uint32_t programme_id);

#endif
