/* The one socket the daemon listens on, with every option that keeps strangers and floods out. */
#ifndef MTR_NET_CURVE_H
#define MTR_NET_CURVE_H

#include "contract/key_file.h"

#include <stddef.h>

/* A ROUTER that speaks CURVE with this key pair and asks the gate (zap.h) about each peer; not bound yet.
 * NULL with errno. */
void *mtr_curve_router(void *zmq_context, const struct mtr_key_pair *pair);

/* Binds and stores the endpoint really bound (a port * is replaced). 0 or -errno. */
int mtr_curve_bind(void *socket, const char *endpoint, char *ret_bound, size_t bound_size);

#endif
