/* Windows of time, both ends inclusive; a missing window or an end of 0 is unbounded. */
#ifndef MTR_REGISTER_WINDOW_H
#define MTR_REGISTER_WINDOW_H

#include "register/decision.h"

bool mtr_window_closed(const Mtr__Window *window, uint64_t now);

/* WINDOW_NOT_OPEN before it opens. */
bool mtr_require_open(struct mtr_decision *decision, const Mtr__Window *window);
/* WINDOW_CLOSED after it has closed. */
bool mtr_require_not_closed(struct mtr_decision *decision, const Mtr__Window *window);

#endif
