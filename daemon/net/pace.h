/* How often one key may say hello, over all its connections. A hello costs more than any other request: a commit may
 * have to come for it, and it reads the register. Somebody who says it again and again from a thousand connections gets
 * as much of the server as this allows; the others don't notice. */
#ifndef MTR_NET_PACE_H
#define MTR_NET_PACE_H

#include "work/monotime.h"

#include <stdbool.h>
#include <stdint.h>

/* All zero: nothing was said yet. */
struct mtr_pace {
	uint64_t paid_until; /* ms of monotonic time: when what was said will have been long enough ago */
};

/* True, and counted, while there have been fewer than MTR_HELLOS_AT_ONCE more than one in MTR_HELLO_INTERVAL_MS. */
bool mtr_pace_take(struct mtr_pace *pace, struct mtr_monotime now);

#endif
