#include "register/commands/window.h"

bool mtr_window_closed(const Mtr__Window *window, uint64_t now)
{
	return window && window->closes && now > window->closes;
}

/* It was done before the register was restored, and few answers say when. */
static bool was_in_time(const struct mtr_decision *decision)
{
	return decision->input->former && !decision->input->former->error_code;
}

bool mtr_require_open(struct mtr_decision *decision, const Mtr__Window *window)
{
	if (!window || was_in_time(decision) || decision->arrived >= window->opens)
		return true;
	return mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_WINDOW_NOT_OPEN,
			  (struct mtr_fault){.number = window->opens});
}

bool mtr_require_not_closed(struct mtr_decision *decision, const Mtr__Window *window)
{
	if (was_in_time(decision) || !mtr_window_closed(window, decision->arrived))
		return true;
	return mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_WINDOW_CLOSED,
			  (struct mtr_fault){.number = window->closes});
}
