/* Where the network thread sleeps: until something came to the socket, or an answer is there to be sent.
 *
 * libzmq tells by its descriptor (ZMQ_FD) that something happened, once, and every call on the socket may take that
 * sign. So who sleeps must have found the socket empty after any other call on it. */
#ifndef MTR_NET_SLEEPER_H
#define MTR_NET_SLEEPER_H

#include <stdbool.h>

/* Of a socket, and of mtr_outgoing_descriptor. The descriptor to sleep on, to be closed by the caller, or -errno. */
int mtr_sleeper_open(void *socket, int outgoing);
/* Returns at the next sign, true then; false after timeout_ms at the latest. */
bool mtr_sleeper_wait(int sleeper, int timeout_ms);

#endif
