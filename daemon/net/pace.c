#include "net/pace.h"

#include "contract/limits.h"

bool mtr_pace_take(struct mtr_pace *pace, struct mtr_monotime now)
{
	const uint64_t from = pace->paid_until > now.ms ? pace->paid_until : now.ms;

	if (from - now.ms > (MTR_HELLOS_AT_ONCE - 1) * (uint64_t)MTR_HELLO_INTERVAL_MS)
		return false;
	pace->paid_until = from + MTR_HELLO_INTERVAL_MS;
	return true;
}
