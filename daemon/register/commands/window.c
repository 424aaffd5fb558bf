#include "register/commands/window.h"

bool mtr_window_closed(const Mtr__Window *window, uint64_t now)
{
	return window && window->closes && now > window->closes;
}

bool mtr_require_open(struct mtr_decision *decision, const Mtr__Window *window)
{
	if (!window || decision->input->now >= window->opens)
		return true;
	return mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_WINDOW_NOT_OPEN,
			  (struct mtr_fault){.number = window->opens});
}

bool mtr_require_not_closed(struct mtr_decision *decision, const Mtr__Window *window)
{
	if (!mtr_window_closed(window, decision->input->now))
		return true;
	return mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_WINDOW_CLOSED,
			  (struct mtr_fault){.number = window->closes});
}
