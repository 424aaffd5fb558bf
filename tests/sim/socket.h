/* What libzmq is to the network room: one message at a time comes in, answers go out on the wire. */
#ifndef SIM_SOCKET_H
#define SIM_SOCKET_H

#include "wire.h"

/* The next message the room receives; `principal` is whose key the connection has. NULL: none. */
void socket_offer(struct wire *wire, const struct packet *packet, uint32_t principal);

#endif
