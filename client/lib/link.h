/* One encrypted connection to the server: a DEALER socket that tries until it is connected, and a monitor that tells
 * why it doesn't come about. When it breaks the link is over: close it, and open another. */
#ifndef MTR_CLIENT_LINK_H
#define MTR_CLIENT_LINK_H

#include "clock.h"
#include "contract/bytes.h"
#include "contract/key_file.h"

#include <stdbool.h>
#include <stdint.h>

struct mtr_link;

/* Starts to connect. USAGE (the endpoint can't be read), MEMORY. */
int mtr_link_open(struct mtr_link **ret_link, const char *endpoint, const uint8_t server_key[MTR_KEY_BYTES],
		  const struct mtr_key_pair *keys);
/* Closes and nulls; NULL is fine. What wasn't sent is dropped. */
void mtr_link_close(struct mtr_link **link);

/* Ends every wait once `stop` can be read; -1: never. */
void mtr_link_stop_at(struct mtr_link *link, int stop);

/* Waits until there is a connection. NO_LINK, KEY_REFUSED, INTERRUPTED, and SERVER_KEY: at once when something else
 * than a register answers; when each try ended with a door shut in our face (probe.h), at the deadline, because a link
 * that cuts can look the same once or twice. */
int mtr_link_connect(struct mtr_link *link, struct mtr_moment deadline);

/* True once the connection has broken. */
bool mtr_link_lost(const struct mtr_link *link);

/* False when the connection takes no more for now, or broke. */
bool mtr_link_send(struct mtr_link *link, struct mtr_bytes frame);

enum mtr_link_event {
	MTR_LINK_FRAME,   /* a reply is there: *ret_frame, valid until the next call */
	MTR_LINK_GARBLED, /* something came that isn't one frame */
	MTR_LINK_LOST,    /* the connection broke */
	MTR_LINK_QUIET,   /* nothing until the moment asked for */
	MTR_LINK_STOPPED, /* what mtr_link_stop_at names can be read */
};
enum mtr_link_event mtr_link_wait(struct mtr_link *link, struct mtr_moment until, struct mtr_bytes *ret_frame);

#endif
